import type { FloorPlan } from "../core/floorplan.ts";
import type { View } from "../document/schema.ts";

const MARGIN = 0.8; // m around the floor

/** Which rectangle of the floor the map shows, and which side is up. Hall frame, m. */
export interface MapFrame {
  /** Quarter turns clockwise; at 0, -Z is up. */
  readonly turn: 0 | 1 | 2 | 3;
  readonly min: { readonly x: number; readonly z: number };
  readonly max: { readonly x: number; readonly z: number };
}

/** The reached floor and the doors with a margin. The view from the entrance looks up the map. */
export function mapFrame(
  plan: FloorPlan,
  { position, target }: View,
  doors: Iterable<{ readonly position: readonly [number, number, number] }>,
): MapFrame {
  const yaw = Math.atan2(-(target[0] - position[0]), -(target[2] - position[2]));
  const turn = ((Math.round(yaw / (Math.PI / 2)) + 4) % 4) as MapFrame["turn"];
  const min = { x: Number.POSITIVE_INFINITY, z: Number.POSITIVE_INFINITY };
  const max = { x: Number.NEGATIVE_INFINITY, z: Number.NEGATIVE_INFINITY };
  const include = (x: number, z: number) => {
    min.x = Math.min(min.x, x - MARGIN);
    min.z = Math.min(min.z, z - MARGIN);
    max.x = Math.max(max.x, x + MARGIN);
    max.z = Math.max(max.z, z + MARGIN);
  };
  for (let i = 0; i < plan.heights.length; i++) {
    if (Number.isNaN(plan.heights[i] as number)) continue;
    include(plan.x + ((i % plan.columns) + 0.5) * plan.cell, plan.z + (Math.floor(i / plan.columns) + 0.5) * plan.cell);
  }
  for (const { position } of doors) include(position[0], position[2]);
  if (min.x > max.x) include(position[0], position[2]);
  return { turn, min, max };
}

/** From the hall's x and z (m) to shares of the map's width and height. */
export function toMap({ turn, min, max }: MapFrame, x: number, z: number): { x: number; y: number } {
  const u = (x - min.x) / (max.x - min.x);
  const v = (z - min.z) / (max.z - min.z);
  return (
    [
      { x: u, y: v },
      { x: 1 - v, y: u },
      { x: 1 - u, y: 1 - v },
      { x: v, y: 1 - u },
    ] as const
  )[turn];
}

/** From shares of the map's width and height to the hall's x and z (m). */
export function toHall({ turn, min, max }: MapFrame, x: number, y: number): { x: number; z: number } {
  const [u, v] = (
    [
      [x, y],
      [y, 1 - x],
      [1 - x, 1 - y],
      [1 - y, x],
    ] as const
  )[turn];
  return { x: min.x + u * (max.x - min.x), z: min.z + v * (max.z - min.z) };
}
