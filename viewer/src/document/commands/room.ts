import { equal, normal } from "../changes.ts";
import { anchorsOf, yaw } from "../furniture.ts";
import { byId } from "../order.ts";
import { written } from "../paths.ts";
import { isAt } from "../places.ts";
import type { Anchor, Building, Door, Hall, Light, Vec3, View } from "../schema.ts";
import { movePlacements, turnPlacements } from "./placements.ts";

/** What follows from a building, as the server tells it: POST /api/halls/<slug>/room/facts. */
export interface RoomFacts {
  readonly anchors: Readonly<Record<string, Anchor>>;
  readonly doors: Readonly<Record<string, Door>>;
  readonly start: View;
  readonly light?: Light;
  readonly background?: string;
}

/**
 * Another building, or other sizes of it, with all that follows from it. What stands at one of the room's places goes along with
 * that place; a door keeps its title and the hall that it leads to.
 *
 * `before`: what followed from the present building. Light, background and entrance that the curator has changed since stay.
 * Without `before` all is the new building's.
 */
export function changeBuilding(hall: Hall, building: Building, facts: RoomFacts, before: RoomFacts | null): Hall {
  const own = <T>(now: T | undefined, then: T | undefined, next: T | undefined) =>
    before === null || equal(now, then) ? next : now;
  const furniture = Object.entries(hall.furniture ?? {}).map(([id, piece]) => anchorsOf(id, piece));
  const anchors: Record<string, Anchor> = Object.assign({ ...facts.anchors }, ...furniture);
  const doors = Object.fromEntries(
    Object.entries(facts.doors).map(([id, door]) => {
      const { title = door.title, hall: leads = door.hall } = hall.doors?.[id] ?? {};
      return [id, { ...door, title, ...(leads === undefined ? {} : { hall: leads }) }];
    }),
  );
  let next = withPlaces(hall, anchors);
  next = {
    ...next,
    architecture: { ...hall.architecture, building },
    start: own(hall.start, before?.start, facts.start) ?? facts.start,
    anchors,
    doors,
  };
  next = written(next, ["light"], own(hall.light, before?.light, facts.light));
  const background = own(hall.architecture.background, before?.background, facts.background);
  next = written(next, ["architecture", "background"], background);
  const timeline = next.timeline?.anchor;
  return normal(timeline && !anchors[timeline] ? written(next, ["timeline", "anchor"], undefined) : next);
}

/** The doors that another building has not, though a curator has led them to a hall or given them a title. In their order. */
export function lostDoors(hall: Hall, facts: RoomFacts, before: RoomFacts | null): [id: string, door: Door][] {
  return byId(hall.doors).filter(([id, { hall: leads, title }]) => {
    const own = before?.doors[id];
    return !facts.doors[id] && (leads !== own?.hall || (own !== undefined && !equal(title, own.title)));
  });
}

/** Moves what stands or hangs at anchors to where these are now. */
function withPlaces(hall: Hall, anchors: Readonly<Record<string, Anchor>>): Hall {
  let next = hall;
  for (const [id, placement] of Object.entries(hall.placements)) {
    const found = Object.entries(hall.anchors ?? {}).find(([, anchor]) => isAt(placement, anchor));
    const [from, to] = [found?.[1], anchors[found?.[0] ?? ""]];
    if (!from || !to || equal(from, to)) continue;
    const by = to.position.map((v, i) => v - (from.position[i] as number)) as Vec3;
    next = movePlacements(next, [id], by);
    const turn = yaw(to.facing_deg - from.facing_deg);
    if (turn !== 0) next = turnPlacements(next, [id], turn, to.position);
  }
  return next;
}
