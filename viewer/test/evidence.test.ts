import { BufferAttribute, PlaneGeometry } from "three";
import { describe, expect, it } from "vitest";
import { areasOf, classOf, percent } from "../src/tools/evidence.ts";

function sheet(columns: number, viewsAt: (x: number) => number) {
  const geometry = new PlaneGeometry(columns, 1, columns, 1).translate(columns / 2, 0, 0).toNonIndexed();
  const { position } = geometry.attributes;
  const views = new Uint8Array(position?.count ?? 0);
  for (let i = 0; i < views.length; i += 3) {
    const x = ((position?.getX(i) ?? 0) + (position?.getX(i + 1) ?? 0) + (position?.getX(i + 2) ?? 0)) / 3;
    views.fill(viewsAt(x), i, i + 3);
  }
  return geometry.setAttribute("_num_views", new BufferAttribute(views, 1));
}

describe("a triangle", () => {
  it.each([
    [0, 0, 0, "filled"],
    [0, 0, 1, "few"],
    [2, 2, 2, "few"],
    [3, 2, 3, "some"],
    [5, 5, 5, "some"],
    [6, 6, 6, "many"],
    [255, 2, 2, "many"],
  ] as const)("whose corners were measured by %i, %i and %i photographs counts as %s", (a, b, c, name) => {
    expect(classOf(a, b, c)).toBe(name);
  });
});

describe("a surface's shares", () => {
  it("are of its area, over all its parts", () => {
    const areas = areasOf([sheet(6, (x) => (x < 1 ? 0 : x < 3 ? 2 : 9)), sheet(2, () => 4)]);
    expect(areas?.filled).toBeCloseTo(1 / 8, 9);
    expect(areas?.few).toBeCloseTo(2 / 8, 9);
    expect(areas?.many).toBeCloseTo(3 / 8, 9);
    expect(areas?.some).toBeCloseTo(2 / 8, 9);
  });

  it("are not known of a model that does not tell", () => {
    expect(areasOf([sheet(2, () => 4), new PlaneGeometry()])).toBeNull();
  });

  it("read as percents that never hide a rest", () => {
    expect([0, 0.0001, 0.004, 0.5, 0.998, 1].map(percent)).toEqual(["0", "<1", "<1", "50", "99", "100"]);
  });
});
