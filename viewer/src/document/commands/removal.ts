import { milestonesInOrder, stopsInOrder } from "../order.ts";
import { written } from "../paths.ts";
import type { Hall, Text } from "../schema.ts";
import { withoutMember } from "./groups.ts";

/** What leaves a hall with a thing that is removed, as exhibit/halls/edits does it, and what a curator is told before. */

/** A part of the hall that names what is removed. A tour's stop keeps its words and leads to nothing. */
export interface Effect {
  readonly part: "note" | "chapter" | "milestone" | "tour";
  readonly title: Text;
  /** Of a tour's stop, from 1; else 0. */
  readonly number: number;
}

export function effectsOfPlacement(hall: Hall, id: string): Effect[] {
  const effect = (part: Effect["part"], { title }: { readonly title: Text }): Effect => ({ part, title, number: 0 });
  return [
    ...Object.values(hall.notes)
      .filter((note) => note.placement === id)
      .map((note) => effect("note", note)),
    ...Object.values(hall.chapters ?? {})
      .filter((chapter) => chapter.placements.includes(id))
      .map((chapter) => effect("chapter", chapter)),
    ...milestonesInOrder(hall)
      .filter(([, milestone]) => milestone.placement === id)
      .map(([, milestone]) => effect("milestone", milestone)),
    ...effectsOnTours(hall, "placement", id),
  ];
}

export function effectsOfNote(hall: Hall, id: string): Effect[] {
  return effectsOnTours(hall, "note", id);
}

export function withoutPlacements(hall: Hall, ids: readonly string[], withNotes: boolean): Hall {
  return ids.reduce((changed, id) => withoutPlacement(changed, id, withNotes), hall);
}

export function withoutNotes(hall: Hall, ids: readonly string[]): Hall {
  let changed = hall;
  for (const id of ids) {
    if (!changed.notes[id]) continue;
    const { [id]: _, ...notes } = changed.notes;
    const note_order = changed.note_order.filter((each) => each !== id);
    changed = withoutStops({ ...changed, notes, note_order }, "note", id);
  }
  return changed;
}

/** Without chapters or placements that milestones name. */
export function withoutMilestones(hall: Hall, name: "placement" | "chapter", id: string): Hall {
  return milestonesInOrder(hall).reduce(
    (changed, [key, milestone]) =>
      milestone[name] === id ? written(changed, ["timeline", "milestones", key, name], undefined) : changed,
    hall,
  );
}

function withoutPlacement(hall: Hall, id: string, withNotes: boolean): Hall {
  if (!hall.placements[id]) return hall;
  const { [id]: _, ...placements } = hall.placements;
  let changed: Hall = { ...hall, placements, placement_order: hall.placement_order.filter((each) => each !== id) };
  for (const [key, note] of Object.entries(changed.notes)) {
    if (note.placement !== id) continue;
    changed = withNotes ? withoutNotes(changed, [key]) : written(changed, ["notes", key, "placement"], undefined);
  }
  for (const [key, chapter] of Object.entries(changed.chapters ?? {}))
    if (chapter.placements.includes(id))
      changed = written(
        changed,
        ["chapters", key, "placements"],
        chapter.placements.filter((each) => each !== id),
      );
  changed = withoutMember(changed, id);
  return withoutStops(withoutMilestones(changed, "placement", id), "placement", id);
}

/** Tours lead no more to a part that is gone; what they say at the stop is kept. */
function withoutStops(hall: Hall, name: "placement" | "note", id: string): Hall {
  let changed = hall;
  for (const [key, tour] of Object.entries(hall.tours ?? {})) {
    for (const [stop, about] of Object.entries(tour.stops))
      if (about[name] === id) changed = written(changed, ["tours", key, "stops", stop, name], undefined);
  }
  return changed;
}

function effectsOnTours(hall: Hall, name: "placement" | "note", id: string): Effect[] {
  return (hall.tour_order ?? []).flatMap((key) => {
    const tour = hall.tours?.[key];
    if (!tour) return [];
    return stopsInOrder(tour).flatMap(([, stop], i): Effect[] =>
      stop[name] === id ? [{ part: "tour", title: tour.title, number: i + 1 }] : [],
    );
  });
}
