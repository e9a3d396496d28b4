import { describe, expect, it } from "vitest";
import { addFurniture } from "../src/document/commands/furniture.ts";
import { leadDoor } from "../src/document/commands/hall.ts";
import { putAtAnchor } from "../src/document/commands/placements.ts";
import { changeBuilding, lostDoors, type RoomFacts } from "../src/document/commands/room.ts";
import type { Anchor, Door, Hall } from "../src/document/schema.ts";
import { Latest } from "../src/studio/room/latest.ts";
import { hallOf, model, placed, text } from "./halls.ts";

const anchor = (kind: Anchor["kind"], x: number, facing_deg = 0): Anchor => ({
  kind,
  position: [x, 1, 0],
  facing_deg,
  width_m: 0.6,
  height_m: 1.6,
});
const door = (x: number): Door => ({
  title: text("East"),
  position: [x, 0, 0],
  facing_deg: -90,
  width_m: 1,
  height_m: 2,
});

/** What follows from a hall of this width. */
const facts = (width: number): RoomFacts => ({
  anchors: { stand: anchor("plinth", width / 4), wall: anchor("panel", width / 2, -90) },
  doors: { east: door(width / 2) },
  start: { position: [-width / 2 + 1, 1.6, 0], target: [0, 1.5, 0] },
  light: { ambient: 1.5 },
  background: "#efece6",
});

const SMALL = facts(8);
const BUILDING = { template: "white-room", sizes: { width: 8 } };
const LARGE = { template: "white-room", sizes: { width: 12 } };

const HALL: Hall = changeBuilding(
  hallOf(
    { bowl: placed("object", [9, 0, 9], { asset: "bowl" }), words: placed("panel", [9, 1, 9]) },
    { assets: { bowl: model(0.3, 0.2) } },
  ),
  BUILDING,
  SMALL,
  null,
);

describe("another building", () => {
  it("brings all that follows from it", () => {
    const { architecture, anchors, doors, start, light } = HALL;
    expect(architecture).toEqual({ asset: "room", background: "#efece6", building: BUILDING });
    expect({ anchors, doors, start, light, background: architecture.background }).toEqual(SMALL);
  });

  it("names the doors that would go though a curator has made something of them", () => {
    const none = { ...SMALL, doors: {} };
    const lost = (hall: Hall) => lostDoors(hall, none, SMALL).map(([id]) => id);
    expect(lost(HALL)).toEqual([]); // as the template has it
    expect(lost(leadDoor(HALL, "east", "tea"))).toEqual(["east"]);
    expect(lost({ ...HALL, doors: { east: { ...door(4), title: text("To the tea") } } })).toEqual(["east"]);
    expect(lostDoors(leadDoor(HALL, "east", "tea"), facts(12), SMALL)).toEqual([]);
  });

  it("takes what stands or hangs at its places along", () => {
    const arranged = putAtAnchor(putAtAnchor(HALL, "bowl", "stand"), "words", "wall");
    const next = changeBuilding(arranged, LARGE, facts(12), SMALL);
    expect(next.placements.bowl?.translation).toEqual([3, 1, 0]);
    expect(next).toEqual({
      ...changeBuilding(HALL, LARGE, facts(12), SMALL),
      placements: putAtAnchor(
        putAtAnchor(changeBuilding(HALL, LARGE, facts(12), SMALL), "bowl", "stand"),
        "words",
        "wall",
      ).placements,
    });
    expect(changeBuilding(next, BUILDING, SMALL, facts(12))).toEqual(arranged);
  });

  it("leaves what the curator has changed: entrance, light, doors, furniture and free exhibits", () => {
    const own = addFurniture(
      {
        ...HALL,
        start: { ...HALL.start, target: [0, 1, 0] },
        light: { ambient: 0.8 },
        doors: { east: { ...door(4), title: text("Tea"), hall: "tea" } },
      },
      "plinth",
      [1, 0, 1],
    ).hall;
    const next = changeBuilding(own, LARGE, facts(12), SMALL);
    expect([next.start, next.light, next.architecture.background]).toEqual([own.start, own.light, "#efece6"]);
    expect(next.doors?.east).toEqual({ ...door(6), title: text("Tea"), hall: "tea" });
    expect(next.anchors?.plinth).toEqual(own.anchors?.plinth);
    expect([next.furniture, next.placements]).toEqual([own.furniture, own.placements]);
  });

  it("takes the timeline down whose place is gone", () => {
    const timeline = { title: text("Years"), milestones: {}, anchor: "wall" };
    const { stand } = SMALL.anchors as Record<string, Anchor>;
    const next = changeBuilding({ ...HALL, timeline }, LARGE, { ...SMALL, anchors: { stand: stand as Anchor } }, SMALL);
    expect(next.timeline).toEqual({ title: text("Years"), milestones: {} });
  });
});

describe("the latest request", () => {
  it("waits for the one under way, and passes over those between", async () => {
    const asked: number[] = [];
    const answers: (() => void)[] = [];
    const latest = new Latest<number>((wish) => {
      asked.push(wish);
      return new Promise((resolve) => answers.push(resolve));
    });
    for (const wish of [1, 2, 3, 4]) latest.request(wish);
    expect(asked).toEqual([1]);
    answers.shift()?.();
    await Promise.resolve();
    expect(asked).toEqual([1, 4]);
    answers.shift()?.();
    await new Promise(setImmediate);
    latest.request(5);
    expect(asked).toEqual([1, 4, 5]);
  });
});
