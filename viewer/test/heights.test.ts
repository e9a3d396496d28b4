import { afterAll, beforeAll, expect, it } from "vitest";
import { HEIGHTS, type Heights, heightFigures, useHeights } from "../src/document/heights.ts";
import { checkText } from "../src/studio/check-words.ts";
import { checks } from "../src/studio/checks.ts";
import { hallOf, model, placed } from "./halls.ts";

const usual: Heights = { ...HEIGHTS };

beforeAll(() => useHeights({ picture_centre: [1.3, 1.4], cane: [0.5] }));
afterAll(() => useHeights(Object.fromEntries(Object.entries(usual).map(([name, value]) => [name, [value].flat()]))));

it("a museum's own heights take the place of the usual ones, and the others stay", () => {
  expect(HEIGHTS).toEqual({ ...usual, picture_centre: [1.3, 1.4], cane: 0.5 });
  expect(heightFigures(100)).toMatchObject({ picture_centre: "130–140", cane: "50", case_top: "83.8–101.6" });
});

it("findings are measured by them, and say them", () => {
  const board = placed("panel", [0, 1.45, -4], { width_m: 1, label: { zh: "字", en: "Words" } });
  const hall = hallOf(
    { board },
    { assets: { room: { ...model(10, 4), bounds: { min: [-5, 0, -5], max: [5, 4, 5] } } } },
  );
  const found = checks(hall).filter(({ id }) => id === "picture-height");
  expect(found.map((each) => checkText(hall, each, "en"))).toEqual([
    "A thing: its middle is at 1.45 m; usual are 1.3–1.4 m.",
  ]);
});
