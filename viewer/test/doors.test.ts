import { type Object3D, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { BODY } from "../src/core/collide.ts";
import { arrivalAt, Doors, standsIn } from "../src/core/doors.ts";
import { direction } from "../src/core/view.ts";
import { doorTo, isOpen } from "../src/document/doors.ts";
import type { Door } from "../src/document/schema.ts";
import { hallOf, text } from "./halls.ts";
import { block, collidersOf, room } from "./rooms.ts";

/** In the wall at x = -4, looking into the hall along +X. */
const GATE: Door = {
  title: text("Gate"),
  position: [-4, 0, 1],
  facing_deg: 90,
  width_m: 1.6,
  height_m: 2.2,
  hall: "next",
};
const doors = () => new Doors(hallOf({}, { doors: { gate: GATE } }), collidersOf(room(4)));

describe("a door", () => {
  it("is entered once by who walks into it, and again only after leaving it", () => {
    const gate = doors();
    expect(gate.entered(new Vector3(-3, 0, 1), -0.1, 0)).toBeNull(); // not yet
    expect(gate.entered(new Vector3(-3.6, 0, 1), -0.1, 0)).toBe("gate");
    expect(gate.entered(new Vector3(-3.65, 0, 1), -0.1, 0)).toBeNull();
    expect(gate.entered(new Vector3(-3, 0, 1), 0.1, 0)).toBeNull();
    expect(gate.entered(new Vector3(-3.6, 0, 1), -0.1, 0)).toBe("gate");
  });

  it("is not entered by who walks past it or comes out of it", () => {
    expect(doors().entered(new Vector3(-3.6, 0, 1), 0, 0.1)).toBeNull();
    expect(doors().entered(new Vector3(-3.6, 0, 1), 0.1, 0)).toBeNull();
    expect(doors().entered(new Vector3(-3.6, 0, 1), 0, 0)).toBeNull();
  });

  it("has a width and stands on a floor", () => {
    expect(standsIn(GATE, new Vector3(-3.6, 0, 1.75))).toBe(true);
    expect(standsIn(GATE, new Vector3(-3.6, 0, 1.85))).toBe(false);
    expect(standsIn(GATE, new Vector3(-3.6, 3, 1))).toBe(false); // the floor above
  });

  it("lets in to just inside it, looking into the hall, clear of itself", () => {
    const { eye, yaw, pitch } = arrivalAt(GATE, 60);
    expect(eye.y).toBeCloseTo(BODY.eye, 6);
    expect(direction(yaw, pitch).toArray()).toEqual([expect.closeTo(1, 6), expect.closeTo(0, 6), expect.closeTo(0, 6)]);
    expect(standsIn(GATE, eye.clone().setY(0))).toBe(false);
  });

  it("can be pointed at through its opening or by its sign, but not through what is before it", () => {
    const gate = doors();
    const eye = new Vector3(0, 1.6, 1);
    expect(gate.hit(eye, new Vector3(-1, 0, 0), 4)).toEqual({ id: "gate", distance: expect.closeTo(4, 6) });
    expect(gate.hit(eye, new Vector3(-1, 0, 0), 2)).toBeNull();
    expect(gate.hit(eye, new Vector3(-4, 0.85, 0).normalize(), 60)?.id).toBe("gate"); // above the opening: the sign
    expect(gate.hit(eye, new Vector3(-4, 1.4, 0).normalize(), 60)).toBeNull();
  });

  it("carries its sign on the wall above it", () => {
    const wall = collidersOf(room(6), block(-4.3, 0, -4, -4.1, 4, 4));
    const { group } = new Doors(hallOf({}, { doors: { gate: GATE } }), wall);
    const at = new Vector3().setFromMatrixPosition((group.children[0] as Object3D).matrix);
    expect(at.x).toBeCloseTo(-4.088, 3);
    expect(at.y).toBeGreaterThan(GATE.height_m);
  });

  it("is open if it leads to a hall that visitors can go to, as far as anyone has told", () => {
    const { hall: _, ...shut } = GATE;
    expect(isOpen(GATE, null)).toBe(true);
    expect(isOpen(GATE, new Map([["next", text("Next")]]))).toBe(true);
    expect(isOpen(GATE, new Map())).toBe(false);
    expect(isOpen(shut, null)).toBe(false);
  });

  it("is found by the hall that it leads to", () => {
    const hall = hallOf({}, { doors: { gate: GATE } });
    expect(doorTo(hall, "next")).toBe(GATE);
    expect(doorTo(hall, "other")).toBeNull();
  });
});
