import { byPointer, h } from "./dom.ts";
import { type Lang, translate } from "./i18n.ts";
import { isPublicScreen } from "./page-actions.ts";
import { safeAddress } from "./richtext.ts";

/** The parts of a panel. */
export interface Page {
  readonly head: readonly Node[];
  readonly body: readonly Node[];
  readonly foot: readonly Node[];
}

/** The title of the panel, which is also its accessible name. */
export function title(text: string): HTMLElement {
  return h("h2", { id: "ly-panel-title", tabindex: -1 }, text);
}

export function heading(text: string): HTMLElement {
  return h("h3", {}, text);
}

/** A note in a list of notes. */
export interface NoteEntry {
  readonly id: string;
  readonly number: number;
  readonly title: string;
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

/** A source, numbered as on the hall's page. */
export interface SourceText {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly address: string | null;
}

/** The list of sources with its heading; nothing if there are no sources. */
export function sourceList(sources: readonly SourceText[], lang: Lang): Node[] {
  if (sources.length === 0) return [];
  const items = sources.map(({ id, number, title, address }) =>
    h("li", { value: number, "data-source": id, tabindex: -1 }, title, address && " ", address && addressOf(address)),
  );
  return [heading(translate(lang, "sources")), h("ol.ly-sources", {}, ...items)];
}

/** The URL of a source as a link; as text on a public screen, which links to no other host. */
function addressOf(address: string): Node | string {
  const safe = isPublicScreen() ? null : safeAddress(address);
  return safe ? h("a", { href: safe, rel: "noopener noreferrer", target: "_blank" }, address) : address;
}

/** Citations: the numbers of sources. Each moves the focus to its source in the panel's list. */
export function cites(sources: readonly SourceText[], lang: Lang, of: string): Node[] {
  return sources.map(({ id, number }) => {
    const show = ({ currentTarget }: Event) => {
      const body = (currentTarget as Element).closest(".ly-panel-body");
      body?.querySelector<HTMLElement>(`[data-source="${id}"]`)?.focus();
    };
    const words = { type: "button", "aria-label": translate(lang, "sourceNumber", { number }), onclick: show };
    return h("sup.ly-cite", {}, h("button", { ...words, "data-key": `cite-${of}-${id}` }, String(number)));
  });
}
