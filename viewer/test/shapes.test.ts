import { describe, expect, it } from "vitest";
import { difference } from "../src/document/changes.ts";
import {
  addStep,
  addVariant,
  changeStep,
  changeVariant,
  moveVariant,
  nameOwnShape,
  removeStep,
  removeVariant,
} from "../src/document/commands/shapes.ts";
import type { Hall } from "../src/document/schema.ts";
import { hallOf, model, placed, text } from "./halls.ts";

const HALL = hallOf({ mill: placed("object", [0, 0, 0], { asset: "mill" }) }, { assets: { mill: model(1, 1) } });
const shape = (id: string) => ({ id, asset: { ...model(1, 1), title: text(id) } });
const titles = (hall: Hall) => hall.placements.mill?.variants?.map(({ title }) => title.en);

describe("the shapes of an exhibit", () => {
  it("are added with their assets, named, dated and put in order", () => {
    const two = addVariant(addVariant(HALL, "mill", shape("ruin")), "mill", shape("rebuilt"));
    expect(titles(two)).toEqual(["ruin", "rebuilt"]);
    expect(Object.keys(two.assets).sort()).toEqual(["mill", "rebuilt", "ruin"]);
    expect(titles(moveVariant(two, "mill", 1, 0))).toEqual(["rebuilt", "ruin"]);
    const dated = changeVariant(two, "mill", 1, { year: 1958 });
    expect(dated.placements.mill?.variants?.[1]).toEqual({ title: text("rebuilt"), asset: "rebuilt", year: 1958 });
  });

  it("leave nothing behind when the last of them goes", () => {
    const named = nameOwnShape(addVariant(HALL, "mill", shape("ruin")), "mill", { title: text("Today"), year: 2026 });
    const bare = nameOwnShape(removeVariant(named, "mill", 0), "mill", {
      title: text(""),
      year: undefined,
    } as never);
    expect(difference(HALL, bare)).toEqual([]);
  });
});

describe("the steps of a process", () => {
  it("stand in the order of their beginnings, and leave with the last", () => {
    const later = addStep(HALL, "mill", { title: text("Press"), from_s: 4, to_s: 6 });
    const both = addStep(later, "mill", { title: text("Fill"), from_s: 0, to_s: 4 });
    expect(both.placements.mill?.process?.map(({ title }) => title.en)).toEqual(["Fill", "Press"]);
    const longer = changeStep(both, "mill", 1, { to_s: 7.5 });
    expect(longer.placements.mill?.process?.[1]).toEqual({ title: text("Press"), from_s: 4, to_s: 7.5 });
    expect(difference(HALL, removeStep(removeStep(longer, "mill", 0), "mill", 0))).toEqual([]);
  });
});
