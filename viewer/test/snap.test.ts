import { describe, expect, it } from "vitest";
import { boundsOf, HUNG_M } from "../src/document/extent.ts";
import { quaternionOfTurn } from "../src/document/rotation.ts";
import type { Hall, Vec3 } from "../src/document/schema.ts";
import { snapped, snappedTurn, wallsOf, wallsOfBox } from "../src/studio/snap.ts";
import { hallOf, model, placed } from "./halls.ts";

const BOX = { min: [-5, 0, -5] as Vec3, max: [5, 3, 5] as Vec3 };

function room(): Hall {
  return hallOf(
    {
      case: placed("object", [2, 0, 1], { asset: "case" }),
      vase: placed("object", [0, 0, 0], { asset: "vase" }),
      print: placed("panel", [0, 1.5, 0], { width_m: 0.8 }),
    },
    {
      assets: { case: model(1, 1.2, 0.6), vase: model(0.3, 0.5) },
      anchors: {
        plinth: { kind: "plinth", position: [-3, 0.9, -3], facing_deg: 0, width_m: 0.5, height_m: 1 },
        board: { kind: "panel", position: [0, 1.5, -4.9], facing_deg: 0, width_m: 1, height_m: 1 },
      },
    },
  );
}

const at = (id: string, wanted: Vec3, options = {}) => snapped(room(), id, wanted, options);
const kinds = (found: { readonly guides: readonly { readonly kind: string; readonly axis: string | null }[] }) =>
  found.guides.map(({ kind, axis }) => `${kind} ${axis}`);

describe("what is moved comes to rest", () => {
  it("on the grid and on the floor, where nothing else is near", () => {
    const found = at("vase", [-1.013, 0.03, -1.238]);
    expect(found.translation).toEqual([-1, 0, -1.25]);
    expect(kinds(found)).toEqual(["grid x", "floor y", "grid z"]);
    expect(at("vase", [-1.013, 0.5, -1.238]).translation[1]).toBe(0.5); // it is held in the air
    expect(at("vase", [-1.013, 0.31, -1.238], { floor_m: null, grid_m: 0, reach_m: 0.02 }).translation).toEqual([
      -1.013, 0.31, -1.238,
    ]);
  });

  it("in line with its neighbours: middles and edges, each axis by itself", () => {
    const middle = at("vase", [2.03, 0, -1.012]);
    expect(middle.translation).toEqual([2, 0, -1]);
    expect(middle.guides[0]).toEqual({ kind: "centre", axis: "x", at: 2, id: "case" });
    const beside = at("vase", [2.62, 0, 0.84]); // its left side to the case's right one, its back to the case's
    expect(beside.translation).toEqual([2.65, 0, 0.85]);
    expect(beside.guides.map(({ kind, at: line }) => [kind, line])).toEqual([
      ["edge", 2.5],
      ["floor", 0],
      ["edge", 0.7],
    ]);
    expect(at("vase", [2.03, 0, -1.012], { moving: ["case"], grid_m: 0 }).translation).toEqual([2.03, 0, -1.012]);
  });

  it("in the middle of a place that is made for it", () => {
    expect(at("vase", [-2.9, 0.8, -3.1]).translation).toEqual([-3, 0.9, -3]);
    expect(kinds(at("vase", [-2.9, 0.8, -3.1]))).toEqual(["anchor x", "anchor y", "anchor z"]);
    expect(kinds(at("vase", [0.3, 1.6, -4.8])).join()).not.toContain("anchor"); // that one is for pictures
    expect(at("print", [0.05, 1.55, -4.9]).translation).toEqual([0, 1.5, -4.9]);
  });

  it("with its back against a wall, whichever way it is turned", () => {
    const walls = wallsOfBox(BOX);
    const found = at("print", [3.013, 1.2, -4.95], { walls });
    expect(found.translation).toEqual([3, 1.2, -5 + HUNG_M]);
    const hall = room();
    hall.placements.vase = placed("object", [0, 0, 0], { asset: "vase", rotation: quaternionOfTurn(30) });
    const { translation } = snapped(hall, "vase", [4.8, 0, 3.02], { walls });
    const bounds = boundsOf({ ...hall.placements.vase, translation }, hall.assets);
    expect(bounds?.max[0]).toBeCloseTo(5, 3);
    expect(translation[2]).toBeCloseTo(3, 9);
    const corner = at("vase", [-4.83, 0, 4.9], { walls });
    expect(corner.translation).toEqual([-4.85, 0, 4.85]);
  });
});

describe("turns", () => {
  it("rest at steps of 15° when they are near, and are told from -180° to 180°", () => {
    expect([43, 48, 52, -94, 181, 359].map((turn) => snappedTurn(turn))).toEqual([45, 45, 52, -90, -180, 0]);
  });
});

describe("the walls of a room", () => {
  it("are its large upright faces, each once", () => {
    const face = (a: Vec3, b: Vec3, c: Vec3, d: Vec3): [Vec3, Vec3, Vec3][] => [
      [a, b, c],
      [a, c, d],
    ];
    const walls = wallsOf([
      ...face([-5, 0, -5], [5, 0, -5], [5, 3, -5], [-5, 3, -5]), // looks along +Z
      ...face([0, 0, 0], [0.2, 0, 0], [0.2, 0.2, 0], [0, 0.2, 0]), // a small one
      ...face([-5, 0, 5], [5, 0, 5], [5, 0, -5], [-5, 0, -5]), // the floor
    ]);
    expect(walls.map(({ normal, point }) => [normal.map((v) => v + 0), point[2]])).toEqual([[[0, 0, 1], -5]]);
  });
});
