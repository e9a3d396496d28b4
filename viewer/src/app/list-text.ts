import { isOpen } from "../core/doors.ts";
import { numbersOf } from "../document/order.ts";
import type { Hall } from "../document/schema.ts";
import { said } from "../document/text.ts";
import { eraText } from "../document/years.ts";
import { notesOf, type Presented } from "./panel-content.ts";
import { type Lang, tell } from "../ui/i18n.ts";
import type { DoorEntry, ExhibitGroup, ListEntry, ListText, TourEntry } from "../ui/list.ts";
import type { Visit } from "../navigation/open-hall.ts";

/** Turns all that a hall has into the list that a visitor reads, in one language. */

export function listText(visit: Visit, presented: Presented, lang: Lang): ListText {
  const { document } = visit.hall;
  return {
    tours: tours(document, lang),
    timeline: document.timeline ? said(document.timeline.title, lang) : null,
    groups: groups(visit, presented, lang),
    doors: doors(visit, lang),
    notes: notesOf(document, null, lang),
  };
}

function groups(visit: Visit, presented: Presented, lang: Lang): ExhibitGroup[] {
  const { document, failed } = visit.hall;
  const numbers = numbersOf(document);
  const entry = (id: string): ListEntry[] => {
    const placement = document.placements[id];
    if (!placement) return [];
    const thumb = placement.asset ? document.assets[placement.asset]?.files.thumb.sha256 : undefined;
    return [
      {
        id,
        number: numbers.get(id) ?? null,
        title: said(placement.title, lang),
        thumb: thumb ? presented.media + thumb : null,
        failed: failed.includes(id),
        current: id === presented.last,
      },
    ];
  };
  const told = (document.chapter_order ?? []).flatMap((id) => {
    const chapter = document.chapters?.[id];
    if (!chapter) return [];
    const head = {
      id,
      title: said(chapter.title, lang),
      years: eraText(chapter.from_year, chapter.to_year, lang),
      summary: said(chapter.summary, lang),
      followed: id === presented.chapter,
    };
    return [{ chapter: head, exhibits: chapter.placements.flatMap(entry) }];
  });
  const inChapters = new Set(Object.values(document.chapters ?? {}).flatMap((chapter) => chapter.placements));
  const others = document.placement_order.filter((id) => !inChapters.has(id)).flatMap(entry);
  return others.length > 0 ? [...told, { chapter: null, exhibits: others }] : told;
}

function tours(hall: Hall, lang: Lang): TourEntry[] {
  return (hall.tour_order ?? []).flatMap((id) => {
    const tour = hall.tours?.[id];
    if (!tour) return [];
    const count = tell(lang, "numStops", { count: tour.stops.length });
    const summary = said(tour.summary, lang);
    return [{ id, title: said(tour.title, lang), about: summary ? `${count} · ${summary}` : count }];
  });
}

function doors(visit: Visit, lang: Lang): DoorEntry[] {
  return visit.doors.map(([id, door]) => {
    const hall = door.hall ? visit.beyond?.get(door.hall) : undefined;
    const title = said(door.title, lang);
    return { id, title, hall: isOpen(door, visit.beyond) ? (hall ? said(hall, lang) : title) : null };
  });
}
