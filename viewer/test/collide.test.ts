import { SphereGeometry, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { BODY, Body } from "../src/core/collide.ts";
import type { Colliders } from "../src/core/colliders.ts";
import { block, collidersOf, ramp, random, room } from "./rooms.ts";

const FRAME = 1 / 60;

function standing(colliders: Colliders, x = 0, z = 0, y = 0): Body {
  const body = new Body(colliders);
  expect(body.place(new Vector3(x, y, z))).toBe(true);
  return body;
}

/** Walks towards -Z for so many metres, at walking speed. */
function ahead(body: Body, metres: number, frame = FRAME): void {
  for (let gone = 0; gone < metres; gone += 1.7 * frame) body.move(0, -1.7 * frame, frame);
}

describe("a random walker", () => {
  const obstacles = [
    block(2, 0, 2, 3, 2, 3), // a case
    block(-3, 0, -3, -1, 0.25, -1), // a low platform
    block(-4, 0, 1, -3.9, 3, 4), // a thin screen
    block(0, 1.2, -4, 1, 1.3, -2), // a shelf at chest height
  ];
  const colliders = collidersOf(room(6), ...obstacles);
  colliders.set("ball", new SphereGeometry(0.8, 24, 16).translate(3, 0.8, -3));

  it("never leaves the room, falls, or enters anything in 20,000 steps at any frame rate", () => {
    const next = random(7);
    const body = standing(colliders);
    let heading = 0;
    let travelled = 0;
    for (let i = 0; i < 20_000; i++) {
      if (next() < 0.05) heading = next() * 2 * Math.PI;
      const seconds = next() < 0.05 ? 0.25 : FRAME;
      const speed = 3.4 * seconds;
      travelled += body.move(Math.sin(heading) * speed, Math.cos(heading) * speed, seconds);
      const { x, y, z } = body.foot;
      const reach = 6 - BODY.radius + 0.011;
      if (Math.abs(x) > reach || Math.abs(z) > reach || y < -1e-6 || y > 0.26) expect.fail(`step ${i}: ${x} ${y} ${z}`);
      const ball = Math.hypot(x - 3, z + 3);
      if (ball < 0.8 + BODY.radius - 0.08 && y < 0.1) expect.fail(`step ${i}: ${ball} from the ball's middle`);
    }
    expect(travelled).toBeGreaterThan(300); // it walked, it was not just held
  });

  it("is not held by corners: from anywhere it can get back to the middle", () => {
    const next = random(11);
    const body = standing(colliders);
    for (let k = 0; k < 8; k++) {
      const heading = next() * 2 * Math.PI;
      for (let i = 0; i < 400; i++) body.move(Math.sin(heading) * 0.06, Math.cos(heading) * 0.06, FRAME);
      const edge = body.foot.clone();
      for (let i = 0; i < 60; i++) body.move(-edge.x / 100, -edge.z / 100, FRAME);
      expect(body.foot.distanceTo(edge)).toBeGreaterThan(0.1);
    }
  });
});

describe("a frame that takes long", () => {
  it.each([1 / 120, 1 / 10, 1, 5])("of %f s does not carry anyone through a wall", (frame) => {
    const body = standing(collidersOf(room(6), block(-6, 0, -2.02, 6, 3, -2)));
    for (let gone = 0; gone < 5; gone += 3.4 * frame) body.move(0, -3.4 * frame, frame);
    expect(body.foot.z).toBeGreaterThanOrEqual(-2 + BODY.radius - 0.011);
    expect(body.foot.z).toBeLessThan(-2 + BODY.radius + 0.05);
  });

  it("slides along a wall that it meets at an angle", () => {
    const body = standing(collidersOf(room(6)), 0, -5);
    for (let i = 0; i < 60; i++) body.move(0.03, -0.03, FRAME);
    expect(body.foot.z).toBeCloseTo(-6 + BODY.radius, 1);
    expect(body.foot.x).toBeGreaterThan(1.5);
  });
});

describe("steps", () => {
  it.each([0.05, 0.17, 0.29, 0.3])("of %f m are climbed", (height) => {
    const body = standing(collidersOf(room(6), block(-3, 0, -5, 3, height, -1)));
    ahead(body, 3);
    expect(body.foot.y).toBeCloseTo(height, 5);
    expect(body.foot.z).toBeLessThan(-2.5);
  });

  it.each([0.33, 0.5, 1])("of %f m are walls", (height) => {
    const body = standing(collidersOf(room(6), block(-3, 0, -5, 3, height, -1)));
    ahead(body, 3);
    expect(body.foot.y).toBeCloseTo(0, 6);
    expect(body.foot.z).toBeCloseTo(-1 + BODY.radius, 1);
  });

  it("make a staircase, up and down", () => {
    const stairs = Array.from({ length: 8 }, (_, i) => block(-2, 0, -9, 2, 0.17 * (i + 1), -1 - 0.28 * i));
    const body = standing(collidersOf(room(10), ...stairs));
    ahead(body, 5);
    expect(body.foot.y).toBeCloseTo(8 * 0.17, 5);
    for (let i = 0; i < 240; i++) body.move(0, 0.03, FRAME);
    expect(body.foot.y).toBeCloseTo(0, 6);
  });

  it("down from a platform end on the floor, not below it", () => {
    const body = standing(collidersOf(room(6), block(-1, 0, -1, 1, 1.2, 1)), 0, 0, 1.3);
    expect(body.foot.y).toBeCloseTo(1.2, 5);
    ahead(body, 3);
    for (let i = 0; i < 60; i++) body.move(0, 0, FRAME);
    expect(body.foot.y).toBeCloseTo(0, 5);
    expect(body.grounded).toBe(true);
  });
});

describe("slopes", () => {
  it.each([10, 25, 39, 40])("of %f° are walked up and down", (slope) => {
    const body = standing(collidersOf(room(8), ramp(slope, 3)), 0, 1);
    ahead(body, 3.2);
    const up = body.foot.y;
    const truth = Math.tan((slope * Math.PI) / 180) * -body.foot.z;
    expect(body.foot.z).toBeLessThan(-1.5);
    expect(up).toBeGreaterThanOrEqual(truth - 0.001);
    expect(up).toBeLessThan(truth + 0.2 * Math.tan((slope * Math.PI) / 180) + 0.001);
    for (let i = 0; i < 200; i++) body.move(0, 0.03, FRAME);
    expect(body.foot.y).toBeCloseTo(0, 5);
  });

  it.each([45, 60, 75])("of %f° are walls", (slope) => {
    const body = standing(collidersOf(room(8), ramp(slope, 3)), 0, 1);
    ahead(body, 4);
    expect(body.foot.y).toBeLessThan(0.31);
  });
});

describe("the edge of the world", () => {
  it("is not stepped over", () => {
    const body = standing(collidersOf(block(-2, -0.1, -2, 2, 0, 2)));
    const next = random(3);
    for (let i = 0; i < 2000; i++) {
      const heading = next() * 2 * Math.PI;
      for (let k = 0; k < 5; k++) body.move(Math.sin(heading) * 0.2, Math.cos(heading) * 0.2, 0.06);
      if (Math.abs(body.foot.y) > 1e-6 || Math.abs(body.foot.x) > 2.21 || Math.abs(body.foot.z) > 2.21)
        expect.fail(`${body.foot.toArray()}`);
    }
  });

  it("brings back to the last safe place who falls all the same", () => {
    const body = standing(collidersOf(block(-2, -0.1, -2, 2, 0, 2)), 1, 1);
    body.foot.set(50, -40, 0);
    for (let i = 0; i < 120; i++) body.move(0, 0, FRAME);
    expect(body.foot.distanceTo(new Vector3(1, 0, 1))).toBeLessThan(1e-6);
  });
});

describe("a way out", () => {
  it("is found when something comes to stand where the visitor is", () => {
    const colliders = collidersOf(room(6));
    const body = standing(colliders, 1, 1);
    expect(body.release()).toBe(false);
    colliders.set("jar", block(0.7, 0, 0.7, 1.5, 1.5, 1.5));
    expect(body.release()).toBe(true);
    const { x, z } = body.foot;
    const gap = Math.max(0.7 - x, x - 1.5, 0.7 - z, z - 1.5);
    expect(gap).toBeGreaterThan(BODY.radius - 0.05);
    expect(body.foot.distanceTo(new Vector3(1, 0, 1))).toBeLessThan(1.5);
  });
});
