import { boundsOf, middle } from "../document/extent.ts";
import { freeAnchors, suits } from "../document/places.ts";
import { round } from "../document/rounding.ts";
import type { Bounds, Hall, Placement, Vec3 } from "../document/schema.ts";

/**
 * Where something that is moved or turned comes to rest: on the grid, on the floor, against a wall, at the middle of a place for
 * exhibits, in line with its neighbours. Metres, hall frame.
 */

export const GRID_M = 0.05;
export const TURN_STEP_DEG = 15;
/** How near something must be to be drawn to it. */
export const REACH_M = 0.08;

/** An upright surface: a point on it, and its direction of length 1 into the room. */
export interface Wall {
  readonly point: Readonly<Vec3>;
  readonly normal: Readonly<Vec3>;
}

export type SnapKind = "grid" | "floor" | "wall" | "anchor" | "edge" | "centre";

/** A line or a plane that the thing lies on now, to be shown: where on which axis, and what it comes from. */
export interface SnapGuide {
  readonly kind: SnapKind;
  /** null: the direction of a wall. */
  readonly axis: "x" | "y" | "z" | null;
  readonly at: number;
  /** The placement or the anchor that it comes from. */
  readonly id: string | null;
}

export interface Snapped {
  readonly translation: Vec3;
  /** The place for exhibits that it is drawn to: the command puts it there with its turn and size. */
  readonly anchor: string | null;
  readonly guides: readonly SnapGuide[];
}

export interface SnapOptions {
  /** The height of the floor below the thing; null: not known, then it is not drawn to it. */
  readonly floor_m?: number | null;
  readonly walls?: readonly Wall[];
  /** Other things that move along: nothing is drawn to these. */
  readonly moving?: readonly string[];
  readonly grid_m?: number;
  readonly reach_m?: number;
}

const NEIGHBOUR_M = 5; // what is further away draws nothing

const AXES = ["x", "y", "z"] as const;
const DECIMALS = 4;

/**
 * Where the placement comes to rest near `wanted`.
 *
 * Anchors go first, then walls; then, on each axis by itself, edges and middles of neighbours, the floor, the grid.
 */
export function snapped(hall: Hall, id: string, wanted: Readonly<Vec3>, options: SnapOptions = {}): Snapped {
  const { floor_m = 0, walls = [], moving = [], grid_m = GRID_M, reach_m = REACH_M } = options;
  const placement = hall.placements[id];
  if (!placement) return { translation: [...wanted], anchor: null, guides: [] };
  const anchor = nearestAnchor(hall, id, placement, wanted, reach_m);
  if (anchor) return anchor;
  const free: Placement = { ...placement, translation: [...wanted] };
  const own = boundsOf(free, hall.assets) ?? { min: [...wanted], max: [...wanted] };
  const translation: Vec3 = [...wanted];
  const guides: SnapGuide[] = [];
  const fixed = new Set<number>();
  for (const wall of walls) {
    const gap = distanceTo(wall, own);
    if (Math.abs(gap) > reach_m) continue;
    for (const axis of [0, 1, 2]) translation[axis as 0] -= gap * (wall.normal[axis as 0] as number);
    guides.push({ kind: "wall", axis: null, at: gap, id: null });
    // Across the wall it stays where the wall is; along an oblique wall both axes belong to it.
    for (const axis of [0, 2]) if (Math.abs(wall.normal[axis as 0]) > 1e-3) fixed.add(axis);
  }
  const others = neighbours(hall, [id, ...moving], wanted);
  for (const axis of [0, 1, 2] as const) {
    if (fixed.has(axis)) continue;
    const found = axis === 1 ? floorLine(own, floor_m, reach_m) : null;
    const line = found ?? nearestLine(own, others, axis, reach_m);
    if (line) {
      translation[axis] += line.shift;
      guides.push({ kind: line.kind, axis: AXES[axis], at: line.at, id: line.id });
    } else if (grid_m > 0 && axis !== 1) {
      translation[axis] = Math.round(translation[axis] / grid_m) * grid_m;
      guides.push({ kind: "grid", axis: AXES[axis], at: translation[axis], id: null });
    }
  }
  return { translation: translation.map((v) => round(v, DECIMALS)) as Vec3, anchor: null, guides };
}

/** A turn at the nearest step, if it is near one. */
export function snappedTurn(turn_deg: number, step_deg = TURN_STEP_DEG, reach_deg = step_deg / 3): number {
  const step = Math.round(turn_deg / step_deg) * step_deg;
  const turn = Math.abs(turn_deg - step) <= reach_deg ? step : turn_deg;
  return round(((((turn + 180) % 360) + 360) % 360) - 180, 3);
}

/** The walls of a room that is a box: as much as is known of a room without its collider. */
export function wallsOfBox({ min, max }: Bounds): Wall[] {
  const [x, , z] = middle({ min, max });
  return [
    { point: [min[0], 0, z], normal: [1, 0, 0] },
    { point: [max[0], 0, z], normal: [-1, 0, 0] },
    { point: [x, 0, min[2]], normal: [0, 0, 1] },
    { point: [x, 0, max[2]], normal: [0, 0, -1] },
  ];
}

/** Walls from triangles of the room's collider: upright ones of some size, those in one plane once. `area_m2`: the smallest. */
export function wallsOf(triangles: readonly (readonly [Vec3, Vec3, Vec3])[], area_m2 = 0.5): Wall[] {
  const planes = new Map<string, { wall: Wall; area: number }>();
  for (const [a, b, c] of triangles) {
    const [u, v] = [minus(b, a), minus(c, a)];
    const n: Vec3 = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    const length = Math.hypot(...n);
    if (length === 0 || Math.abs(n[1]) > 0.05 * length) continue;
    const normal = n.map((each) => each / length) as Vec3;
    const key = [...normal.map((each) => Math.round(each * 50)), Math.round(dot(normal, a) * 50)].join();
    const plane = planes.get(key) ?? { wall: { point: a, normal }, area: 0 };
    planes.set(key, { ...plane, area: plane.area + length / 2 });
  }
  return [...planes.values()].filter(({ area }) => area >= area_m2).map(({ wall }) => wall);
}

function nearestAnchor(
  hall: Hall,
  own: string,
  placement: Placement,
  wanted: Readonly<Vec3>,
  reach: number,
): Snapped | null {
  let best: { readonly id: string; readonly at: Readonly<Vec3>; readonly away: number } | null = null;
  for (const id of freeAnchors(hall, own)) {
    const anchor = hall.anchors?.[id];
    if (!anchor || !suits(anchor, placement.kind)) continue;
    const away = Math.hypot(...minus(wanted, anchor.position));
    // A place for exhibits draws from further away than a line: it is the point that one aims at.
    if (away <= 3 * reach && away < (best?.away ?? Number.POSITIVE_INFINITY)) best = { id, at: anchor.position, away };
  }
  if (!best) return null;
  const { id, at } = best;
  return {
    translation: [...at],
    anchor: id,
    guides: AXES.map((axis, i) => ({ kind: "anchor", axis, at: at[i as 0], id })),
  };
}

interface Line {
  readonly kind: SnapKind;
  readonly shift: number;
  readonly at: number;
  readonly id: string | null;
}

function floorLine(own: Bounds, floor: number | null, reach: number): Line | null {
  if (floor === null || Math.abs(own.min[1] - floor) > reach) return null;
  return { kind: "floor", shift: floor - own.min[1], at: floor, id: null };
}

/** The nearest of the lines along which neighbours begin, end, or have their middles; middles before edges if equally near. */
function nearestLine(
  own: Bounds,
  others: readonly (readonly [string, Bounds])[],
  axis: 0 | 1 | 2,
  reach: number,
): Line | null {
  const centre = middle(own)[axis];
  let best: Line | null = null;
  const offer = (line: Line) => {
    const near =
      Math.abs(line.shift) <= reach && Math.abs(line.shift) < Math.abs(best?.shift ?? Number.POSITIVE_INFINITY) - 1e-9;
    if (near) best = line;
  };
  for (const [id, { min, max }] of others) {
    const at = (min[axis] + max[axis]) / 2;
    offer({ kind: "centre", shift: at - centre, at, id });
  }
  for (const [id, { min, max }] of others)
    for (const at of [min[axis], max[axis]])
      for (const edge of [own.min[axis], own.max[axis]]) offer({ kind: "edge", shift: at - edge, at, id });
  return best;
}

function neighbours(hall: Hall, but: readonly string[], near: Readonly<Vec3>): (readonly [string, Bounds])[] {
  return Object.entries(hall.placements).flatMap(([id, placement]) => {
    if (but.includes(id) || Math.hypot(...minus(placement.translation, near)) > NEIGHBOUR_M) return [];
    const bounds = boundsOf(placement, hall.assets);
    return bounds ? [[id, bounds] as const] : [];
  });
}

/** From the wall to the nearest corner of a box, along the wall's normal. */
function distanceTo({ point, normal }: Wall, { min, max }: Bounds): number {
  const nearest: Vec3 = [normal[0] > 0 ? min[0] : max[0], 0, normal[2] > 0 ? min[2] : max[2]];
  return (nearest[0] - point[0]) * normal[0] + (nearest[2] - point[2]) * normal[2];
}

function minus(a: Readonly<Vec3>, b: Readonly<Vec3>): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function dot(a: Readonly<Vec3>, b: Readonly<Vec3>): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
