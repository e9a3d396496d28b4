// @vitest-environment jsdom
import { Vector3 } from "three";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Exhibit } from "../src/core/exhibit.ts";
import { Labels, labelPlaces } from "../src/core/labels.ts";
import type { Anchor, Placement } from "../src/document/schema.ts";
import { completeJsdom } from "./browser.ts";
import { hallOf, model, placed } from "./halls.ts";
import { block, collidersOf, room } from "./rooms.ts";

const PLINTH = block(-0.4, 0, -0.4, 0.4, 1, 0.4);
const WALL = block(-3, 0, -2.2, 3, 4, -2);

function spots(placement: Placement, colliders = collidersOf(room(6), PLINTH), anchors: Record<string, Anchor> = {}) {
  const exhibit = new Exhibit("thing", placement, placement.kind === "object" ? model(0.3, 0.5) : null);
  return labelPlaces(hallOf({ thing: placement }, { anchors }), [exhibit], colliders);
}

function out(rotation: { x: number; y: number; z: number; w: number }): Vector3 {
  return new Vector3(0, 0, 1).applyQuaternion(rotation as never);
}

afterEach(() => vi.unstubAllGlobals());

describe("a label", () => {
  it("hangs on the front of the plinth that its exhibit stands on, just under the edge", () => {
    const spot = spots(placed("object", [0, 1, 0])).get("thing");
    expect(spot?.post).toBeNull();
    expect(spot?.face.centre.toArray()).toEqual([0, expect.closeTo(0.88, 3), expect.closeTo(0.405, 3)]);
    expect(out(spot?.face.rotation as never).z).toBeCloseTo(1, 6);
  });

  it("goes round to a side that has room before it", () => {
    const colliders = collidersOf(room(6), PLINTH, block(-2, 0, 0.7, 2, 3, 0.8)); // a wall close to the front
    const spot = spots(placed("object", [0, 1, 0]), colliders).get("thing");
    expect(spot?.face.centre.x).toBeCloseTo(0.405, 3);
  });

  it("stands on a post before what stands on the floor, leaning back", () => {
    const spot = spots(placed("object", [3, 0, 0])).get("thing");
    expect(spot?.post).toBeGreaterThan(0.7);
    expect(spot?.face.centre.x).toBeCloseTo(3, 6);
    expect(spot?.face.centre.z).toBeGreaterThan(0.3);
    expect(out(spot?.face.rotation as never).y).toBeGreaterThan(0.5);
  });

  it("hangs on the wall under a picture", () => {
    const spot = spots(placed("picture", [0, 1.7, -1.98], { width_m: 1.2 }), collidersOf(room(6), WALL)).get("thing");
    expect(spot?.face.centre.y).toBeLessThan(1.3);
    expect(spot?.face.centre.z).toBeCloseTo(-1.995, 3);
    expect(spot?.face.centre.x).toBeCloseTo(-0.45, 3);
  });

  it("takes the hall's own place for it, which no other label takes", () => {
    const anchor: Anchor = { kind: "label", position: [0, 0.84, 0.41], facing_deg: 0, width_m: 0.3, height_m: 0.16 };
    const colliders = collidersOf(room(6), PLINTH);
    const hall = hallOf(
      { one: placed("object", [0, 1, 0]), two: placed("object", [0.1, 1, 0]) },
      { anchors: { plate: anchor } },
    );
    const exhibits = Object.entries(hall.placements).map(([id, one]) => new Exhibit(id, one, model(0.2, 0.4)));
    const found = labelPlaces(hall, exhibits, colliders);
    expect(found.get("one")?.face.centre.y).toBe(0.84);
    expect(found.get("two")?.face.centre.y).not.toBe(0.84);
  });

  it("hangs under its own exhibit where several share a table, and covers no other", () => {
    const anchor: Anchor = { kind: "label", position: [0, 0.84, 0.41], facing_deg: 0, width_m: 0.3, height_m: 0.16 };
    const xs = [-0.78, -0.26, 0.26, 0.78];
    const things = Object.fromEntries(xs.map((x, i) => [`thing-${i}`, placed("object", [x, 1, 0])]));
    const hall = hallOf(things, { anchors: { plate: anchor } });
    const exhibits = Object.entries(things).map(([id, one]) => new Exhibit(id, one, model(0.2, 0.4)));
    const found = labelPlaces(hall, exhibits, collidersOf(room(6), block(-1.1, 0, -0.4, 1.1, 1, 0.4)));
    expect([...found.values()].map(({ face }) => face.centre.x)).toEqual(xs.map((x) => expect.closeTo(x, 6)));
  });

  it("is not wanted by panels and listening posts", () => {
    expect(spots(placed("panel", [0, 1.6, -1.9])).size).toBe(0);
    expect(spots(placed("audio", [0, 1.6, -1.9])).size).toBe(0);
  });

  it("can be pointed at from before it, not from behind", () => {
    const thing = placed("object", [0, 1, 0]);
    const exhibit = new Exhibit("thing", thing, model(0.3, 0.5));
    const labels = new Labels(hallOf({ thing }), [exhibit], collidersOf(room(6), PLINTH));
    expect(labels.hit(new Vector3(0, 0.88, 2), new Vector3(0, 0, -1))).toEqual({
      id: "thing",
      distance: expect.closeTo(1.595, 3),
    });
    expect(labels.hit(new Vector3(0, 0.88, -2), new Vector3(0, 0, 1))).toBeNull();
    expect(labels.hit(new Vector3(0, 1.2, 2), new Vector3(0, 0, -1))).toBeNull();
  });

  it("can be printed a few at a time, and only where the words are others", () => {
    completeJsdom();
    const things = Object.fromEntries(["a", "b", "c"].map((id, i) => [id, placed("object", [2 * i - 2, 0, 0])]));
    const exhibits = Object.entries(things).map(([id, one]) => new Exhibit(id, one, model(0.2, 0.4)));
    const hall = hallOf(things);
    const labels = new Labels(hall, exhibits, collidersOf(room(6)));
    const left = [labels.write("en", 2), labels.write("en", 2), labels.write("en", 0)];
    expect(left).toEqual([false, true, true]);
    labels.update({ ...hall, placement_order: ["c", "b", "a"] }, exhibits, new Set(["a", "b", "c"]));
    expect([labels.write("en", 1), labels.write("en", 1), labels.write("en", 0)]).toEqual([false, true, true]); // b keeps its number
  });
});
