import { byPointer, h } from "./dom.ts";
import { type Lang, translate } from "./i18n.ts";
import { type IconName, icon } from "./icons.ts";
import { heading, type NoteEntry, noteList, type Page, title } from "./page.ts";

/** The list of everything in a hall, ready to read in one language. */
export interface ListText {
  readonly tours: readonly TourEntry[];
  /** The title of the timeline; null if the hall has none. */
  readonly timeline: string | null;
  /** The exhibits in the order of the visit, by chapter if the hall has chapters. */
  readonly groups: readonly ExhibitGroup[];
  readonly doors: readonly DoorEntry[];
  readonly notes: readonly NoteEntry[];
}

export interface ExhibitGroup {
  /** Null: the exhibits that are in no chapter. */
  readonly chapter: {
    readonly id: string;
    readonly title: string;
    readonly years: string;
    readonly summary: string;
    readonly followed: boolean;
  } | null;
  readonly exhibits: readonly ListEntry[];
}

export interface ListEntry {
  readonly id: string;
  readonly number: number | null; // panels have none
  readonly title: string;
  readonly thumb: string | null; // URL
  readonly failed: boolean;
  readonly current: boolean;
}

export interface TourEntry {
  readonly id: string;
  readonly title: string;
  readonly about: string;
}

export interface DoorEntry {
  readonly id: string;
  readonly title: string;
  /** The hall that it leads to; null for a door that is shut. */
  readonly hall: string | null;
}

export interface ListActions {
  openExhibit(id: string, byPointer: boolean): void;
  openNote(id: string, byPointer: boolean): void;
  startTour(id: string, byPointer: boolean): void;
  openTimeline(byPointer: boolean): void;
  /** Starts or stops following a chapter, in which "next" and "previous" then stay. */
  followChapter(id: string): void;
  goThrough(door: string): void;
  entrance(): void;
}

export function listPage(list: ListText, lang: Lang, actions: ListActions): Page {
  const body: Node[] = [];
  if (list.tours.length > 0) body.push(heading(translate(lang, "tours")), tours(list.tours, actions));
  if (list.timeline !== null) {
    const open = (event: MouseEvent) => actions.openTimeline(byPointer(event));
    body.push(h("ul.ly-entries", {}, entry("timeline", "timeline", list.timeline, null, open)));
  }
  const chaptered = list.groups.some((group) => group.chapter);
  if (body.length > 0 && !chaptered) body.push(heading(translate(lang, "exhibits")));
  for (const group of list.groups) {
    if (group.chapter) body.push(...chapterHead(group.chapter, lang, actions));
    else if (chaptered) body.push(heading(translate(lang, "otherExhibits")));
    body.push(h("ol.ly-entries", {}, ...group.exhibits.map((one) => exhibit(one, group.chapter?.id ?? "", actions))));
  }
  if (list.doors.length > 0) body.push(heading(translate(lang, "doors")), doors(list.doors, lang, actions));
  if (list.notes.length > 0) body.push(heading(translate(lang, "hallNotes")), noteList(list.notes, actions.openNote));
  const door = h(
    "button.ly-button.ly-wide",
    { type: "button", "data-key": "entrance", onclick: () => actions.entrance() },
    icon("door"),
    translate(lang, "entrance"),
  );
  return { head: [title(translate(lang, "exhibitList"))], body, foot: [h("footer.ly-panel-foot", {}, door)] };
}

function chapterHead(chapter: NonNullable<ExhibitGroup["chapter"]>, lang: Lang, actions: ListActions): Node[] {
  const follow = h(
    "button.ly-chip",
    {
      type: "button",
      "data-key": `chapter-${chapter.id}`,
      "aria-pressed": String(chapter.followed),
      "aria-label": `${translate(lang, "followChapter")}: ${chapter.title}`,
      onclick: () => actions.followChapter(chapter.id),
    },
    translate(lang, chapter.followed ? "followingChapter" : "followChapter"),
  );
  const head = h(
    "div.ly-chapter",
    {},
    h("h3", {}, chapter.title, chapter.years ? h("span.ly-years", {}, chapter.years) : null),
    follow,
  );
  return chapter.summary ? [head, h("p.ly-quiet-text", {}, chapter.summary)] : [head];
}

function exhibit(one: ListEntry, chapter: string, actions: ListActions): Node {
  const button = h(
    "button.ly-entry",
    {
      type: "button",
      "data-key": `exhibit-${chapter}-${one.id}`,
      "aria-current": one.current ? "true" : null,
      onclick: (event: MouseEvent) => actions.openExhibit(one.id, byPointer(event)),
    },
    one.thumb
      ? h("img.ly-thumb", { src: one.thumb, alt: "", loading: "lazy", width: 56, height: 56 })
      : h("span.ly-thumb.ly-thumb-text", {}, icon("text")),
    h("span.ly-entry-number", {}, one.number === null ? "" : String(one.number)),
    h("span.ly-entry-title", {}, one.title),
    one.failed ? icon("warning") : null,
  );
  return h("li", {}, button);
}

function tours(list: readonly TourEntry[], actions: ListActions): Node {
  const items = list.map((tour) =>
    entry(`tour-${tour.id}`, "play", tour.title, tour.about, (event) => actions.startTour(tour.id, byPointer(event))),
  );
  return h("ul.ly-entries", {}, ...items);
}

function doors(list: readonly DoorEntry[], lang: Lang, actions: ListActions): Node {
  const items = list.map((door) =>
    entry(
      `door-${door.id}`,
      "door",
      door.hall ?? door.title,
      door.hall === null ? translate(lang, "doorShut") : door.title,
      () => actions.goThrough(door.id),
    ),
  );
  return h("ul.ly-entries", {}, ...items);
}

function entry(
  key: string,
  picture: IconName,
  text: string,
  about: string | null,
  act: (event: MouseEvent) => void,
): Node {
  const words = h("span.ly-entry-title", {}, text, about && about !== text ? h("span.ly-about", {}, about) : null);
  return h("li", {}, h("button.ly-entry", { type: "button", "data-key": key, onclick: act }, icon(picture), words));
}
