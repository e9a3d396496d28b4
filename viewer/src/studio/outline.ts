import { exhibitNumbers, noteIds } from "../document/order.ts";
import type { Hall, Placement, Text } from "../document/schema.ts";
import { type Lang, localized } from "../document/text.ts";
import { h } from "../ui/dom.ts";
import type { Actions } from "./actions.ts";
import type { Studio } from "./context.ts";
import { type Glyph, glyph } from "./glyphs.ts";
import { studioText } from "./i18n.ts";
import type { Kind } from "./selection.ts";

/** The list of what is in the hall, in the order of the visit, with the notes below their exhibits. */
export class Outline {
  readonly element: HTMLElement;
  readonly #studio: Studio;
  readonly #actions: Actions;
  readonly #media: string;
  readonly #search: HTMLInputElement;
  readonly #list = h("div.st-list");
  readonly #rows = new Map<string, { row: HTMLButtonElement; key: string }>();

  constructor(studio: Studio, actions: Actions) {
    this.#studio = studio;
    this.#actions = actions;
    this.#media = `${studio.root}media/`;
    const { lang } = studio;
    this.#search = h("input.st-search", {
      type: "search",
      placeholder: studioText(lang, "search"),
      "aria-label": studioText(lang, "search"),
      oninput: () => this.refresh(),
    });
    this.element = h(
      "nav.st-outline",
      { "aria-label": studioText(lang, "outline") },
      h(
        "div.st-panel-head",
        {},
        h("h2", {}, studioText(lang, "outline")),
        h("span.st-searching", {}, glyph("search"), this.#search),
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

  /** Follows the document. Rows that say the same stay the same elements, so that the focus stays where it is. */
  refresh(): void {
    const hall = this.#studio.session.document;
    const { lang } = this.#studio;
    const wanted = this.#search.value.trim().toLowerCase();
    const matches = (text: Text) => wanted === "" || `${text.zh} ${text.en}`.toLowerCase().includes(wanted);
    const numbers = exhibitNumbers(hall);
    const rows: HTMLElement[] = [];
    const kept = new Set<string>();
    const add = (kind: Kind, id: string, row: () => HTMLButtonElement, key: string) => {
      const name = `${kind} ${id}`;
      kept.add(name);
      let held = this.#rows.get(name);
      if (!held || held.key !== key) {
        const made = row();
        if (held?.row === document.activeElement) queueMicrotask(() => made.focus());
        held = { row: made, key };
        this.#rows.set(name, held);
      }
      rows.push(held.row);
    };
    if (wanted === "") {
      const key = JSON.stringify(hall.title);
      add("placement", "", () => this.#hallRow(hall), key);
    }
    for (const id of hall.placement_order) {
      const placement = hall.placements[id];
      if (!placement) continue;
      const notes = noteIds(hall, id).filter((note) => matches((hall.notes[note] as { title: Text }).title));
      const found = matches(placement.title);
      if (!found && notes.length === 0) continue;
      const number = numbers.get(id) ?? null;
      const there = this.#present(id);
      const thumb = placement.asset ? (hall.assets[placement.asset]?.files.thumb.sha256 ?? "") : "";
      const key = JSON.stringify([placement.title, placement.label, placement.kind, number, thumb, there]);
      add("placement", id, () => this.#placementRow(id, placement, number, thumb, there), key);
      for (const note of notes) this.#addNote(hall, note, add);
    }
    const own = noteIds(hall, null).filter((note) => matches((hall.notes[note] as { title: Text }).title));
    if (own.length > 0) rows.push(h("h3.st-list-head", {}, studioText(lang, "hallNotes")));
    for (const note of own) this.#addNote(hall, note, add);
    if (hall.placement_order.length === 0 && wanted === "")
      rows.push(h("p.st-none", {}, studioText(lang, "noExhibits")));
    else if (kept.size === 0) rows.push(h("p.st-none", {}, studioText(lang, "nothingFound")));
    for (const name of this.#rows.keys()) if (!kept.has(name)) this.#rows.delete(name);
    const now = [...this.#list.children];
    if (now.length !== rows.length || rows.some((row, i) => row !== now[i])) this.#list.replaceChildren(...rows);
    this.#mark(false);
  }

  #addNote(
    hall: Hall,
    id: string,
    add: (kind: Kind, id: string, row: () => HTMLButtonElement, key: string) => void,
  ): void {
    const note = hall.notes[id];
    if (!note) return;
    const key = JSON.stringify([note.title, note.body, note.placement]);
    add(
      "note",
      id,
      () => this.#row("note", id, "pin", note.title, note.placement ? "st-under" : "", [note.title, note.body]),
      key,
    );
  }

  #hallRow(hall: Hall): HTMLButtonElement {
    const row = this.#row("placement", "", "inside", hall.title, "", [hall.title, hall.summary]);
    row.onclick = () => this.#studio.selection.clear();
    row.querySelector(".st-what")?.append(h("span.st-kind", {}, studioText(this.#studio.lang, "wholeHall")));
    return row;
  }

  #placementRow(
    id: string,
    placement: Placement,
    number: number | null,
    thumb: string,
    there: string,
  ): HTMLButtonElement {
    const { lang } = this.#studio;
    const row = this.#row("placement", id, KIND_GLYPHS[placement.kind], placement.title, "", [
      placement.title,
      placement.label,
    ]);
    const picture = row.querySelector(".st-thumb");
    if (thumb && picture)
      picture.replaceChildren(h("img", { src: this.#media + thumb, alt: "", loading: "lazy", draggable: "false" }));
    if (number !== null) row.prepend(h("span.st-order", {}, String(number)));
    else row.prepend(h("span.st-order", {}));
    if (there)
      row.append(h("span.st-there", { title: studioText(lang, "chosenBy", { name: there }) }, [...there][0] ?? ""));
    return row;
  }

  #row(
    kind: Kind,
    id: string,
    drawn: Glyph,
    title: Text,
    extra: string,
    texts: readonly (Text | undefined)[],
  ): HTMLButtonElement {
    const { lang, selection } = this.#studio;
    const missing = missingIn(texts);
    const row = h(
      "button.st-row",
      {
        type: "button",
        "data-kind": kind,
        "data-id": id,
        onclick: (event: MouseEvent) =>
          selection.choose({ kind, id }, event.shiftKey || event.ctrlKey || event.metaKey),
        ondblclick: () => this.#actions.fit(),
      },
      h("span.st-thumb", {}, glyph(drawn)),
      h("span.st-what", {}, h("span.st-title", {}, localized(title, lang) || studioText(lang, "untitled"))),
    );
    if (extra) row.classList.add(extra);
    if (missing.length > 0) {
      const languages = missing.map((tongue) => studioText(lang, tongue)).join(lang === "zh" ? "、" : ", ");
      row.append(h("span.st-lacks", {}, studioText(lang, "missing", { languages })));
    }
    return row;
  }

  /** Who else has chosen this placement. */
  #present(id: string): string {
    const found = this.#studio.session.present.find(({ chosen }) => chosen?.[0] === "placements" && chosen[1] === id);
    return found?.name ?? "";
  }

  #mark(scroll: boolean): void {
    const { selection } = this.#studio;
    for (const { row } of this.#rows.values()) {
      const { kind, id } = row.dataset as { kind: Kind; id: string };
      const chosen = id === "" ? selection.things.length === 0 : selection.has(kind, id);
      row.setAttribute("aria-pressed", String(chosen));
      if (chosen && scroll) row.scrollIntoView({ block: "nearest" });
    }
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

/** The languages in which a text is missing that is there in the other one. */
export function missingIn(texts: readonly (Text | undefined)[]): Lang[] {
  const lacks = (tongue: Lang, other: Lang) =>
    texts.some((text) => text !== undefined && plain(text[tongue]) === "" && plain(text[other]) !== "");
  return [...(lacks("zh", "en") ? (["zh"] as const) : []), ...(lacks("en", "zh") ? (["en"] as const) : [])];
}

function plain(words: string): string {
  return words.replace(/<[^>]*>/g, "").trim();
}
