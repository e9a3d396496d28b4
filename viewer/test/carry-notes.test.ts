import { describe, expect, it } from "vitest";
import { carryNotes } from "../src/document/commands/carry-notes.ts";
import { attachNote } from "../src/document/commands/notes.ts";
import { movePlacements, scalePlacement, turnPlacement } from "../src/document/commands/placements.ts";
import type { Hall, Note } from "../src/document/schema.ts";
import { hallOf, placed, text } from "./halls.ts";

const RIM: Note = {
  placement: "jar",
  title: text("Rim"),
  body: text(""),
  anchor: [1, 0.5, 2.2],
  view: { position: [1, 1.5, 4], target: [1, 0.5, 2.2], fov_deg: 50 },
};
const HALL = hallOf(
  { jar: placed("object", [1, 0, 2]), urn: placed("object", [3, 0, 3]) },
  { notes: { rim: RIM, door: { ...RIM, placement: "urn" } }, note_order: ["rim", "door"] },
);

const carried = (next: Hall) => carryNotes(HALL, next).notes;

describe("a note", () => {
  it("goes where its exhibit goes, and its view with it", () => {
    const { rim, door } = carried(movePlacements(HALL, ["jar"], [0.5, 0.25, -1]));
    expect(rim?.anchor).toEqual([1.5, 0.75, 1.2]);
    expect(rim?.view).toEqual({ position: [1.5, 1.75, 3], target: [1.5, 0.75, 1.2], fov_deg: 50 });
    expect(door).toBe(HALL.notes.door);
  });

  it("turns about its exhibit's axis, and keeps its share of the height", () => {
    expect(carried(turnPlacement(HALL, "jar", 90)).rim?.anchor).toEqual([1.2, 0.5, 2]);
    expect(carried(scalePlacement(HALL, "jar", 2)).rim?.anchor).toEqual([1, 1, 2.4]);
  });

  it("comes back exactly to where it was", () => {
    const there = carryNotes(HALL, turnPlacement(movePlacements(HALL, ["jar"], [0.1, 0, 0.3]), "jar", 37));
    const back = carryNotes(there, { ...there, placements: HALL.placements });
    expect(back.notes.rim?.anchor).toEqual(RIM.anchor);
  });

  it("stays where nothing moves, or where the edit itself has changed it", () => {
    expect(carryNotes(HALL, HALL)).toBe(HALL);
    const attached = attachNote(movePlacements(HALL, ["urn"], [1, 0, 0]), "rim", "urn");
    expect(carried(attached).rim?.anchor).toEqual(RIM.anchor);
  });
});
