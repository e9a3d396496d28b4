import { type Box3, Vector3 } from "three";
import type { Colliders, Hit } from "../core/colliders.ts";
import type { Vec3 } from "../document/schema.ts";
import { furnitureOf } from "./room/furniture-scene.ts";

/** How things follow the pointer. Metres, hall frame. */

export interface Ray {
  readonly origin: Vector3;
  readonly direction: Vector3; // unit
}

export const UPRIGHT = 0.7; // of a normal's y: from here on one can stand on a surface
const DOWN = new Vector3(0, -1, 0);
const HEADROOM = 2.2; // m above a point, from where the ground below it is looked for
const FARTHEST = 400;

/** Names of colliders that count for nothing: of what is being moved. */
export type Moving = ReadonlySet<string>;
const NOTHING: Moving = new Set();

/** The first point of the room or its furniture that a ray hits. */
export function hitRoom(colliders: Colliders, { origin, direction }: Ray, moving = NOTHING): Hit | null {
  return colliders.ray(origin, direction, FARTHEST, (owner) => isBuilt(owner, moving));
}

/** Where an object whose foot the pointer leads would stand: on the floor, a plinth or a step; before a wall, on the ground there. */
export function standAt(colliders: Colliders, ray: Ray, depth: number, moving = NOTHING): Vector3 | null {
  const hit = hitRoom(colliders, ray, moving);
  if (!hit) return null;
  if (hit.normal.y >= UPRIGHT) return hit.point;
  const before = hit.point.clone().addScaledVector(hit.normal.clone().setY(0).normalize(), depth / 2 + 0.02);
  return groundBelow(colliders, before, HEADROOM, moving);
}

/** Where a board that the pointer leads would hang: on the wall, with its normal (unit, horizontal); null where there is no wall. */
export function hangAt(
  colliders: Colliders,
  ray: Ray,
  moving = NOTHING,
): { readonly point: Vector3; readonly normal: Vector3 } | null {
  const hit = hitRoom(colliders, ray, moving);
  if (!hit || Math.abs(hit.normal.y) > 0.5) return null;
  return { point: hit.point, normal: hit.normal.clone().setY(0).normalize() };
}

/** The ground below a point; looked for from `headroom` metres above it, or from lower where something is in between. */
export function groundBelow(
  colliders: Colliders,
  point: Vector3,
  headroom = HEADROOM,
  moving = NOTHING,
): Vector3 | null {
  return below(colliders, point, headroom, (owner) => isBuilt(owner, moving));
}

/** The floor below a point, on which visitors stand: of the room, not of its furniture. */
export function floorBelow(colliders: Colliders, point: Vector3, headroom = HEADROOM): Vector3 | null {
  return below(colliders, point, headroom, (owner) => owner === null);
}

function below(
  colliders: Colliders,
  point: Vector3,
  headroom: number,
  of: (owner: string | null) => boolean,
): Vector3 | null {
  const from = point.clone();
  for (let above = headroom; above > 0.02; above /= 2) {
    from.setY(point.y + above);
    const hit = colliders.ray(from, DOWN, above + 40, of);
    if (hit && hit.normal.y >= UPRIGHT) return hit.point;
  }
  return null;
}

/** The room, or furniture that stays. */
function isBuilt(owner: string | null, moving: Moving): boolean {
  return owner === null || (furnitureOf(owner) !== null && !moving.has(owner));
}

/** Where a ray passes closest to a line: metres along it. Null if both run the same way. */
export function alongAxis({ origin, direction }: Ray, point: Vector3, axis: Vector3): number | null {
  const across = origin.clone().sub(point);
  const cosine = direction.dot(axis);
  const bottom = 1 - cosine * cosine;
  if (bottom < 1e-4) return null;
  return (across.dot(axis) - across.dot(direction) * cosine) / bottom;
}

/** Where a ray goes through a level plane; null above the horizon. */
export function onLevel({ origin, direction }: Ray, y: number): Vector3 | null {
  const along = (y - origin.y) / direction.y;
  return Number.isFinite(along) && along > 0 && along < FARTHEST
    ? origin.clone().addScaledVector(direction, along)
    : null;
}

/**
 * Follows the pointer along the axis through `point`: each call gives the step since the last one, hall frame, in whole centimetres
 * (`free`: millimetres), or null for a ray along the axis. Null if the first ray runs along it.
 */
export function alongAxisFrom(
  start: Ray,
  point: Vector3,
  axis: Vector3,
): ((ray: Ray, free: boolean) => Vector3 | null) | null {
  const begin = alongAxis(start, point, axis);
  if (begin === null) return null;
  let gone = 0;
  return (ray, free) => {
    const along = alongAxis(ray, point, axis);
    if (along === null) return null;
    const by = Math.round((along - begin) * (free ? 1000 : 100)) / (free ? 1000 : 100);
    const step = axis.clone().multiplyScalar(by - gone);
    gone = by;
    return step;
  };
}

/** The angle of a point about an upright axis: 0 along +Z, positive towards +X; degrees. */
export function bearing(centre: Vector3, point: Vector3): number {
  return (Math.atan2(point.x - centre.x, point.z - centre.z) * 180) / Math.PI;
}

export function vec3({ x, y, z }: Vector3): Vec3 {
  return [x, y, z];
}

/** The middle of a box's foot. */
export function footOf(box: Box3): Vector3 {
  return box.getCenter(new Vector3()).setY(box.min.y);
}
