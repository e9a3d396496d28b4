import { cornersOf } from "../../document/extent.ts";
import type { Anchor, Door, Furnishing, Hall, Placement, Stair, Vec2, Vec3 } from "../../document/schema.ts";
import type { FloorBounds } from "./plan-view.ts";

/** What things cover of the floor, as outlines: x and z, m. */

const UNKNOWN_M = 0.3; // half of the square for a thing whose size nobody knows
const BOARD_M = 0.06; // a board is drawn at least as thick as this
const FACE_M = 0.08;

/** The rectangle that a placement covers, turned as it is turned. */
export function placementOutline(placement: Placement, assets: Hall["assets"]): Vec2[] {
  const corners = cornersOf(placement, assets);
  const [x, , z] = placement.translation;
  if (!corners) return rectangle([x, z], [1, 0], 2 * UNKNOWN_M, 2 * UNKNOWN_M);
  const [qx, qy, qz, qw] = placement.rotation;
  const across: Vec2 = [1 - 2 * (qy * qy + qz * qz), 2 * (qx * qz - qw * qy)];
  const length = Math.hypot(...across);
  const u: Vec2 = length > 1e-6 ? [across[0] / length, across[1] / length] : [1, 0];
  const v: Vec2 = [-u[1], u[0]];
  const along = (axis: Vec2) => corners.map(([cx, , cz]) => cx * axis[0] + cz * axis[1]);
  const [low, high] = ends(along(u));
  const [near, far] = ends(along(v));
  const thick = Math.max(far - near, BOARD_M);
  const middle = (near + far) / 2;
  const at = (a: number, b: number): Vec2 => [a * u[0] + b * v[0], a * u[1] + b * v[1]];
  return [
    at(low, middle - thick / 2),
    at(high, middle - thick / 2),
    at(high, middle + thick / 2),
    at(low, middle + thick / 2),
  ];
}

/** The surface of a plinth or a vitrine; the line of a panel, a screen or a label. */
export function anchorOutline({ kind, position, facing_deg, width_m }: Anchor): Vec2[] {
  const deep = kind === "plinth" || kind === "vitrine" ? width_m : FACE_M;
  return rectangle(floorPoint(position), turned([1, 0], facing_deg), width_m, deep);
}

/** The threshold of a door. */
export function doorOutline({ position, facing_deg, width_m }: Door): Vec2[] {
  return rectangle(floorPoint(position), turned([1, 0], facing_deg), width_m, 0.2);
}

/** A direction of the floor, turned about +Y as rotation.ts does: positive turns +Z towards +X. */
export function turned([x, z]: Readonly<Vec2>, turn_deg: number): Vec2 {
  const [sin, cos] = [Math.sin((turn_deg * Math.PI) / 180), Math.cos((turn_deg * Math.PI) / 180)];
  return [x * cos + z * sin, z * cos - x * sin];
}

export function rectangle([x, z]: Readonly<Vec2>, across: Readonly<Vec2>, width: number, depth: number): Vec2[] {
  const [ux, uz] = across;
  const at = (a: number, b: number): Vec2 => [x + a * ux - b * uz, z + a * uz + b * ux];
  return [at(-width / 2, -depth / 2), at(width / 2, -depth / 2), at(width / 2, depth / 2), at(-width / 2, depth / 2)];
}

export function floorPoint([x, , z]: Readonly<Vec3>): Vec2 {
  return [x, z];
}

/** The part of the floor around these points; null if there are none. */
export function floorBounds(points: readonly Readonly<Vec2>[]): FloorBounds | null {
  if (points.length === 0) return null;
  const [left, right] = ends(points.map(([x]) => x));
  const [back, front] = ends(points.map(([, z]) => z));
  return { min: [left, back], max: [right, front] };
}

function ends(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

/** Steps or a ramp, from their foot to their top. */
export function stairOutline({ position, facing_deg, width_m, run_m }: Stair): Vec2[] {
  const across = turned([1, 0], facing_deg);
  const back = turned([0, -1], facing_deg);
  const middle: Vec2 = [position[0] + (back[0] * run_m) / 2, position[1] + (back[1] * run_m) / 2];
  return rectangle(middle, across, width_m, run_m);
}

/** A piece of furniture. */
export function furnitureOutline({ position, facing_deg, width_m, depth_m }: Furnishing): Vec2[] {
  return rectangle(floorPoint(position), turned([1, 0], facing_deg), width_m, depth_m);
}

/** How far two outlines are apart, m; 0 if they touch or cross. The points are those that are nearest. */
export function gapBetween(
  a: readonly Readonly<Vec2>[],
  b: readonly Readonly<Vec2>[],
): { readonly metres: number; readonly from: Vec2; readonly to: Vec2 } {
  let best = { metres: Number.POSITIVE_INFINITY, from: [0, 0] as Vec2, to: [0, 0] as Vec2 };
  for (const [one, other, swapped] of [
    [a, b, false],
    [b, a, true],
  ] as const)
    for (const point of one)
      for (const [i, start] of other.entries()) {
        const near = nearestOnLine(point, start, other[(i + 1) % other.length] as Readonly<Vec2>);
        const away = Math.hypot(near[0] - point[0], near[1] - point[1]);
        if (away < best.metres)
          best = swapped ? { metres: away, from: near, to: [...point] } : { metres: away, from: [...point], to: near };
      }
  return best;
}

function nearestOnLine([x, z]: Readonly<Vec2>, [ax, az]: Readonly<Vec2>, [bx, bz]: Readonly<Vec2>): Vec2 {
  const [dx, dz] = [bx - ax, bz - az];
  const length = dx * dx + dz * dz;
  const part = length > 0 ? Math.min(Math.max(((x - ax) * dx + (z - az) * dz) / length, 0), 1) : 0;
  return [ax + part * dx, az + part * dz];
}
