import { Box3, PerspectiveCamera, Ray, Sphere, SphereGeometry, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { lookAt, type Pose } from "../src/core/view.ts";
import { approach, fittingDistance, Orbit, type Subject } from "../src/modes/orbit.ts";
import { block, collidersOf, random, room } from "./rooms.ts";

const CENTRE = new Vector3(0, 1.5, 0);
const WHOLE = { aspect: 16 / 9, share: 1 };

function hall() {
  const colliders = collidersOf(room(5));
  colliders.set("jar", new SphereGeometry(0.4, 32, 24).translate(0, 1.5, 0));
  return colliders;
}

function subject(flat = false): Subject {
  const half = new Vector3(0.4, 0.4, flat ? 0.02 : 0.4);
  return {
    owner: "jar",
    box: new Box3(CENTRE.clone().sub(half), CENTRE.clone().add(half)),
    sphere: new Sphere(CENTRE.clone(), 0.4),
    corners: [-1, 1].flatMap((x) =>
      [-1, 1].flatMap((y) => [-1, 1].map((z) => CENTRE.clone().add(half.clone().multiply(new Vector3(x, y, z))))),
    ),
    front: new Vector3(0, 0, 1),
    flat,
    staged: false,
  };
}

function settle(orbit: Orbit): Pose {
  for (let i = 0; i < 400 && orbit.update(1 / 60, false); i++);
  expect(orbit.update(1 / 60, false)).toBe(false); // it comes to rest: nothing is drawn any more
  return orbit.pose;
}

describe("an orbit", () => {
  it("never loses its subject, whatever the hands do", () => {
    const colliders = hall();
    const next = random(5);
    const orbit = new Orbit(subject(), colliders, lookAt(new Vector3(0, 1.6, 2.4), CENTRE), CENTRE);
    for (let i = 0; i < 3000; i++) {
      const kind = next();
      if (kind < 0.4) orbit.rotate((next() - 0.5) * 3, (next() - 0.5) * 3);
      else if (kind < 0.7) orbit.zoom(Math.exp((next() - 0.5) * 6));
      else orbit.pan((next() - 0.5) * 4, (next() - 0.5) * 4);
      orbit.update(next() < 0.1 ? 0.25 : 1 / 60, false);
      const { eye, yaw, pitch } = orbit.pose;
      const looks = new Vector3(-Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch), -Math.cos(yaw) * Math.cos(pitch));
      const box = subject().box.expandByScalar(1e-6);
      expect(new Ray(eye, looks).intersectsBox(box)).toBe(true); // the middle of the picture is on it
      expect(eye.distanceTo(CENTRE)).toBeGreaterThan(0.4); // outside of it
      expect(Math.max(Math.abs(eye.x), Math.abs(eye.z))).toBeLessThan(5); // inside the room
    }
  });

  it("comes to rest and stays there", () => {
    const orbit = new Orbit(subject(), hall(), lookAt(new Vector3(0, 1.6, 2.4), CENTRE), CENTRE);
    orbit.rotate(1, 0.2);
    orbit.zoom(1.5);
    const rest = settle(orbit).eye.clone();
    expect(orbit.pose.eye.distanceTo(rest)).toBe(0);
    expect(rest.distanceTo(CENTRE)).toBeCloseTo(new Vector3(0, 1.6, 2.4).distanceTo(CENTRE) / 1.5, 3);
  });

  it("keeps in front of what hangs on a wall", () => {
    const orbit = new Orbit(subject(true), collidersOf(room(5)), lookAt(new Vector3(0, 1.5, 2), CENTRE), CENTRE);
    for (let i = 0; i < 50; i++) {
      orbit.rotate(0.4, 0);
      orbit.update(0.25, false);
      expect(orbit.pose.eye.z).toBeGreaterThan(0.5);
    }
  });

  it("jumps at once for who asked for calm", () => {
    const orbit = new Orbit(subject(), hall(), lookAt(new Vector3(0, 1.5, 2), CENTRE), CENTRE);
    orbit.rotate(Math.PI / 2, 0);
    orbit.update(1 / 60, true);
    expect(orbit.pose.eye.distanceTo(new Vector3(2, 1.5, 0))).toBeLessThan(1e-6);
  });

  it("begins with exactly the view that was saved", () => {
    const saved = lookAt(new Vector3(0.5, 2.2, 1.1), new Vector3(0.1, 1.6, 0.1), 40);
    const { eye, yaw, pitch, fov_deg } = new Orbit(subject(), hall(), saved, new Vector3(0.1, 1.6, 0.1)).pose;
    expect(eye.distanceTo(saved.eye)).toBeLessThan(1e-9);
    expect([yaw, pitch, fov_deg]).toEqual([expect.closeTo(saved.yaw, 9), expect.closeTo(saved.pitch, 9), 40]);
  });
});

describe("the first look", () => {
  it.each([
    [16 / 9, 1],
    [0.46, 1],
    [0.8, 0.5],
    [2, 0.9],
  ])("has all of the subject, with a margin, in a free part of aspect %f that is %f of the height", (aspect, share) => {
    const { corners } = subject();
    const out = new Vector3(0.4, 0.5, 0.8).normalize();
    const eye = CENTRE.clone().addScaledVector(out, fittingDistance(corners, CENTRE, out, { aspect, share }));
    const camera = new PerspectiveCamera(60, aspect * share, 0.01, 100); // a picture that is `share` of its height
    camera.position.copy(eye);
    camera.lookAt(CENTRE);
    camera.updateMatrixWorld();
    const seen = corners.map((corner) => corner.clone().project(camera));
    const widest = Math.max(...seen.flatMap(({ x, y }) => [Math.abs(x), Math.abs(y) / share]));
    expect(widest).toBeCloseTo(1 / 1.16, 6);
  });

  it("comes from the same side, whatever is in the room, on a stage", () => {
    const free = approach(subject(), hall(), WHOLE);
    const colliders = hall();
    colliders.set("screen", block(-3, 0, 0.6, 3, 3, 0.7));
    expect(approach({ ...subject(), staged: true }, colliders, WHOLE)).toEqual(free);
    const orbit = new Orbit({ ...subject(), staged: true }, colliders, free, CENTRE);
    expect(orbit.pose.eye.distanceTo(free.eye)).toBeLessThan(1e-9); // no wall holds the eye back
  });

  it("shows the front, and the right side too of what is not upright; what is flat, from farther above", () => {
    const { eye } = approach(subject(), hall(), WHOLE);
    expect(Math.atan2(eye.x, eye.z)).toBeCloseTo((25 * Math.PI) / 180, 6);
    const stretched = (y: number) => {
      const corners = subject().corners.map((corner) => corner.clone().setY((corner.y - 1.5) * y + 1.5));
      return approach({ ...subject(), corners }, hall(), WHOLE);
    };
    expect(Math.abs(stretched(2).eye.x)).toBeLessThan(1e-9);
    expect(stretched(0.2).pitch).toBeLessThan(stretched(1).pitch - 0.2);
  });

  it("comes from elsewhere if a wall is right there", () => {
    const colliders = hall();
    colliders.set("screen", block(-3, 0, 0.6, 3, 3, 0.7));
    const { eye } = approach(subject(), colliders, WHOLE);
    expect(eye.z).toBeLessThan(0.6);
  });

  it("is straight at what hangs on a wall", () => {
    const { eye, pitch } = approach(subject(true), hall(), WHOLE);
    expect(Math.abs(eye.x)).toBeLessThan(1e-9);
    expect(eye.z).toBeGreaterThan(0.5);
    expect(pitch).toBeCloseTo(0);
  });
});
