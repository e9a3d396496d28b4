import { citeSources } from "../../document/commands/notes.ts";
import { valueAt } from "../../document/paths.ts";
import type { Text } from "../../document/schema.ts";
import { sourceNumbers } from "../../document/sources.ts";
import { localized } from "../../document/text.ts";
import { h } from "../../ui/dom.ts";
import type { Studio } from "../context.ts";
import { button, type Field, section } from "../fields.ts";
import { type Glyph, glyph } from "../glyphs.ts";
import { studioText } from "../i18n.ts";
import { set } from "../inspector-text.ts";
import { directText } from "./i18n.ts";

/** Parts that the fields of chapters, milestones and sources share. */

/** What a thing is, and its title. */
export function head({ lang }: Studio, drawn: Glyph, kind: string, title: () => Text | undefined): Field {
  const said = h("h2", {});
  return {
    element: h(
      "header.st-head",
      {},
      h("span.st-head-picture", {}, glyph(drawn)),
      h("div", {}, h("p.st-facts", {}, kind), said),
    ),
    refresh: () => set(said, localized(title(), lang) || studioText(lang, "untitled")),
  };
}

export function removal({ lang }: Studio, remove: () => void): Field {
  const element = h("footer.st-ends", {}, button(studioText(lang, "remove"), remove, { glyph: "bin", danger: true }));
  return { element, refresh: () => {} };
}

/** The sources that a thing cites; `path` leads to it. Nothing is shown while the hall has no sources. */
export function citations({ lang, session }: Studio, path: readonly string[]): Field {
  const list = h("div.st-citations", {});
  const element = section(directText(lang, "sourcesCited"), list);
  const cited = () => (valueAt(session.document, [...path, "sources"]) ?? []) as readonly string[];
  return {
    element,
    refresh: () => {
      const hall = session.document;
      const numbers = [...sourceNumbers(hall)].sort(([, a], [, b]) => a - b);
      element.hidden = numbers.length === 0;
      const shown = JSON.stringify(numbers.map(([id, number]) => [id, number, hall.sources?.[id]?.title]));
      if (list.dataset.shown !== shown) {
        list.dataset.shown = shown;
        list.replaceChildren(
          ...numbers.map(([id, number]) => {
            const box = h("input", { type: "checkbox", value: id });
            box.addEventListener("change", () => {
              const others = cited().filter((each) => each !== id);
              session.edit("cite-sources", citeSources(session.document, path, box.checked ? [...others, id] : others));
            });
            const title = localized(hall.sources?.[id]?.title, lang) || studioText(lang, "untitled");
            return h("label.st-check", {}, box, h("span", {}, `[${number}] ${title}`));
          }),
        );
      }
      for (const box of list.querySelectorAll("input")) box.checked = cited().includes(box.value);
    },
  };
}

/** Fields in rows, one for each thing of a list: made anew where the list itself has changed. */
export class RowsField implements Field {
  readonly element = h("div.st-rows");
  readonly #keys: () => readonly string[];
  readonly #row: (index: number) => Field;
  #rows: readonly Field[] = [];
  #shown = "";

  /** `keys`: what the list consists of. */
  constructor(keys: () => readonly string[], row: (index: number) => Field) {
    this.#keys = keys;
    this.#row = row;
  }

  refresh(): void {
    const keys = this.#keys();
    const shown = JSON.stringify(keys);
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#rows = keys.map((_, i) => this.#row(i));
      this.element.replaceChildren(...this.#rows.map(({ element }) => element));
    }
    for (const row of this.#rows) row.refresh();
  }
}

/** There was no year 0; years before the Common Era are negative. */
export function isYear(value: number): boolean {
  return Number.isInteger(value) && value !== 0 && Math.abs(value) <= 100_000;
}
