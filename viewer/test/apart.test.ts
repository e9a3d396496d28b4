import { describe, expect, it } from "vitest";
import { apart, type Point } from "../src/ui/apart.ts";

const BOX = { width: 140, height: 256 };
const FAR = 24;

const nearest = (points: readonly Point[]) =>
  Math.min(...points.flatMap((a, i) => points.slice(i + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y))));
const moved = (from: readonly Point[], to: readonly Point[]) =>
  from.map((a, i) => Math.hypot(a.x - (to[i] as Point).x, a.y - (to[i] as Point).y));

/** Four vases on one table, a wall of pictures beside it. */
const SHELF = [16, 34, 62, 67, 72, 77, 112].map((x) => ({ x, y: 44 }));

describe("numbers on the floor plan", () => {
  it.each([
    ["on a shelf", SHELF],
    ["at one place", Array.from({ length: 9 }, () => ({ x: 70, y: 100 }))],
    ["in a corner", Array.from({ length: 5 }, (_, i) => ({ x: 0, y: i }))],
  ])("%s do not overlap and stay on the plan", (_, places) => {
    const found = apart(places, FAR, BOX);
    expect(nearest(found)).toBeGreaterThan(FAR - 0.5);
    for (const { x, y } of found) {
      expect(Math.min(x, BOX.width - x, y, BOX.height - y)).toBeGreaterThanOrEqual(FAR / 2);
    }
  });

  it("stay where they are if there is room, and near by if not", () => {
    const loose = [
      { x: 30, y: 30 },
      { x: 100, y: 60 },
      { x: 60, y: 200 },
    ];
    expect(Math.max(...moved(loose, apart(loose, FAR, BOX)))).toBeLessThan(0.1);
    expect(Math.max(...moved(SHELF, apart(SHELF, FAR, BOX)))).toBeLessThan(2 * FAR);
  });

  it("keep off the doors, and the same plan looks the same again", () => {
    const door = { x: 70, y: 100, radius: 20 };
    const places = [
      { x: 70, y: 104 },
      { x: 60, y: 100 },
    ];
    const found = apart(places, FAR, BOX, [door]);
    for (const { x, y } of found) expect(Math.hypot(x - door.x, y - door.y)).toBeGreaterThan(door.radius - 0.5);
    expect(apart(places, FAR, BOX, [door])).toEqual(found);
  });

  it("share what room there is", () => {
    const found = apart(Array(8).fill({ x: 15, y: 15 }), FAR, { width: 30, height: 30 });
    expect(found.every(({ x, y }) => x >= 12 && x <= 18 && y >= 12 && y <= 18)).toBe(true);
  });
});
