// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FloorPlan } from "../src/core/floorplan.ts";
import { nearestFloor } from "../src/core/floorplan.ts";
import type { Door, View } from "../src/document/schema.ts";
import { FloorMapController, marksOf } from "../src/map/floor-map-controller.ts";
import { paintFloor } from "../src/map/floor-painting.ts";
import { mapFrame, toHall, toMap } from "../src/map/map-frame.ts";
import { MapPanel } from "../src/map/map-panel.ts";
import { completeJsdom } from "./browser.ts";
import { placed, text } from "./halls.ts";
import { random } from "./rooms.ts";
import { openSession, walkable } from "./sessions.ts";

/** A floor of 4 x 2 cells of 1 m with one cell missing, at the height 0.5. */
const PLAN: FloorPlan = {
  x: -2,
  z: 1,
  cell: 1,
  columns: 4,
  rows: 2,
  heights: new Float32Array([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, Number.NaN, 0.5]),
};
const view = (dx: number, dz: number): View => ({ position: [0, 1.6, 2], target: [dx, 1.6, 2 + dz] });

describe("the frame of the map", () => {
  it.each([
    ["-Z", view(0.1, -1), 0],
    ["-X", view(-1, 0.1), 1],
    ["+Z", view(0, 1), 2],
    ["+X", view(1, 0.2), 3],
  ] as const)("turns the view from the entrance, %s, up", (_name, start, turn) => {
    const frame = mapFrame(PLAN, start, []);
    expect(frame.turn).toBe(turn);
    const here = toMap(frame, 0, 2);
    const ahead = toMap(frame, start.target[0], start.target[2]);
    expect(ahead.y).toBeLessThan(here.y);
    expect(Math.abs(ahead.x - here.x)).toBeLessThan(Math.abs(ahead.y - here.y));
    const next = random(turn + 1);
    for (let i = 0; i < 50; i++) {
      const [x, z] = [next() * 8 - 4, next() * 8 - 4];
      const on = toMap(frame, x, z);
      const back = toHall(frame, on.x, on.y);
      expect(Math.hypot(back.x - x, back.z - z)).toBeLessThan(1e-9);
    }
  });

  it("holds the floor and the doors with a margin, and the entrance of a hall without a floor", () => {
    const frame = mapFrame(PLAN, view(0, -1), []);
    expect([frame.min, frame.max]).toEqual([
      { x: expect.closeTo(-2.3, 9), z: expect.closeTo(0.7, 9) },
      { x: expect.closeTo(2.3, 9), z: expect.closeTo(3.3, 9) },
    ]);
    expect(mapFrame(PLAN, view(0, -1), [{ position: [9, 0, 2] }]).max.x).toBeCloseTo(9.8, 9);
    const empty = { ...PLAN, heights: new Float32Array(8).fill(Number.NaN) };
    expect(mapFrame(empty, view(0, -1), []).min).toEqual({ x: -0.8, z: expect.closeTo(1.2, 9) });
  });
});

describe("the nearest floor", () => {
  it("is the floor itself, else the floor around, else none", () => {
    expect(nearestFloor(PLAN, -0.5, 1.5)?.toArray()).toEqual([-0.5, 0.5, 1.5]);
    const beside = nearestFloor(PLAN, 0.5, 2.5); // the missing cell
    expect(beside?.y).toBe(0.5);
    expect(Math.hypot((beside?.x ?? 0) - 0.5, (beside?.z ?? 0) - 2.5)).toBeLessThanOrEqual(1 + 1e-9);
    expect(nearestFloor(PLAN, 8, 8)).toBeNull();
  });
});

describe("the floor plan of a hall", () => {
  const GATE: Door = {
    title: text("Gate"),
    position: [-6, 0, 0],
    facing_deg: 90,
    width_m: 1,
    height_m: 2,
    hall: "tea",
  };
  const HALL = walkable(
    { jar: placed("object", [3, 0, -3]), words: placed("panel", [0, 1.5, 5]), bowl: placed("object", [-3, 0, -3]) },
    { doors: { gate: GATE } },
  );

  beforeEach(completeJsdom);
  afterEach(() => vi.unstubAllGlobals());

  it("is in proportion to the floor, turned as the map is", () => {
    for (const [start, wide] of [
      [view(0, -1), true],
      [view(1, 0), false],
    ] as const) {
      const frame = mapFrame(PLAN, start, []);
      const { width, height } = paintFloor(PLAN, frame);
      expect(width > height).toBe(wide);
      expect(Math.max(width, height) / Math.min(width, height)).toBeCloseTo(4.6 / 2.6, 1);
    }
  });

  it("marks exhibits with their numbers, panels without, and doors by whether they lead anywhere", async () => {
    const session = await openSession(HALL);
    const frame = mapFrame(PLAN, view(0, -1), []);
    const marks = marksOf(session, frame, "en");
    expect(marks.map(({ kind, id, number }) => [kind, id, number])).toEqual([
      ["exhibit", "jar", 1],
      ["panel", "words", null],
      ["exhibit", "bowl", 2],
      ["door", null, null],
    ]);
    expect(marks[0]).toMatchObject(toMap(frame, 3, -3));
    session.hallTitles = new Map();
    expect(marksOf(session, frame, "en").at(-1)?.kind).toBe("shut");
  });

  it("leads to the floor at the point that is chosen, and shows where the visitor is", async () => {
    const session = await openSession(HALL);
    const controller = new FloorMapController();
    const chosen: number[][] = [];
    controller.placeChosen.on(({ x, y, z }) => chosen.push([x, y, z]));
    await controller.draw(session, "en");
    const { canvas } = controller.map;
    const click = (x: number, y: number) => {
      const event = new MouseEvent("click", { bubbles: true });
      const [width, height] = [Number.parseFloat(canvas.style.width) - 32, Number.parseFloat(canvas.style.height) - 32];
      Object.defineProperties(event, { offsetX: { value: 16 + x * width }, offsetY: { value: 16 + y * height } });
      canvas.dispatchEvent(event);
    };
    click(0.5, 0.75); // right of the middle of the room there is nothing: it is the map's middle, near the entrance
    const [at] = chosen as [[number, number, number]];
    expect(at[1]).toBeCloseTo(0, 6);
    expect(Math.abs(at[0])).toBeLessThan(1);
    expect(at[2]).toBeGreaterThan(2);
    const you = vi.spyOn(controller.map, "you");
    controller.map.element.hidden = false;
    controller.update({ eye: { x: 0, y: 1.6, z: 4 } as never, yaw: Math.PI / 2, pitch: 0, fov_deg: 60 });
    expect(you).toHaveBeenCalledWith({ x: expect.closeTo(0.5, 1), y: expect.any(Number), heading: -Math.PI / 2 });
  });

  it("is not shown for a hall that was left during the survey", async () => {
    const [first, second] = [await openSession(HALL), await openSession(walkable({}))];
    const controller = new FloorMapController();
    const plan = vi.spyOn(controller.map, "plan");
    await Promise.all([controller.draw(first, "en"), controller.draw(second, "zh")]);
    expect(plan.mock.calls.map(([, marks, lang]) => [marks.length, lang])).toEqual([[0, "zh"]]);
    controller.forget();
    controller.update({ eye: { x: 0, y: 0, z: 0 } as never, yaw: 0, pitch: 0, fov_deg: 60 }); // no map: nothing happens
  });

  it("is loaded when it is opened, follows the visit, and closes", async () => {
    vi.stubGlobal("innerWidth", 400);
    const state = { session: await openSession(HALL), lang: "en" as const };
    const panel = new MapPanel(state);
    let toggled = 0;
    panel.toggled.on(() => toggled++);
    await panel.show();
    expect([panel.open, panel.element.childElementCount]).toEqual([false, 0]);
    panel.toggle();
    await vi.waitFor(() => expect(panel.element.querySelector<HTMLElement>(".ly-map")?.hidden).toBe(false));
    panel.update();
    panel.element.querySelector<HTMLElement>(".ly-map header button")?.click();
    expect([toggled, panel.open]).toEqual([2, false]);
    expect(panel.element.querySelector<HTMLElement>(".ly-map")?.hidden).toBe(true);
    panel.forget();
    vi.stubGlobal("innerWidth", 1200);
    expect(new MapPanel(state).open).toBe(false); // nowhere unasked
  });
});
