import { Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { Body } from "../src/core/collide.ts";
import type { Colliders } from "../src/core/colliders.ts";
import { findPath } from "../src/core/path.ts";
import { block, collidersOf, room } from "./rooms.ts";

/** Walks a path as it says, straight from point to point; where it ends. */
function follow(colliders: Colliders, from: Vector3, path: readonly Vector3[]): Vector3 {
  const body = new Body(colliders);
  body.place(from);
  for (const point of path) {
    for (let i = 0; i < 2000; i++) {
      const left = point.clone().sub(body.foot).setY(0);
      if (left.length() < 0.02) break;
      left.clampLength(0, 0.03);
      body.move(left.x, left.z, 1 / 60);
    }
  }
  return body.foot.clone();
}

const at = (x: number, z: number) => new Vector3(x, 0, z);

describe("the way to a place", () => {
  it("is one straight line where nothing is in between", () => {
    const path = findPath(collidersOf(room(6)), at(0, 4), at(1, -4));
    expect(path).toHaveLength(1);
    expect(path[0]?.distanceTo(at(1, -4))).toBeLessThan(0.05);
  });

  it("goes around a wall", () => {
    const colliders = collidersOf(room(6), block(-4, 0, -0.1, 4, 3, 0.1));
    const path = findPath(colliders, at(0, 3), at(0, -3));
    expect(path.length).toBeGreaterThan(1);
    expect(follow(colliders, at(0, 3), path).distanceTo(at(0, -3))).toBeLessThan(0.1);
  });

  it("leads out of a U-shaped trap", () => {
    const colliders = collidersOf(
      room(6),
      block(-2, 0, -2, 2, 3, -1.8),
      block(-2, 0, -2, -1.8, 3, 2),
      block(1.8, 0, -2, 2, 3, 2),
    );
    const path = findPath(colliders, at(0, 0), at(0, -4));
    expect(follow(colliders, at(0, 0), path).distanceTo(at(0, -4))).toBeLessThan(0.1);
  });

  it("ends before what cannot be entered, as near as one gets", () => {
    const cell = [
      block(-1, 0, -4, 1, 3, -3.9),
      block(-1, 0, -2.1, 1, 3, -2),
      block(-1, 0, -4, -0.9, 3, -2),
      block(0.9, 0, -4, 1, 3, -2),
    ];
    const colliders = collidersOf(room(6), ...cell);
    const end = follow(colliders, at(0, 3), findPath(colliders, at(0, 3), at(0, -3)));
    expect(end.distanceTo(at(0, -3))).toBeLessThan(1.8);
    expect(end.z > -1.75 || Math.abs(end.x) > 1.2 || end.z < -4.2).toBe(true);
  });

  it("takes the stairs", () => {
    const stairs = Array.from({ length: 6 }, (_, i) => block(-1, 0, -4, 1, 0.17 * (i + 1), -0.28 * i));
    const rails = [block(-1.1, 0, -4, -1, 2.5, 0.2), block(1, 0, -4, 1.1, 2.5, 0.2)];
    const colliders = collidersOf(room(6), ...stairs, ...rails);
    const top = new Vector3(0, 6 * 0.17, -3);
    expect(follow(colliders, at(3, 3), findPath(colliders, at(3, 3), top)).distanceTo(top)).toBeLessThan(0.1);
  });
});
