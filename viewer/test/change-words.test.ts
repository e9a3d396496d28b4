import { expect, it } from "vitest";
import { apply, difference } from "../src/document/changes.ts";
import {
  movePlacements,
  placePlacement,
  removePlacements,
  turnPlacements,
} from "../src/document/commands/placements.ts";
import { addStop, addTour, moveStop, removeStop } from "../src/document/commands/story.ts";
import { writeText } from "../src/document/commands/texts.ts";
import type { Hall } from "../src/document/schema.ts";
import { sidesOf } from "../src/studio/people/change-words.ts";
import { hallOf, model, placed, text } from "./halls.ts";

const KILN = hallOf(
  {
    vase: placed("object", [0, 0, 0], { asset: "vase", title: { zh: "花瓶", en: "Vase" } }),
    bowl: placed("object", [2, 0, 0], { asset: "vase", title: { zh: "碗", en: "Bowl" } }),
  },
  { assets: { room: model(10, 4, 20), vase: model(0.3, 0.6) } },
);

/** What two curators read who have both changed the hall, the second one here. */
function sides(theirs: Hall, mine: Hall, lang: "zh" | "en", before: Hall = KILN) {
  const { conflicts } = apply(theirs, difference(before, mine));
  return sidesOf(theirs, mine, conflicts, Array(conflicts.length).fill("林老师"), lang).map(
    ({ thing: _, author, ...each }) => {
      expect(author).toBe("林老师");
      return each;
    },
  );
}

it("says where either has put a thing, in metres", () => {
  const theirs = placePlacement(KILN, "vase", [3, 0.9, -1]);
  const mine = movePlacements(KILN, ["vase"], [0.3, 0, -0.4]);
  expect(sides(theirs, mine, "zh")).toEqual([
    {
      name: "展品“花瓶”",
      mine: ["移到：左右 0.30 米，前后 −0.40 米，高 0.00 米（离原处 0.50 米）"],
      theirs: ["移到：左右 3.00 米，前后 −1.00 米，高 0.90 米（离原处 3.29 米）"],
    },
  ]);
  expect(sides(turnPlacements(KILN, ["vase"], 90), turnPlacements(KILN, ["vase"], -45), "en")).toEqual([
    { name: "Exhibit “Vase”", mine: ["Turned to −45°"], theirs: ["Turned to 90°"] },
  ]);
});

it("shows the words of both, by language, without markup", () => {
  const write = (words: string) => writeText(KILN, ["placements", "vase", "title"], "zh", words);
  expect(sides(write("青花瓶"), write(""), "zh")).toEqual([
    { name: "展品“青花瓶”", mine: ["标题（中文）：（空）"], theirs: ["标题（中文）：青花瓶"] },
  ]);
  const title = (words: string) => writeText(KILN, ["title"], "en", words);
  expect(sides(title("<b>Theirs"), title("Mine"), "en")).toMatchObject([
    { name: "the hall", mine: ["Title (English): Mine"] },
  ]);
});

it("groups by things, says what is gone, and what has changed of what one removes", () => {
  const two = writeText(placePlacement(KILN, "vase", [1, 0, 0]), ["placements", "bowl", "title"], "en", "Big bowl");
  const gone = removePlacements(KILN, ["vase", "bowl"], false);
  expect(sides(gone, two, "en").map((each) => [each.name, each.theirs])).toEqual([
    ["Exhibit “Big bowl”", ["It is gone"]],
    ["Exhibit “Vase”", ["It is gone"]],
  ]);
  expect(sides(two, gone, "en")).toEqual([
    { name: "Exhibit “Big bowl”", mine: ["Removed"], theirs: ["Title (English): Big bowl"] },
    {
      name: "Exhibit “Vase”",
      mine: ["Removed"],
      theirs: ["Moved to 1.00 m left–right, 0.00 m front–back, 0.00 m high (1.00 m from where it was)"],
    },
  ]);
});

it("names a tour's stop by its number", () => {
  const begun = addTour(KILN, { zh: "一圈", en: "Round" }, { caption: text("One") });
  const before = addStop(begun.hall, begun.id, { caption: text("Two") }).hall;
  const path = ["tours", begun.id, "stops", "stop-2", "caption"];
  const mine = moveStop(writeText(before, path, "en", "Mine"), begun.id, "stop-2", 0);
  expect(sides(writeText(before, path, "en", "Theirs"), mine, "zh", before)).toEqual([
    { name: "导览“一圈”第 2 站", mine: ["解说词（英文）：Mine"], theirs: ["解说词（英文）：Theirs"] },
  ]);
  const theirs = removeStop(before, begun.id, "stop-2");
  expect(sides(theirs, mine, "en", before)).toEqual([
    {
      name: "stop 1 of Tour “Round”", // where this editor has put it
      mine: ["Caption (English): Mine"],
      theirs: ["It is gone"],
    },
  ]);
});
