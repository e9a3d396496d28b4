import type { Furnishing, Hall, Vec2 } from "../../document/schema.ts";
import type { Selection } from "../selection.ts";
import { anchorOutline, furnitureOutline, gapBetween, placementOutline } from "./footprints.ts";

/** The ways between what stands on the floor: a wheelchair needs 0.9 m. */

export const CLEAR_WAY_M = 0.9;
const TOUCHING_M = 0.03; // things that are so near stand together
const RAISED_M = 0.1; // above the floor: it stands on something
const HANGING: ReadonlySet<Furnishing["kind"]> = new Set(["panel", "screen", "lamp"]);

/** What is in the way of a visitor, as outlines on the floor. */
interface Obstacle {
  readonly chosen: boolean;
  readonly outline: readonly Readonly<Vec2>[];
}

export interface NarrowWay {
  readonly metres: number;
  readonly from: Vec2;
  readonly to: Vec2;
}

export function obstacles({ placements, furniture, anchors, assets }: Hall, selection: Selection): Obstacle[] {
  const own = new Set(Object.keys(furniture ?? {}));
  return [
    ...Object.entries(placements)
      .filter(([, { kind, translation }]) => kind === "object" && translation[1] < RAISED_M)
      .map(([id, each]) => ({ chosen: selection.has("placement", id), outline: placementOutline(each, assets) })),
    ...Object.entries(furniture ?? {})
      .filter(([, { kind }]) => !HANGING.has(kind))
      .map(([id, each]) => ({ chosen: selection.has("furniture", id), outline: furnitureOutline(each) })),
    ...Object.entries(anchors ?? {})
      .filter(([id, { kind }]) => (kind === "plinth" || kind === "vitrine") && !own.has(id))
      .map(([, each]) => ({ chosen: false, outline: anchorOutline(each) })),
  ];
}

/** The ways beside what is chosen that are too narrow. */
export function narrowWays(all: readonly Obstacle[]): NarrowWay[] {
  const others = all.filter(({ chosen }) => !chosen);
  return all
    .filter(({ chosen }) => chosen)
    .flatMap(({ outline }) => others.map((other) => gapBetween(outline, other.outline)))
    .filter(({ metres }) => metres > TOUCHING_M && metres < CLEAR_WAY_M);
}
