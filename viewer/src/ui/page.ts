import { byPointer, h } from "./dom.ts";
import type { NoteEntry } from "./list.ts";

/** What fills a panel. */
export interface Page {
  readonly head: readonly Node[];
  readonly body: readonly Node[];
  readonly foot: readonly Node[];
}

/** The panel's own title; it is named after it. */
export function title(text: string): HTMLElement {
  return h("h2", { id: "ly-panel-title", tabindex: -1 }, text);
}

export function heading(text: string): HTMLElement {
  return h("h3", {}, text);
}

export function noteList(notes: readonly NoteEntry[], open: (id: string, byPointer: boolean) => void): Node {
  const items = notes.map((note) => {
    const act = (event: MouseEvent) => open(note.id, byPointer(event));
    return h(
      "li",
      {},
      h(
        "button.ly-entry",
        { type: "button", "data-key": `note-${note.id}`, onclick: act },
        h("span.ly-number", {}, String(note.number)),
        h("span.ly-entry-title", {}, note.title),
      ),
    );
  });
  return h("ul.ly-entries", {}, ...items);
}
