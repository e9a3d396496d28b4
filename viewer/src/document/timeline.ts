import type { Hall } from "./schema.ts";
import { said } from "./text.ts";
import { inOrder } from "../core/timeline.ts";
import { yearsText } from "./years.ts";
import { sourceTexts } from "./sources.ts";
import type { Lang } from "../ui/i18n.ts";
import type { TimelineText } from "../ui/timeline.ts";

/** Turns a hall's milestones into what a visitor reads: all of them, or those of one chapter. */
export function timelineText(hall: Hall, chapter: string | null, lang: Lang): TimelineText | null {
  if (!hall.timeline) return null;
  const all = inOrder(hall);
  const told = new Set(all.map(([, milestone]) => milestone.chapter));
  const chapters = (hall.chapter_order ?? []).filter((id) => told.has(id));
  const era = chapter !== null && chapters.includes(chapter) ? chapter : null;
  const shown = all.filter(([, milestone]) => era === null || milestone.chapter === era);
  const named = shown.flatMap(([, milestone]) => milestone.sources ?? []);
  const texts = sourceTexts(hall, named, lang);
  return {
    title: said(hall.timeline.title, lang),
    chapters: chapters.map((id) => ({ id, title: said(hall.chapters?.[id]?.title, lang) })),
    chapter: era,
    milestones: shown.map(([id, { year, to_year, circa, title, text, placement, sources }]) => ({
      id,
      years: yearsText(year, to_year, lang, circa),
      title: said(title, lang),
      text: said(text, lang),
      exhibit: placement ? { id: placement, title: said(hall.placements[placement]?.title, lang) } : null,
      sources: texts.filter((source) => sources?.includes(source.id)),
    })),
    sources: texts,
  };
}
