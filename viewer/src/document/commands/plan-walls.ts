import { unused } from "../ids.ts";
import { byId } from "../order.ts";
import { distance, faceAt, JOIN_M, planFaces, planOf, share, wallGraph } from "../plan.ts";
import { round } from "../rounding.ts";
import type { Hall, Opening, Plan, Vec2, Wall } from "../schema.ts";
import {
  alongWall,
  ENDS,
  floorPoint,
  lengthOf,
  type MovedEnds,
  positionAlong,
  SHORTEST_WALL_M,
  type WallEnd,
  withMovedEnds,
  withPlan,
} from "./plan-rules.ts";

/** What a curator does with the walls of a plan. A wall that would be shorter than 0.3 m is not made: the hall stays as it is. */

export interface WallStyle {
  readonly height_m: number;
  readonly thickness_m: number;
}

export const USUAL_WALL: WallStyle = { height_m: 4, thickness_m: 0.3 };

/** A hall with new walls, and their ids. */
export interface AddedWalls {
  readonly hall: Hall;
  readonly ids: readonly string[];
}

/** Builds walls from each point to the next one, and from the last to the first if the line is closed; only where no wall is yet. */
export function addWalls(
  hall: Hall,
  points: readonly Readonly<Vec2>[],
  { closed = false, style = USUAL_WALL }: { readonly closed?: boolean; readonly style?: WallStyle } = {},
): AddedWalls {
  const plan = planOf(hall);
  if (!plan) return { hall, ids: [] };
  const lines = points.slice(1).map((point, i) => [points[i] as Readonly<Vec2>, point] as const);
  if (closed && points.length > 2) lines.push([points.at(-1) as Readonly<Vec2>, points[0] as Readonly<Vec2>]);
  const walls: Record<string, Wall> = { ...plan.walls };
  const ids: string[] = [];
  for (const [from, to] of lines)
    for (const piece of free(floorPoint(from), floorPoint(to), Object.values(walls))) {
      const id = unused("wall", walls);
      walls[id] = { ...piece, height_m: style.height_m, thickness_m: style.thickness_m };
      ids.push(id);
    }
  return { hall: ids.length > 0 ? withPlan(hall, { ...plan, walls }) : hall, ids };
}

/** The ends of walls that meet at a point. */
export function endsAt(plan: Plan, point: Readonly<Vec2>): (readonly [id: string, end: WallEnd])[] {
  return byId(plan.walls).flatMap(([id, wall]) =>
    ENDS.filter((end) => distance(wall[end], point) <= JOIN_M).map((end) => [id, end] as const),
  );
}

/** Moves a corner: the ends of all walls that meet there. */
export function moveCorner(hall: Hall, corner: Readonly<Vec2>, to: Readonly<Vec2>): Hall {
  const plan = planOf(hall);
  if (!plan) return hall;
  return withMovedEnds(hall, moving(endsAt(plan, corner).map(([id, end]) => [id, end, to]))) ?? hall;
}

/** Moves a wall, with the ends of the walls that meet it. */
export function moveWall(hall: Hall, id: string, by: Readonly<Vec2>): Hall {
  const plan = planOf(hall);
  const wall = plan?.walls[id];
  if (!plan || !wall || (by[0] === 0 && by[1] === 0)) return hall;
  const moved = ENDS.flatMap((corner) => {
    const to: Vec2 = [wall[corner][0] + by[0], wall[corner][1] + by[1]];
    return endsAt(plan, wall[corner]).map(([other, end]) => [other, end, to] as const);
  });
  return withMovedEnds(hall, moving(moved)) ?? hall;
}

/** Height and thickness of a wall. */
export function changeWall(hall: Hall, id: string, style: Partial<WallStyle>): Hall {
  const plan = planOf(hall);
  const wall = plan?.walls[id];
  return plan && wall ? withPlan(hall, { ...plan, walls: { ...plan.walls, [id]: { ...wall, ...style } } }) : hall;
}

/** Makes a wall as long as this: the corner at its `to` moves along it. */
export function changeWallLength(hall: Hall, id: string, length_m: number): Hall {
  const wall = planOf(hall)?.walls[id];
  return wall && length_m >= SHORTEST_WALL_M ? moveCorner(hall, wall.to, alongWall(wall, length_m)) : hall;
}

/** Makes two walls of one, `at_m` from its `from`. Nothing happens within an opening, or too near to an end. */
export function splitWall(hall: Hall, id: string, at_m: number): { readonly hall: Hall; readonly id: string | null } {
  const plan = planOf(hall);
  const wall = plan?.walls[id];
  if (!plan || !wall) return { hall, id: null };
  const own = byId(plan.openings).filter(([, opening]) => opening.wall === id);
  const cut = own.some(([, { at_m: middle, width_m }]) => Math.abs(middle - at_m) < width_m / 2);
  if (cut || at_m < SHORTEST_WALL_M || lengthOf(wall) - at_m < SHORTEST_WALL_M) return { hall, id: null };
  const second = unused("wall", plan.walls);
  const at = floorPoint(alongWall(wall, at_m));
  const walls = { ...plan.walls, [id]: { ...wall, to: at }, [second]: { ...wall, from: at } };
  const openings: Record<string, Opening> = { ...plan.openings };
  for (const [key, opening] of own)
    if (opening.at_m > at_m)
      openings[key] = {
        ...opening,
        wall: second,
        at_m: round(positionAlong(walls[second] as Wall, alongWall(wall, opening.at_m)), 4),
      };
  return { hall: withPlan(hall, { ...plan, walls, openings }), id: second };
}

/** Takes walls away, with the openings in them. */
export function removeWalls(hall: Hall, ids: readonly string[]): Hall {
  const plan = planOf(hall);
  if (!plan || !ids.some((id) => plan.walls[id])) return hall;
  const walls = Object.fromEntries(Object.entries(plan.walls).filter(([id]) => !ids.includes(id)));
  const openings = Object.fromEntries(
    Object.entries(plan.openings ?? {}).filter(([, { wall }]) => !ids.includes(wall)),
  );
  return withPlan(hall, { ...plan, walls, openings });
}

/** The walls that bound the room around a point, and no other room. */
export function ownWalls(plan: Plan, point: Readonly<Vec2>): string[] {
  const faces = planFaces(wallGraph(plan));
  const around = faceAt(faces, point);
  const others = new Set(
    faces
      .filter((face) => face !== around)
      .flatMap(({ outline, holes }) => [outline, ...holes].flatMap((l) => l.walls)),
  );
  return [...new Set(around?.outline.walls ?? [])].filter((id) => !others.has(id)).sort();
}

/** The pieces of a line along which no wall runs yet, each long enough for a wall. */
function free(from: Vec2, to: Vec2, walls: readonly Wall[]): { readonly from: Vec2; readonly to: Vec2 }[] {
  const length = distance(from, to);
  if (length < SHORTEST_WALL_M) return [];
  const at = (point: Vec2) => share(point, from, to) * length;
  const beside = (point: Vec2) =>
    Math.abs((point[0] - from[0]) * (to[1] - from[1]) - (point[1] - from[1]) * (to[0] - from[0])) / length;
  let pieces: { readonly from: Vec2; readonly to: Vec2 }[] = [{ from, to }];
  for (const wall of walls) {
    if (beside(wall.from) > JOIN_M || beside(wall.to) > JOIN_M) continue;
    const [low, high] = at(wall.from) < at(wall.to) ? [wall.from, wall.to] : [wall.to, wall.from];
    pieces = pieces.flatMap((piece) => {
      if (at(low) >= at(piece.to) - JOIN_M || at(high) <= at(piece.from) + JOIN_M) return [piece];
      return [
        { from: piece.from, to: low },
        { from: high, to: piece.to },
      ].filter((rest) => at(rest.to) - at(rest.from) >= SHORTEST_WALL_M);
    });
  }
  return pieces;
}

function moving(ends: readonly (readonly [id: string, end: WallEnd, to: Readonly<Vec2>])[]): MovedEnds {
  const moved = new Map<string, Partial<Record<WallEnd, Readonly<Vec2>>>>();
  for (const [id, end, to] of ends) moved.set(id, { ...moved.get(id), [end]: to });
  return moved;
}
