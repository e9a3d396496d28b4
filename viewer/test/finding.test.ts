import { describe, expect, it } from "vitest";
import type { Hall, Note, Placement } from "../src/document/schema.ts";
import { countsOf, type Filter, hallTexts, mentions, passes } from "../src/studio/place/finding.ts";
import { hallOf, model, placed, text } from "./halls.ts";

const pot = { ...model(0.3, 0.6), title: text("Meiping vase", "梅瓶") };
const hall: Hall = hallOf(
  {
    vase: placed("object", [0, 0, 0], {
      asset: "vase",
      title: text("A vase", "瓶"),
      label: text("", "明代白釉"),
      sources: ["book"],
    }),
    rough: placed("object", [1, 0, 0], { asset: "rough", label: text("A pot", "罐"), locked: true }),
    steps: placed("object", [2, 0, 0], {
      asset: "vase",
      label: text("Steps", "步骤"),
      process: [{ title: text("Throwing", ""), from_s: 0, to_s: 1 }],
    }),
  },
  {
    title: text("The kiln", "窑"),
    summary: text("Long.", ""),
    assets: { vase: pot, rough: { ...model(1, 1), unit: "arbitrary" } },
    notes: { glaze: { title: text("Glaze", "釉"), body: text("<p></p>", "<p>白</p>"), anchor: [0, 1, 0] } },
    note_order: ["glaze"],
    sources: { book: { title: text("Notes on porcelain", "瓷说") } },
  },
);
const things: Readonly<Record<string, Placement | Note>> = { ...hall.placements, ...hall.notes };
const found = (words: string) => Object.keys(things).filter((id) => mentions(words, things[id] as Placement, hall));
const shown = (filter: Filter) => Object.keys(things).filter((id) => passes(filter, things[id] as Placement, hall));

describe("find", () => {
  it("looks into titles, labels, notes, assets and sources, in both languages", () => {
    expect(found("明代")).toEqual(["vase"]);
    expect(found("white")).toEqual([]);
    expect(found("白")).toEqual(["vase", "glaze"]);
    expect(found("meiping")).toEqual(["vase", "steps"]);
    expect(found("PORCELAIN vase")).toEqual(["vase"]);
    expect(found("throwing")).toEqual(["steps"]);
    expect(found("rough")).toEqual(["rough"]); // an asset's id
    expect(found("<p>")).toEqual([]);
    expect(found("  ")).toEqual(Object.keys(things));
  });

  it("shows what lacks a language, a scale or a label, and what is locked", () => {
    expect(shown("lacksEn")).toEqual(["vase", "glaze"]);
    expect(shown("lacksZh")).toEqual(["steps"]);
    expect(shown("unscaled")).toEqual(["rough"]);
    expect(shown("onlyLocked")).toEqual(["rough"]);
    expect(shown("noLabel")).toEqual([]);
    expect(passes("lacksZh", hallTexts(hall), hall)).toBe(true);
  });

  it("counts them, the hall's own texts among them", () => {
    expect(countsOf(hall)).toEqual({ lacksEn: 2, lacksZh: 2, unscaled: 1, noLabel: 0, onlyLocked: 1 });
    expect(countsOf({ ...hall, placements: { bare: placed("object", [0, 0, 0]) } }).noLabel).toBe(1);
  });
});
