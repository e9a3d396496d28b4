import { Vector3 } from "three";
import { turnOf } from "../document/rotation.ts";
import type { Hall, Vec3 } from "../document/schema.ts";
import type { Guide } from "./gizmo.ts";

const TO_LINE = 0.07; // m within which things come into line with others
const GRID = 0.01;

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

  /** Where a board would hang; only along its wall. */
  hang(hall: Hall, ids: readonly string[], at: Vec3, normal: Vec3): Snapped | null {
    if (!this.on) return null;
    const along = Math.abs(normal[0]) > Math.abs(normal[2]) ? 2 : 0;
    const straight = Math.max(Math.abs(normal[0]), Math.abs(normal[2])) > 0.999;
    return this.#line(hall, ids, at, straight ? [along, 1] : [1]);
  }

  turnOf(hall: Hall, id: string): number {
    const placement = hall.placements[id];
    return placement ? turnOf(placement.rotation) : 0;
  }

  #line(hall: Hall, ids: readonly string[], at: Vec3, axes: readonly number[]): Snapped {
    const translation = at.map((v, i) => (axes.includes(i) ? Math.round(v / GRID) * GRID : v)) as Vec3;
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
