import { unused } from "../ids.ts";
import { byId } from "../order.ts";
import { written } from "../paths.ts";
import { faceAt, planFaces, planOf, wallGraph } from "../plan.ts";
import { dangling, withoutReferences } from "../references.ts";
import { round } from "../rounding.ts";
import type { Hall, Plan, PlanRoom, Platform, Stair, Vec2 } from "../schema.ts";
import type { Added } from "./placements.ts";
import { floorPoint, withPlan } from "./plan-rules.ts";

/** What a curator does with the plan of a hall, beside its walls (plan-walls.ts) and openings (plan-openings.ts). */

export type RoomLook = Omit<PlanRoom, "at">;

export const STEP_M = 0.16; // rise of one step; its tread is 0.3 m
const TREAD_M = 0.3;
const RAMP = 12; // m forward for a metre up (GB 50763)
const SMALLEST_PLATFORM_M = 0.3;

/**
 * The hall with an empty plan instead of its building. Doors and places of the old building go; what stands in the hall stays, and so
 * do the places of furniture. A timeline that hung on a wall of it is in the list only.
 */
export function beginPlan(hall: Hall): Hall {
  const plan: Plan = { walls: {}, openings: {}, rooms: {}, platforms: {}, stairs: {} };
  const furniture = Object.keys(hall.furniture ?? {});
  const own = byId(hall.anchors).filter(([id]) => furniture.some((piece) => id === piece || id === `${piece}-label`));
  const begun = withPlan(hall, plan);
  const next = written(begun, ["anchors"], own.length > 0 ? Object.fromEntries(own) : undefined);
  const lost = dangling(next).filter(({ map }) => map === "anchors");
  return withoutReferences(next, lost);
}

/** How the room around a point looks; undefined: the usual. Nothing happens where no room is. */
export function changeRoomLook(hall: Hall, point: Readonly<Vec2>, look: RoomLook): Hall {
  const plan = planOf(hall);
  const face = plan && faceAt(planFaces(wallGraph(plan)), point);
  if (!plan || !face) return hall;
  const known = byId(plan.rooms).find(([, { at }]) => faceAt([face], at));
  const [id, room] = known ?? [unused("room", plan.rooms ?? {}), { at: floorPoint(point) }];
  const next = Object.entries(look).reduce<PlanRoom>((all, [key, value]) => written(all, [key], value), room);
  return withPlan(hall, { ...plan, rooms: { ...plan.rooms, [id]: next } });
}

/** A raised floor between two corners; null if it would be smaller than 0.3 m. */
export function addPlatform(hall: Hall, corner: Readonly<Vec2>, other: Readonly<Vec2>, height_m = 0.48): Added | null {
  const plan = planOf(hall);
  const box = boxOf(corner, other);
  if (!plan || !box) return null;
  const id = unused("platform", plan.platforms ?? {});
  return { hall: withPlan(hall, { ...plan, platforms: { ...plan.platforms, [id]: { ...box, height_m } } }), id };
}

/** Corners and height of a platform; one that would be smaller than 0.3 m stays as it is. */
export function changePlatform(hall: Hall, id: string, fields: Partial<Platform>): Hall {
  const plan = planOf(hall);
  const platform = plan?.platforms?.[id];
  if (!plan || !platform) return hall;
  const { min, max, height_m } = { ...platform, ...fields };
  const box = boxOf(min, max);
  if (!box || height_m <= 0) return hall;
  return withPlan(hall, { ...plan, platforms: { ...plan.platforms, [id]: { ...box, height_m } } });
}

export function removePlatform(hall: Hall, id: string): Hall {
  return without(hall, "platforms", id);
}

/** Steps or a ramp up from a point, entered from where `facing_deg` turns +Z; as long as its rise needs. */
export function addStair(
  hall: Hall,
  kind: Stair["kind"],
  position: Readonly<Vec2>,
  facing_deg: number,
  rise_m = 0.48,
): Added | null {
  const plan = planOf(hall);
  if (!plan) return null;
  const id = unused(kind, plan.stairs ?? {});
  const stair: Stair = {
    kind,
    position: floorPoint(position),
    facing_deg,
    width_m: 1.6,
    rise_m,
    run_m: usualRun(kind, rise_m),
  };
  return { hall: withPlan(hall, { ...plan, stairs: { ...plan.stairs, [id]: stair } }), id };
}

export function changeStair(hall: Hall, id: string, fields: Partial<Stair>): Hall {
  const plan = planOf(hall);
  const stair = plan?.stairs?.[id];
  if (!plan || !stair) return hall;
  const next: Stair = { ...stair, ...fields };
  next.position = floorPoint(next.position);
  return withPlan(hall, { ...plan, stairs: { ...plan.stairs, [id]: next } });
}

export function removeStair(hall: Hall, id: string): Hall {
  return without(hall, "stairs", id);
}

/** How long steps or a ramp are on the plan, so that one walks up well and a wheelchair can use the ramp. */
export function usualRun(kind: Stair["kind"], rise_m: number): number {
  return round(kind === "ramp" ? RAMP * rise_m : TREAD_M * Math.max(1, Math.round(rise_m / STEP_M)), 2);
}

function without(hall: Hall, map: "platforms" | "stairs", id: string): Hall {
  const plan = planOf(hall);
  if (!plan?.[map]?.[id]) return hall;
  const rest = Object.fromEntries(Object.entries(plan[map]).filter(([key]) => key !== id));
  return withPlan(hall, { ...plan, [map]: rest });
}

function boxOf(a: Readonly<Vec2>, b: Readonly<Vec2>): Pick<Platform, "min" | "max"> | null {
  const min = floorPoint([Math.min(a[0], b[0]), Math.min(a[1], b[1])]);
  const max = floorPoint([Math.max(a[0], b[0]), Math.max(a[1], b[1])]);
  return Math.min(max[0] - min[0], max[1] - min[1]) < SMALLEST_PLATFORM_M - 1e-9 ? null : { min, max };
}
