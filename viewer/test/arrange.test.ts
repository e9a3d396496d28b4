import { describe, expect, it } from "vitest";
import {
  type Along,
  alignPlacements,
  distributePlacements,
  type Edge,
  hangAtEyeHeight,
  hangOnWall,
  setDown,
} from "../src/document/commands/arrange.ts";
import { turnPlacements } from "../src/document/commands/placements.ts";
import { boundsOf, HUNG_M, spanOf } from "../src/document/extent.ts";
import { quaternionOfTurn, rotated, turnOf } from "../src/document/rotation.ts";
import type { Hall, Placement, Vec3 } from "../src/document/schema.ts";
import { hallOf, model, placed } from "./halls.ts";
import { Randomness } from "./randomness.ts";

/** Boxes of different sizes here and there, turned and scaled, two pictures among them. */
function hallFrom(seed: number): Hall {
  const random = new Randomness(seed);
  const number = (low: number, high: number) => low + random.next() * (high - low);
  const assets: Hall["assets"] = {};
  const placements: Record<string, Placement> = {};
  for (const id of ["a", "b", "c", "d"]) {
    assets[id] = model(number(0.1, 2), number(0.1, 3), number(0.1, 2));
    placements[id] = placed("object", [number(-5, 5), number(0, 2), number(-5, 5)], {
      asset: id,
      scale: number(0.5, 2),
      rotation: quaternionOfTurn(number(-180, 180)),
    });
  }
  for (const id of ["e", "f"])
    placements[id] = placed("panel", [number(-5, 5), 1.5, number(-5, 5)], { width_m: number(0.5, 2) });
  return hallOf(placements, { assets });
}

const SEEDS = [1, 2, 3, 4, 5];
const IDS = ["a", "b", "c", "d", "e", "f"];
const of = (hall: Hall, id: string) => hall.placements[id] as Placement;
const axisOf = (along: Along, turn: number): Vec3 =>
  rotated(along === "across" ? [1, 0, 0] : along === "deep" ? [0, 0, 1] : [0, 1, 0], quaternionOfTurn(turn));

describe("align", () => {
  const EDGES: readonly [Edge, Along, (span: readonly [number, number]) => number][] = [
    ["left", "across", ([low]) => low],
    ["centre", "across", ([low, high]) => (low + high) / 2],
    ["right", "across", ([, high]) => high],
    ["back", "deep", ([low]) => low],
    ["middle", "deep", ([low, high]) => (low + high) / 2],
    ["front", "deep", ([, high]) => high],
    ["bottom", "up", ([low]) => low],
    ["top", "up", ([, high]) => high],
  ];
  it.each(EDGES)("%s brings these edges together, whichever way one looks", (edge, along, point) => {
    for (const seed of SEEDS) {
      const hall = hallFrom(seed);
      const turn = seed * 37 - 90;
      const axis = axisOf(along, turn);
      const aligned = alignPlacements(hall, IDS, edge, turn);
      const points = IDS.map((id) => point(spanOf(of(aligned, id), hall.assets, axis)));
      for (const each of points) expect(each).toBeCloseTo(points[0] as number, 3);
      const before = IDS.map((id) => point(spanOf(of(hall, id), hall.assets, axis)));
      if (edge === "left" || edge === "back" || edge === "bottom")
        expect(points[0]).toBeCloseTo(Math.min(...before), 3);
      if (edge === "right" || edge === "front" || edge === "top") expect(points[0]).toBeCloseTo(Math.max(...before), 3);
      for (const id of IDS) expect(of(aligned, id).rotation).toEqual(of(hall, id).rotation);
    }
  });
});

describe("distribute", () => {
  it.each(["across", "deep", "up"] as const)("%s makes the gaps equal and leaves the outermost", (along) => {
    for (const seed of SEEDS) {
      const hall = hallFrom(seed);
      const axis = axisOf(along, 20);
      const next = distributePlacements(hall, IDS, along, 20);
      const middle = (id: string, of_: Hall) => {
        const [low, high] = spanOf(of(of_, id), hall.assets, axis);
        return low + high;
      };
      const order = [...IDS].sort((a, b) => middle(a, hall) - middle(b, hall));
      const spans = order.map((id) => spanOf(of(next, id), hall.assets, axis));
      const gaps = spans.slice(1).map(([low], i) => low - (spans[i] as [number, number])[1]);
      for (const gap of gaps) expect(gap).toBeCloseTo(gaps[0] as number, 3);
      for (const id of [order[0], order.at(-1)] as [string, string]) expect(of(next, id)).toBe(of(hall, id));
    }
  });

  it("needs three things", () => {
    const hall = hallFrom(1);
    expect(distributePlacements(hall, ["a", "b"], "across")).toBe(hall);
  });
});

describe("hanging", () => {
  it("touches the wall with the back and looks into the room", () => {
    const normal: Vec3 = [Math.SQRT1_2, 0.02, Math.SQRT1_2];
    const point: Vec3 = [-4, 1.5, -4];
    const out: Vec3 = [Math.SQRT1_2, 0, Math.SQRT1_2];
    const hall = hallFrom(3);
    for (const id of ["a", "e"]) {
      const hung = of(hangOnWall(hall, id, point, normal), id);
      expect(turnOf(hung.rotation)).toBeCloseTo(45, 9);
      const [back] = spanOf(hung, hall.assets, out);
      expect(back).toBeCloseTo(point[0] * out[0] + point[2] * out[2], 3);
    }
    const panel = of(hangOnWall(hall, "e", point, normal), "e");
    expect(panel.translation[0]).toBeCloseTo(-4 + HUNG_M * Math.SQRT1_2, 3);
    expect(panel.translation[1]).toBe(1.5);
  });

  it("puts middles at the height of pictures, and feet on the floor", () => {
    const hall = turnPlacements(hallFrom(4), IDS, 30);
    for (const id of IDS) {
      const hung = boundsOf(of(hangAtEyeHeight(hall, IDS, 0.2), id), hall.assets);
      expect(((hung?.min[1] ?? 0) + (hung?.max[1] ?? 0)) / 2).toBeCloseTo(1.7, 3);
      expect(boundsOf(of(setDown(hall, IDS, 0.2), id), hall.assets)?.min[1]).toBeCloseTo(0.2, 3);
    }
  });
});
