import { Vector3 } from "three";
import { boardsOn, evenPositions, hungAt, wallOf } from "../document/hanging.ts";
import { HEIGHTS } from "../document/heights.ts";
import { turnOf } from "../document/rotation.ts";
import type { Hall, Placement, Vec3 } from "../document/schema.ts";
import type { Guide } from "./gizmo.ts";

const TO_LINE = 0.07; // m within which things come into line with others
const TO_EYE_LEVEL = 0.35; // m within which the middle of a board comes to eye height
const GRID = 0.01;

/** m above the floor: the middle of what hangs. */
export const eyeLevel = () => HEIGHTS.picture_centre[1];

export interface Snapped {
  readonly translation: Vec3;
  readonly guides: readonly Guide[];
}

/** Draws things that are being moved into line with others. Places made for them take hold first: place/free-places.ts. */
export class Snapping {
  on = true;

  /** Where an object would stand. */
  stand(hall: Hall, ids: readonly string[], at: Vec3): Snapped | null {
    return this.on ? this.#line(hall, ids, at, [0, 2]) : null;
  }

  /**
   * Where a board would hang on its wall: at eye height above a floor if it is near it, or in line with other boards there; with gaps
   * like theirs.
   */
  hang(hall: Hall, board: Placement, ids: readonly string[], floor: number | null): Snapped | null {
    const wall = wallOf(board);
    if (!this.on || !wall) return null;
    const others = boardsOn(hall, wall, ids);
    const own = hungAt("", board, wall, hall.assets);
    const [along, y] = [(own.left + own.right) / 2, board.translation[1]];
    const middles = others.map(({ left, right }) => (left + right) / 2);
    const even = nearest(along, [...evenPositions(own.right - own.left, others), ...middles], TO_LINE);
    const line = nearest(
      y,
      others.map(({ id }) => heightOf(hall, id)),
      TO_LINE,
    );
    const eye = floor === null ? null : nearest(y, [floor + eyeLevel()], TO_EYE_LEVEL);
    const height = line ?? eye ?? grid(y);
    const at = (side: number, up: number): Vec3 =>
      [0, 1, 2].map((i) =>
        i === 1 ? up : side * (wall.along[i] as number) + wall.distance * (wall.normal[i] as number),
      ) as Vec3;
    const translation = at(even ?? grid(along), height);
    const inLine = others.filter(
      ({ id }) => Math.abs(heightOf(hall, id) - height) < 1e-3 || middles.includes(even ?? Number.NaN),
    );
    const guides =
      line === null && even === null
        ? []
        : inLine.slice(0, 6).map(({ id }) => ({
            from: new Vector3(...(hall.placements[id]?.translation ?? translation)),
            to: new Vector3(...translation),
          }));
    return { translation, guides };
  }

  turnOf(hall: Hall, id: string): number {
    const placement = hall.placements[id];
    return placement ? turnOf(placement.rotation) : 0;
  }

  #line(hall: Hall, ids: readonly string[], at: Vec3, axes: readonly number[]): Snapped {
    const translation = at.map((v, i) => (axes.includes(i) ? grid(v) : v)) as Vec3;
    const guides: Guide[] = [];
    for (const axis of axes) {
      let best: { to: Vec3; away: number } | null = null;
      for (const [other, placement] of Object.entries(hall.placements)) {
        if (ids.includes(other)) continue;
        const to = placement.translation;
        const away = Math.abs((to[axis] as number) - (at[axis] as number));
        const far = new Vector3(...to).distanceTo(new Vector3(...at));
        if (away < TO_LINE && far < 8 && away < (best?.away ?? TO_LINE)) best = { to, away };
      }
      if (!best) continue;
      translation[axis] = best.to[axis] as number;
      guides.push({ from: new Vector3(...best.to), to: new Vector3(...translation) });
    }
    return { translation, guides };
  }
}

function grid(value: number): number {
  return Math.round(value / GRID) * GRID;
}

function heightOf(hall: Hall, id: string): number {
  return hall.placements[id]?.translation[1] ?? 0;
}

/** The nearest of these values within a reach. */
function nearest(value: number, values: readonly number[], reach: number): number | null {
  const near = values.filter((each) => Math.abs(each - value) < reach);
  return near.sort((a, b) => Math.abs(a - value) - Math.abs(b - value))[0] ?? null;
}
