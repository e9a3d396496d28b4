import { byPointer, h } from "./dom.ts";
import { type Lang, translate } from "./i18n.ts";
import { icon } from "./icons.ts";
import { cites, type Page, type SourceText, sourceList, title } from "./page.ts";

/** The timeline of a hall, ready to read in one language. */
export interface TimelineText {
  readonly title: string;
  /** The chapters that have milestones. */
  readonly chapters: readonly { readonly id: string; readonly title: string }[];
  /** The chapter whose milestones are shown; null: all milestones are shown. */
  readonly chapter: string | null;
  readonly milestones: readonly MilestoneText[];
  /** The sources that the shown milestones cite. */
  readonly sources: readonly SourceText[];
}

export interface MilestoneText {
  readonly id: string;
  readonly years: string;
  readonly title: string;
  readonly text: string;
  /** The exhibit that the milestone is about. */
  readonly exhibit: { readonly id: string; readonly title: string } | null;
  readonly sources: readonly SourceText[];
}

export interface TimelineActions {
  openExhibit(id: string, byPointer: boolean): void;
  /** Shows the milestones of one chapter; null: all milestones. */
  filterTimeline(chapter: string | null): void;
}

export function timelinePage(timeline: TimelineText, lang: Lang, actions: TimelineActions): Page {
  const chip = (id: string | null, text: string) =>
    h(
      "button.ly-chip",
      {
        type: "button",
        "data-key": `filter-${id ?? ""}`,
        "aria-pressed": String(timeline.chapter === id),
        onclick: () => actions.filterTimeline(id),
      },
      text,
    );
  const chips =
    timeline.chapters.length > 0
      ? h(
          "div.ly-chips",
          { role: "group", "aria-label": translate(lang, "chapters") },
          chip(null, translate(lang, "allChapters")),
          ...timeline.chapters.map(({ id, title }) => chip(id, title)),
        )
      : null;
  const items = timeline.milestones.map((milestone) =>
    h(
      "li",
      {},
      h("p.ly-year", {}, milestone.years),
      h("h3", {}, milestone.title, ...cites(milestone.sources, lang, milestone.id)),
      milestone.text ? h("p.ly-quiet-text", {}, milestone.text) : null,
      milestone.exhibit ? exhibitLink(milestone.id, milestone.exhibit, actions) : null,
    ),
  );
  const list = h("ol.ly-milestones", {}, ...items);
  const body = [chips, list, ...sourceList(timeline.sources, lang)].filter((node) => node !== null);
  return { head: [title(timeline.title)], body, foot: [] };
}

function exhibitLink(
  milestone: string,
  exhibit: NonNullable<MilestoneText["exhibit"]>,
  actions: TimelineActions,
): Node {
  const open = (event: MouseEvent) => actions.openExhibit(exhibit.id, byPointer(event));
  return h(
    "button.ly-link",
    { type: "button", "data-key": `milestone-${milestone}`, onclick: open },
    exhibit.title,
    icon("next"),
  );
}
