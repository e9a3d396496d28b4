import { describe, expect, it } from "vitest";
import { apply, canonical, difference, invert, normal } from "../src/document/changes.ts";
import {
  addPlatform,
  addStair,
  beginPlan,
  changePlatform,
  changeRoomLook,
  changeStair,
  removePlatform,
  removeStair,
} from "../src/document/commands/plan.ts";
import { addOpening, changeOpening, moveOpening, removeOpenings } from "../src/document/commands/plan-openings.ts";
import {
  addWalls,
  changeWall,
  changeWallLength,
  moveCorner,
  moveWall,
  ownWalls,
  removeWalls,
  splitWall,
} from "../src/document/commands/plan-walls.ts";
import { distance, looksOf, openingPlaces, planFaces, planOf, wallGraph } from "../src/document/plan.ts";
import type { Hall, Plan, Vec2 } from "../src/document/schema.ts";
import { hallOf, placed, text } from "./halls.ts";
import { Randomness } from "./randomness.ts";

const box = (x: number, z: number, width: number, depth: number): Vec2[] => [
  [x, z],
  [x + width, z],
  [x + width, z + depth],
  [x, z + depth],
];
const empty = () => beginPlan(hallOf({ pot: placed("panel", [0, 1, 0]) }));
const plan = (hall: Hall) => planOf(hall) as Plan;
const areas = (hall: Hall) => planFaces(wallGraph(plan(hall))).map(({ area_m2 }) => Math.round(area_m2 * 1e3) / 1e3);

/** Two rooms beside each other, 6 m x 5 m and 4 m x 5 m, with one wall between them. */
function twoRooms(): Hall {
  const one = addWalls(empty(), box(0, 0, 6, 5), { closed: true }).hall;
  return addWalls(one, box(6, 0, 4, 5), { closed: true }).hall;
}

const DIVIDING = "wall-2"; // from [6, 0] to [6, 5]

describe("a plan that begins", () => {
  it("takes the place of the building, with the doors and places of the old one", () => {
    const anchor = { kind: "plinth", position: [0, 1, 0], facing_deg: 0, width_m: 1, height_m: 1 } as const;
    const door = { title: text("East"), position: [1, 0, 0], facing_deg: 0, width_m: 1, height_m: 2 };
    const before = hallOf(
      {},
      {
        anchors: { old: anchor as never, own: anchor as never, "own-label": anchor as never },
        doors: { east: door as never },
        furniture: {
          own: { kind: "plinth", position: [0, 0, 0], facing_deg: 0, width_m: 1, depth_m: 1, height_m: 1 },
        },
        timeline: { title: text("Years"), anchor: "old", milestones: {} },
      },
    );
    const after = beginPlan(before);
    expect(plan(after)).toEqual({ walls: {}, openings: {}, rooms: {}, platforms: {}, stairs: {} });
    expect(Object.keys(after.anchors ?? {})).toEqual(["own", "own-label"]);
    expect(after.doors).toBeUndefined();
    expect(after.timeline).toEqual({ title: text("Years"), milestones: {} });
    expect(apply(after, invert(difference(before, after))).document).toEqual(before);
  });
});

describe("walls", () => {
  it("that are drawn beside a room use the wall that is there", () => {
    const hall = twoRooms();
    expect(Object.keys(plan(hall).walls)).toHaveLength(7);
    expect(areas(hall)).toEqual([30, 20]);
    const again = addWalls(hall, box(0, 0, 10, 5), { closed: true });
    expect(again.ids).toEqual([]);
    expect(again.hall).toBe(hall);
    const { hall: longer, ids } = addWalls(hall, [
      [-2, 0],
      [12, 0],
    ]);
    expect(ids.map((id) => [plan(longer).walls[id]?.from, plan(longer).walls[id]?.to])).toEqual([
      [
        [-2, 0],
        [0, 0],
      ],
      [
        [10, 0],
        [12, 0],
      ],
    ]);
  });

  it("that would be too short are not made", () => {
    const hall = empty();
    expect(addWalls(hall, box(0, 0, 0.29, 0.2), { closed: true }).hall).toBe(hall);
    const rooms = twoRooms();
    expect(moveCorner(rooms, [0, 0], [5.8, 0])).toBe(rooms);
    expect(changeWallLength(rooms, DIVIDING, 0.2)).toBe(rooms);
    expect(splitWall(rooms, DIVIDING, 0.2)).toEqual({ hall: rooms, id: null });
  });

  it("move with the corner that they meet in", () => {
    const hall = moveCorner(twoRooms(), [6, 0.02], [7, -1]);
    expect(areas(hall)).toEqual([6 * 5 + 0.5 * 6 + 0.5 * 1 * 5, 20 + 0.5 * 4 - 0.5 * 1 * 5]);
    expect(plan(hall).walls[DIVIDING]).toMatchObject({ from: [7, -1], to: [6, 5] });
  });

  it("move as a whole, and the rooms beside them grow and shrink", () => {
    const hall = moveWall(twoRooms(), DIVIDING, [1.5, 0]);
    expect(areas(hall)).toEqual([37.5, 12.5]);
  });

  it("take the walls along that end on them", () => {
    const { hall, ids } = addWalls(addWalls(empty(), box(0, 0, 8, 4), { closed: true }).hall, [
      [3, 0],
      [3, 4],
    ]);
    const moved = moveWall(hall, "wall", [0, -1]); // the wall from [0, 0] to [8, 0]
    expect(plan(moved).walls[ids[0] as string]).toMatchObject({ from: [3, -1], to: [3, 4] });
    expect(areas(moved)).toEqual([15, 25]);
    const stretched = moveCorner(hall, [8, 0], [8, 2]);
    expect(plan(stretched).walls[ids[0] as string]?.from).toEqual([3, 0.75]);
  });

  it("are as long as is typed, and as high and thick", () => {
    const hall = changeWallLength(twoRooms(), "wall", 6.5);
    expect(distance(...ends(hall, "wall"))).toBeCloseTo(6.5, 9);
    expect(plan(changeWall(hall, "wall", { height_m: 3.2 })).walls.wall).toMatchObject({
      height_m: 3.2,
      thickness_m: 0.3,
    });
  });

  it("are split beside openings, never through one", () => {
    const { hall, id } = addOpening(twoRooms(), DIVIDING, "passage", 4) as { hall: Hall; id: string };
    expect(splitWall(hall, DIVIDING, 3.5).id).toBeNull();
    const split = splitWall(hall, DIVIDING, 2.5);
    expect(plan(split.hall).openings?.[id]).toMatchObject({ wall: split.id, at_m: 1.5 });
    expect(places(split.hall)[id]?.position).toEqual(places(hall)[id]?.position);
    expect(areas(split.hall)).toEqual([30, 20]);
  });

  it("go with their openings and doors", () => {
    const { hall, id } = addOpening(twoRooms(), "wall", "door", 3) as { hall: Hall; id: string };
    expect(Object.keys(hall.doors ?? {})).toEqual([id]);
    const gone = removeWalls(hall, ["wall"]);
    expect([gone.doors, plan(gone).openings, areas(gone)]).toEqual([undefined, {}, [20]]);
  });

  it("of one room alone are told", () => {
    expect(ownWalls(plan(twoRooms()), [8, 2])).toEqual(["wall-5", "wall-6", "wall-7"]);
  });
});

describe("openings", () => {
  it("find the free place of their wall that is nearest", () => {
    const one = addOpening(twoRooms(), DIVIDING, "passage", 0.2) as { hall: Hall; id: string };
    expect(plan(one.hall).openings?.[one.id]).toMatchObject({ at_m: 1, width_m: 2, height_m: 2.6 });
    const two = addOpening(one.hall, DIVIDING, "passage", 1.2) as { hall: Hall; id: string };
    expect(plan(two.hall).openings?.[two.id]?.at_m).toBe(3);
    const three = addOpening(two.hall, DIVIDING, "passage", 1) as { hall: Hall; id: string };
    expect(plan(three.hall).openings?.[three.id]).toMatchObject({ at_m: 4.5, width_m: 1 });
    expect(addOpening(three.hall, DIVIDING, "window", 1)).toBeNull();
    expect(plan(moveOpening(one.hall, one.id, 9)).openings?.[one.id]?.at_m).toBe(4);
    expect(plan(moveOpening(one.hall, one.id, 3, "wall")).openings?.[one.id]).toMatchObject({ wall: "wall", at_m: 3 });
  });

  it("stay where they are when a corner moves along the wall", () => {
    const { hall, id } = addOpening(twoRooms(), "wall", "door", 4) as { hall: Hall; id: string };
    const longer = moveCorner(hall, [0, 0], [-2, 0]);
    expect(plan(longer).openings?.[id]?.at_m).toBe(6);
    expect(longer.doors?.[id]?.position).toEqual(hall.doors?.[id]?.position);
  });

  it("that are doors are the hall's doors, facing inwards, with the title and the hall that they lead to", () => {
    const { hall, id } = addOpening(twoRooms(), "wall", "door", 3) as { hall: Hall; id: string };
    expect(hall.doors?.[id]).toEqual({
      title: { zh: "门", en: "Door" },
      position: [3, 0, 0],
      facing_deg: 0,
      width_m: 1.6,
      height_m: 2.4,
    });
    const led = { ...hall, doors: { [id]: { ...hall.doors?.[id], title: text("Out"), hall: "next" } } } as Hall;
    const moved = moveOpening(led, id, 1.5);
    expect(moved.doors?.[id]).toMatchObject({ title: text("Out"), hall: "next", position: [1.5, 0, 0] });
    expect(changeOpening(moved, id, { kind: "window", sill_m: 1 }).doors).toBeUndefined();
    expect(removeOpenings(moved, [id]).doors).toBeUndefined();
  });

  it("fit into their walls", () => {
    const { hall, id } = addOpening(twoRooms(), "wall", "window", 3) as { hall: Hall; id: string };
    const large = changeOpening(hall, id, { width_m: 30, height_m: 9, sill_m: 2 });
    expect(plan(large).openings?.[id]).toMatchObject({ at_m: 3, width_m: 6, height_m: 4, sill_m: 0 });
  });
});

describe("the look of a room", () => {
  it("is that of the room around a point, and stays with it", () => {
    const hall = changeRoomLook(twoRooms(), [9.9, 4.9], { floor: "brick" });
    const both = changeRoomLook(hall, [6.5, 1], { light: "dim" });
    expect(Object.values(plan(both).rooms ?? {})).toEqual([{ at: [9.9, 4.9], floor: "brick", light: "dim" }]);
    expect(changeRoomLook(both, [20, 20], { floor: "oak" })).toBe(both);
    const smaller = moveWall(both, "wall-6", [0, -2]); // the wall from [10, 5] to [6, 5]
    expect(smaller).not.toBe(both);
    const faces = planFaces(wallGraph(plan(smaller)));
    expect(looksOf(faces, plan(smaller))).toEqual([null, "room"]);
  });
});

describe("platforms, steps and ramps", () => {
  it("are added, changed, taken away", () => {
    const one = addPlatform(twoRooms(), [3, 3], [1, 2]) as { hall: Hall; id: string };
    expect(plan(one.hall).platforms?.[one.id]).toEqual({ min: [1, 2], max: [3, 3], height_m: 0.48 });
    expect(addPlatform(one.hall, [0, 0], [0.2, 4])).toBeNull();
    expect(changePlatform(one.hall, one.id, { max: [1.1, 3] })).toBe(one.hall);
    expect(plan(changePlatform(one.hall, one.id, { height_m: 1 })).platforms?.[one.id]?.height_m).toBe(1);
    expect(plan(removePlatform(one.hall, one.id)).platforms).toEqual({});
    const two = addStair(one.hall, "ramp", [2, 4], 0, 0.5) as { hall: Hall; id: string };
    expect(plan(two.hall).stairs?.[two.id]).toMatchObject({ rise_m: 0.5, run_m: 6, width_m: 1.6 });
    expect(plan(changeStair(two.hall, two.id, { facing_deg: 90 })).stairs?.[two.id]?.facing_deg).toBe(90);
    expect(plan(removeStair(two.hall, two.id)).stairs).toEqual({});
  });
});

it.each([1, 2, 3, 4, 5, 6, 7, 8])("whatever is done to a plan holds its rules and can be undone (%i)", (seed) => {
  const random = new Randomness(seed);
  let hall = twoRooms();
  for (let i = 0; i < 60; i++) {
    const next = randomCommand(random, hall);
    const changes = difference(hall, next);
    expect(canonical(apply(hall, changes).document)).toBe(canonical(normal(next)));
    expect(canonical(apply(next, invert(changes)).document)).toBe(canonical(normal(hall)));
    holds(next);
    hall = next;
  }
});

function holds(hall: Hall): void {
  const { walls, openings = {} } = plan(hall);
  for (const { from, to } of Object.values(walls)) expect(distance(from, to)).toBeGreaterThanOrEqual(0.3);
  for (const { wall, at_m, width_m } of Object.values(openings)) {
    const { from, to } = walls[wall] as Plan["walls"][string];
    expect(at_m - width_m / 2).toBeGreaterThan(-1e-3);
    expect(at_m + width_m / 2).toBeLessThan(distance(from, to) + 1e-3);
  }
  const doors = Object.entries(openings).filter(([, { kind }]) => kind === "door");
  expect(Object.keys(hall.doors ?? {}).sort()).toEqual(doors.map(([id]) => id).sort());
  for (const [id, door] of Object.entries(hall.doors ?? {})) expect(door.position).toEqual(places(hall)[id]?.position);
}

function randomCommand(random: Randomness, hall: Hall): Hall {
  const { walls, openings = {}, platforms = {} } = plan(hall);
  const metres = () => Math.round(random.next() * 120) / 10;
  const point = (): Vec2 => [metres(), metres()];
  const wall = random.of(Object.keys(walls)) ?? "";
  const opening = random.of(Object.keys(openings)) ?? "";
  const corner = walls[wall]?.[random.chance(0.5) ? "from" : "to"] ?? [0, 0];
  const kinds = ["door", "passage", "window"] as const;
  const commands: (() => Hall)[] = [
    () => addWalls(hall, [point(), point(), point()], { closed: random.chance(0.5) }).hall,
    () => moveCorner(hall, corner, point()),
    () => moveWall(hall, wall, [random.below(5) - 2, random.below(5) - 2]),
    () => changeWallLength(hall, wall, metres()),
    () => changeWall(hall, wall, { height_m: 3 + random.next() }),
    () => splitWall(hall, wall, metres()).hall,
    () => removeWalls(hall, random.chance(0.3) ? [wall] : []),
    () => addOpening(hall, wall, random.of(kinds) as "door", metres())?.hall ?? hall,
    () => moveOpening(hall, opening, metres(), random.chance(0.5) ? wall : undefined),
    () => changeOpening(hall, opening, { kind: random.of(kinds) as "door", width_m: metres(), height_m: metres() }),
    () => removeOpenings(hall, random.chance(0.5) ? [opening] : []),
    () => changeRoomLook(hall, point(), { floor: "oak" }),
    () => addPlatform(hall, point(), point())?.hall ?? hall,
    () => removePlatform(hall, random.of(Object.keys(platforms)) ?? ""),
  ];
  return (random.of(commands) as () => Hall)();
}

function places(hall: Hall) {
  const graph = wallGraph(plan(hall));
  return Object.fromEntries(openingPlaces(plan(hall), graph, planFaces(graph)));
}

function ends(hall: Hall, wall: string): [Vec2, Vec2] {
  const { from, to } = plan(hall).walls[wall] as Plan["walls"][string];
  return [from, to];
}
