import { type BufferGeometry, Vector3 } from "three";
import { expect, it } from "vitest";
import { Cutaway } from "../src/studio/cutaway.ts";
import { block, collidersOf } from "./rooms.ts";

/** 12 m wide, 8 m deep, 3 m high; floor, ceiling and walls are 0.2 m thick. */
const ROOM = [
  block(-6.2, -0.2, -4.2, 6.2, 0, 4.2),
  block(-6.2, 3, -4.2, 6.2, 3.2, 4.2),
  block(-6.2, 0, -4.2, -6, 3, 4.2),
  block(6, 0, -4.2, 6.2, 3, 4.2),
  block(-6, 0, -4.2, 6, 3, -4),
  block(-6, 0, 4, 6, 3, 4.2),
];
const MIDDLE = new Vector3(0, 1, 0);

/** What is drawn of these points. */
function shown(
  target: Vector3,
  eye: Vector3,
  points: readonly Vector3[],
  ...more: readonly BufferGeometry[]
): boolean[] {
  const cutaway = new Cutaway(collidersOf(...ROOM, ...more));
  cutaway.update(target, eye, 2, false);
  return points.map((point) => cutaway.planes.every((plane) => plane.distanceToPoint(point) >= 0));
}

it("takes away the walls and the ceiling between the eye and the room", () => {
  const [middle, near, far, above] = [MIDDLE, new Vector3(0, 1, 4.15), new Vector3(0, 1, -4.1), new Vector3(0, 3.1, 0)];
  expect(shown(MIDDLE, new Vector3(0, 6, 12), [middle, near, far, above])).toEqual([true, false, true, false]);
});

it("takes nothing away from whoever stands in the room and sees the place, whatever stands beside", () => {
  const columns = [-4, 4].map((z) => block(-4.2, 0, z - 1.2, -3.8, 3, z - 0.8));
  const floor = new Vector3(-5.8, 0, 0);
  expect(shown(new Vector3(5.9, 1.5, 0), new Vector3(-5.5, 1.6, 0.5), [floor, MIDDLE], ...columns)).toEqual([
    true,
    true,
  ]);
});

it.each([
  ["on a wall", new Vector3(6, 1.5, 0)],
  ["within a wall", new Vector3(6.1, 1.5, 0)],
  ["in a corner", new Vector3(6, 1.5, 4)],
  ["on the floor", new Vector3(3, 0, 1)],
  ["behind a wall", new Vector3(7.5, 1.5, 0.4)],
  ["far outside", new Vector3(40, 1.5, 3)],
])("keeps the room of an eye that looks at a point %s", (_, target) => {
  expect(shown(target, new Vector3(-4, 1.6, 0), [MIDDLE, new Vector3(5.9, 1.5, 0)])).toEqual([true, true]);
});
