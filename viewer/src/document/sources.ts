import { milestonesInOrder, placementsByChapter } from "./order.ts";
import type { Hall } from "./schema.ts";
import { type Lang, localized } from "./text.ts";

/** A source with its number, ready to read in one language. */
export interface NumberedSource {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  /** URL. */
  readonly address: string | null;
}

/** The number of each source of a hall: in the order in which the hall's page cites them, then the sources that are never cited, by their ids. */
export function sourceNumbers(hall: Hall): ReadonlyMap<string, number> {
  const cited = [
    ...sourcesOfNotes(hall, null),
    ...milestonesInOrder(hall).flatMap(([, milestone]) => milestone.sources ?? []),
    ...placementsByChapter(hall).flatMap(([, placements]) => placements.flatMap((id) => sourcesOfExhibit(hall, id))),
    ...Object.keys(hall.sources ?? {}).sort(),
  ];
  return new Map([...new Set(cited)].map((id, i) => [id, i + 1]));
}

/** The sources that an exhibit and its notes cite. */
export function sourcesOfExhibit(hall: Hall, id: string): readonly string[] {
  return [...(hall.placements[id]?.sources ?? []), ...sourcesOfNotes(hall, id)];
}

function sourcesOfNotes(hall: Hall, placement: string | null): readonly string[] {
  return hall.note_order.flatMap((id) => {
    const note = hall.notes[id];
    return note && (note.placement ?? null) === placement ? (note.sources ?? []) : [];
  });
}

/** These sources, each once, in the order of their numbers. */
export function numberedSources(hall: Hall, ids: readonly string[], lang: Lang): NumberedSource[] {
  const numbers = sourceNumbers(hall);
  return [...new Set(ids)]
    .flatMap((id) => {
      const source = hall.sources?.[id];
      const number = numbers.get(id);
      if (!source || !number) return [];
      return [{ id, number, title: localized(source.title, lang), address: source.address ?? null }];
    })
    .sort((a, b) => a.number - b.number);
}
