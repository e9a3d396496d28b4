import { dot, type Hung, hungAt, type Wall, wallOf } from "../hanging.ts";
import type { Hall, Placement, Vec3 } from "../schema.ts";
import { changed, metres } from "./placements.ts";

/** What of the boards of a row is on one line. */
export type RowLine = "centre" | "top" | "bottom";

export interface Row {
  readonly line: RowLine;
  /** Of the line, hall frame. */
  readonly height_m: number;
  /** Between neighbours. */
  readonly gap_m: number;
}

/** The boards among these placements as they hang now, from left to right, on the wall of the last of them. */
export function rowOf(hall: Hall, ids: readonly string[]): { readonly wall: Wall; readonly boards: Hung[] } | null {
  const boards = ids.filter((id) => hall.placements[id] && hall.placements[id].kind !== "object");
  const wall = wallOf(hall.placements[boards.at(-1) ?? ""] ?? ({ kind: "object" } as Placement));
  if (!wall) return null;
  const hung = boards.map((id) => hungAt(id, hall.placements[id] as Placement, wall, hall.assets));
  return { wall, boards: hung.sort((a, b) => a.left + a.right - (b.left + b.right) || (a.id < b.id ? -1 : 1)) };
}

/** The width of a row, and the mean of its gaps. */
export function rowWidth(boards: readonly Hung[]): { readonly width_m: number; readonly gap_m: number } {
  const width = Math.max(...boards.map(({ right }) => right)) - Math.min(...boards.map(({ left }) => left));
  const filled = boards.reduce((sum, { left, right }) => sum + right - left, 0);
  return { width_m: width, gap_m: boards.length > 1 ? (width - filled) / (boards.length - 1) : 0 };
}

/** Hangs boards in a row on the wall of the last of them, with equal gaps; the middle of the row stays where it is. */
export function hangRow(hall: Hall, ids: readonly string[], { line, height_m, gap_m }: Row): Hall {
  const row = rowOf(hall, ids);
  if (!row || row.boards.length < 2) return hall;
  const { wall, boards } = row;
  const width = boards.reduce((sum, { left, right }) => sum + right - left, gap_m * (boards.length - 1));
  const middle = (Math.min(...boards.map((b) => b.left)) + Math.max(...boards.map((b) => b.right))) / 2;
  const rotation = (hall.placements[ids.filter((id) => boards.some((b) => b.id === id)).at(-1) ?? ""] as Placement)
    .rotation;
  let next = hall;
  let at = middle - width / 2;
  for (const { id, left, right, bottom, top } of boards) {
    const placement = hall.placements[id] as Placement;
    const along = at + (dot(placement.translation, wall.along) - left);
    const edge = line === "centre" ? (bottom + top) / 2 : line === "top" ? top : bottom;
    const y = placement.translation[1] + height_m - edge;
    const translation = [0, 1, 2].map((i) =>
      i === 1 ? y : along * (wall.along[i] as number) + wall.distance * (wall.normal[i] as number),
    ) as Vec3;
    next = changed(next, [id], (each) => ({ ...each, translation: metres(translation), rotation: [...rotation] }));
    at += right - left + gap_m;
  }
  return next;
}
