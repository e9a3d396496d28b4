import { Vector3 } from "three";
import { describe, expect, it } from "vitest";
import type { Colliders } from "../src/core/colliders.ts";
import { type FloorPlan, heightAt, survey } from "../src/core/floorplan.ts";
import { block, collidersOf, ramp, room } from "./rooms.ts";

function plan(colliders: Colliders, from = new Vector3(0, 0, 3)): FloorPlan {
  const steps = survey(colliders, from);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const area = ({ heights, cell }: FloorPlan) => heights.filter((height) => !Number.isNaN(height)).length * cell * cell;

describe("the floor plan", () => {
  it("is the floor between the walls", () => {
    const surveyed = plan(collidersOf(room(4)));
    expect(area(surveyed)).toBeGreaterThan(7.6 ** 2);
    expect(area(surveyed)).toBeLessThan(8.2 ** 2);
    expect(heightAt(surveyed, 3.5, -3.5)).toBeCloseTo(0, 6);
    expect(heightAt(surveyed, 4.5, 0)).toBeNull();
  });

  it("ends where a wall shuts a part off, and goes on through a door", () => {
    const shut = plan(collidersOf(room(4), block(-4, 0, -0.1, 4, 3, 0.1)));
    expect(heightAt(shut, 0, -2)).toBeNull();
    const open = plan(collidersOf(room(4), block(-4, 0, -0.1, 1, 3, 0.1), block(2, 0, -0.1, 4, 3, 0.1)));
    expect(heightAt(open, 0, -2)).toBeCloseTo(0, 6);
  });

  it("climbs steps and ramps, but not onto what is too high", () => {
    const steps = plan(collidersOf(room(4), block(-4, 0, -4, 4, 0.25, 0), block(-4, 0, -4, 4, 0.5, -2)));
    expect(heightAt(steps, 0, -1)).toBeCloseTo(0.25, 6);
    expect(heightAt(steps, 0, -3)).toBeCloseTo(0.5, 6);
    const hill = plan(collidersOf(room(4), ramp(30, 3)));
    const slope = Math.tan(Math.PI / 6);
    const off = Math.abs((heightAt(hill, 0, -1.5) as number) - 1.5 * slope);
    expect(off).toBeLessThan(hill.cell * slope); // a cell is as high as its middle
    const table = plan(collidersOf(room(4), block(-1, 0, -1, 1, 0.9, 1)));
    expect(heightAt(table, 0, 0)).toBeNull();
  });

  it("does not count what stands in the room", () => {
    const colliders = collidersOf(room(4));
    colliders.set("statue", block(-1, 0, -1, 1, 2, 1));
    expect(heightAt(plan(colliders), 0, 0)).toBeCloseTo(0, 6);
  });

  it("is empty where one does not stand on anything", () => {
    expect(area(plan(collidersOf(room(4)), new Vector3(0, 20, 0)))).toBe(0);
  });
});
