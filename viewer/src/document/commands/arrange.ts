import { spanOf } from "../extent.ts";
import { HEIGHTS } from "../heights.ts";
import { facing, quaternionOfTurn, rotated } from "../rotation.ts";
import { round } from "../rounding.ts";
import type { Hall, Vec3 } from "../schema.ts";
import { changed, metres, movePlacements } from "./placements.ts";

/**
 * Placements in relation to one another, to walls and to the floor, by the room that they really take.
 *
 * `turn_deg`: how the axes are turned about +Y, so that "left" and "front" are those of whoever looks at the things: 0 looks
 * along -Z, as at things that face +Z.
 */

export type Edge = "left" | "centre" | "right" | "front" | "middle" | "back" | "top" | "bottom";
export type Along = "across" | "deep" | "up";

const AXIS: Readonly<Record<Along, Readonly<Vec3>>> = { across: [1, 0, 0], deep: [0, 0, 1], up: [0, 1, 0] };
const ALONG: Readonly<Record<Edge, readonly [Along, at: "low" | "half" | "high"]>> = {
  left: ["across", "low"],
  centre: ["across", "half"],
  right: ["across", "high"],
  back: ["deep", "low"],
  middle: ["deep", "half"],
  front: ["deep", "high"],
  bottom: ["up", "low"],
  top: ["up", "high"],
};

/** Aligns placements to the outermost of their edges, or to the middle of all of them. */
export function alignPlacements(hall: Hall, ids: readonly string[], edge: Edge, turn_deg = 0): Hall {
  const [along, at] = ALONG[edge];
  const axis = turnedAxis(along, turn_deg);
  const spans = spansOf(hall, ids, axis);
  const point = ([low, high]: readonly [number, number]) =>
    at === "low" ? low : at === "high" ? high : (low + high) / 2;
  const all = [Math.min(...spans.map(({ low }) => low)), Math.max(...spans.map(({ high }) => high))] as const;
  return moved(
    hall,
    spans.map(({ id, low, high }) => [id, point(all) - point([low, high])]),
    axis,
  );
}

/** Moves placements so that the gaps between them are equal; the outermost two stay where they are. */
export function distributePlacements(hall: Hall, ids: readonly string[], along: Along, turn_deg = 0): Hall {
  const axis = turnedAxis(along, turn_deg);
  const spans = spansOf(hall, ids, axis).sort((a, b) => a.low + a.high - (b.low + b.high) || (a.id < b.id ? -1 : 1));
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last || spans.length < 3) return hall;
  const filled = spans.reduce((sum, { low, high }) => sum + high - low, 0);
  const gap = (last.high - first.low - filled) / (spans.length - 1);
  let at = first.low;
  const shifts = spans.map(({ id, low, high }): [string, number] => {
    const shift = at - low;
    at += high - low + gap;
    return [id, shift];
  });
  return moved(hall, shifts.slice(1, -1), axis);
}

/** Puts a placement with its back against a wall: `point` on the wall, `normal` out of it into the room. */
export function hangOnWall(hall: Hall, id: string, point: Readonly<Vec3>, normal: Readonly<Vec3>): Hall {
  const upright: Vec3 = [normal[0], 0, normal[2]];
  const steep = Math.hypot(...upright) < Math.abs(normal[1]); // a floor, a ceiling, a slope: the thing lies against it
  const out = unit(steep ? normal : upright);
  const there = changed(hall, [id], (placement) => ({
    ...placement,
    translation: [...point],
    rotation: facing(out),
  }));
  const placement = there.placements[id];
  if (!placement) return hall;
  const back = spanOf(placement, hall.assets, out)[0] - dot(point, out);
  const translation = metres(point.map((v, i) => v - back * (out[i] as number)) as Vec3);
  return changed(there, [id], (each) => ({ ...each, translation }));
}

/** Moves placements up or down until their middles are at the height of a picture's, above a floor. */
export function hangAtEyeHeight(hall: Hall, ids: readonly string[], floor_m = 0): Hall {
  const height = floor_m + HEIGHTS.picture_centre[1];
  const spans = spansOf(hall, ids, AXIS.up);
  return moved(
    hall,
    spans.map(({ id, low, high }) => [id, height - (low + high) / 2]),
    AXIS.up,
  );
}

/** Sets placements down on a floor, or on what is at this height. */
export function setDown(hall: Hall, ids: readonly string[], floor_m = 0): Hall {
  return moved(
    hall,
    spansOf(hall, ids, AXIS.up).map(({ id, low }) => [id, floor_m - low]),
    AXIS.up,
  );
}

function spansOf(hall: Hall, ids: readonly string[], axis: Readonly<Vec3>) {
  return ids.flatMap((id) => {
    const placement = hall.placements[id];
    if (!placement) return [];
    const [low, high] = spanOf(placement, hall.assets, axis);
    return [{ id, low, high }];
  });
}

function moved(hall: Hall, shifts: readonly (readonly [id: string, by: number])[], axis: Readonly<Vec3>): Hall {
  return shifts.reduce((next, [id, by]) => movePlacements(next, [id], axis.map((v) => round(v * by, 6)) as Vec3), hall);
}

function turnedAxis(along: Along, turn_deg: number): Vec3 {
  return rotated(AXIS[along], quaternionOfTurn(turn_deg));
}

function dot(a: Readonly<Vec3>, b: Readonly<Vec3>): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function unit(v: Readonly<Vec3>): Vec3 {
  const length = Math.hypot(...v) || 1;
  return v.map((each) => each / length) as Vec3;
}
