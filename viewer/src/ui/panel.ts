import { h, setLabel } from "./dom.ts";
import { helpPage } from "./help.ts";
import { type Lang, type StringKey, translate } from "./i18n.ts";
import { icon } from "./icons.ts";
import { type ListActions, type ListText, listPage } from "./list.ts";
import { NARROW } from "./narrow-screen.ts";
import { heading, type NoteEntry, noteList, type Page, type SourceText, sourceList, title } from "./page.ts";
import { Player, type RecordingText } from "./player.ts";
import { richText } from "./richtext.ts";
import { type TimelineActions, type TimelineText, timelinePage } from "./timeline.ts";

/** The content of the panel, ready to read in one language. */
export type Content =
  | { readonly kind: "exhibit"; readonly exhibit: ExhibitText }
  | { readonly kind: "note"; readonly note: NoteText }
  | { readonly kind: "list"; readonly list: ListText }
  | { readonly kind: "timeline"; readonly timeline: TimelineText }
  | { readonly kind: "help" };

export interface ExhibitText {
  readonly id: string;
  readonly position: string;
  readonly title: string;
  readonly stamp: { readonly text: string; readonly why: string } | null;
  readonly label: readonly string[]; // paragraphs
  readonly origin: {
    readonly statement: string;
    readonly facts: readonly (readonly [term: string, value: string])[];
  } | null;
  /** What it is: maker, date, size. */
  readonly facts: readonly (readonly [term: string, value: string])[];
  readonly notes: readonly NoteEntry[];
  readonly sources: readonly SourceText[];
  /** A text panel: its text is on its board in the hall. */
  readonly board: boolean;
  readonly recording: RecordingText | null;
  readonly failed: boolean;
}

export interface NoteText {
  readonly id: string;
  readonly number: number;
  readonly position: string;
  readonly title: string;
  readonly html: string;
  readonly exhibit: string | null; // the title of the exhibit that the note belongs to
  readonly sources: readonly SourceText[];
}

export interface PanelActions extends ListActions, TimelineActions {
  close(): void;
  /** To the next (1) or the previous (-1) exhibit or note. */
  turn(by: 1 | -1): void;
  backToExhibit(): void;
  retry(): void;
  /** A video has started to play; null: it was closed. */
  playing(video: HTMLVideoElement | null): void;
}

/** The one panel beside the hall: an exhibit, a note, the list or the help. On phones it is a sheet at the bottom. */
export class Panel {
  readonly element: HTMLElement;
  readonly #actions: PanelActions;
  readonly #player: Player;
  #content: Content | null = null;

  constructor(actions: PanelActions) {
    this.#actions = actions;
    this.#player = new Player((video) => actions.playing(video));
    this.element = h("aside.ly-panel", { hidden: true });
  }

  get content(): Content | null {
    return this.#content;
  }

  /** Shows this content, or nothing. The same content in the other language keeps its scroll position and the focus. */
  show(content: Content | null, lang: Lang, focus: boolean): void {
    const same = content?.kind === this.#content?.kind && idOf(content) === idOf(this.#content);
    const scrolled = this.element.querySelector(".ly-panel-body")?.scrollTop ?? 0;
    const active = this.element.contains(document.activeElement) ? document.activeElement : null;
    const key = active?.getAttribute("data-key");
    this.#content = content;
    if (content?.kind !== "exhibit" || !content.exhibit.recording) this.#player.stop();
    this.element.hidden = content === null;
    this.element.replaceChildren();
    if (!content) return;
    this.element.dataset.kind = content.kind;
    const { head, body, foot } = this.#build(content, lang, focus);
    this.element.setAttribute("aria-labelledby", "ly-panel-title");
    const close = h(
      "button.ly-button.ly-quiet",
      { type: "button", "data-key": "close", onclick: () => this.#actions.close() },
      icon("close"),
    );
    setLabel(close, translate(lang, content.kind === "exhibit" || content.kind === "note" ? "back" : "closePanel"));
    const scroll = h("div.ly-panel-body", { tabindex: 0, role: "group", "aria-labelledby": "ly-panel-title" }, ...body);
    this.element.replaceChildren(h("header.ly-panel-head", {}, h("div", {}, ...head), close), scroll, ...foot);
    if (same) scroll.scrollTop = scrolled;
    // If the focused element is gone, the focus goes to the title: otherwise the keyboard would be nowhere.
    const again = key ? this.element.querySelector<HTMLElement>(`[data-key="${key}"]`) : null;
    const next = again ?? (focus || active ? this.element.querySelector<HTMLElement>("#ly-panel-title") : null);
    next?.focus({ preventScroll: true });
  }

  close(): void {
    this.#player.stop();
  }

  #build(content: Content, lang: Lang, focus: boolean): Page {
    switch (content.kind) {
      case "exhibit":
        return this.#exhibit(content.exhibit, lang, focus);
      case "note":
        return this.#note(content.note, lang);
      case "list":
        return listPage(content.list, lang, this.#actions);
      case "timeline":
        return timelinePage(content.timeline, lang, this.#actions);
      case "help":
        return helpPage(lang);
    }
  }

  #exhibit(exhibit: ExhibitText, lang: Lang, focus: boolean): Page {
    const body: Node[] = [];
    if (exhibit.failed) {
      const again = h(
        "button.ly-button.ly-strong",
        { type: "button", "data-key": "retry", onclick: () => this.#actions.retry() },
        translate(lang, "retry"),
      );
      body.push(
        h("div.ly-warning", { role: "status" }, icon("warning"), h("p", {}, translate(lang, "exhibitFailed")), again),
      );
    }
    if (exhibit.stamp)
      body.push(h("p.ly-stamp-line", {}, h("span.ly-stamp", {}, exhibit.stamp.text), h("span", {}, exhibit.stamp.why)));
    if (exhibit.recording) body.push(...this.#player.show(exhibit.recording, lang));
    const label = exhibit.label.map((paragraph) => h("p.ly-label", {}, paragraph));
    if (exhibit.board && label.length > 0) {
      // On a large screen, the text is before the eye on its board already.
      const words = h("summary", {}, translate(lang, "readPanel"));
      body.push(h("details", { "data-key": "read", open: focus || innerWidth < NARROW }, words, ...label));
    } else body.push(...label);
    if (exhibit.facts.length > 0) body.push(h("dl.ly-own-facts", {}, ...rowsOf(exhibit.facts)));
    if (exhibit.notes.length > 0)
      body.push(heading(translate(lang, "notes")), noteList(exhibit.notes, this.#actions.openNote));
    body.push(...sourceList(exhibit.sources, lang));
    if (exhibit.origin) {
      body.push(
        h(
          "details.ly-origin",
          { "data-key": "origin" },
          h("summary", {}, translate(lang, "origin")),
          h("p", {}, exhibit.origin.statement),
          h("dl", {}, ...rowsOf(exhibit.origin.facts)),
        ),
      );
    }
    const head = [h("p.ly-over", {}, exhibit.position), title(exhibit.title)];
    return { head, body, foot: [this.#turning(lang, "previousExhibit", "nextExhibit")] };
  }

  #note(note: NoteText, lang: Lang): Page {
    const text = h("div.ly-text");
    text.append(richText(note.html));
    const body: Node[] = [text];
    if (note.exhibit) {
      const back = h(
        "button.ly-link",
        { type: "button", "data-key": "exhibit", onclick: () => this.#actions.backToExhibit() },
        icon("back"),
        note.exhibit,
      );
      back.title = translate(lang, "backToExhibit");
      body.push(h("p.ly-belongs", {}, back));
    }
    body.push(...sourceList(note.sources, lang));
    const head = [
      h("p.ly-over", {}, h("span.ly-number", { "aria-hidden": "true" }, String(note.number)), note.position),
      title(note.title),
    ];
    return { head, body, foot: [this.#turning(lang, "previousNote", "nextNote")] };
  }

  #turning(lang: Lang, previous: StringKey, next: StringKey): Node {
    const button = (key: StringKey, by: 1 | -1) =>
      h(
        "button.ly-button.ly-wide",
        { type: "button", "data-key": `turn${by}`, onclick: () => this.#actions.turn(by) },
        by < 0 ? icon("previous") : null,
        h("span", {}, (translate as (lang: Lang, key: StringKey) => string)(lang, key)),
        by > 0 ? icon("next") : null,
      );
    return h("footer.ly-panel-foot", {}, button(previous, -1), button(next, 1));
  }
}

function rowsOf(rows: readonly (readonly [term: string, value: string])[]): Node[] {
  return rows.flatMap(([term, value]) => [h("dt", {}, term), h("dd", {}, value)]);
}

function idOf(content: Content | null): string | null {
  if (content?.kind === "exhibit") return content.exhibit.id;
  return content?.kind === "note" ? content.note.id : null;
}
