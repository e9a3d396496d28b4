import { Vector3 } from "three";
import { BODY } from "./collide.ts";
import type { Colliders, OwnerFilter } from "./colliders.ts";
import { clamp, DEGREE } from "./units.ts";

/** The floor that a visitor can reach, as square cells seen from above; hall frame, m. */
export interface FloorPlan {
  /** Corner of the first cell. */
  readonly x: number;
  readonly z: number;
  readonly cell: number;
  readonly columns: number; // along +X
  readonly rows: number; // along +Z
  /** Height of the floor, row by row; NaN where there is none. */
  readonly heights: Float32Array;
}

const MOST_CELLS = 36_000;
const CLEAR = [BODY.step + 0.1, 1]; // m above the floor; at these heights nothing may stand between two cells
const DOWN = new Vector3(0, -1, 0);
const SLICE = 400; // cells between two yields

/**
 * Surveys the floor: starts at a point of it and goes from each cell to its neighbours, as far as steps lead and walls allow.
 * The floor is the room's. `blocks`: what stands in the way; without it only the room does, not the exhibits in it. A generator, so
 * that the caller can spread the work over many frames.
 */
export function* survey(
  colliders: Colliders,
  from: Vector3,
  blocks: OwnerFilter = (owner) => owner === null,
): Generator<void, FloorPlan> {
  const { min, max } = colliders.bounds;
  const cell = clamp(Math.sqrt(((max.x - min.x) * (max.z - min.z)) / MOST_CELLS), 0.2, 1.5);
  const columns = Math.ceil((max.x - min.x) / cell) + 1;
  const rows = Math.ceil((max.z - min.z) / cell) + 1;
  // The grid goes through the place where the survey begins.
  const x = from.x - (Math.ceil((from.x - min.x) / cell) + 0.5) * cell;
  const z = from.z - (Math.ceil((from.z - min.z) / cell) + 0.5) * cell;
  const heights = new Float32Array((columns + 1) * (rows + 1)).fill(Number.NaN);
  const plan = { x, z, cell, columns: columns + 1, rows: rows + 1, heights };

  const room = (owner: string | null) => owner === null;
  const walkable = Math.cos(BODY.slope_deg * DEGREE);
  const reach = BODY.step + cell; // up or down to the next cell
  const here = new Vector3();
  const there = new Vector3();
  const at = indexOf(plan, from.x, from.z);
  const queue: number[] = [];
  const start = at === null ? null : colliders.ray(from.clone().setY(from.y + 0.5), DOWN, 2, room);
  if (at !== null && start) {
    heights[at] = start.point.y;
    queue.push(at);
  }
  for (let next = 0; next < queue.length; next++) {
    if (next % SLICE === SLICE - 1) yield;
    const index = queue[next] as number;
    const column = index % plan.columns;
    const row = (index - column) / plan.columns;
    const y = heights[index] as number;
    for (const [dc, dr] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      const c = column + dc;
      const r = row + dr;
      if (c < 0 || r < 0 || c >= plan.columns || r >= plan.rows) continue;
      const other = r * plan.columns + c;
      if (!Number.isNaN(heights[other] as number)) continue;
      there.set(x + (c + 0.5) * cell, y + reach, z + (r + 0.5) * cell);
      const ground = colliders.ray(there, DOWN, 2 * reach, room);
      if (!ground || ground.normal.y < walkable) continue;
      const open = CLEAR.every((above) => {
        here.set(x + (column + 0.5) * cell, y + above, z + (row + 0.5) * cell);
        there.y = ground.point.y + above;
        const way = there.clone().sub(here);
        const length = way.length();
        return colliders.ray(here, way.divideScalar(length), length, blocks) === null;
      });
      if (!open) continue;
      heights[other] = ground.point.y;
      queue.push(other);
    }
  }
  return plan;
}

/** The height of the floor at a place; null where there is none. */
export function heightAt(plan: FloorPlan, x: number, z: number): number | null {
  const index = indexOf(plan, x, z);
  const height = index === null ? Number.NaN : (plan.heights[index] as number);
  return Number.isNaN(height) ? null : height;
}

/** The point of the floor that is nearest to a place; null if there is no floor within 2 m. */
export function nearestFloor(plan: FloorPlan, x: number, z: number): Vector3 | null {
  for (let radius = 0; radius <= 2; radius += plan.cell) {
    const around = radius === 0 ? 1 : 12;
    for (let i = 0; i < around; i++) {
      const [px, pz] = [x + radius * Math.cos((i * Math.PI) / 6), z + radius * Math.sin((i * Math.PI) / 6)];
      const y = heightAt(plan, px, pz);
      if (y !== null) return new Vector3(px, y, pz);
    }
  }
  return null;
}

function indexOf({ x, z, cell, columns, rows }: FloorPlan, px: number, pz: number): number | null {
  const column = Math.floor((px - x) / cell);
  const row = Math.floor((pz - z) / cell);
  return column >= 0 && row >= 0 && column < columns && row < rows ? row * columns + column : null;
}
