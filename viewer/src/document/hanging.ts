import { ownBounds } from "./extent.ts";
import { rotated } from "./rotation.ts";
import type { Hall, Placement, Vec3 } from "./schema.ts";

/** Boards (pictures, text panels, videos, sounds) on walls: which share a wall, and how they hang beside one another. Metres, hall frame. */

const SAME_DIRECTION = 0.9995; // cosine: within 1.8 degrees
const SAME_PLANE_M = 0.05;
const SAME_LINE_M = 1e-6;

/** The upright plane that a board's back is on. */
export interface Wall {
  /** Out of the wall, horizontal, of length 1. */
  readonly normal: Vec3;
  /** To the right as one looks at the wall, of length 1. */
  readonly along: Vec3;
  /** Of the board's middle from the hall's origin, along the normal. */
  readonly distance: number;
}

/** What a board takes of its wall: along it, and upwards. */
export interface Hung {
  readonly id: string;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/** The wall that a board is on; null for what stands, and for what is not upright. */
export function wallOf(placement: Placement): Wall | null {
  if (placement.kind === "object") return null;
  const [x, y, z] = rotated([0, 0, 1], placement.rotation);
  return Math.abs(y) > 0.1 ? null : wallThrough(placement.translation, [x, 0, z]);
}

/** The wall through a point with this horizontal normal, of any length. */
export function wallThrough(point: Readonly<Vec3>, normal: Readonly<Vec3>): Wall {
  const length = Math.hypot(normal[0], normal[2]);
  const [nx, nz] = [normal[0] / length, normal[2] / length];
  return { normal: [nx, 0, nz], along: [nz, 0, -nx], distance: nx * point[0] + nz * point[2] };
}

/** Where a board is on a wall. */
export function hungAt(id: string, placement: Placement, { along }: Wall, assets: Hall["assets"]): Hung {
  const own = ownBounds(placement, assets) ?? { min: [0, 0, 0], max: [0, 0, 0] };
  const at = dot(placement.translation, along);
  const y = placement.translation[1];
  return { id, left: at + own.min[0], right: at + own.max[0], bottom: y + own.min[1], top: y + own.max[1] };
}

/** The boards on a wall, from left to right. */
export function boardsOn(hall: Hall, wall: Wall, but: readonly string[] = []): Hung[] {
  return Object.entries(hall.placements)
    .flatMap(([id, placement]) => {
      const own = but.includes(id) ? null : wallOf(placement);
      if (!own || dot(own.normal, wall.normal) < SAME_DIRECTION) return [];
      if (Math.abs(own.distance - wall.distance) > SAME_PLANE_M) return [];
      return [hungAt(id, placement, wall, hall.assets)];
    })
    .sort((a, b) => a.left - b.left || (a.id < b.id ? -1 : 1));
}

/** The nearest boards at both sides of one, of those that hang at its height. */
export function neighbours(
  own: Hung,
  others: readonly Hung[],
): { readonly left: Hung | null; readonly right: Hung | null } {
  const beside = others.filter(({ bottom, top }) => bottom < own.top && top > own.bottom);
  const left = beside.filter(({ right }) => right <= own.left + SAME_LINE_M).sort((a, b) => b.right - a.right);
  const right = beside.filter(({ left }) => left >= own.right - SAME_LINE_M).sort((a, b) => a.left - b.left);
  return { left: left[0] ?? null, right: right[0] ?? null };
}

/** Where the middle of a board of this width would have gaps like those of the boards there: between two of them, or beside two. */
export function evenPositions(width: number, others: readonly Hung[]): number[] {
  return others.flatMap((a) => {
    const b = neighbours(a, others).right;
    if (!b) return [];
    const gap = b.left - a.right;
    const between = gap > width ? [(a.right + b.left) / 2] : [];
    return [...between, a.left - gap - width / 2, b.right + gap + width / 2];
  });
}

export function dot(a: Readonly<Vec3>, b: Readonly<Vec3>): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
