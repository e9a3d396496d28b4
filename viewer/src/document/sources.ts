import type { Hall } from "./schema.ts";
import { said } from "./text.ts";
import { inOrder } from "../core/timeline.ts";
import type { Lang } from "../ui/i18n.ts";
import type { SourceText } from "../ui/page.ts";

/** The numbers of a hall's sources: in the order in which its page names them, then those that nothing names. */
export function sourceNumbers(hall: Hall): ReadonlyMap<string, number> {
  const chapters = (hall.chapter_order ?? []).flatMap((id) => hall.chapters?.[id]?.placements ?? []);
  const named = [
    ...ofNotes(hall, null),
    ...inOrder(hall).flatMap(([, milestone]) => milestone.sources ?? []),
    ...new Set([...chapters, ...hall.placement_order].flatMap((id) => ofExhibit(hall, id))),
    ...Object.keys(hall.sources ?? {}),
  ];
  return new Map([...new Set(named)].map((id, i) => [id, i + 1]));
}

/** What an exhibit and its notes rest on. */
export function ofExhibit(hall: Hall, id: string): readonly string[] {
  return [...(hall.placements[id]?.sources ?? []), ...ofNotes(hall, id)];
}

function ofNotes(hall: Hall, placement: string | null): readonly string[] {
  return hall.note_order.flatMap((id) => {
    const note = hall.notes[id];
    return note && (note.placement ?? null) === placement ? (note.sources ?? []) : [];
  });
}

/** These sources once each, by their numbers, as texts to read. */
export function sourceTexts(hall: Hall, ids: readonly string[], lang: Lang): SourceText[] {
  const numbers = sourceNumbers(hall);
  return [...new Set(ids)]
    .flatMap((id) => {
      const source = hall.sources?.[id];
      const number = numbers.get(id);
      return source && number ? [{ id, number, title: said(source.title, lang), address: source.address ?? null }] : [];
    })
    .sort((a, b) => a.number - b.number);
}
