import { Vector3 } from "three";
import { BODY } from "./collide.ts";
import type { Solids } from "./solids.ts";
import { DEGREE } from "./units.ts";

/** What a visitor points at: an exhibit, or a place to walk to, or neither. */
export type Pick =
  | { readonly kind: "exhibit"; readonly id: string; readonly point: Vector3 }
  | { readonly kind: "floor"; readonly point: Vector3 }
  | null;

const FARTHEST = 60; // m

export function pick(solids: Solids, origin: Vector3, direction: Vector3): Pick {
  const hit = solids.ray(origin, direction, FARTHEST);
  if (!hit) return null;
  if (hit.owner !== null) return { kind: "exhibit", id: hit.owner, point: hit.point };
  if (hit.normal.y >= Math.cos(BODY.slope_deg * DEGREE)) return { kind: "floor", point: hit.point };
  // A wall: the floor at its foot, one body's width before it.
  const before = hit.point.clone().addScaledVector(hit.normal.clone().setY(0).normalize(), BODY.radius + 0.05);
  const below = solids.ray(before, new Vector3(0, -1, 0), 4);
  return below && below.owner === null && hit.point.y - below.point.y < 1
    ? { kind: "floor", point: below.point }
    : null;
}
