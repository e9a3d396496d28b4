import { describe, expect, it } from "vitest";
import { FINEST_PX, nextDeparture, type TileLoad, tileBudget } from "../src/core/tile-detail.ts";

const BUDGET = tileBudget(900e6);

/** A cloud on surfaces: four times as many points come into view where they may lie half as far apart, up to all there are. */
function shown(departure: number, all: number): TileLoad {
  const points = Math.min(all, all * (FINEST_PX / departure) ** 2);
  return { points, bytes: 12 * points, refused: 0, loading: 0, moved: true };
}

/** The departures of frames of a view that stands still, until it comes to rest. */
function frames(all: number, from = FINEST_PX): number[] {
  const found = [from];
  for (let moved = true; found.length < 100; ) {
    const last = found.at(-1) as number;
    const next = nextDeparture(last, { ...shown(last, all), moved }, BUDGET);
    if (next === last) return found;
    if (next > last) moved = false;
    found.push(next);
  }
  throw new Error("it never comes to rest");
}

describe("the detail of tiles", () => {
  it("is the finest where all fits", () => {
    expect(frames(BUDGET.points)).toEqual([FINEST_PX]);
  });

  it.each([2, 10, 1000])("comes to rest within the budget with %i times as many points as fit", (times) => {
    const all = times * BUDGET.points;
    const last = frames(all).at(-1) as number;
    expect(shown(last, all).points).toBeLessThanOrEqual(BUDGET.points);
    expect(shown(last, all).points).toBeGreaterThan(0.5 * BUDGET.points);
  });

  it("returns when the eye has moved to where less is seen, and comes to rest there too", () => {
    expect(frames(0.1 * BUDGET.points, 20).at(-1)).toBe(FINEST_PX);
    const still = { ...shown(20, 0.1 * BUDGET.points), moved: false };
    expect(nextDeparture(20, still, BUDGET)).toBe(20);
    expect(nextDeparture(20, { ...still, moved: true, loading: 1 }, BUDGET)).toBe(20);
  });

  it("is lowered where tiles in view leave no room for others, not where those out of view only wait to be freed", () => {
    const load = { points: 1, bytes: 0.9 * BUDGET.bytes, refused: 3, loading: 0, moved: true };
    expect(nextDeparture(2, load, BUDGET)).toBeGreaterThan(2);
    expect(nextDeparture(2, { ...load, bytes: 0.1 * BUDGET.bytes }, BUDGET)).toBe(2);
  });
});
