import { equal } from "../document/changes.ts";
import { groupOf } from "../document/commands/groups.ts";
import { exhibitNumbers, notesByPlacement } from "../document/order.ts";
import type { Furnishing, Hall, Note, Placement, Text } from "../document/schema.ts";
import { localized, missingIn } from "../document/text.ts";
import { arrangeChildren, h } from "../ui/dom.ts";
import type { Actions } from "./actions.ts";
import type { Studio } from "./context.ts";
import { type Glyph, glyph } from "./glyphs.ts";
import { studioText } from "./i18n.ts";
import { set } from "./inspector-text.ts";
import { LanguageMeter } from "./language-meter.ts";
import { countsOf, FILTERS, type Filter, hallTexts, mentions, passes } from "./place/finding.ts";
import { placeText } from "./place/i18n.ts";
import { furnitureName, roomText } from "./room/i18n.ts";
import type { Kind } from "./selection.ts";

type OutlineStudio = Pick<Studio, "session" | "selection" | "lang" | "root">;

interface Row {
  readonly row: HTMLButtonElement;
  /** What it was made from. */
  readonly says: readonly unknown[];
}

/** The list of what is in the hall, in the order of the visit, with the notes below their exhibits. */
export class Outline {
  readonly element: HTMLElement;
  readonly #studio: OutlineStudio;
  readonly #actions: Pick<Actions, "fit">;
  readonly #media: string;
  readonly #search: HTMLInputElement;
  readonly #list = h("div.st-list");
  readonly #notesHead: HTMLElement;
  readonly #furnitureHead: HTMLElement;
  readonly #rows = new Map<string, Row>(); // by kind and id
  readonly #filters: HTMLElement;
  readonly #meter: LanguageMeter;
  readonly #chips = new Map<Filter, HTMLButtonElement>();
  #filter: Filter | null = null;
  #marked: readonly HTMLButtonElement[] = [];

  constructor(studio: OutlineStudio, actions: Pick<Actions, "fit">) {
    this.#studio = studio;
    this.#actions = actions;
    this.#media = `${studio.root}media/`;
    const { lang } = studio;
    this.#notesHead = h("h3.st-list-head", {}, studioText(lang, "hallNotes"));
    this.#furnitureHead = h("h3.st-list-head", {}, roomText(lang, "furniture"));
    this.#search = h("input.st-search", {
      type: "search",
      placeholder: studioText(lang, "search"),
      "aria-label": studioText(lang, "search"),
      oninput: () => this.refresh(),
    });
    this.#meter = new LanguageMeter(studio);
    this.#filters = h("div.st-filters", { role: "group", "aria-label": placeText(lang, "filters") });
    for (const filter of FILTERS) {
      const chip = h("button.st-filter", {
        type: "button",
        "aria-pressed": "false",
        onclick: () => {
          this.#filter = this.#filter === filter ? null : filter;
          this.refresh();
        },
      });
      this.#chips.set(filter, chip);
      this.#filters.append(chip);
    }
    this.element = h(
      "nav.st-outline",
      { "aria-label": studioText(lang, "outline") },
      h(
        "div.st-panel-head",
        {},
        h("h2", {}, studioText(lang, "outline")),
        h("span.st-searching", {}, glyph("search"), this.#search),
        this.#filters,
        this.#meter.element,
      ),
      this.#list,
    );
    studio.selection.changed.on(() => this.#mark(true));
    this.#list.addEventListener("keydown", (event) => this.#keys(event));
  }

  focusSearch(): void {
    this.#search.focus();
    this.#search.select();
  }

  /**
   * Follows the document. A row that says the same stays the same element, so that the focus stays where it is, and an edit of one
   * thing costs one row however many there are.
   */
  refresh(): void {
    const hall = this.#studio.session.document;
    const wanted = this.#search.value.trim();
    const filter = this.#filter;
    const matches = (thing: Placement | Note) =>
      (wanted === "" || mentions(wanted, thing, hall)) && (filter === null || passes(filter, thing, hall));
    this.#count(hall);
    this.#meter.refresh();
    const numbers = exhibitNumbers(hall);
    const notes = notesByPlacement(hall);
    const there = this.#present();
    const left = new Set(this.#rows.keys());
    const rows: HTMLElement[] = [];
    const add = (kind: Kind, id: string, says: readonly unknown[], make: () => HTMLButtonElement) => {
      left.delete(`${kind} ${id}`);
      const row = this.#row(kind, id, says, make);
      rows.push(row);
      return row;
    };
    const addNotes = (of: string | null) => {
      for (const [id, note] of notes.get(of) ?? [])
        if (matches(note)) add("note", id, [note.title, note.body, of === null], () => this.#noteRow(id, note));
    };
    if (wanted === "" && (filter === null || passes(filter, hallTexts(hall), hall)))
      add("placement", "", [hall.title, hall.summary], () => this.#hallRow(hall));
    for (const id of hall.placement_order) {
      const placement = hall.placements[id];
      if (!placement) continue;
      if (matches(placement) || notes.get(id)?.some(([, note]) => matches(note))) {
        const { title, label, kind, asset, locked } = placement;
        const group = groupOf(hall, id);
        const count = group === null ? 0 : (hall.groups?.[group]?.members.length ?? 0);
        const thumb = asset ? (hall.assets[asset]?.files.thumb.sha256 ?? "") : "";
        const row = add("placement", id, [title, label, kind, thumb, locked, count], () =>
          this.#placementRow(id, placement, thumb, count),
        );
        set(row.querySelector(".st-order") as HTMLElement, String(numbers.get(id) ?? ""));
        this.#markPresent(row, there.get(id) ?? "");
      }
      addNotes(id);
    }
    const before = rows.length;
    addNotes(null);
    if (rows.length > before) rows.splice(before, 0, this.#notesHead);
    if (hall.placement_order.length === 0 && wanted === "" && filter === null)
      rows.push(h("p.st-none", {}, studioText(this.#studio.lang, "noExhibits")));
    const beforeFurniture = rows.length;
    for (const { id, piece, name } of furnitureOf(hall))
      if (filter === null && mentions(wanted, { title: name, summary: name }, hall))
        add("furniture", id, [piece.kind, name], () => this.#furnitureRow(id, piece, name));
    if (rows.length > beforeFurniture) rows.splice(beforeFurniture, 0, this.#furnitureHead);
    if (rows.length === 0) rows.push(h("p.st-none", {}, studioText(this.#studio.lang, "nothingFound")));
    for (const name of left) this.#rows.delete(name);
    arrangeChildren(this.#list, rows);
    this.#mark(false);
  }

  /** How many things each filter would show; one that shows nothing is not offered. */
  #count(hall: Hall): void {
    const { lang } = this.#studio;
    const counts = countsOf(hall);
    for (const [filter, chip] of this.#chips) {
      const pressed = this.#filter === filter;
      chip.hidden = counts[filter] === 0 && !pressed;
      chip.setAttribute("aria-pressed", String(pressed));
      set(chip, placeText(lang, "counted", { name: placeText(lang, filter), count: counts[filter] }));
    }
    this.#filters.hidden = [...this.#chips.values()].every(({ hidden }) => hidden);
  }

  /** The row of a thing: the one that is there, if it says the same. */
  #row(kind: Kind, id: string, says: readonly unknown[], make: () => HTMLButtonElement): HTMLButtonElement {
    const held = this.#rows.get(`${kind} ${id}`);
    if (held && equal(held.says, says)) return held.row;
    const row = make();
    if (held?.row === document.activeElement) queueMicrotask(() => row.focus());
    this.#rows.set(`${kind} ${id}`, { row, says });
    return row;
  }

  #hallRow(hall: Hall): HTMLButtonElement {
    const row = this.#makeRow("placement", "", "inside", hall.title, [hall.title, hall.summary]);
    row.onclick = () => this.#studio.selection.clear();
    row.querySelector(".st-what")?.append(h("span.st-kind", {}, studioText(this.#studio.lang, "wholeHall")));
    return row;
  }

  #placementRow(id: string, placement: Placement, thumb: string, grouped: number): HTMLButtonElement {
    const { kind, title, label, locked } = placement;
    const { lang } = this.#studio;
    const row = this.#makeRow("placement", id, KIND_GLYPHS[kind], title, [title, label]);
    const mark = (name: Glyph, said: string) =>
      row
        .querySelector(".st-title")
        ?.append(h("span.st-mark", { role: "img", "aria-label": said, title: said }, glyph(name)));
    if (locked) mark("lock", placeText(lang, "locked"));
    if (grouped > 0) mark("group", placeText(lang, "inGroup", { count: grouped }));
    const picture = row.querySelector(".st-thumb");
    if (thumb && picture)
      picture.replaceChildren(h("img", { src: this.#media + thumb, alt: "", loading: "lazy", draggable: "false" }));
    row.prepend(h("span.st-order", {}));
    return row;
  }

  #noteRow(id: string, { title, body, placement }: Note): HTMLButtonElement {
    const row = this.#makeRow("note", id, "pin", title, [title, body]);
    row.classList.toggle("st-under", placement !== undefined);
    return row;
  }

  #furnitureRow(id: string, { kind }: Furnishing, name: Text): HTMLButtonElement {
    const row = this.#makeRow("furniture", id, kind, name, []);
    row.prepend(h("span.st-order", {}));
    return row;
  }

  #makeRow(kind: Kind, id: string, drawn: Glyph, title: Text, texts: readonly (Text | undefined)[]): HTMLButtonElement {
    const { lang, selection } = this.#studio;
    const missing = missingIn(texts);
    const row = h(
      "button.st-row",
      {
        type: "button",
        "data-kind": kind,
        "data-id": id,
        "aria-pressed": "false",
        onclick: (event: MouseEvent) =>
          selection.choose({ kind, id }, event.shiftKey || event.ctrlKey || event.metaKey),
        ondblclick: () => this.#actions.fit(),
      },
      h("span.st-thumb", {}, glyph(drawn)),
      h("span.st-what", {}, h("span.st-title", {}, localized(title, lang) || studioText(lang, "untitled"))),
    );
    if (missing.length > 0) {
      const languages = missing.map((tongue) => studioText(lang, tongue)).join(lang === "zh" ? "、" : ", ");
      row.append(h("span.st-lacks", {}, studioText(lang, "missing", { languages })));
    }
    return row;
  }

  /** Who else has chosen which placement. */
  #present(): ReadonlyMap<string, string> {
    const chosen = this.#studio.session.present.filter((editor) => editor.chosen?.[0] === "placements");
    return new Map(chosen.map((editor) => [editor.chosen?.[1] ?? "", editor.name]));
  }

  #markPresent(row: HTMLElement, name: string): void {
    const mark = row.querySelector(".st-there");
    const title = name && studioText(this.#studio.lang, "chosenBy", { name });
    if (title === (mark?.getAttribute("title") ?? "")) return;
    mark?.remove();
    if (name) row.append(h("span.st-there", { title }, [...name][0] ?? ""));
  }

  #mark(scroll: boolean): void {
    const { things } = this.#studio.selection;
    const chosen = things.length === 0 ? ["placement "] : things.map(({ kind, id }) => `${kind} ${id}`);
    const rows = chosen.flatMap((name) => this.#rows.get(name)?.row ?? []);
    for (const row of this.#marked) if (!rows.includes(row)) row.setAttribute("aria-pressed", "false");
    for (const row of rows) if (!this.#marked.includes(row)) row.setAttribute("aria-pressed", "true");
    this.#marked = rows;
    // With the next picture, for which the page is laid out anyway.
    if (scroll) requestAnimationFrame(() => rows[0]?.scrollIntoView({ block: "nearest" }));
  }

  #keys(event: KeyboardEvent): void {
    const rows = [...this.#list.querySelectorAll<HTMLButtonElement>(".st-row")];
    const at = rows.indexOf(document.activeElement as HTMLButtonElement);
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (at < 0 || by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = rows[at + by];
    next?.focus();
    next?.click();
  }
}

export const KIND_GLYPHS: Readonly<Record<Placement["kind"], Glyph>> = {
  object: "object",
  picture: "picture",
  panel: "panel",
  video: "video",
  audio: "audio",
};

/** The pieces of furniture with their names, by their names. */
function furnitureOf({ furniture = {} }: Hall): { id: string; piece: Furnishing; name: Text }[] {
  return Object.entries(furniture)
    .map(([id, piece]) => {
      const name: Text = { zh: furnitureName(id, piece, "zh"), en: furnitureName(id, piece, "en") };
      return { id, piece, name };
    })
    .sort((a, b) => a.name.en.localeCompare(b.name.en, "en", { numeric: true }));
}
