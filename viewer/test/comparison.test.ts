import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { reorder } from "../src/document/commands/order.ts";
import { movePlacements, putPlacement, removePlacements, turnPlacement } from "../src/document/commands/placements.ts";
import { writeText } from "../src/document/commands/texts.ts";
import type { Hall } from "../src/document/schema.ts";
import { compareHalls } from "../src/studio/history/comparison.ts";
import { storyHall } from "./random-commands.ts";

const before = storyHall();
const told = (after: Hall) => compareHalls(before, after).map(({ title, ...rest }) => [title?.en ?? "", rest]);

const CASES = JSON.parse(
  readFileSync(new URL("../../assets/schema/cases/differences.json", import.meta.url), "utf-8"),
) as { cases: { about: string; before: object; after: object; differences: string[][] }[] };

it.each(CASES.cases)("differ as the server says it: $about", ({ before, after, differences }) => {
  const [one, other] = [before, after].map((part) => ({ assets: {}, placements: {}, ...part }) as unknown as Hall);
  const found = compareHalls(one as Hall, other as Hall);
  expect(found.map(({ verb, part, id }) => [verb, part, id])).toEqual(differences);
});

describe("two versions of a hall", () => {
  it("that are the same differ in nothing", () => expect(compareHalls(before, storyHall())).toEqual([]));

  it("tell how far a thing was moved and turned", () => {
    const after = turnPlacement(movePlacements(before, ["a-one"], [0.3, 0, 0.4]), "a-one", 30);
    const [[title, { metres, turned_deg, ...rest }]] = told(after) as [[string, ReturnType<typeof compareHalls>[0]]];
    expect([title, rest]).toEqual(["a pot", { verb: "moved", part: "placements", id: "a-one" }]);
    expect(metres).toBeCloseTo(0.5, 9);
    expect(turned_deg).toBeCloseTo(30, 6);
  });

  it("tell texts before and after, as people read them", () => {
    const after = writeText(
      writeText(before, ["notes", "a-note", "body"], "en", "<p>Two <b>words</b></p>"),
      ["title"],
      "zh",
      "窑",
    );
    expect(told(after)).toEqual([
      ["a-one", { verb: "written", part: "notes", id: "a-note", texts: [{ lang: "en", from: "…", to: "Two words" }] }],
      ["", { verb: "written", part: "hall", id: "", texts: [{ lang: "zh", from: before.title.zh, to: "窑" }] }],
    ]);
  });

  it("tell what came, what went and what was put in another order, each once", () => {
    const removed = removePlacements(before, ["b-two"], true);
    const asset = { id: "a-pot", asset: before.assets["a-pot"] as Hall["assets"][string] };
    const { hall } = putPlacement(removed, asset, { translation: [1, 0, 1] });
    const after = reorder(hall, "placement_order", ["a-two"], 0);
    const verbs = compareHalls(before, after).map(({ verb, part, id }) => `${verb} ${part} ${id}`);
    expect(verbs).toEqual([
      "added placements a-pot",
      "removed placements b-two",
      "changed chapters b-part",
      "reordered placements ",
    ]);
  });
});
