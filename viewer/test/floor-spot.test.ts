import { Box3, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { USUAL_SIZES } from "../src/document/commands/furniture.ts";
import type { Furnishing } from "../src/document/schema.ts";
import { floorBelow, groundBelow } from "../src/studio/drag.ts";
import { freeFor, isFreeForPiece, LOOKED_AT } from "../src/studio/place/floor-spot.ts";
import { hallOf, model, placed } from "./halls.ts";
import { block, collidersOf, room } from "./rooms.ts";

const UNTURNED = [0, 0, 0, 1] as [number, number, number, number];
const VASE = placed("object", [0, 0, 0], { asset: "vase" });
const HALL = hallOf({ first: VASE }, { assets: { vase: model(0.4, 1) } });

function free(at: [number, number, number], furniture: Box3[] = [], colliders = collidersOf(room(3))): boolean {
  return freeFor(VASE, colliders, HALL, furniture)({ translation: at, rotation: UNTURNED });
}

describe("A free place on the floor", () => {
  it("is beside what stands there, not in it", () => {
    expect(free([0, 0, 0])).toBe(false);
    expect(free([0.3, 0, 0])).toBe(false);
    expect(free([0.45, 0, 0])).toBe(true);
  });

  it("has ground under the whole foot: not half over an edge, not through a wall", () => {
    expect(free([2.7, 0, 0])).toBe(true);
    expect(free([2.9, 0, 0])).toBe(false);
    const step = collidersOf(room(3), block(1, 0, -1, 2, 0.4, 1));
    expect(free([1.5, 0.4, 0], [], step)).toBe(true);
    expect(free([1.1, 0.4, 0], [], step)).toBe(false);
  });

  it("is on furniture or beside it, not inside", () => {
    const plinth = new Box3(new Vector3(1, 0, -0.5), new Vector3(2, 0.9, 0.5));
    const built = collidersOf(room(3), block(1, 0, -0.5, 2, 0.9, 0.5));
    expect(free([1.5, 0.9, 0], [plinth], built)).toBe(true);
    expect(free([0.7, 0, 0], [plinth], built)).toBe(true);
    expect(free([1.5, 0, 0], [plinth], collidersOf(room(3)))).toBe(false);
  });

  it("is looked for from the middle of the picture outwards", () => {
    expect(LOOKED_AT[0]).toEqual([0.5, 0.55]);
    expect(LOOKED_AT).toHaveLength(45);
  });
});

describe("A free place for furniture", () => {
  const piece = (kind: "plinth" | "lamp", position: [number, number, number]): Furnishing => {
    const [width_m, depth_m, height_m] = USUAL_SIZES[kind];
    return { kind, position, facing_deg: 0, width_m, depth_m, height_m };
  };
  const stand = collidersOf(room(3), block(1, 0, -1, 2, 0.9, 1));

  it("is in no exhibit and no other piece", () => {
    expect(isFreeForPiece(piece("plinth", [0.2, 0, 0]), stand, HALL)).toBe(false);
    expect(isFreeForPiece(piece("plinth", [-1, 0, 0]), stand, HALL)).toBe(true);
    const furnished = { ...HALL, furniture: { plinth: piece("plinth", [-1, 0, 0]) } };
    expect(isFreeForPiece(piece("plinth", [-1.2, 0, 0]), stand, furnished)).toBe(false);
  });

  it("is where visitors can stand before it: not on a stand of the room, not over an edge", () => {
    expect(isFreeForPiece(piece("plinth", [1.5, 0.9, -0.5]), stand, HALL)).toBe(true);
    expect(isFreeForPiece(piece("plinth", [1.5, 0.9, 0.5]), stand, HALL)).toBe(false);
    expect(isFreeForPiece(piece("plinth", [1, 0.9, -0.5]), stand, HALL)).toBe(false);
    expect(isFreeForPiece(piece("lamp", [1, 3, -0.5]), stand, HALL)).toBe(true);
  });
});

describe("The floor before a board", () => {
  it("is the room's: a plinth below it is none", () => {
    const colliders = collidersOf(room(3));
    colliders.set("furniture/plinth", block(-0.5, 0, -0.5, 0.5, 0.9, 0.5));
    const point = new Vector3(0, 1.5, 0);
    expect(floorBelow(colliders, point)?.y).toBeCloseTo(0);
    expect(groundBelow(colliders, point)?.y).toBeCloseTo(0.9);
  });
});
