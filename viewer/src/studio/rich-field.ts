import { textCommand } from "../document/commands/names.ts";
import { writeText } from "../document/commands/texts.ts";
import { type DeepPath, valueAt } from "../document/paths.ts";
import type { Text } from "../document/schema.ts";
import { isBlank, type Lang } from "../document/text.ts";
import { h } from "../ui/dom.ts";
import { LANGUAGE_TAG } from "../ui/i18n.ts";
import { richText, safeAddress } from "../ui/richtext.ts";
import type { Studio } from "./context.ts";
import { type Field, iconButton } from "./fields.ts";
import type { Glyph } from "./glyphs.ts";
import { type StudioTextKey, studioText } from "./i18n.ts";
import { LengthHint, mostOf } from "./text-length.ts";

/** What the browser's own editing makes, in the elements that a note may have. */
const STANDARD: Readonly<Record<string, string>> = { B: "strong", I: "em", DIV: "p" };
let visits = 0;

/** A note's text with emphasis, lists and links, in both languages side by side. */
export function richField(studio: Studio, path: DeepPath, name: string): Field {
  const parts = (["zh", "en"] as const).map((tongue) => richPart(studio, path, name, tongue));
  const element = h("fieldset.st-bilingual", {}, h("legend.st-name", {}, name), ...parts.map(({ element }) => element));
  const refresh = () => {
    for (const part of parts) part.refresh();
  };
  return { element, refresh };
}

function richPart({ session, lang }: Studio, path: DeepPath, name: string, tongue: Lang): Field {
  let group = "";
  let composing = false;
  let shown: string | null = null;
  const read = () => (valueAt(session.document, path) as Text | undefined)?.[tongue] ?? "";
  const other = () => (valueAt(session.document, path) as Text | undefined)?.[tongue === "zh" ? "en" : "zh"] ?? "";
  const area = h("div.st-rich", {
    contenteditable: "true",
    role: "textbox",
    "aria-multiline": "true",
    "aria-label": `${name} · ${studioText(lang, tongue)}`,
    lang: LANGUAGE_TAG[tongue],
  });
  const typed = () => {
    if (composing) return;
    shown = standardHtml(area);
    session.edit(textCommand(path), writeText(session.document, path, tongue, shown), group);
  };
  area.addEventListener("focus", () => {
    group = `rich ${++visits}`;
    document.execCommand("styleWithCSS", false, "false"); // elements, which the policy of the page allows
    document.execCommand("defaultParagraphSeparator", false, "p");
  });
  area.addEventListener("compositionstart", () => {
    composing = true;
  });
  area.addEventListener("compositionend", () => {
    composing = false;
    typed();
  });
  area.addEventListener("input", typed);
  area.addEventListener("paste", (event) => {
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData?.getData("text/plain") ?? "");
  });
  const tool = (key: StudioTextKey, drawn: Glyph, command: string) => {
    const tool = iconButton(studioText(lang, key), drawn, () => {
      area.focus();
      document.execCommand(command);
    });
    tool.addEventListener("pointerdown", (event) => event.preventDefault()); // the choice of words stays
    return tool;
  };
  const address = h("input.st-address", {
    type: "url",
    hidden: true,
    "aria-label": studioText(lang, "linkAddress"),
    placeholder: "https://",
  });
  let range: Range | null = null;
  const link = iconButton(studioText(lang, "link"), "link", () => {
    const chosen = getSelection();
    range =
      chosen && chosen.rangeCount > 0 && area.contains(chosen.anchorNode) ? chosen.getRangeAt(0).cloneRange() : null;
    address.hidden = !address.hidden;
    if (!address.hidden) address.focus();
  });
  address.addEventListener("keydown", (event) => {
    if (event.key === "Escape") address.hidden = true;
    if (event.key !== "Enter") return;
    event.preventDefault();
    address.hidden = true;
    area.focus();
    const chosen = getSelection();
    if (range && chosen) {
      chosen.removeAllRanges();
      chosen.addRange(range);
    }
    const to = safeAddress(address.value);
    if (to) document.execCommand("createLink", false, to);
    address.value = "";
  });
  const missing = h(
    "span.st-missing",
    { hidden: true },
    studioText(lang, "missing", { languages: studioText(lang, tongue) }),
  );
  const length = new LengthHint(tongue, lang, () => mostOf(session.document, path));
  const tools = h(
    "span.st-rich-tools",
    {},
    tool("bold", "bold", "bold"),
    tool("italic", "italic", "italic"),
    tool("bullets", "bullets", "insertUnorderedList"),
    link,
  );
  const element = h(
    "div.st-tongue.st-wide",
    {},
    h("span.st-language", { lang: LANGUAGE_TAG[tongue] }, studioText(tongue, tongue)),
    missing,
    tools,
    address,
    area,
    length.element,
  );
  const refresh = () => {
    const html = read();
    missing.hidden = !isBlank(html) || isBlank(other());
    length.refresh(html);
    if (composing || html === shown) return;
    shown = html;
    if (standardHtml(area) !== html) area.replaceChildren(richText(html));
  };
  return { element, refresh };
}

/** What is in an editable element, as a note's text is stored. */
export function standardHtml(area: HTMLElement): string {
  const copy = area.cloneNode(true) as HTMLElement;
  for (const [from, to] of Object.entries(STANDARD)) {
    for (const old of [...copy.querySelectorAll(from)]) {
      const next = document.createElement(to);
      next.append(...old.childNodes);
      old.replaceWith(next);
    }
  }
  for (const loose of [...copy.childNodes]) {
    if (loose.nodeType !== Node.TEXT_NODE || !loose.textContent?.trim()) continue;
    const paragraph = document.createElement("p");
    loose.replaceWith(paragraph);
    paragraph.append(loose);
  }
  const holder = document.createElement("div");
  holder.append(richText(copy.innerHTML));
  for (const anchor of holder.querySelectorAll("a")) anchor.removeAttribute("target");
  const html = holder.innerHTML;
  return holder.textContent?.trim() ? html : "";
}
