import { anchorsOf, carriedBy, carries, furnitureBounds, inHall, isOnWall, LEG_M } from "./furniture.ts";
import { CLEAR_FLOOR_M, HEIGHTS } from "./heights.ts";
import { overlap, type StandingBox, standingBox, TOUCHING_M } from "./overlap.ts";
import { turned } from "./rotation.ts";
import type { Furnishing, Hall, Vec3 } from "./schema.ts";

/** What good practice says against a piece as it stands: heights.ts. */

/**
 * top: exhibits on it stand too high; case: a vitrine's base is too low or too high; label: its label is too high; cane: it
 * begins where a white cane does not find it; middle: it hangs too high or too low; clear: no clear floor before it.
 */
export type FurnitureHintId = "top" | "case" | "label" | "cane" | "middle" | "clear";

export interface FurnitureHint {
  readonly id: FurnitureHintId;
  /** m above the floor; none for the clear floor. */
  readonly metres?: number;
}

const MILLIMETRE = 0.001;
const TALL_M = 0.25; // what ends lower does not keep a wheelchair out

/** `floor_m`: the height of the floor before the piece, hall frame. */
export function furnitureHints(hall: Hall, id: string, floor_m: number): FurnitureHint[] {
  const piece = hall.furniture?.[id];
  if (!piece) return [];
  const { kind } = piece;
  const above = piece.position[1] - floor_m;
  const found: FurnitureHint[] = [];
  const top = above + piece.height_m;
  if (kind === "plinth" && top > HEIGHTS.case_top[1] + MILLIMETRE) found.push({ id: "top", metres: top });
  if (kind === "vitrine" && (top < HEIGHTS.case_top[0] - MILLIMETRE || top > HEIGHTS.case_top[1] + MILLIMETRE))
    found.push({ id: "case", metres: top });
  const label = anchorsOf(id, piece)[`${id}-label`];
  const labelTop = label ? label.position[1] + label.height_m / 2 - floor_m : 0;
  if (labelTop > HEIGHTS.label_rail_top + MILLIMETRE) found.push({ id: "label", metres: labelTop });
  const low = above + (kind === "standing_panel" ? LEG_M : kind === "lamp" ? -piece.height_m : 0);
  const free = kind === "lamp" || kind === "standing_panel" || above > HEIGHTS.cane;
  if (free && !isOnWall(piece) && low > HEIGHTS.cane + MILLIMETRE && low < HEIGHTS.headroom)
    found.push({ id: "cane", metres: low });
  const middle = low + piece.height_m / 2;
  const [least, most] = HEIGHTS.picture_centre;
  if (isOnWall(piece) && (middle < least - MILLIMETRE || middle > most + MILLIMETRE))
    found.push({ id: "middle", metres: middle });
  if (isLookedAt(piece) && !hasClearFloor(hall, id, floor_m)) found.push({ id: "clear" });
  return found;
}

/** Whether visitors stop before it. */
export function isLookedAt({ kind }: Furnishing): boolean {
  return kind !== "bench" && kind !== "lamp" && kind !== "platform";
}

/** Whether furniture and exhibits leave floor for a wheelchair before a piece, across its front or straight to it. */
export function hasClearFloor(hall: Hall, id: string, floor_m: number): boolean {
  const piece = hall.furniture?.[id];
  if (!piece) return false;
  const front = furnitureBounds(piece).max[2];
  const own = new Set(carriedBy(hall, [id]).placements);
  const others = [
    ...Object.entries(hall.furniture ?? {}).flatMap(([other, each]) => (other === id ? [] : [boxOf(each)])),
    ...Object.entries(hall.placements).flatMap(([other, each]) => {
      const box =
        own.has(other) || each.kind !== "object" || isCarried(hall, other) ? null : standingBox(each, hall.assets);
      return box ? [box] : [];
    }),
  ].filter(
    ({ centre, half }) => centre[1] - half[1] < floor_m + HEIGHTS.headroom && centre[1] + half[1] > floor_m + TALL_M,
  );
  const [short, long] = CLEAR_FLOOR_M;
  return [
    [long, short],
    [short, long],
  ].some(([width, depth]) => {
    const floor = boxAt(
      piece,
      [0, floor_m - piece.position[1] + 1, front + (depth as number) / 2],
      [(width as number) / 2, 1, (depth as number) / 2],
    );
    return others.every((other) => overlap(floor, other) <= TOUCHING_M);
  });
}

/** Whether something else carries an exhibit: then that keeps the floor, not the exhibit. */
function isCarried(hall: Hall, placement: string): boolean {
  const each = hall.placements[placement];
  return each !== undefined && Object.values(hall.furniture ?? {}).some((piece) => carries(piece, each));
}

/** The box of a piece, as it stands in the hall. */
export function boxOf(piece: Furnishing): StandingBox {
  const { min, max } = furnitureBounds(piece);
  const middle = min.map((v, i) => (v + (max[i] as number)) / 2) as Vec3;
  return boxAt(piece, middle, max.map((v, i) => (v - (min[i] as number)) / 2) as Vec3);
}

function boxAt(piece: Furnishing, middle: Vec3, half: Vec3): StandingBox {
  const edge = (v: Vec3) => turned(v, piece.facing_deg);
  return { centre: inHall(piece, middle), edges: [edge([1, 0, 0]), edge([0, 1, 0]), edge([0, 0, 1])], half };
}
