import { describe, expect, it } from "vitest";
import { addFurniture, resizeFurniture } from "../src/document/commands/furniture.ts";
import { putAtAnchor } from "../src/document/commands/placements.ts";
import type { FurnitureKind } from "../src/document/furniture.ts";
import { furnitureHints, hasClearFloor } from "../src/document/furniture-hints.ts";
import type { Hall, Vec3 } from "../src/document/schema.ts";
import { hallOf, model, placed } from "./halls.ts";

const HALL = hallOf({ jar: placed("object", [9, 0, 9], { asset: "jar" }) }, { assets: { jar: model(0.4, 0.5) } });

function withPieces(...pieces: readonly (readonly [FurnitureKind, Vec3, number?])[]): Hall {
  return pieces.reduce((hall, [kind, at, facing]) => addFurniture(hall, kind, at, facing).hall, HALL);
}

const ids = (hall: Hall, id: string, floor = 0) => furnitureHints(hall, id, floor).map((hint) => hint.id);

describe("hints on furniture", () => {
  it("has nothing against a new piece on an open floor", () => {
    expect(ids(withPieces(["plinth", [0, 0, 0]]), "plinth")).toEqual([]);
    expect(ids(withPieces(["vitrine", [0, 0, 0]]), "vitrine")).toEqual([]);
    expect(ids(withPieces(["standing_panel", [0, 0, 0]]), "standing-panel")).toEqual([]);
    expect(ids(withPieces(["panel", [0, 0.9, 0]]), "panel")).toEqual([]);
  });

  it("measures tops, bases and labels from the floor", () => {
    const high = resizeFurniture(withPieces(["plinth", [0, 0, 0]]), "plinth", { height_m: 1.2 }, true);
    expect(furnitureHints(high, "plinth", 0)).toEqual([
      { id: "top", metres: 1.2 },
      { id: "label", metres: expect.closeTo(1.12) },
    ]);
    const low = resizeFurniture(withPieces(["vitrine", [0, 0, 0]]), "vitrine", { height_m: 0.5 }, true);
    expect(ids(low, "vitrine")).toEqual(["case"]);
    expect(ids(withPieces(["plinth", [0, 0.5, 0]]), "plinth", 0.5)).toEqual([]);
    expect(ids(withPieces(["plinth", [0, 0.5, 0]]), "plinth")).toEqual(["top", "label"]);
  });

  it("says what a cane does not find, and what hangs too high", () => {
    const lamp = addFurniture(HALL, "lamp", [0, 2.5, 0], 0, 1).hall;
    expect(furnitureHints(lamp, "lamp", 0)).toEqual([{ id: "cane", metres: 1.5 }]);
    expect(ids(addFurniture(HALL, "lamp", [0, 3.2, 0], 0, 0.8).hall, "lamp")).toEqual([]);
    expect(ids(withPieces(["panel", [0, 1.6, 0]]), "panel")).toEqual(["middle"]);
  });

  it("wants floor for a wheelchair, across its front or straight to it", () => {
    const across = withPieces(["plinth", [0, 0, 0]], ["plinth", [0, 0, 1.5]]);
    expect(hasClearFloor(across, "plinth", 0)).toBe(true); // 1.05 m are deep enough to stop along it
    const straight = withPieces(["plinth", [0, 0, 0]], ["plinth", [0.66, 0, 0.6]], ["plinth", [-0.66, 0, 0.6]]);
    expect(hasClearFloor(straight, "plinth", 0)).toBe(true); // 0.87 m between two others
    expect(ids(withPieces(["plinth", [0, 0, 0]], ["plinth", [0, 0, 1]]), "plinth")).toEqual(["clear"]);
    const jar = { ...HALL, placements: { jar: placed("object", [0, 0, 0.7], { asset: "jar" }) } };
    expect(ids(addFurniture(jar, "plinth", [0, 0, 0]).hall, "plinth")).toEqual(["clear"]);
    const onTop = putAtAnchor(withPieces(["plinth", [0, 0, 0]]), "jar", "plinth");
    expect(ids(onTop, "plinth")).toEqual([]);
    expect(ids(withPieces(["plinth", [0, 0, 0]], ["platform", [0, 0, 1.2]]), "plinth")).toEqual([]);
  });
});
