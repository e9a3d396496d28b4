import { Vector3 } from "three";
import { mergeGeometries } from "three/addons/utils/BufferGeometryUtils.js";
import { describe, expect, it } from "vitest";
import { BODY } from "../src/core/collide.ts";
import { lookAt } from "../src/core/view.ts";
import { STILL, Walk } from "../src/modes/walk.ts";
import { block, collidersOf, room } from "./rooms.ts";

const START = lookAt(new Vector3(0, 1.6, 4), new Vector3(0, 1.6, 0));
const FRAME = 1 / 60;

function rest(walk: Walk, calm = false): number {
  let frames = 0;
  while (walk.update(FRAME, STILL, calm)) if (++frames > 3000) expect.fail("never at rest");
  return frames;
}

describe("on foot", () => {
  it("begins at the entrance at eye height, and rests there", () => {
    const walk = new Walk(collidersOf(room(6)), START);
    expect(rest(walk)).toBe(0);
    expect(walk.pose.eye.toArray()).toEqual([0, expect.closeTo(BODY.eye, 6), 4]);
  });

  it("walks where it looks, and comes to rest", () => {
    const walk = new Walk(collidersOf(room(6)), START);
    walk.look(Math.PI / 2, 0); // to the left: -X
    for (let i = 0; i < 60; i++) walk.update(FRAME, { ...STILL, ahead: 1 }, false);
    rest(walk);
    expect(walk.pose.eye.x).toBeLessThan(-1.3);
    expect(walk.pose.eye.z).toBeCloseTo(4, 6);
  });

  it("is no faster on a diagonal, and faster in a hurry", () => {
    const gone = (intent: object) => {
      const walk = new Walk(collidersOf(room(20)), START);
      for (let i = 0; i < 120; i++) walk.update(FRAME, { ...STILL, ...intent }, false);
      return Math.hypot(walk.pose.eye.x, walk.pose.eye.z - 4);
    };
    expect(gone({ ahead: 1, aside: 1 })).toBeCloseTo(gone({ ahead: 1 }), 3);
    expect(gone({ ahead: 1, fast: true })).toBeCloseTo(2 * gone({ ahead: 1 }), 3);
  });

  it("goes to a place behind a wall and stops there", () => {
    const walk = new Walk(collidersOf(room(6), block(-4, 0, -0.1, 4, 3, 0.1)), START);
    expect(walk.goTo(new Vector3(1, 0, -3), false)).toBe(true);
    rest(walk);
    expect(walk.destination).toBeNull();
    expect(walk.body.foot.distanceTo(new Vector3(1, 0, -3))).toBeLessThan(0.15);
  });

  it("is there at once for who asked for calm", () => {
    const walk = new Walk(collidersOf(room(6)), START);
    walk.goTo(new Vector3(1, 0, -3), true);
    expect(walk.pose.eye.distanceTo(new Vector3(1, BODY.eye, -3))).toBeLessThan(0.05);
    expect(rest(walk, true)).toBe(0);
  });

  it("turns its head on after a drag, unless asked for calm", () => {
    const turned = (calm: boolean) => {
      const walk = new Walk(collidersOf(room(6)), START);
      walk.fling(1, 0);
      rest(walk, calm);
      return walk.yaw;
    };
    expect(turned(false)).toBeGreaterThan(0.1);
    expect(turned(true)).toBeCloseTo(0, 12);
  });

  it("can always go back to the entrance", () => {
    const walk = new Walk(collidersOf(room(6)), START);
    walk.goTo(new Vector3(5, 0, -5), true);
    walk.look(2, 0.5);
    walk.enter();
    expect(walk.pose).toMatchObject({ yaw: START.yaw, pitch: START.pitch });
    expect(walk.pose.eye.distanceTo(START.eye)).toBeLessThan(1e-6);
  });
});

describe("who is stuck", () => {
  const ahead = { ...STILL, ahead: 1 };
  const hold = (walk: Walk, seconds: number) => {
    for (let i = 0; i < seconds / FRAME; i++) walk.update(FRAME, ahead, false);
  };

  it("is put back to where one could walk", () => {
    const colliders = collidersOf(room(6));
    const walk = new Walk(colliders, START);
    let freed = 0;
    walk.freed.on(() => freed++);
    hold(walk, 1.5);
    const good = walk.body.foot.clone();
    // Something closes in on the body from all sides.
    const { x, z } = good;
    colliders.set(
      "cage",
      mergeGeometries([
        block(x - 0.4, 0, z - 0.4, x - 0.31, 2, z + 0.4),
        block(x + 0.31, 0, z - 0.4, x + 0.4, 2, z + 0.4),
        block(x - 0.4, 0, z - 0.4, x + 0.4, 2, z - 0.31),
        block(x - 0.4, 0, z + 0.31, x + 0.4, 2, z + 0.4),
      ]),
    );
    hold(walk, 3);
    expect(freed).toBe(1);
    expect(walk.body.foot.distanceTo(good)).toBeGreaterThan(0.5);
    expect(walk.body.foot.z).toBeLessThan(4.01); // on the way that it had come
  });

  it("is not who merely walks against a wall", () => {
    const walk = new Walk(collidersOf(room(6)), START);
    let freed = 0;
    walk.freed.on(() => freed++);
    hold(walk, 12);
    expect(freed).toBe(0);
    expect(walk.body.foot.z).toBeCloseTo(-6 + BODY.radius, 1);
  });
});

describe("who is led", () => {
  it("comes to stand under the eye, inside the walls", () => {
    const walk = new Walk(collidersOf(room(6)), START);
    walk.accompany(lookAt(new Vector3(2, 1.2, -3), new Vector3(2, 1, -5)));
    expect(walk.body.foot.distanceTo(new Vector3(2, 0, -3))).toBeLessThan(1e-6);
    walk.accompany(lookAt(new Vector3(5.9, 1.2, 0), new Vector3(0, 1, 0)));
    expect(walk.body.foot.x).toBeLessThan(6 - BODY.radius + 0.02);
    expect(walk.body.foot.x).toBeGreaterThan(5);
  });

  it("stays where nothing is to stand on near the eye", () => {
    const walk = new Walk(collidersOf(room(6)), START);
    walk.accompany(lookAt(new Vector3(30, 1.6, 0), new Vector3(0, 1, 0)));
    expect(walk.body.foot.distanceTo(new Vector3(0, 0, 4))).toBeLessThan(1e-6);
  });
});
