// @vitest-environment jsdom
import { Vector3 } from "three";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { project } from "../src/core/camera.ts";
import { BODY } from "../src/core/collide.ts";
import { lookAt } from "../src/core/view.ts";
import type { CameraController, Steering } from "../src/navigation/camera-controller.ts";
import { exhibitView } from "../src/navigation/viewpoints.ts";
import type { Held } from "../src/ui/keys.ts";
import { completeJsdom } from "./browser.ts";
import { placed } from "./halls.ts";
import { openSession, walkable } from "./sessions.ts";

const FRAME = 1 / 60;
const holding = (...keys: Held[]): Steering => {
  return { held: (...any) => any.some((key) => keys.includes(key)), joystick: { aside: 0, ahead: 0 } };
};
const STILL = holding();

beforeEach(completeJsdom);
afterEach(() => vi.unstubAllGlobals());

async function controllerIn(calm: boolean) {
  const hall = walkable({ jar: placed("object", [0, 0, -3]) });
  const session = await openSession(hall, { calm });
  const controller = session.cameraController as CameraController;
  controller.fit(800, 600, null, 0);
  const jar = session.hall.exhibits.get("jar");
  if (!jar) throw new Error("no jar");
  const inspect = () => controller.inspect(exhibitView(jar, session.hall.colliders, controller.freeArea));
  return { session, controller, inspect };
}

/** Frames until nothing moves. */
function rest(controller: CameraController): number {
  let frames = 0;
  while (controller.update(FRAME, STILL)) if (++frames > 3000) expect.fail("never at rest");
  return frames;
}

describe("the camera", () => {
  it("walks with keys and with the joystick, in the direction of the view", async () => {
    const { controller } = await controllerIn(true);
    for (let i = 0; i < 60; i++) controller.update(FRAME, holding("ahead"));
    const walked = 4 - controller.pose.eye.z;
    expect(walked).toBeGreaterThan(1.2);
    expect(controller.camera.position.distanceTo(controller.pose.eye)).toBeLessThan(1e-9);
    rest(controller);
    const from = controller.pose.eye.z;
    for (let i = 0; i < 60; i++) controller.update(FRAME, { held: () => false, joystick: { aside: 0, ahead: -1 } });
    // The joystick pushed all the way is as fast as Shift.
    expect(controller.pose.eye.z - from).toBeGreaterThan(1.7 * walked);
  });

  it("turns and tilts the view with keys", async () => {
    const { controller } = await controllerIn(true);
    for (let i = 0; i < 30; i++) controller.update(FRAME, holding("turnLeft", "up"));
    expect(controller.pose.yaw).toBeGreaterThan(0.5);
    expect(controller.pose.pitch).toBeGreaterThan(0.2);
    expect(controller.pose.eye.toArray()).toEqual([0, expect.closeTo(BODY.eye, 6), 4]);
  });

  it("turns by as much as the picture moves under a drag", async () => {
    const { controller } = await controllerIn(true);
    controller.update(FRAME, STILL);
    const point = controller.pose.eye.clone().add(new Vector3(0, 0, -3));
    controller.drag(60, 0);
    controller.update(FRAME, STILL);
    const seen = project(controller.camera, point, 800, 600);
    expect(seen?.x).toBeGreaterThan(400 + 50);
    expect(seen?.x).toBeLessThan(400 + 75);
  });

  it("is at the exhibit at once for a visitor who wants no motion, and flies there for others", async () => {
    const calm = await controllerIn(true);
    calm.inspect();
    expect(calm.controller.flying).toBe(false);
    calm.controller.update(FRAME, STILL);
    const there = calm.controller.pose.eye;
    const lively = await controllerIn(false);
    lively.inspect();
    expect(lively.controller.flying).toBe(true);
    lively.controller.drag(300, 0); // ignored during the flight
    expect(lively.controller.pick(400, 300)).toBeNull();
    expect(rest(lively.controller)).toBeGreaterThan(30);
    expect(lively.controller.pose.eye.distanceTo(there)).toBeLessThan(1e-3);
  });

  it("goes around an exhibit and never loses it", async () => {
    const { controller, inspect } = await controllerIn(true);
    inspect();
    const jar = new Vector3(0, 0.25, -3);
    controller.update(FRAME, STILL);
    const before = controller.pose.eye.distanceTo(jar);
    for (let i = 0; i < 45; i++) {
      controller.update(FRAME, holding("turnRight", "in"));
      const seen = project(controller.camera, jar, 800, 600);
      expect(Math.hypot((seen?.x ?? 0) - 400, (seen?.y ?? 0) - 330)).toBeLessThan(40);
    }
    expect(controller.pose.eye.distanceTo(jar)).toBeLessThan(before);
    expect(Math.abs(Math.atan2(controller.pose.eye.x - jar.x, controller.pose.eye.z - jar.z))).toBeGreaterThan(0.5);
    controller.stand();
    controller.update(FRAME, STILL);
    expect(controller.pose.eye.toArray()).toEqual([0, expect.closeTo(BODY.eye, 6), 4]);
  });

  it("zooms and shifts only at an exhibit", async () => {
    const { controller, inspect } = await controllerIn(true);
    const { pose } = controller;
    controller.zoom(2, 10, 10);
    controller.update(FRAME, STILL);
    expect(controller.pose.eye.distanceTo(pose.eye)).toBe(0);
    inspect();
    rest(controller);
    const before = controller.pose.eye.clone();
    controller.zoom(1.5, 0, 0);
    rest(controller);
    expect(controller.pose.eye.distanceTo(new Vector3(0, 0.25, -3))).toBeLessThan(
      before.distanceTo(new Vector3(0, 0.25, -3)),
    );
  });

  it("keeps an exhibit in the middle of what the panel leaves free", async () => {
    const { controller, inspect } = await controllerIn(true);
    const middle = () => {
      inspect();
      rest(controller);
      return project(controller.camera, new Vector3(0, 0.25, -3), 800, 600);
    };
    controller.fit(800, 600, new DOMRect(500, 0, 300, 600), 0); // a panel at the right
    expect(middle()?.x).toBeCloseTo(250, 0);
    controller.fit(800, 600, new DOMRect(0, 350, 800, 250), 0); // a sheet at the foot, with the buttons above it and the tools below the bar
    expect(middle()?.x).toBeCloseTo(400, 0);
    expect(middle()?.y).toBeCloseTo((96 + 350 - 60) / 2, 0);
    controller.fit(800, 600, null, 100); // a tour's bar at the foot
    expect(middle()?.y).toBeCloseTo((64 + 500) / 2, 0);
    controller.fit(400, 800, null, 100); // on a phone, with the buttons above the bar
    inspect();
    rest(controller);
    expect(project(controller.camera, new Vector3(0, 0.25, -3), 400, 800)?.y).toBeCloseTo((64 + 640) / 2, 0);
  });

  it("sees more of a hall's height on a tall screen, up to 80°", async () => {
    const { controller } = await controllerIn(true);
    const fov = (width: number, height: number) => {
      controller.fit(width, height, null, 0);
      controller.update(FRAME, STILL);
      return controller.camera.fov;
    };
    expect(fov(1600, 900)).toBeCloseTo(60, 6);
    expect(fov(390, 844)).toBe(80);
    expect(fov(800, 1000)).toBeCloseTo(60 / 0.8 ** 0.4, 6);
  });

  it("walks to a near point of the map, and is at a far one at once", async () => {
    const { controller } = await controllerIn(false);
    controller.goOrLeap(new Vector3(2, 0, 2));
    expect(controller.walk.destination?.distanceTo(new Vector3(2, 0, 2))).toBeLessThan(0.5);
    rest(controller);
    expect(controller.pose.eye.distanceTo(new Vector3(2, BODY.eye, 2))).toBeLessThan(0.5);
    controller.walk.place(lookAt(new Vector3(-5, 1.6, -5), new Vector3()));
    controller.goOrLeap(new Vector3(5.2, 0, 5.2)); // 14.4 m away
    expect(controller.walk.destination).toBeNull();
    expect(controller.walk.body.foot.distanceTo(new Vector3(5.2, 0, 5.2))).toBeLessThan(0.2);
  });

  it("picks the exhibit, the floor or nothing under a point of the screen", async () => {
    const { controller } = await controllerIn(true);
    controller.update(FRAME, STILL);
    const at = project(controller.camera, new Vector3(0, 0.25, -3), 800, 600);
    expect(controller.pick(at?.x ?? 0, at?.y ?? 0)).toMatchObject({ kind: "exhibit", id: "jar" });
    const floor = controller.pick(400, 560);
    expect(floor?.kind).toBe("floor");
    expect(controller.pick(400, 10)).toBeNull(); // the wall
  });
});
