import { byId } from "../order.ts";
import { written } from "../paths.ts";
import {
  distance,
  faceAt,
  foot,
  inside,
  middleOf,
  openingPlaces,
  type PlanFace,
  planFaces,
  planOf,
  share,
  wallGraph,
} from "../plan.ts";
import { round } from "../rounding.ts";
import type { Door, Hall, Opening, Plan, PlanRoom, Text, Vec2, Wall } from "../schema.ts";

/** What holds after every change of a plan: walls that are long enough, what hangs together, looks in their rooms, doors at their openings. */

export const SHORTEST_WALL_M = 0.3;
/** Openings are at least this wide. */
export const NARROWEST_M = 0.3;
const DECIMALS = 4; // of a metre
const DOOR_TITLE: Text = { zh: "门", en: "Door" };

export type WallEnd = "from" | "to";
/** New places of the ends of walls, by the walls' ids. */
export type MovedEnds = ReadonlyMap<string, Partial<Readonly<Record<WallEnd, Readonly<Vec2>>>>>;

export const ENDS: readonly WallEnd[] = ["from", "to"];

export function floorPoint(point: Readonly<Vec2>): Vec2 {
  return [round(point[0], DECIMALS), round(point[1], DECIMALS)];
}

export function lengthOf({ from, to }: Pick<Wall, "from" | "to">): number {
  return distance(from, to);
}

/** The point of a wall's line at a distance from its `from`. */
export function alongWall({ from, to }: Wall, at_m: number): Vec2 {
  const part = at_m / distance(from, to);
  return [from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])];
}

/** How far along a wall, from its `from`, a point lies beside it, m. */
export function positionAlong({ from, to }: Wall, point: Readonly<Vec2>): number {
  return share(point, from, to) * distance(from, to);
}

/**
 * The hall with ends of walls moved. Ends of other walls that lie on the moved walls go along; openings stay where they are as far
 * as their walls allow. null if a wall would become too short.
 */
export function withMovedEnds(hall: Hall, moved: MovedEnds): Hall | null {
  const plan = planOf(hall);
  if (!plan) return null;
  const next = new Map<string, Wall>();
  const settled = new Set<string>(); // ends that have their place
  const waiting: string[] = [];
  for (const [id, ends] of moved) {
    const wall = plan.walls[id];
    if (!wall) continue;
    next.set(id, { ...wall, ...mapEnds(ends) });
    for (const end of ENDS) if (ends[end]) settled.add(`${id} ${end}`);
    waiting.push(id);
  }
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    const [before, after] = [plan.walls[id] as Wall, next.get(id) as Wall];
    if (lengthOf(before) === 0) continue;
    for (const [other, wall] of byId(plan.walls)) {
      for (const end of ENDS) {
        if (other === id || settled.has(`${other} ${end}`) || !foot(wall[end], before.from, before.to)) continue;
        settled.add(`${other} ${end}`);
        const part = share(wall[end], before.from, before.to);
        const way = (axis: 0 | 1) =>
          after.from[axis] +
          part * (after.to[axis] - after.from[axis]) -
          (before.from[axis] + part * (before.to[axis] - before.from[axis]));
        const by: Vec2 = [way(0), way(1)];
        if (Math.hypot(...by) < 1e-9) continue;
        next.set(other, {
          ...(next.get(other) ?? wall),
          [end]: floorPoint([wall[end][0] + by[0], wall[end][1] + by[1]]),
        });
        if (!waiting.includes(other)) waiting.push(other);
      }
    }
  }
  if ([...next.values()].some((wall) => lengthOf(wall) < SHORTEST_WALL_M)) return null;
  const openings = Object.fromEntries(
    Object.entries(plan.openings ?? {}).map(([id, opening]) => {
      const [before, after] = [plan.walls[opening.wall], next.get(opening.wall)];
      return [id, before && after ? kept(opening, before, after) : opening];
    }),
  );
  return withPlan(hall, { ...plan, walls: { ...plan.walls, ...Object.fromEntries(next) }, openings });
}

/** The hall with a next plan, and what follows from it: looks stay with their rooms, doors with their openings. */
export function withPlan(hall: Hall, next: Plan): Hall {
  const before = planOf(hall);
  const graph = wallGraph(next);
  const faces = planFaces(graph);
  const sameWalls = before?.walls === next.walls;
  const rooms = sameWalls || !before ? next.rooms : roomsKept(before, next, faces);
  const plan = rooms === next.rooms ? next : { ...next, ...(rooms ? { rooms } : {}) };
  const places = openingPlaces(plan, graph, faces);
  const doors: Record<string, Door> = {};
  for (const [id, { kind }] of byId(plan.openings)) {
    const place = places.get(id);
    if (kind !== "door" || !place) continue;
    const { position, facing_deg, width_m, height_m } = place;
    doors[id] = { title: { ...DOOR_TITLE }, ...hall.doors?.[id], position, facing_deg, width_m, height_m };
  }
  const built = written(hall, ["architecture", "building"], plan);
  return written(built, ["doors"], Object.keys(doors).length > 0 ? doors : undefined);
}

/** An opening at the same place of the hall, in its wall that has changed. */
function kept(opening: Opening, before: Wall, after: Wall): Opening {
  const room = lengthOf(after);
  const width_m = round(Math.min(opening.width_m, room), DECIMALS);
  const wanted = positionAlong(after, alongWall(before, opening.at_m));
  const at_m = round(Math.min(Math.max(wanted, width_m / 2), room - width_m / 2), DECIMALS);
  return { ...opening, at_m, width_m };
}

/** Looks whose room has moved away from their points are put into it again: the room that has most walls in common with the one before. */
function roomsKept(before: Plan, next: Plan, faces: readonly PlanFace[]): Plan["rooms"] {
  const rooms: [string, PlanRoom][] = Object.entries(next.rooms ?? {});
  if (rooms.length === 0) return next.rooms;
  const old = planFaces(wallGraph(before));
  const taken = new Set(rooms.map(([, { at }]) => faceAt(faces, at)).filter((face) => face !== null));
  const placed = rooms.map(([id, room]): [string, PlanRoom] => {
    const was = faceAt(old, room.at);
    const now = faceAt(faces, room.at);
    if (!was || (now && inCommon(was, now) > 0)) return [id, room];
    const [best] = faces
      .filter((face) => !taken.has(face) && inCommon(was, face) > 0)
      .sort((a, b) => inCommon(was, b) - inCommon(was, a));
    if (!best || inside(best.outline.points, room.at)) return [id, room];
    taken.add(best);
    return [id, { ...room, at: middleOf(best) }];
  });
  return placed.every(([, room], i) => room === rooms[i]?.[1]) ? next.rooms : Object.fromEntries(placed);
}

function inCommon(a: PlanFace, b: PlanFace): number {
  const walls = new Set(b.outline.walls);
  return new Set(a.outline.walls.filter((wall) => walls.has(wall))).size;
}

function mapEnds(ends: Partial<Readonly<Record<WallEnd, Readonly<Vec2>>>>): Partial<Pick<Wall, WallEnd>> {
  return {
    ...(ends.from ? { from: floorPoint(ends.from) } : {}),
    ...(ends.to ? { to: floorPoint(ends.to) } : {}),
  };
}
