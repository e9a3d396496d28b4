// @vitest-environment jsdom
import { Vector3 } from "three";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { lookAt } from "../src/core/view.ts";
import type { Note, Stop } from "../src/document/schema.ts";
import { Navigator } from "../src/navigation/navigator.ts";
import { exhibitView, noteView, stopView } from "../src/navigation/viewpoints.ts";
import { completeJsdom } from "./browser.ts";
import { placed, text } from "./halls.ts";
import { openSession, walkable } from "./sessions.ts";

const ROOM = { aspect: 1.5, share: 1 }; // the whole screen is free
const STILL = { held: () => false, joystick: { aside: 0, ahead: 0 } };
const ENTRANCE = new Vector3(0, 1.6, 4);
const note = (more: Partial<Note>): Note => ({ title: text("N"), body: text(""), anchor: [1, 1, -3], ...more });
const stop = (more: Partial<Stop>) => ({ caption: text("S"), ...more });

const HALL = walkable(
  { jar: placed("object", [0, 0, -3]), print: placed("picture", [-3, 1.6, -5.9], { width_m: 1 }) },
  {
    notes: {
      bound: note({ anchor: [0.2, 0.4, -2.8], placement: "jar" }),
      seen: note({ view: { position: [2, 1.5, 0], target: [1, 1, -3], fov_deg: 40 } }),
      free: note({}),
    },
    note_order: ["bound", "seen", "free"],
  },
);

beforeEach(completeJsdom);
afterEach(() => vi.unstubAllGlobals());

async function hallScene() {
  return (await openSession(HALL)).hall;
}

describe("the viewpoint of an exhibit", () => {
  it("shows the same side from wherever the visitor opens it, and all of the exhibit", async () => {
    const session = await openSession(HALL);
    const { hall } = session;
    const jar = hall.exhibits.get("jar");
    if (!jar || !session.cameraController) throw new Error("no jar");
    const { pose, target, subject } = exhibitView(jar, hall.colliders, ROOM, true);
    expect(target.distanceTo(jar.sphere.center)).toBe(0);
    expect(subject).toMatchObject({ owner: "jar", flat: false, staged: true });
    const navigator = new Navigator({ session });
    const controller = session.cameraController;
    controller.fit(900, 600, null, 0);
    const poses = Array.from({ length: 12 }, (_, i) => {
      const from = new Vector3(Math.sin((i * Math.PI) / 6), 0, Math.cos((i * Math.PI) / 6)).multiplyScalar(2);
      controller.standAt(lookAt(jar.sphere.center.clone().add(from).setY(1.6), jar.sphere.center));
      controller.update(10, STILL);
      navigator.toExhibit("jar", false);
      controller.update(10, STILL);
      return controller.pose;
    });
    for (const { eye, yaw, pitch } of poses) {
      expect(eye.distanceTo(poses[0]?.eye ?? eye)).toBeLessThan(1e-6);
      expect([yaw, pitch]).toEqual([expect.closeTo(pose.yaw, 6), expect.closeTo(pose.pitch, 6)]);
    }
  });

  it("is straight before a picture, wherever the visitor stands", async () => {
    const hall = await hallScene();
    const print = hall.exhibits.get("print");
    if (!print) throw new Error("no print");
    const { pose, subject } = exhibitView(print, hall.colliders, ROOM);
    expect(pose.eye.x).toBeCloseTo(-3, 6);
    expect(pose.eye.y).toBeCloseTo(1.6, 6);
    expect(pose.eye.z).toBeGreaterThan(-5.9);
    expect(subject.flat).toBe(true);
  });
});

describe("the viewpoint of a note", () => {
  it("is the saved view, from farther back where a panel leaves less room", async () => {
    const hall = await hallScene();
    const saved = noteView(HALL.notes.seen as Note, hall, ENTRANCE, ROOM);
    expect(saved.pose.eye.distanceTo(new Vector3(2, 1.5, 0))).toBeLessThan(1e-9);
    expect(saved.pose.fov_deg).toBe(40);
    const target = new Vector3(1, 1, -3);
    const behind = noteView(HALL.notes.seen as Note, hall, ENTRANCE, { aspect: 0.8, share: 1 });
    expect(behind.pose.eye.distanceTo(target)).toBeCloseTo(saved.pose.eye.distanceTo(target) / 0.8, 9);
    const farthest = noteView(HALL.notes.seen as Note, hall, ENTRANCE, { aspect: 1, share: 0.2 });
    expect(farthest.pose.eye.distanceTo(target)).toBeCloseTo(saved.pose.eye.distanceTo(target) * 2, 9);
  });

  it("is close to the anchor, on its side of the exhibit that it belongs to", async () => {
    const hall = await hallScene();
    const { pose, target, subject } = noteView(HALL.notes.bound as Note, hall, ENTRANCE, ROOM);
    expect(target.toArray()).toEqual([0.2, 0.4, -2.8]);
    expect(subject.owner).toBe("jar");
    const jar = hall.exhibits.get("jar");
    const whole = jar && exhibitView(jar, hall.colliders, ROOM);
    expect(pose.eye.distanceTo(target)).toBeLessThan(whole?.pose.eye.distanceTo(whole.target) ?? 0);
    expect(pose.eye.x).toBeGreaterThan(0.2);
    expect(pose.eye.z).toBeGreaterThan(-2.8);
  });

  it("of the hall itself is around its anchor", async () => {
    const hall = await hallScene();
    const { pose, target, subject } = noteView(HALL.notes.free as Note, hall, ENTRANCE, ROOM);
    expect(target.toArray()).toEqual([1, 1, -3]);
    expect(subject.owner).toBeNull();
    expect(subject.box.containsPoint(target)).toBe(true);
    expect(pose.eye.distanceTo(target)).toBeLessThan(2);
  });
});

describe("the viewpoint of a stop", () => {
  it("is its own view, else its note's, else its exhibit's, else the one from the entrance", async () => {
    const hall = await hallScene();
    const view = { position: [3, 1.5, 3], target: [0, 1, 0] } as const;
    const own = stopView(stop({ view: view as never, note: "bound", placement: "jar" }), hall, ENTRANCE, ROOM);
    expect(own.pose.eye.toArray()).toEqual([3, 1.5, 3]);
    expect(own.subject.owner).toBe("jar");
    const ofNote = stopView(stop({ note: "bound", placement: "jar" }), hall, ENTRANCE, ROOM);
    expect(ofNote).toEqual(noteView(HALL.notes.bound as Note, hall, ENTRANCE, ROOM));
    const ofExhibit = stopView(stop({ placement: "jar" }), hall, ENTRANCE, ROOM);
    expect(ofExhibit.target.distanceTo(hall.exhibits.get("jar")?.sphere.center as Vector3)).toBe(0);
    const bare = stopView(stop({}), hall, ENTRANCE, ROOM);
    expect(bare.pose.eye.distanceTo(new Vector3(0, 1.6, 4))).toBeLessThan(1e-9);
    expect(bare.subject.owner).toBeNull();
  });
});
