import { type HallTitles, isOpen } from "../document/doors.ts";
import { byId, exhibitNumbers, numberedNotes, placementsByChapter } from "../document/order.ts";
import type { Hall } from "../document/schema.ts";
import { type Lang, localized } from "../document/text.ts";
import { periodText } from "../document/years.ts";
import { translate } from "../ui/i18n.ts";
import type { DoorEntry, ExhibitGroup, ListEntry, ListText, TourEntry } from "../ui/list.ts";

export interface ListInput {
  readonly hall: Hall;
  /** The ids of the exhibits that could not be loaded. */
  readonly failed: readonly string[];
  readonly hallTitles: HallTitles;
  readonly lastExhibit: string | null;
  readonly followedChapter: string | null;
  /** URL prefix of the files. */
  readonly media: string;
}

/** The list of everything in a hall, in one language. */
export function listText(input: ListInput, lang: Lang): ListText {
  const { hall, hallTitles } = input;
  return {
    tours: tours(hall, lang),
    timeline: hall.timeline ? localized(hall.timeline.title, lang) : null,
    groups: groups(input, lang),
    doors: doors(hall, hallTitles, lang),
    notes: numberedNotes(hall, null, lang),
  };
}

/** The exhibits by chapter, then the exhibits of no chapter. */
function groups(input: ListInput, lang: Lang): ExhibitGroup[] {
  const { hall, failed, lastExhibit, followedChapter, media } = input;
  const numbers = exhibitNumbers(hall);
  const entry = (id: string): ListEntry[] => {
    const placement = hall.placements[id];
    if (!placement) return [];
    const thumb = placement.asset ? hall.assets[placement.asset]?.files.thumb.sha256 : undefined;
    return [
      {
        id,
        number: numbers.get(id) ?? null,
        title: localized(placement.title, lang),
        thumb: thumb ? media + thumb : null,
        failed: failed.includes(id),
        current: id === lastExhibit,
      },
    ];
  };
  return placementsByChapter(hall).map(([id, placements]) => {
    const exhibits = placements.flatMap(entry);
    const chapter = id === null ? undefined : hall.chapters?.[id];
    if (id === null || !chapter) return { chapter: null, exhibits };
    const head = {
      id,
      title: localized(chapter.title, lang),
      years: periodText(chapter.from_year, chapter.to_year, lang),
      summary: localized(chapter.summary, lang),
      followed: id === followedChapter,
    };
    return { chapter: head, exhibits };
  });
}

function tours(hall: Hall, lang: Lang): TourEntry[] {
  return (hall.tour_order ?? []).flatMap((id) => {
    const tour = hall.tours?.[id];
    if (!tour) return [];
    const count = translate(lang, "numStops", { count: tour.stop_order.length });
    const summary = localized(tour.summary, lang);
    return [{ id, title: localized(tour.title, lang), about: summary ? `${count} · ${summary}` : count }];
  });
}

/** The doors with the halls that they lead to. */
function doors(hall: Hall, titles: HallTitles, lang: Lang): DoorEntry[] {
  return byId(hall.doors).map(([id, door]) => {
    const title = localized(door.title, lang);
    const target = door.hall ? titles?.get(door.hall) : undefined;
    return { id, title, hall: isOpen(door, titles) ? (target ? localized(target, lang) : title) : null };
  });
}
