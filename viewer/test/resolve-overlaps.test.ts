import { describe, expect, it } from "vitest";
import { type Point, resolveOverlaps } from "../src/ui/resolve-overlaps.ts";

const SCREEN = { width: 390, height: 700 };
const APART = 36;
const PLAN = { width: 140, height: 256 };
const FAR = 24;

function nearest(spots: readonly Point[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const [i, a] of spots.entries())
    for (const b of spots.slice(i + 1)) least = Math.min(least, Math.hypot(a.x - b.x, a.y - b.y));
  return least;
}

/** The same numbers every time. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

describe("markers that would cover one another", () => {
  it("stay where they are when they do not", () => {
    const spots = [
      { x: 100, y: 100 },
      { x: 100 + APART, y: 100 },
      { x: 2, y: 3 }, // at the screen's edge
    ];
    expect(resolveOverlaps(spots, APART, SCREEN)).toEqual(spots);
  });

  it("go apart evenly, and no further than it takes", () => {
    const [a, b] = resolveOverlaps([{ x: 200, y: 100 }, { x: 200, y: 110 }], APART, SCREEN) as [Point, Point]; // biome-ignore format: one line
    expect([a.x, b.x]).toEqual([200, 200]);
    expect(a.y + b.y).toBeCloseTo(210, 9);
    expect(b.y - a.y).toBeGreaterThanOrEqual(APART);
    expect(b.y - a.y).toBeLessThan(APART + 2);
  });

  it("go apart from one spot too, in the order in which they come", () => {
    const [a, b] = resolveOverlaps([{ x: 200, y: 100 }, { x: 200, y: 100 }], APART, SCREEN) as [Point, Point]; // biome-ignore format: one line
    expect(b.x - a.x).toBeGreaterThanOrEqual(APART);
    expect([a.y, b.y]).toEqual([100, 100]);
  });

  it.each(Array.from({ length: 40 }, (_, seed) => seed + 1))("can all be hit, seed %i", (seed) => {
    const next = chance(seed);
    const [x, y] = [next() * SCREEN.width, next() * SCREEN.height];
    const spots = Array.from({ length: 2 + Math.floor(next() * 6) }, () => ({
      x: Math.max(0, Math.min(SCREEN.width, x + (next() - 0.5) * 80)),
      y: Math.max(0, Math.min(SCREEN.height, y + (next() - 0.5) * 80)),
    }));
    const apart = resolveOverlaps(spots, APART, SCREEN);
    expect(nearest(apart)).toBeGreaterThanOrEqual(APART);
    for (const [i, spot] of apart.entries()) {
      const from = spots[i] as Point;
      expect(Math.hypot(spot.x - from.x, spot.y - from.y)).toBeLessThan(3 * APART);
    }
    expect(resolveOverlaps(spots, APART, SCREEN)).toEqual(apart);
  });
});

const shifts = (from: readonly Point[], to: readonly Point[]) =>
  from.map((a, i) => Math.hypot(a.x - (to[i] as Point).x, a.y - (to[i] as Point).y));

/** Four vases on one table, a wall of pictures beside it. */
const SHELF = [16, 34, 62, 67, 72, 77, 112].map((x) => ({ x, y: 44 }));

describe("numbers on the floor plan", () => {
  it.each([
    ["on a shelf", SHELF],
    ["at one place", Array.from({ length: 9 }, () => ({ x: 70, y: 100 }))],
    ["in a corner", Array.from({ length: 5 }, (_, i) => ({ x: 0, y: i }))],
  ])("%s do not overlap and stay on the plan", (_, places) => {
    const found = resolveOverlaps(places, FAR, PLAN);
    expect(nearest(found)).toBeGreaterThan(FAR - 0.5);
    for (const { x, y } of found) {
      expect(Math.min(x, PLAN.width - x, y, PLAN.height - y)).toBeGreaterThanOrEqual(FAR / 2);
    }
  });

  it("stay where they are if there is room, and near by if not", () => {
    const loose = [
      { x: 30, y: 30 },
      { x: 100, y: 60 },
      { x: 60, y: 200 },
    ];
    expect(Math.max(...shifts(loose, resolveOverlaps(loose, FAR, PLAN)))).toBeLessThan(0.1);
    expect(Math.max(...shifts(SHELF, resolveOverlaps(SHELF, FAR, PLAN)))).toBeLessThan(2 * FAR);
  });

  it("keep off the doors, and the same plan looks the same again", () => {
    const door = { x: 70, y: 100, radius: 20 };
    const places = [
      { x: 70, y: 104 },
      { x: 60, y: 100 },
    ];
    const found = resolveOverlaps(places, FAR, PLAN, [door]);
    for (const { x, y } of found) expect(Math.hypot(x - door.x, y - door.y)).toBeGreaterThan(door.radius - 0.5);
    expect(resolveOverlaps(places, FAR, PLAN, [door])).toEqual(found);
  });

  it("share what room there is", () => {
    const found = resolveOverlaps(Array(8).fill({ x: 15, y: 15 }), FAR, { width: 30, height: 30 });
    expect(found.every(({ x, y }) => x >= 12 && x <= 18 && y >= 12 && y <= 18)).toBe(true);
  });
});
