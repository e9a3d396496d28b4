import { HUNG_M, ownBounds } from "./extent.ts";
import { rotated } from "./rotation.ts";
import type { Hall, Placement, Vec3 } from "./schema.ts";

/** A box as it stands in the hall: its middle, the directions of its edges (length 1), half of their lengths in metres. */
export interface StandingBox {
  readonly centre: Vec3;
  readonly edges: readonly [Vec3, Vec3, Vec3];
  readonly half: Vec3;
}

/** The box of a placement, turned as it is; null if nothing is known of its size. A board reaches to its wall. */
export function standingBox(placement: Placement, assets: Hall["assets"]): StandingBox | null {
  const own = ownBounds(placement, assets);
  if (!own) return null;
  const turn = (v: Vec3) => rotated(v, placement.rotation);
  const middle = turn([0, 1, 2].map((i) => ((own.min[i as 0] as number) + (own.max[i as 0] as number)) / 2) as Vec3);
  return {
    centre: middle.map((v, i) => v + (placement.translation[i] as number)) as Vec3,
    edges: [turn([1, 0, 0]), turn([0, 1, 0]), turn([0, 0, 1])],
    half: [0, 1, 2].map((i) => ((own.max[i as 0] as number) - (own.min[i as 0] as number)) / 2) as Vec3,
  };
}

/**
 * How deep two boxes are in one another, m; 0 if they are apart or touch.
 *
 * By the separating axis theorem (Gottschalk, Lin, Manocha: OBBTree, 1996): the least of the overlaps along the edges of both and
 * their cross products.
 */
export function overlap(a: StandingBox, b: StandingBox): number {
  const between = a.centre.map((v, i) => (b.centre[i] as number) - v) as Vec3;
  if (Math.hypot(...between) >= Math.hypot(...a.half) + Math.hypot(...b.half)) return 0; // most are
  const axes = [...a.edges, ...b.edges, ...a.edges.flatMap((x) => b.edges.map((y) => cross(x, y)))];
  let least = Number.POSITIVE_INFINITY;
  for (const axis of axes) {
    const length = Math.hypot(...axis);
    if (length < 1e-6) continue; // of two parallel edges
    const reach = [a, b].reduce(
      (sum, box) => sum + box.edges.reduce((s, edge, i) => s + Math.abs(dot(edge, axis)) * (box.half[i] as number), 0),
      0,
    );
    least = Math.min(least, (reach - Math.abs(dot(between, axis))) / length);
    if (least <= 0) return 0;
  }
  return least;
}

/** Boards are as thin as this: what is less deep in one another only touches. */
export const TOUCHING_M = HUNG_M;

function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
