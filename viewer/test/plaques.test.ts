import { describe, expect, it } from "vitest";
import { inscriptions, isPlaque } from "../src/core/plaques.ts";
import type { Anchor } from "../src/document/schema.ts";
import { hallOf, placed, text } from "./halls.ts";

const board = (z: number, more: Partial<Anchor> = {}): Anchor => {
  return { kind: "label", position: [0, 3, z], facing_deg: 0, width_m: 2, height_m: 0.3, ...more };
};

const PLACEMENTS = { jar: placed("object", [0, 1, -8]), chest: placed("object", [0, 1, -2]) };
const ANCHORS = { shrine: board(-9), gate: board(3), small: board(0, { width_m: 0.3, height_m: 0.16 }) };
const CHAPTERS = {
  chapters: {
    wood: { title: text("Wood", "木"), placements: ["chest"] },
    clay: { title: text("Clay", "泥"), placements: ["jar"] },
  },
  chapter_order: ["wood", "clay"],
};

describe("a board", () => {
  it("is far wider than an exhibit's label, and no panel", () => {
    expect(Object.values(ANCHORS).map(isPlaque)).toEqual([true, true, false]);
    expect(isPlaque(board(0, { kind: "panel" }))).toBe(false);
  });

  it("names the hall at the entrance, and inside what stands beneath it", () => {
    const said = inscriptions(hallOf(PLACEMENTS, { anchors: ANCHORS, ...CHAPTERS }));
    expect(Object.fromEntries(said)).toEqual({ gate: text("A hall"), shrine: text("Clay", "泥") });
  });

  it("names the hall where it has no chapters, and is not needed", () => {
    const said = inscriptions(hallOf(PLACEMENTS, { anchors: ANCHORS }));
    expect([...said.values()]).toEqual([text("A hall"), text("A hall")]);
    expect(inscriptions(hallOf(PLACEMENTS)).size).toBe(0);
  });
});
