import { type Sphere, Vector3 } from "three";
import { type Colliders, clearBetween } from "../core/colliders.ts";
import { type FloorPlan, survey } from "../core/floorplan.ts";
import { isOnWall } from "../document/furniture.ts";
import { boxOf } from "../document/furniture-hints.ts";
import { type StandingBox, standingBox } from "../document/overlap.ts";
import type { Actions } from "./actions.ts";
import type { Surroundings } from "./check.ts";
import type { Studio } from "./context.ts";
import { groundBelow } from "./drag.ts";
import { floorOf } from "./room/furniture-inspector.ts";

const BETWEEN_M = 0.03; // so deep in a wall a thing only touches it
const HEIGHTS = [0, 0.5, 1]; // of a box, between which it is looked for walls
const NEAR_M = 4; // from which visitors look at an exhibit
const CASE_M = 0.5; // around an exhibit: the glass of its case
const EYE_M = 1.5;
const SLICE_MS = 12;

/** The room around exhibits and furniture, as it is loaded: its floors, walls and ways. */
export class SceneSurroundings implements Surroundings {
  readonly #studio: Studio;
  readonly #actions: Actions;

  constructor(studio: Studio, actions: Actions) {
    this.#studio = studio;
    this.#actions = actions;
  }

  floorBefore([map, id = ""]: readonly string[]): number | null {
    const piece = map === "furniture" ? this.#studio.session.document.furniture?.[id] : undefined;
    return piece ? floorOf(this.#studio, id, piece) : this.#actions.floorBefore(id);
  }

  inWall([map, id = ""]: readonly string[]): boolean {
    const { session, scene } = this.#studio;
    const { placements, furniture, assets, architecture } = session.document;
    const { colliders } = scene.hall;
    const placement = map === "placements" ? placements[id] : undefined;
    if (placement) {
      const box = placement.kind === "object" ? standingBox(placement, assets) : null; // a board touches its wall
      return box !== null && crossesRoom(colliders, box);
    }
    const piece = map === "furniture" ? furniture?.[id] : undefined;
    // A room that is built has the furniture in it: a piece would stand in itself.
    if (!piece || isOnWall(piece) || (architecture.building && !scene.roomBox)) return false;
    return piece.kind !== "lamp" && crossesRoom(colliders, boxOf(piece));
  }

  isBroken([map, id = ""]: readonly string[]): boolean {
    return map === "placements" && this.#studio.scene.hall.exhibits.get(id)?.state === "failed";
  }

  /** The exhibits that nobody sees who walks in from the entrance, in the order of the visit. */
  async unreachable(signal: AbortSignal): Promise<readonly string[]> {
    const { session, scene } = this.#studio;
    const { colliders, exhibits, document } = scene.hall;
    const floor = groundBelow(colliders, new Vector3(...session.document.start.position));
    if (!floor) return [];
    const surveying = survey(colliders, floor, () => true); // exhibits and furniture stand in the way too
    let plan: FloorPlan | null = null;
    while (!plan) {
      const begun = performance.now();
      while (!plan && performance.now() - begun < SLICE_MS) {
        const { done, value } = surveying.next();
        if (done) plan = value;
      }
      await new Promise((resolve) => setTimeout(resolve));
      if (signal.aborted) return [];
    }
    const walked = plan;
    return document.placement_order.filter((id) => {
      const exhibit = exhibits.get(id);
      return exhibit !== undefined && !isSeen(walked, colliders, id, exhibit.sphere);
    });
  }
}

/** Whether the room's surfaces go through a box. Its inner edges, and its diagonals, are followed. */
export function crossesRoom(colliders: Colliders, { centre, edges, half }: StandingBox): boolean {
  const [a, b, c] = half.map((length) => Math.max(0, length - BETWEEN_M)) as [number, number, number];
  const at = (x: number, y: number, z: number) => {
    const [u, v, w] = edges.map((edge) => new Vector3(...edge)) as [Vector3, Vector3, Vector3];
    return new Vector3(...centre).addScaledVector(u, x).addScaledVector(v, y).addScaledVector(w, z);
  };
  return HEIGHTS.some((share) => {
    const y = b * (2 * share - 1);
    const lines: readonly (readonly [Vector3, Vector3])[] = [
      [at(-a, y, -c), at(a, y, c)],
      [at(a, y, -c), at(-a, y, c)],
      [at(-a, y, 0), at(a, y, 0)],
      [at(0, y, -c), at(0, y, c)],
    ];
    return lines.some(([from, to]) => !clearBetween(colliders, from, to, 0, (owner) => owner === null));
  });
}

/** Whether an exhibit is seen from somewhere on the floor that visitors get to. */
export function isSeen(plan: FloorPlan, colliders: Colliders, id: string, { center: middle, radius }: Sphere): boolean {
  const { x, z, cell, columns, heights } = plan;
  return heights.some((y, i) => {
    if (Number.isNaN(y)) return false;
    const column = i % columns;
    const eye = new Vector3(x + (column + 0.5) * cell, y + EYE_M, z + ((i - column) / columns + 0.5) * cell);
    if (Math.hypot(eye.x - middle.x, eye.z - middle.z) > NEAR_M) return false;
    return clearBetween(colliders, eye, middle, radius + CASE_M, (owner) => owner !== id);
  });
}
