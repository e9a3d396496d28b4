import { Group, Object3D, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { rigUnder, SnapTurn } from "../src/modes/xr.ts";

describe("a rig", () => {
  it("stands so that the head in it is above the foot, however it is turned", () => {
    for (let i = 0; i < 12; i++) {
      const yaw = (i * Math.PI) / 6;
      const foot = new Vector3(2, 0.4, -7);
      const head = new Vector3(0.35, 1.62, -0.8);
      const rig = new Group();
      rig.position.copy(rigUnder(foot, head, yaw));
      rig.rotation.y = yaw;
      const eye = new Object3D();
      eye.position.copy(head);
      rig.add(eye);
      const seen = eye.getWorldPosition(new Vector3());
      expect(seen.x).toBeCloseTo(foot.x, 9);
      expect(seen.z).toBeCloseTo(foot.z, 9);
      expect(seen.y).toBeCloseTo(foot.y + 1.62, 9);
    }
  });
});

describe("a thumbstick", () => {
  it("turns once each time it is pushed all the way and let go again", () => {
    const snapTurn = new SnapTurn();
    const pushed = [0, 0.5, 0.8, 1, 0.9, 0.5, 0.8, 0.1, -0.9, -1, 0, 0.71].map((aside) => snapTurn.push(aside));
    expect(pushed).toEqual([0, 0, 1, 0, 0, 0, 0, 0, -1, 0, 0, 1]);
  });
});
