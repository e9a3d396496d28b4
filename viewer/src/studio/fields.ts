import type { Text } from "../document/schema.ts";
import type { Lang } from "../document/text.ts";
import { h } from "../ui/dom.ts";
import { LANGUAGE_TAG } from "../ui/i18n.ts";
import { type Glyph, glyph } from "./glyphs.ts";
import { studioText } from "./i18n.ts";
import type { LengthHint } from "./text-length.ts";

/** The parts that the inspector is made of. Each follows the document by `refresh`, without disturbing who is typing in it. */
export interface Field {
  readonly element: HTMLElement;
  refresh(): void;
}

/** A visit to a field: what is typed in it until it is left is one step to undo. */
let visits = 0;

export interface NumberOptions {
  readonly name: string;
  readonly unit: string;
  readonly step: number;
  readonly min?: number;
  readonly decimals: number;
  /** null: not known. */
  read(): number | null;
  write(value: number, group: string): void;
}

export function numberField({ name, unit, step, min, decimals, read, write }: NumberOptions): Field {
  let group = "";
  const input = h("input.st-number", {
    type: "number",
    step,
    min,
    inputmode: "decimal",
    onfocus: () => {
      group = `number ${++visits}`;
    },
    oninput: () => {
      const value = input.valueAsNumber;
      if (Number.isFinite(value) && (min === undefined || value >= min)) write(value, group);
    },
    onblur: () => show(),
  });
  const element = h(
    "label.st-field",
    {},
    h("span.st-name", {}, name),
    h("span.st-with-unit", {}, input, h("span.st-unit", {}, unit)),
  );
  const show = () => {
    const value = read();
    input.disabled = value === null;
    input.value = value === null ? "" : (Number(value.toFixed(decimals)) + 0).toString();
  };
  const refresh = () => {
    const value = read();
    const typed = input.valueAsNumber;
    const same = value !== null && Math.abs(typed - value) < 0.5 * 10 ** -decimals;
    if (document.activeElement !== input || !same) show();
  };
  return { element, refresh };
}

export interface TextOptions {
  readonly name: string;
  readonly lang: Lang;
  /** Lines; 1: a line of text. */
  readonly rows: number;
  /** Says how long it is. */
  readonly length?: (tongue: Lang) => LengthHint;
  read(): Text | undefined;
  write(lang: Lang, words: string, group: string): void;
}

/** A text in both languages side by side; what is missing in one of them is marked. */
export function textField(options: TextOptions): Field {
  const { name } = options;
  const parts = (["zh", "en"] as const).map((tongue) => languagePart(options, tongue));
  const element = h("fieldset.st-bilingual", {}, h("legend.st-name", {}, name), ...parts.map(({ element }) => element));
  const refresh = () => {
    for (const part of parts) part.refresh();
  };
  return { element, refresh };
}

function languagePart({ name, lang, rows, read, write, length }: TextOptions, tongue: Lang): Field {
  const said = length?.(tongue);
  let group = "";
  let composing = false;
  const input = rows > 1 ? h("textarea", { rows }) : h("input", { type: "text", maxlength: 200 });
  const typed = () => !composing && write(tongue, input.value, group);
  input.lang = LANGUAGE_TAG[tongue];
  input.setAttribute("aria-label", `${name} · ${studioText(lang, tongue)}`);
  input.addEventListener("focus", () => {
    group = `text ${++visits}`;
  });
  input.addEventListener("compositionstart", () => {
    composing = true;
  });
  input.addEventListener("compositionend", () => {
    composing = false;
    typed();
  });
  input.addEventListener("input", typed);
  const missing = h(
    "span.st-missing",
    { hidden: true },
    studioText(lang, "missing", { languages: studioText(lang, tongue) }),
  );
  const element = h(
    "div.st-tongue",
    {},
    h("span.st-language", { lang: LANGUAGE_TAG[tongue] }, studioText(tongue, tongue)),
    missing,
    input,
    said?.element ?? "",
  );
  const refresh = () => {
    const text = read();
    const words = text?.[tongue] ?? "";
    if (!composing && input.value !== words) input.value = words;
    said?.refresh(words);
    const other = text?.[tongue === "zh" ? "en" : "zh"] ?? "";
    missing.hidden = words.trim() !== "" || other.trim() === "";
  };
  return { element, refresh };
}

export function button(
  name: string,
  onclick: () => void,
  { glyph: drawn, quiet = false, primary = false, danger = false }: ButtonOptions = {},
): HTMLButtonElement {
  const classes = ["st-button", quiet && "st-quiet", primary && "st-primary", danger && "st-danger"].filter(Boolean);
  return h(
    `button.${classes.join(".")}` as "button",
    { type: "button", onclick },
    drawn && glyph(drawn),
    h("span", {}, name),
  );
}

interface ButtonOptions {
  readonly glyph?: Glyph;
  readonly quiet?: boolean;
  readonly primary?: boolean;
  readonly danger?: boolean;
}

/** A button that shows only its icon. */
export function iconButton(name: string, drawn: Glyph, onclick: () => void, keys = ""): HTMLButtonElement {
  const title = keys ? `${name} (${keys})` : name;
  return h("button.st-icon-button", { type: "button", "aria-label": name, title, onclick }, glyph(drawn));
}

export function section(name: string, ...children: readonly (Node | string | null | false)[]): HTMLElement {
  return h("section.st-section", {}, h("h3", {}, name), ...children);
}
