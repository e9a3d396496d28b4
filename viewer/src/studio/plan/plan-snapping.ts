import { distance, foot, JOIN_M } from "../../document/plan.ts";
import { round } from "../../document/rounding.ts";
import type { Plan, Vec2 } from "../../document/schema.ts";

/** Where a point on the plan comes to lie: joined to walls, at right angles, in line with corners, on the grid. */

export const GRID_M = 0.1;
const CORNER_PX = 11;
const LINE_PX = 7;
const STRAIGHT = 0.08; // aside for a metre ahead: lines that go about as straight as this go straight
const FINE = 3; // decimals of a metre without snapping: a millimetre

export interface SnapOptions {
  /** px for a metre. */
  readonly scale: number;
  /** Only what is within 5 cm joins. */
  readonly free: boolean;
  /** The point from which a line is drawn. */
  readonly from?: Readonly<Vec2> | null;
  /** The point before that: right angles to the line between them. */
  readonly before?: Readonly<Vec2> | null;
  /** Walls that move along: nothing joins them. */
  readonly except?: ReadonlySet<string>;
  /** Points that count as corners beside those of the walls. */
  readonly corners?: readonly Readonly<Vec2>[];
}

export interface SnappedPoint {
  readonly at: Vec2;
  readonly guides: readonly (readonly [Readonly<Vec2>, Readonly<Vec2>])[];
}

export function snapPoint(plan: Plan | null, point: Readonly<Vec2>, options: SnapOptions): SnappedPoint {
  const { scale, free, from = null, before = null, except, corners: more = [] } = options;
  const walls = Object.entries(plan?.walls ?? {}).filter(([id]) => !except?.has(id));
  const corners = [...walls.flatMap(([, wall]) => [wall.from, wall.to]), ...more];
  const reach = free ? JOIN_M : Math.max(JOIN_M, CORNER_PX / scale);
  const near = nearest(corners, point, reach);
  if (near) return { at: [...near], guides: [] };
  if (free) {
    const onto = walls.map(([, wall]) => foot(point, wall.from, wall.to)).find((each) => each !== null);
    return { at: onto ? [...onto] : [round(point[0], FINE), round(point[1], FINE)], guides: [] };
  }
  const tolerance = LINE_PX / scale;
  const slanted = from && before ? squareTo(point, from, before, tolerance) : null;
  if (slanted) return { at: slanted, guides: [[from as Vec2, slanted]] };
  const at: Vec2 = [round(grid(point[0]), 4), round(grid(point[1]), 4)];
  const guides: [Readonly<Vec2>, Readonly<Vec2>][] = [];
  for (const axis of [0, 1] as const) {
    const straight =
      from && Math.abs(from[axis] - point[axis]) <= Math.max(tolerance, STRAIGHT * distance(from, point));
    const lined = straight ? from : aligned(corners, point, axis, tolerance);
    if (!lined) continue;
    at[axis] = lined[axis];
    guides.push([lined, at]);
  }
  const wall = walls
    .map(([, each]) => footWithin(at, each.from, each.to, Math.max(JOIN_M, tolerance)))
    .find((each) => each !== null);
  return { at: wall ?? at, guides };
}

/** To the grid. */
export function grid(value: number, step = GRID_M): number {
  return round(Math.round(value / step) * step, 4);
}

/** A point on the line from `from` at a right angle to, or straight on from, a slanting line before it; lengths on the grid. */
function squareTo(point: Readonly<Vec2>, from: Readonly<Vec2>, before: Readonly<Vec2>, tolerance: number): Vec2 | null {
  const length = distance(from, before);
  if (length === 0) return null;
  const along: Vec2 = [(from[0] - before[0]) / length, (from[1] - before[1]) / length];
  if (Math.min(Math.abs(along[0]), Math.abs(along[1])) < 0.01) return null; // as the grid
  const [dx, dz] = [point[0] - from[0], point[1] - from[1]];
  for (const [ux, uz] of [along, [-along[1], along[0]] as Vec2]) {
    const ahead = dx * ux + dz * uz;
    const aside = Math.abs(dx * uz - dz * ux);
    if (aside > tolerance || Math.abs(ahead) < GRID_M) continue;
    const far = grid(ahead);
    return [round(from[0] + far * ux, 4), round(from[1] + far * uz, 4)];
  }
  return null;
}

/** The corner that is nearest to being in line with a point along one axis. */
function aligned(
  corners: readonly Readonly<Vec2>[],
  point: Readonly<Vec2>,
  axis: 0 | 1,
  tolerance: number,
): Readonly<Vec2> | null {
  let best: { corner: Readonly<Vec2>; away: number; far: number } | null = null;
  for (const corner of corners) {
    const away = Math.abs(corner[axis] - point[axis]);
    const far = distance(corner, point);
    if (away > tolerance) continue;
    if (!best || away < best.away - 1e-9 || (away < best.away + 1e-9 && far < best.far)) best = { corner, away, far };
  }
  return best?.corner ?? null;
}

function nearest(points: readonly Readonly<Vec2>[], to: Readonly<Vec2>, reach: number): Readonly<Vec2> | null {
  let best: Readonly<Vec2> | null = null;
  for (const point of points)
    if (distance(point, to) <= (best ? Math.min(reach, distance(best, to) - 1e-9) : reach)) best = point;
  return best;
}

function footWithin(point: Readonly<Vec2>, start: Readonly<Vec2>, end: Readonly<Vec2>, reach: number): Vec2 | null {
  const [x, z] = [end[0] - start[0], end[1] - start[1]];
  const part = ((point[0] - start[0]) * x + (point[1] - start[1]) * z) / (x * x + z * z);
  if (!(part > 0 && part < 1)) return null;
  const found: Vec2 = [round(start[0] + part * x, 4), round(start[1] + part * z, 4)];
  return distance(found, point) <= reach ? found : null;
}
