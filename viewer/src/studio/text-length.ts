import { type DeepPath, valueAt } from "../document/paths.ts";
import type { Hall } from "../document/schema.ts";
import { type Lang, withoutMarkup } from "../document/text.ts";
import { h } from "../ui/dom.ts";
import { studioText } from "./i18n.ts";

/** How long texts are read in a hall: Chinese in characters, English in words. Common practice of museums: visitors stand. */
type Most = Readonly<Record<Lang, number>>;

const OBJECT_LABEL: Most = { zh: 120, en: 60 };
const PANEL: Most = { zh: 300, en: 150 };
const MOST: Readonly<Record<string, Most>> = {
  title: { zh: 20, en: 12 },
  summary: PANEL,
  body: { zh: 200, en: 100 },
  caption: { zh: 120, en: 60 },
  text: { zh: 120, en: 60 },
};

/** How long a text of the hall should be; null where it does not matter. */
export function mostOf(hall: Hall, path: DeepPath): Most | null {
  const field = path.at(-1);
  if (field === "label") return valueAt(hall, [...path.slice(0, -1), "kind"]) === "panel" ? PANEL : OBJECT_LABEL;
  return MOST[field ?? ""] ?? null;
}

/** Chinese characters, or words; markup and spaces do not count. */
export function lengthOf(words: string, tongue: Lang): number {
  const plain = withoutMarkup(words.replaceAll(/<\/(p|li|h\d)>/g, " "));
  return tongue === "zh" ? [...plain.replaceAll(/\s/g, "")].length : plain.split(/\s+/).filter(Boolean).length;
}

/** Says below a field how long its text is, and when that is too long. A short title needs no figure. */
export class LengthHint {
  readonly element = h("p.st-length", {});
  readonly #tongue: Lang;
  readonly #lang: Lang;
  readonly #most: () => Most | null;

  constructor(tongue: Lang, lang: Lang, most: () => Most | null) {
    this.#tongue = tongue;
    this.#lang = lang;
    this.#most = most;
  }

  refresh(words: string): void {
    const most = this.#most()?.[this.#tongue];
    const count = lengthOf(words, this.#tongue);
    const long = most !== undefined && count > most;
    this.element.hidden = most === undefined || count < most / 2;
    this.element.classList.toggle("st-long", long);
    const [short, over] =
      this.#tongue === "zh" ? (["characters", "charactersMany"] as const) : (["words", "wordsMany"] as const);
    const said = long ? studioText(this.#lang, over, { count, most }) : studioText(this.#lang, short, { count });
    if (this.element.textContent !== said) this.element.textContent = said;
  }
}
