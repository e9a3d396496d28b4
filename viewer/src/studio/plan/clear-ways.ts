import { HEIGHTS } from "../../document/heights.ts";
import type { Furnishing, Hall, Vec2 } from "../../document/schema.ts";
import type { Selection } from "../selection.ts";
import { anchorOutline, furnitureOutline, gapBetween, placementOutline } from "./footprints.ts";

/** The ways between what stands on the floor: as wide as a wheelchair needs (heights.ts). */

const TOUCHING_M = 0.03; // things that are so near stand together
const RAISED_M = 0.1; // above the floor: it stands on something
const HANGING: ReadonlySet<Furnishing["kind"]> = new Set(["panel", "screen", "lamp"]);

/** What is in the way of a visitor, as outlines on the floor. */
export interface Obstacle {
  /** A map of the hall and an id. Anchors: a plinth or a vitrine that is part of the room. */
  readonly thing: readonly ["placements" | "furniture" | "anchors", string];
  readonly outline: readonly Readonly<Vec2>[];
}

export interface NarrowWay {
  readonly one: Obstacle;
  readonly other: Obstacle;
  readonly metres: number;
  readonly from: Vec2;
  readonly to: Vec2;
}

export function obstacles({ placements, furniture, anchors, assets }: Hall): Obstacle[] {
  const own = new Set(Object.keys(furniture ?? {}));
  return [
    ...Object.entries(placements)
      .filter(([, { kind, translation }]) => kind === "object" && translation[1] < RAISED_M)
      .map(([id, each]): Obstacle => ({ thing: ["placements", id], outline: placementOutline(each, assets) })),
    ...Object.entries(furniture ?? {})
      .filter(([, { kind }]) => !HANGING.has(kind))
      .map(([id, each]): Obstacle => ({ thing: ["furniture", id], outline: furnitureOutline(each) })),
    ...Object.entries(anchors ?? {})
      .filter(([id, { kind }]) => (kind === "plinth" || kind === "vitrine") && !own.has(id))
      .map(([id, each]): Obstacle => ({ thing: ["anchors", id], outline: anchorOutline(each) })),
  ];
}

export function chosenObstacles(all: readonly Obstacle[], selection: Selection): Obstacle[] {
  return all.filter(
    ({ thing: [map, id] }) => map !== "anchors" && selection.has(map === "furniture" ? "furniture" : "placement", id),
  );
}

/** The ways that are too narrow between some of the obstacles and all others. */
export function narrowWays(some: readonly Obstacle[], all: readonly Obstacle[]): NarrowWay[] {
  const others = all.filter((each) => !some.includes(each));
  return [
    ...some.flatMap((one) => others.map((other) => wayBetween(one, other))),
    ...some.flatMap((one, i) => some.slice(i + 1).map((other) => wayBetween(one, other))),
  ].filter(({ metres }) => metres > TOUCHING_M && metres < HEIGHTS.clear_way);
}

function wayBetween(one: Obstacle, other: Obstacle): NarrowWay {
  return { one, other, ...gapBetween(one.outline, other.outline) };
}
