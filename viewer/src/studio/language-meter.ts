import { type DeepPath, isMap } from "../document/paths.ts";
import type { Hall } from "../document/schema.ts";
import { isBlank, type Lang } from "../document/text.ts";
import { h } from "../ui/dom.ts";
import { LANGUAGE_TAG } from "../ui/i18n.ts";
import { textsIn } from "./checks.ts";
import type { Studio } from "./context.ts";
import { studioText } from "./i18n.ts";
import { set } from "./inspector-text.ts";

const LANGS: readonly Lang[] = ["zh", "en"];
const MAPS = ["placements", "notes", "chapters", "tours", "zones", "sources", "doors"] as const;
const OWN = ["title", "summary", "credit"];

/** How many of a hall's texts there are, and how many of them are written in each language. */
export type Written = Readonly<Record<Lang | "all", number>>;

const NOTHING: Written = { all: 0, zh: 0, en: 0 };
// Things are never altered: what is counted in one holds for as long as it is there.
const counted = new WeakMap<object, Written>();

/** A text that says nothing in either language is none. The library's own texts are not the hall's. */
export function writtenIn(hall: Hall): Written {
  const things = MAPS.flatMap((map) => Object.values<object>(hall[map] ?? {}));
  return [...things, hall.timeline ?? {}].map(count).reduce(sum, countTexts(hall, OWN));
}

function count(thing: object): Written {
  const known = counted.get(thing);
  if (known) return known;
  const found = isMap(thing) ? countTexts(thing) : NOTHING;
  counted.set(thing, found);
  return found;
}

function countTexts(value: unknown, names: readonly string[] | null = null): Written {
  const path: DeepPath = [];
  return textsIn(value, path, names)
    .map(({ text }): Written => {
      const [zh, en] = [isBlank(text.zh) ? 0 : 1, isBlank(text.en) ? 0 : 1];
      return { all: Math.max(zh, en), zh, en };
    })
    .reduce(sum, NOTHING);
}

function sum(a: Written, b: Written): Written {
  return { all: a.all + b.all, zh: a.zh + b.zh, en: a.en + b.en };
}

/** How far the hall is written in each language, as a bar each. */
export class LanguageMeter {
  readonly element: HTMLElement;
  readonly #studio: Pick<Studio, "session" | "lang">;
  readonly #bars: readonly { tongue: Lang; row: HTMLElement; meter: HTMLMeterElement; figure: HTMLElement }[];

  constructor(studio: Pick<Studio, "session" | "lang">) {
    this.#studio = studio;
    this.#bars = LANGS.map((tongue) => {
      const meter = h("meter", { min: 0 });
      const figure = h("span", {});
      const name = h("span", { lang: LANGUAGE_TAG[tongue] }, studioText(tongue, tongue));
      return { tongue, meter, figure, row: h("div.st-written", {}, name, meter, figure) };
    });
    this.element = h("div.st-meters", {}, ...this.#bars.map(({ row }) => row));
  }

  refresh(): void {
    const { session, lang } = this.#studio;
    const written = writtenIn(session.document);
    this.element.hidden = written.all === 0;
    for (const { tongue, row, meter, figure } of this.#bars) {
      meter.max = Math.max(written.all, 1);
      meter.value = written[tongue];
      set(figure, `${Math.floor((100 * written[tongue]) / Math.max(written.all, 1))}%`);
      const facts = { language: studioText(lang, tongue), count: written[tongue], all: written.all };
      const said = studioText(lang, "writtenIn", facts);
      if (row.title !== said) row.title = said;
      meter.setAttribute("aria-label", said);
    }
  }
}
