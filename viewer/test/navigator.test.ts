// @vitest-environment jsdom
import { Vector3 } from "three";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { direction } from "../src/core/view.ts";
import type { Hall, Note } from "../src/document/schema.ts";
import { Navigator } from "../src/navigation/navigator.ts";
import type { Place } from "../src/navigation/place.ts";
import { completeJsdom } from "./browser.ts";
import { placed, text } from "./halls.ts";
import { openSession, walkable } from "./sessions.ts";

const note = (at: [number, number, number], placement?: string): Note => {
  return { title: text("A note"), body: text("<p>Text</p>"), anchor: at, ...(placement ? { placement } : {}) };
};

/** Three exhibits and a panel, a chapter of two exhibits, notes, a tour, a door. */
const HALL: Hall = walkable(
  {
    jar: placed("object", [-3, 0, -3]),
    kiln: placed("object", [0, 0, -3]),
    bowl: placed("object", [3, 0, -3]),
    words: placed("panel", [0, 1.5, 5]),
  },
  {
    notes: {
      door: note([0, 1, 1]),
      lip: note([-3, 0.5, -3], "jar"),
      foot: note([-3, 0.1, -3], "jar"),
      glaze: note([-3, 0.3, -3], "jar"),
    },
    note_order: ["lip", "door", "foot", "glaze"],
    chapters: { fire: { title: text("Fire"), placements: ["bowl", "kiln"] } },
    chapter_order: ["fire"],
    tours: {
      short: {
        title: text("Short"),
        stops: {
          stop: { placement: "jar", caption: text("The jar") },
          "stop-2": { placement: "bowl", caption: text("The bowl") },
        },
        stop_order: ["stop", "stop-2"],
      },
    },
    tour_order: ["short"],
    doors: { gate: { title: text("Gate"), position: [-6, 0, 0], facing_deg: 90, width_m: 1, height_m: 2 } },
  },
);

async function navigatorIn(hall: Hall) {
  const session = await openSession(hall);
  const navigator = new Navigator({ session });
  const places: Place[] = [];
  navigator.arrived.on(({ place }) => places.push(place));
  const { cameraController } = session;
  if (!cameraController) throw new Error("the hall is not open");
  /** Whether the eye looks at a point. */
  const looksAt = (x: number, y: number, z: number) => {
    cameraController.update(0.1, { held: () => false, joystick: { aside: 0, ahead: 0 } });
    const { eye, yaw, pitch } = cameraController.pose;
    const way = new Vector3(x, y, z).sub(eye).normalize();
    return direction(yaw, pitch).dot(way) > 0.999;
  };
  return { navigator, cameraController, places, looksAt };
}

beforeEach(completeJsdom);
afterEach(() => vi.unstubAllGlobals());

describe("the navigator", () => {
  it("goes to exhibits, notes and stops, and back to where the visitor stood", async () => {
    const { navigator, cameraController, places, looksAt } = await navigatorIn(HALL);
    const stood = cameraController.pose;
    expect(navigator.go({ kind: "exhibit", id: "jar" })).toBe(true);
    expect(looksAt(-3, 0.25, -3)).toBe(true);
    expect(navigator.go({ kind: "note", id: "lip" })).toBe(true);
    expect(looksAt(-3, 0.5, -3)).toBe(true);
    expect(navigator.onFoot).toBe(false);
    expect(navigator.toFoot()).toBe(true);
    looksAt(0, 0, 0); // one frame
    expect(cameraController.pose.eye.distanceTo(stood.eye)).toBeLessThan(1e-6);
    expect(navigator.go({ kind: "tour", id: "short", stop: 1 })).toBe(true);
    expect(looksAt(3, 0.25, -3)).toBe(true);
    expect(places.map(({ kind }) => kind)).toEqual(["exhibit", "note", "walk", "tour"]);
    expect(navigator.lastExhibit).toBe("bowl");
  });

  it("refuses places that the hall does not have, and stays where it is", async () => {
    const { navigator, places } = await navigatorIn(HALL);
    for (const place of [
      { kind: "exhibit", id: "none" },
      { kind: "note", id: "none" },
      { kind: "tour", id: "none", stop: 0 },
      { kind: "tour", id: "short", stop: 2 },
      { kind: "walk" }, // the visitor is on foot already
    ] as const)
      expect(navigator.go(place)).toBe(false);
    expect(places).toEqual([]);
    expect(new Navigator({ session: null }).toExhibit("jar", false)).toBe(false);
  });

  it("lets a visitor who leaves a tour walk on from its stop", async () => {
    const { navigator, cameraController } = await navigatorIn(HALL);
    navigator.toStop("short", 1);
    navigator.toFoot();
    cameraController.update(0.1, { held: () => false, joystick: { aside: 0, ahead: 0 } });
    expect(cameraController.pose.eye.distanceTo(new Vector3(3, 1.6, -3))).toBeLessThan(4);
    expect(cameraController.pose.eye.z).toBeLessThan(2); // the entrance is at 4
  });

  it("turns to the next and the previous exhibit, around the ends", async () => {
    const { navigator } = await navigatorIn(HALL);
    const turned = (by: 1 | -1) => {
      navigator.turnExhibit(by, false);
      return navigator.lastExhibit;
    };
    expect([1, 1, 1, 1, 1, -1, -1].map((by) => turned(by as 1 | -1))).toEqual([
      "jar",
      "kiln",
      "bowl",
      "words",
      "jar",
      "words",
      "bowl",
    ]);
    const { navigator: fresh } = await navigatorIn(HALL);
    fresh.turnExhibit(-1, false);
    expect(fresh.lastExhibit).toBe("words");
  });

  it("stays in the chapter that is followed until the visitor leaves it", async () => {
    const { navigator } = await navigatorIn(HALL);
    navigator.toExhibit("jar", false);
    navigator.follow("fire");
    expect(navigator.lastExhibit).toBeNull(); // it is not in the chapter, which starts with its first exhibit
    const order = [1, 2, 3].map(() => {
      navigator.turn(1, false);
      return navigator.lastExhibit;
    });
    expect(order).toEqual(["bowl", "kiln", "bowl"]);
    navigator.toExhibit("jar", false);
    expect(navigator.followedChapter).toBeNull();
    navigator.follow("fire");
    navigator.follow("fire");
    expect(navigator.followedChapter).toBeNull();
  });

  it("turns among the notes of the same exhibit, and back to the exhibit", async () => {
    const { navigator } = await navigatorIn(HALL);
    navigator.toNote("lip", false);
    const visited = [1, 1, 1, -1].map((by) => {
      navigator.turn(by as 1 | -1, true);
      return navigator.place;
    });
    expect(visited).toEqual(["foot", "glaze", "lip", "glaze"].map((id) => ({ kind: "note", id })));
    navigator.toExhibitOfNote();
    expect(navigator.place).toEqual({ kind: "exhibit", id: "jar" });
    navigator.toNote("door", false);
    navigator.turn(1, true); // the hall's only note
    expect(navigator.place).toEqual({ kind: "note", id: "door" });
    navigator.toExhibitOfNote(); // it belongs to none
    expect(navigator.place).toEqual({ kind: "note", id: "door" });
  });

  it("turns the view to what has the keyboard focus, on foot only", async () => {
    const { navigator, looksAt } = await navigatorIn(HALL);
    navigator.face("bowl");
    expect(looksAt(3, 0.25, -3)).toBe(true);
    navigator.faceDoor("gate");
    expect(looksAt(-6, 1.6, 0)).toBe(true);
    navigator.toExhibit("jar", false);
    navigator.face("bowl");
    expect(looksAt(-3, 0.25, -3)).toBe(true);
  });

  it("stands where a shared view was, and at the entrance", async () => {
    const { navigator, cameraController, looksAt } = await navigatorIn(HALL);
    expect(navigator.go({ kind: "view", eye: [2, 1.6, 2], target: [3, 0.25, -3] })).toBe(true);
    expect(looksAt(3, 0.25, -3)).toBe(true);
    navigator.toEntrance();
    looksAt(0, 0, 0);
    expect(cameraController.pose.eye.toArray()).toEqual([0, expect.closeTo(1.6, 6), 4]);
    expect(navigator.place).toEqual({ kind: "walk" });
  });

  it("forgets everything of a hall that was left", async () => {
    const { navigator } = await navigatorIn(HALL);
    navigator.follow("fire");
    navigator.turn(1, false);
    navigator.reset();
    expect([navigator.place, navigator.lastExhibit, navigator.followedChapter]).toEqual([{ kind: "walk" }, null, null]);
  });
});
