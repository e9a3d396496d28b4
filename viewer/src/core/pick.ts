import { Vector3 } from "three";
import { BODY } from "./collide.ts";
import type { HallScene } from "./hall.ts";
import { rayDistance } from "./rectangle.ts";
import { DEGREE } from "./units.ts";

/** The target of a visitor's pointer: an exhibit (or its label), a door, the timeline, a point of the floor, or none of these. */
export type Pick =
  | { readonly kind: "timeline"; readonly point: Vector3 }
  | { readonly kind: "exhibit" | "door"; readonly id: string; readonly point: Vector3 }
  | { readonly kind: "floor"; readonly point: Vector3 }
  | null;

const FARTHEST = 60; // m

export function pick(hall: HallScene, origin: Vector3, direction: Vector3): Pick {
  const { colliders, labels, doors, timeline } = hall;
  const hit = colliders.ray(origin, direction, FARTHEST);
  const reach = hit?.distance ?? FARTHEST;
  const at = (distance: number) => origin.clone().addScaledVector(direction, distance);
  const label = labels?.hit(origin, direction);
  if (label && label.distance < reach + 0.02) return { kind: "exhibit", id: label.id, point: at(label.distance) };
  if (hit?.owner && hall.exhibits.has(hit.owner)) return { kind: "exhibit", id: hit.owner, point: hit.point };
  const board = timeline && rayDistance(timeline.sign.face, origin, direction);
  if (board && board < reach + 0.02) return { kind: "timeline", point: at(board) };
  const door = doors?.hit(origin, direction, reach);
  if (door) return { kind: "door", id: door.id, point: at(door.distance) };
  if (!hit) return null;
  if (hit.normal.y >= Math.cos(BODY.slope_deg * DEGREE)) return { kind: "floor", point: hit.point };
  // A wall: the floor before it, at the distance of the body's radius.
  const before = hit.point.clone().addScaledVector(hit.normal.clone().setY(0).normalize(), BODY.radius + 0.05);
  const below = colliders.ray(before, new Vector3(0, -1, 0), 4);
  return below && !hall.exhibits.has(below.owner ?? "") && hit.point.y - below.point.y < 1
    ? { kind: "floor", point: below.point }
    : null;
}
