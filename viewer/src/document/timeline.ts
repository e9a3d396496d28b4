import { milestonesInOrder } from "./order.ts";
import type { Hall } from "./schema.ts";
import { type NumberedSource, numberedSources } from "./sources.ts";
import { type Lang, localized } from "./text.ts";
import { milestoneYears } from "./years.ts";

/** The timeline of a hall, ready to read in one language. */
export interface TimelineText {
  readonly title: string;
  /** The chapters that have milestones. */
  readonly chapters: readonly { readonly id: string; readonly title: string }[];
  /** The chapter whose milestones are shown; null: all milestones are shown. */
  readonly chapter: string | null;
  readonly milestones: readonly MilestoneText[];
  /** The sources that the shown milestones cite. */
  readonly sources: readonly NumberedSource[];
}

export interface MilestoneText {
  readonly id: string;
  readonly years: string;
  readonly title: string;
  readonly text: string;
  /** The exhibit that the milestone is about. */
  readonly exhibit: { readonly id: string; readonly title: string } | null;
  readonly sources: readonly NumberedSource[];
}

/** The milestones of a hall, or of one of its chapters; null if the hall has no timeline. */
export function timelineText(hall: Hall, chapter: string | null, lang: Lang): TimelineText | null {
  if (!hall.timeline) return null;
  const all = milestonesInOrder(hall);
  const withMilestones = new Set(all.map(([, milestone]) => milestone.chapter));
  const chapters = (hall.chapter_order ?? []).filter((id) => withMilestones.has(id));
  const shownChapter = chapter !== null && chapters.includes(chapter) ? chapter : null;
  const shown = all.filter(([, milestone]) => shownChapter === null || milestone.chapter === shownChapter);
  const cited = shown.flatMap(([, milestone]) => milestone.sources ?? []);
  const sources = numberedSources(hall, cited, lang);
  return {
    title: localized(hall.timeline.title, lang),
    chapters: chapters.map((id) => ({ id, title: localized(hall.chapters?.[id]?.title, lang) })),
    chapter: shownChapter,
    milestones: shown.map(([id, milestone]) => ({
      id,
      years: milestoneYears(milestone, lang),
      title: localized(milestone.title, lang),
      text: localized(milestone.text, lang),
      exhibit: milestone.placement
        ? { id: milestone.placement, title: localized(hall.placements[milestone.placement]?.title, lang) }
        : null,
      sources: sources.filter((source) => milestone.sources?.includes(source.id)),
    })),
    sources,
  };
}
