import { normal } from "../changes.ts";
import { numbered, slug, unused } from "../ids.ts";
import { type Values, valueAt, written } from "../paths.ts";
import { dangling, withoutReferences } from "../references.ts";
import { round } from "../rounding.ts";
import type { Asset, Chapter, Hall, Milestone, Source, Stop, Text, Tour, Vec3, View, Zone } from "../schema.ts";
import { shortened } from "./notes.ts";
import { reordered } from "./order.ts";
import type { Added } from "./placements.ts";

/** What a hall tells: chapters, milestones, tours, zones and sources, as the desk's forms change them (exhibit/halls/edits/story.py). */

export type Part = "chapters" | "milestones" | "tours" | "zones" | "sources";

interface Things {
  chapters: Chapter;
  milestones: Milestone;
  tours: Tour;
  zones: Zone;
  sources: Source;
}

const ORDERS: Partial<Record<Part, "chapter_order" | "tour_order">> = {
  chapters: "chapter_order",
  tours: "tour_order",
};
const STOP = "stop"; // what the ids of stops begin with
const TIMELINE_TITLE: Text = { zh: "年表", en: "Through the years" };

export function addChapter(hall: Hall, title: Text, placements: readonly string[] = []): Added {
  return add(hall, "chapters", { title, placements: [...placements] });
}

export function addMilestone(hall: Hall, title: Text, year: number): Added {
  return add(hall, "milestones", { year, title });
}

/** A tour begins with one stop; without one given, it says the tour's title at the entrance. */
export function addTour(hall: Hall, title: Text, first: Stop = { caption: { ...title } }): Added {
  return add(hall, "tours", { title, stops: { [STOP]: first }, stop_order: [STOP] });
}

/** A part of the hall with a sound or a light of its own; without corners it is the whole room. */
export function addZone(
  hall: Hall,
  title: Text,
  corners: { readonly min: Vec3; readonly max: Vec3 } | null = null,
): Added {
  const bounds = corners ?? hall.assets[hall.architecture.asset]?.bounds ?? { min: [-1, 0, -1], max: [1, 3, 1] };
  const [min, max] = [bounds.min, bounds.max].map((corner) => corner.map((v) => round(v, 2)) as Vec3) as [Vec3, Vec3];
  return add(hall, "zones", { title, min, max });
}

export function addSource(hall: Hall, title: Text, address = ""): Added {
  return add(hall, "sources", address ? { title, address } : { title });
}

/** Changes some fields of a thing; a field that is undefined is taken away. Nothing happens to a thing that is gone. */
export function changeThing<P extends Part>(hall: Hall, part: P, id: string, fields: Partial<Things[P]>): Hall {
  const path = [...mapOf(part), id];
  if (valueAt(hall, path) === undefined) return hall;
  return Object.entries(fields).reduce((changed, [key, value]) => written(changed, [...path, key], value), hall);
}

/** Takes a thing away, wherever the hall names it. */
export function removeThing(hall: Hall, part: Part, id: string): Hall {
  const path = [...mapOf(part), id];
  if (valueAt(hall, path) === undefined) return hall;
  const order = ORDERS[part];
  let next = written(hall, path, undefined);
  if (order) next = { ...next, [order]: (next[order] ?? []).filter((each) => each !== id) };
  const gone = dangling(next).filter((reference) => reference.map === part && reference.id === id);
  return normal(withoutReferences(next, gone));
}

/** The exhibits of a chapter, in their order. */
export function arrangeChapter(hall: Hall, chapter: string, placements: readonly string[]): Hall {
  return changeThing(hall, "chapters", chapter, { placements: [...placements] });
}

/** The sound of a zone, which needs words for who does not hear it; null: none. */
export function changeZoneSound(
  hall: Hall,
  zone: string,
  sound: { readonly id: string; readonly asset: Asset } | null,
  caption: Text = { zh: "", en: "" },
): Hall {
  if (!sound) return changeThing(hall, "zones", zone, { sound: undefined } as Partial<Zone>);
  const has = hall.zones?.[zone]?.caption;
  const next = changeThing(hall, "zones", zone, { sound: sound.id, ...(has ? {} : { caption }) });
  return { ...next, assets: { ...next.assets, [sound.id]: sound.asset } };
}

/** The timeline's title, and the panel or screen that it hangs on (null: none). A hall without a timeline gets one. */
export function hangTimeline(hall: Hall, anchor: string | null, title: Text | null = null): Hall {
  const { milestones = {}, title: before = { ...TIMELINE_TITLE } } = hall.timeline ?? {};
  return { ...hall, timeline: { title: title ?? before, milestones, ...(anchor === null ? {} : { anchor }) } };
}

/** A stop at an index, from 0; without one at the end. A tour that is gone gets none. */
export function addStop(hall: Hall, tour: string, stop: Stop, index = Number.POSITIVE_INFINITY): Added {
  const to = hall.tours?.[tour];
  const id = numbered(STOP, to?.stops ?? {});
  if (!to) return { hall, id };
  const stop_order = to.stop_order.toSpliced(Math.min(index, to.stop_order.length), 0, id);
  return { hall: changeThing(hall, "tours", tour, { stops: { ...to.stops, [id]: stop }, stop_order }), id };
}

/** Changes some fields of a stop; a field that is undefined is taken away. Nothing happens to a stop that is gone. */
export function changeStop(hall: Hall, tour: string, id: string, fields: Partial<Stop>): Hall {
  const path = ["tours", tour, "stops", id];
  if (valueAt(hall, path) === undefined) return hall;
  return Object.entries(fields).reduce((changed, [key, value]) => written(changed, [...path, key], value), hall);
}

/** The exhibit or the note that a stop is about; neither: a view of the hall. */
export function pointStop(
  hall: Hall,
  tour: string,
  id: string,
  { placement, note }: Pick<Stop, "placement" | "note">,
): Hall {
  return changeStop(hall, tour, id, { placement, note } as Partial<Stop>);
}

/** The recording that says a stop's caption in a language; null: none. */
export function narrateStop(
  hall: Hall,
  tour: string,
  id: string,
  lang: keyof Text,
  recording: { readonly id: string; readonly asset: Asset } | null,
): Hall {
  const stop = hall.tours?.[tour]?.stops[id];
  if (!stop) return hall;
  const narration = written(stop.narration ?? {}, [lang], recording?.id);
  const next = changeStop(hall, tour, id, {
    narration: Object.keys(narration).length > 0 ? narration : undefined,
  } as Partial<Stop>);
  return recording ? { ...next, assets: { ...next.assets, [recording.id]: recording.asset } } : next;
}

/** From where a stop looks. */
export function saveStopView(hall: Hall, tour: string, id: string, view: View): Hall {
  return changeStop(hall, tour, id, { view: shortened(view) });
}

/** A tour keeps its last stop. */
export function removeStop(hall: Hall, tour: string, id: string): Hall {
  const { stops, stop_order = [] } = hall.tours?.[tour] ?? {};
  if (!stops?.[id] || stop_order.length < 2) return hall;
  const { [id]: _, ...rest } = stops;
  return changeThing(hall, "tours", tour, { stops: rest, stop_order: stop_order.filter((each) => each !== id) });
}

/** Moves a stop to an index, from 0. */
export function moveStop(hall: Hall, tour: string, id: string, to: number): Hall {
  const order = hall.tours?.[tour]?.stop_order;
  return order ? changeThing(hall, "tours", tour, { stop_order: reordered(order, [id], to) }) : hall;
}

/** Adds a thing at the end of its order. */
function add<P extends Part>(hall: Hall, part: P, thing: Things[P]): Added {
  const map = mapOf(part);
  const before = part === "milestones" && !hall.timeline ? hangTimeline(hall, null) : hall;
  const things = (valueAt(before, map) ?? {}) as Values;
  const id = unused(slug(thing.title.en) || part.replace(/s$/, ""), things);
  const next = written(before, [...map, id], thing);
  const order = ORDERS[part];
  return { hall: order ? { ...next, [order]: [...(next[order] ?? []), id] } : next, id };
}

function mapOf(part: Part): string[] {
  return part === "milestones" ? ["timeline", "milestones"] : [part];
}
