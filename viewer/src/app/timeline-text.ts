import { milestonesInOrder } from "../document/order.ts";
import type { Hall } from "../document/schema.ts";
import { numberedSources } from "../document/sources.ts";
import { type Lang, localized } from "../document/text.ts";
import { milestoneYears } from "../document/years.ts";
import type { TimelineText } from "../ui/timeline.ts";

/** The text of the timeline in one language: all milestones, or those of one chapter. Null if the hall has no timeline. */
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
