import { describe, expect, it } from "vitest";
import { beginPlan } from "../src/document/commands/plan.ts";
import { addWalls } from "../src/document/commands/plan-walls.ts";
import { planOf } from "../src/document/plan.ts";
import { gapBetween, placementOutline, stairOutline } from "../src/studio/plan/footprints.ts";
import { snapPoint } from "../src/studio/plan/plan-snapping.ts";
import { PlanView } from "../src/studio/plan/plan-view.ts";
import { TypedMetres } from "../src/studio/plan/tool.ts";
import { hallOf, model, placed } from "./halls.ts";

const plan = planOf(
  addWalls(beginPlan(hallOf({})), [
    [0, 0],
    [6, 0],
    [9, 4],
  ]).hall,
);
const scale = 50; // px for a metre: 11 px are 0.22 m, 7 px are 0.14 m

describe("a point on the plan", () => {
  it("joins corners that are near, also without snapping", () => {
    expect(snapPoint(plan, [6.15, -0.1], { scale, free: false }).at).toEqual([6, 0]);
    expect(snapPoint(plan, [6.03, -0.03], { scale, free: true }).at).toEqual([6, 0]);
    expect(snapPoint(plan, [6.15, -0.1], { scale, free: true }).at).toEqual([6.15, -0.1]);
  });

  it("joins walls, and is else on the grid", () => {
    expect(snapPoint(plan, [3.02, 0.12], { scale, free: false }).at).toEqual([3, 0]);
    expect(snapPoint(plan, [3.021, 0.04], { scale, free: true }).at).toEqual([3.021, 0]);
    expect(snapPoint(plan, [3.02, 2.26], { scale, free: false }).at).toEqual([3, 2.3]);
    expect(snapPoint(null, [3.02, 2.2649], { scale, free: true }).at).toEqual([3.02, 2.265]);
  });

  it("comes into line with corners, and goes straight on from the point before", () => {
    const lined = snapPoint(plan, [5.9, 7.33], { scale, free: false });
    expect(lined).toEqual({ at: [6, 7.3], guides: [[[6, 0], lined.at]] });
    const straight = snapPoint(plan, [2.2, 20.3], { scale, free: false, from: [1.03, 3] });
    expect(straight.at).toEqual([1.03, 20.3]);
  });

  it("is at a right angle to a slanting line", () => {
    const { at } = snapPoint(plan, [5.05, 7.05], { scale, free: false, from: [9, 4], before: [6, 0] });
    expect(at).toEqual([5, 7]);
  });

  it("does not join walls that move along", () => {
    const options = { scale, free: false, except: new Set(["wall", "wall-2"]) };
    expect(snapPoint(plan, [6.12, -0.14], options).at).toEqual([6.1, -0.1]);
  });
});

it("lengths are typed: one, or two with a sign between them", () => {
  const typed = new TypedMetres();
  const type = (keys: string, two = true) => [...keys].map((key) => typed.type(press(key), two));
  expect(type("4.5m")).toEqual([true, true, true, false]);
  expect(typed.values).toEqual([4.5]);
  type("x");
  expect(typed.values).toBeNull();
  type("3x");
  expect([typed.text, typed.values]).toEqual(["4.5×3", [4.5, 3]]);
  expect(typed.type(press("Backspace"))).toBe(true);
  expect(typed.type({ ...press("z"), ctrlKey: true }, true)).toBe(false);
  typed.clear();
  expect(typed.type(press("Backspace"))).toBe(false);
  expect(type("6x", false)).toEqual([true, false]);
});

it("the plan keeps what is under the pointer while it comes closer, and shows all that is to be seen", () => {
  const view = new PlanView();
  view.width = 800;
  view.height = 600;
  view.fit({ min: [-10, -2], max: [10, 2] });
  expect(view.toScreen([-10, 0]).x).toBeGreaterThan(0);
  expect(view.toScreen([10, 0]).x).toBeLessThan(800);
  const held = view.toPlan({ x: 100, y: 50 });
  view.zoom(3, { x: 100, y: 50 });
  const { x, y } = view.toScreen(held);
  expect([x, y].map((v) => Math.round(v * 1e6) / 1e6)).toEqual([100, 50]);
});

describe("what a thing covers", () => {
  it("is its box, turned as it is, and a board's is its line", () => {
    const assets = { pot: model(2, 1, 0.5) };
    const turned = placed("object", [1, 0, 1], { asset: "pot", rotation: [0, Math.SQRT1_2, 0, Math.SQRT1_2] });
    const near = placementOutline(turned, assets).map(([x, z]) => [Math.round(x * 1e3), Math.round(z * 1e3)]);
    expect(near.map(([x]) => x).sort()).toEqual([1250, 1250, 750, 750]);
    expect(new Set(near.map(([, z]) => z))).toEqual(new Set([0, 2000]));
  });

  it("is so far from another as a visitor can pass", () => {
    const square = (x: number): [number, number][] => [
      [x, 0],
      [x + 1, 0],
      [x + 1, 1],
      [x, 1],
    ];
    expect(gapBetween(square(0), square(1.6)).metres).toBeCloseTo(0.6, 9);
    expect(gapBetween(square(0), square(1)).metres).toBe(0);
  });

  it("of steps goes up from their foot, away from where they are entered", () => {
    const stair = { kind: "steps", position: [0, 5], facing_deg: 0, width_m: 2, rise_m: 0.5, run_m: 1 } as const;
    const corners = stairOutline({ ...stair, position: [0, 5] });
    expect(corners.map(([x, z]) => [x + 0, Math.round(z * 1e6) / 1e6])).toEqual([
      [-1, 4],
      [1, 4],
      [1, 5],
      [-1, 5],
    ]);
  });
});

function press(key: string): KeyboardEvent {
  return { key, ctrlKey: false, metaKey: false, altKey: false } as KeyboardEvent;
}
