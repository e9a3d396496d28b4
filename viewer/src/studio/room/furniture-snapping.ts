import { Vector3 } from "three";
import { furnitureBounds } from "../../document/furniture.ts";
import type { Furnishing, Hall, Vec3 } from "../../document/schema.ts";
import type { Guide } from "../gizmo.ts";

const TO_LINE_M = 0.07; // within which pieces come into line
const NEAR_M = 8;
const GRID_M = 0.01;

/** A piece's place on the floor, in line with others: by their middles, by their edges, or side by side with them. */
export function inLine(
  hall: Hall,
  moving: readonly string[],
  piece: Furnishing,
  at: Vec3,
): { readonly to: Vec3; readonly guides: readonly Guide[] } {
  const to: Vec3 = [...at];
  const guides: Guide[] = [];
  const others = Object.entries(hall.furniture ?? {}).filter(
    ([id, other]) => !moving.includes(id) && Math.hypot(other.position[0] - at[0], other.position[2] - at[2]) < NEAR_M,
  );
  for (const axis of [0, 2] as const) {
    to[axis] = Math.round(at[axis] / GRID_M) * GRID_M;
    let best: { value: number; other: Furnishing; away: number } | null = null;
    for (const [, other] of others)
      for (const value of lines(piece, other, axis)) {
        const away = Math.abs(value - at[axis]);
        if (away < (best?.away ?? TO_LINE_M)) best = { value, other, away };
      }
    if (!best) continue;
    to[axis] = best.value;
    guides.push({ from: new Vector3(...best.other.position), to: new Vector3(...to) });
  }
  return { to, guides };
}

/** Where along an axis the piece's middle is in line with another piece. */
function lines(piece: Furnishing, other: Furnishing, axis: 0 | 2): number[] {
  const middle = other.position[axis];
  const [own, its] = [half(piece, axis), half(other, axis)];
  if (own === null || its === null) return [middle];
  return [middle, middle - its + own, middle + its - own, middle - its - own, middle + its + own];
}

/** Half of what a piece takes along an axis of the hall; null if it stands askew. */
function half(piece: Furnishing, axis: 0 | 2): number | null {
  const quarters = piece.facing_deg / 90;
  if (Math.abs(quarters - Math.round(quarters)) > 0.01) return null;
  const across = Math.abs(Math.round(quarters)) % 2 === (axis === 0 ? 0 : 1);
  const { min, max } = furnitureBounds(piece);
  return across ? (max[0] - min[0]) / 2 : (max[2] - min[2]) / 2;
}
