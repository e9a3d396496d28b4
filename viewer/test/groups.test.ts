import { describe, expect, it } from "vitest";
import { groupOf, groupPlacements, ungroupPlacements, withGroups } from "../src/document/commands/groups.ts";
import {
  duplicatePlacements,
  lockPlacements,
  movePlacements,
  removePlacements,
  scalePlacement,
  turnPlacements,
  withLockedKept,
} from "../src/document/commands/placements.ts";
import { writeText } from "../src/document/commands/texts.ts";
import { Selection } from "../src/studio/selection.ts";
import { hallOf, placed } from "./halls.ts";

const hall = hallOf(Object.fromEntries(["a", "b", "c", "d"].map((id, i) => [id, placed("object", [i, 0, 0])])));
const grouped = groupPlacements(hall, ["a", "c"]);

describe("a group", () => {
  it("has its placements in the order in which they were chosen, each of them in one group", () => {
    expect(grouped.groups).toEqual({ group: { members: ["a", "c"] } });
    expect(withGroups(grouped, ["c", "d"])).toEqual(["c", "a", "d"]);
    const next = groupPlacements(groupPlacements(hall, ["a", "b", "c"]), ["c", "d"]);
    expect(next.groups).toEqual({ group: { members: ["a", "b"] }, "group-2": { members: ["c", "d"] } });
    expect(groupPlacements(grouped, ["c", "d"]).groups).toEqual({ "group-2": { members: ["c", "d"] } });
    expect(groupPlacements(hall, ["a"])).toBe(hall);
  });

  it("keeps the rest when a member is removed, and ends with the last but one", () => {
    const three = groupPlacements(hall, ["a", "b", "c"]);
    expect(removePlacements(three, ["b"], true).groups).toEqual({ group: { members: ["a", "c"] } });
    expect(removePlacements(three, ["b", "a"], true).groups).toBeUndefined();
  });

  it("is taken apart, and leaves no empty map", () => {
    expect(ungroupPlacements(grouped, ["c"]).groups).toBeUndefined();
    expect(ungroupPlacements(grouped, ["d"]).groups).toEqual(grouped.groups);
    expect(groupOf(grouped, "d")).toBeNull();
  });

  it("is copied as a group of its own", () => {
    const { hall: next, ids } = duplicatePlacements(grouped, ["a", "c", "d"]);
    expect(ids).toEqual(["a-2", "c-2", "d-2"]);
    expect(next.groups).toEqual({ group: { members: ["a", "c"] }, "group-2": { members: ["a-2", "c-2"] } });
  });

  it("is chosen together; one of it alone by choosing it once more; more and less of it with the others", () => {
    const selection = new Selection((ids) => withGroups(grouped, ids));
    const choose = (id: string, more = false) => {
      selection.choose({ kind: "placement", id }, more);
      return selection.placements;
    };
    expect(choose("a")).toEqual(["c", "a"]);
    expect(choose("a")).toEqual(["a"]);
    expect(choose("d")).toEqual(["d"]);
    expect(choose("c", true)).toEqual(["d", "a", "c"]);
    expect(choose("a", true)).toEqual(["d"]);
  });
});

describe("a lock", () => {
  const locked = lockPlacements(hall, ["b"], true);

  it("holds a placement whatever moves, turns or scales it; the others go", () => {
    const all = ["a", "b"];
    for (const next of [
      movePlacements(locked, all, [1, 0, 0]),
      turnPlacements(locked, all, 30, [5, 0, 5]),
      scalePlacement(movePlacements(locked, ["a"], [1, 0, 0]), "b", 2),
    ]) {
      const kept = withLockedKept(locked, next);
      expect(kept.placements.b).toEqual(locked.placements.b);
      expect(kept.placements.a).toBe(next.placements.a);
    }
  });

  it("leaves its words alone, and lets it go when it is opened", () => {
    const written = writeText(locked, ["placements", "b", "title"], "en", "Vase");
    expect(withLockedKept(locked, written)).toBe(written);
    const open = lockPlacements(locked, ["b"], false);
    expect(open.placements.b).toEqual(hall.placements.b);
    const moved = movePlacements(open, ["b"], [1, 0, 0]);
    expect(withLockedKept(open, moved)).toBe(moved);
  });

  it("is not on a copy", () => {
    const { hall: next } = duplicatePlacements(locked, ["b"]);
    expect(next.placements["b-2"]?.locked).toBeUndefined();
    expect(next.placements["b-2"]?.translation).not.toEqual(locked.placements.b?.translation);
  });
});
