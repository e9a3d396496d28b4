import type { Hall, Milestone, Note, OwnVariant, Placement, Stop, Tour, Variant } from "./schema.ts";
import { type Lang, localized } from "./text.ts";

/** What is in a map, which the hall may lack, by the ids: the order of a map's keys means nothing. */
export function byId<T>(things: Readonly<Record<string, T>> | undefined): [id: string, thing: T][] {
  return Object.entries(things ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The numbers of the exhibits, from 1, in the order of the visit. A text panel has no number. */
export function exhibitNumbers(hall: Hall): ReadonlyMap<string, number> {
  const counted = hall.placement_order.filter((id) => hall.placements[id] && hall.placements[id].kind !== "panel");
  return new Map(counted.map((id, i) => [id, i + 1]));
}

/** The number and the title of a note. */
export interface NumberedNote {
  readonly id: string;
  readonly number: number;
  readonly title: string;
}

/** The ids of the notes of one placement, or of the hall itself (null), in the order of the document. */
export function noteIds(hall: Hall, placement: string | null): string[] {
  return hall.note_order.filter((id) => hall.notes[id] && (hall.notes[id].placement ?? null) === placement);
}

/** The notes of every placement, and of the hall itself (null), in the order of the document. */
export function notesByPlacement(
  hall: Hall,
): ReadonlyMap<string | null, readonly (readonly [id: string, note: Note])[]> {
  const found = new Map<string | null, (readonly [string, Note])[]>();
  for (const id of hall.note_order) {
    const note = hall.notes[id];
    if (!note) continue;
    const notes = found.get(note.placement ?? null);
    if (notes) notes.push([id, note]);
    else found.set(note.placement ?? null, [[id, note]]);
  }
  return found;
}

/** The notes of one placement, or of the hall itself (null), numbered from 1. */
export function numberedNotes(hall: Hall, placement: string | null, lang: Lang): NumberedNote[] {
  return noteIds(hall, placement).map((id, i) => ({
    id,
    number: i + 1,
    title: localized(hall.notes[id]?.title, lang),
  }));
}

/** The milestones in the order of their first years, then of their last years, then of their ids. */
export function milestonesInOrder(hall: Hall): [id: string, milestone: Milestone][] {
  return Object.entries(hall.timeline?.milestones ?? {}).sort(
    ([x, a], [y, b]) => a.year - b.year || (a.to_year ?? a.year) - (b.to_year ?? b.year) || (x < y ? -1 : 1),
  );
}

/** The stops of a tour, as visitors are led to them. */
export function stopsInOrder({ stops, stop_order }: Tour): [id: string, stop: Stop][] {
  return stop_order.flatMap((id): [string, Stop][] => (stops[id] ? [[id, stops[id]]] : []));
}

/** A part of the hall's story: a chapter with its placements; or the placements that are in no chapter (null). */
export type ChapterPlacements = readonly [chapter: string | null, placements: readonly string[]];

/** The chapters in the order of the story, then the placements that are in no chapter. A placement can be in more than one chapter. */
export function placementsByChapter(hall: Hall): ChapterPlacements[] {
  const chapters = (hall.chapter_order ?? []).flatMap((id): ChapterPlacements[] => {
    const chapter = hall.chapters?.[id];
    return chapter ? [[id, chapter.placements]] : [];
  });
  const inChapters = new Set(chapters.flatMap(([, placements]) => placements));
  const others = hall.placement_order.filter((id) => !inChapters.has(id));
  return others.length > 0 ? [...chapters, [null, others]] : chapters;
}

/** The shapes of an exhibit, its own among them: by year if all have a year, else as listed, its own last: that is what they became. */
export function variantsInOrder(placement: Placement): (OwnVariant | Variant)[] {
  const own: OwnVariant = placement.variant ?? { title: placement.title };
  const shapes = [...(placement.variants ?? []), own];
  return shapes.every(({ year }) => year !== undefined)
    ? shapes.sort((a, b) => (a.year as number) - (b.year as number))
    : shapes;
}

/** The placements for "next" and "previous": those of the chapter that the visitor follows, else those of the whole visit. */
export function visitOrder(hall: Hall, chapter: string | null): readonly string[] {
  const followed = chapter === null ? undefined : hall.chapters?.[chapter];
  return followed && followed.placements.length > 0 ? followed.placements : hall.placement_order;
}
