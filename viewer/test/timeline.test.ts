import { describe, expect, it } from "vitest";
import { timelineText } from "../src/app/timeline-text.ts";
import { layOut, spreadColumns } from "../src/core/timeline.ts";
import { milestonesInOrder } from "../src/document/order.ts";
import type { Milestone } from "../src/document/schema.ts";
import { hallOf, placed, text } from "./halls.ts";

const milestone = (year: number, more: Partial<Milestone> = {}): Milestone => ({
  year,
  title: text(`In ${year}`),
  ...more,
});

const HALL = hallOf(
  { jar: placed("object", [0, 0, 0]) },
  {
    chapters: {
      ware: { title: text("Ware"), placements: ["jar"], from_year: 960, to_year: 1368 },
      trade: { title: text("Trade"), placements: [], from_year: 1200, to_year: 1700 },
      now: { title: text("Now"), placements: [], from_year: 1949, to_year: 2020 },
      idle: { title: text("Idle"), placements: [] },
    },
    chapter_order: ["ware", "trade", "now", "idle"],
    timeline: {
      title: text("Through time"),
      milestones: {
        c: milestone(1610, { chapter: "trade", circa: true }),
        a: milestone(1000, { chapter: "ware", to_year: 1270, placement: "jar" }),
        d: milestone(1956, { chapter: "now" }),
        b: milestone(1292),
        e: milestone(1990, { chapter: "now" }),
      },
    },
  },
);

describe("a timeline on the wall", () => {
  const layout = layOut(HALL, 1000, 2026);

  it("has a scale of round years, which ends today", () => {
    expect(layout.ticks.map(({ year }) => year)).toEqual([800, 1000, 1200, 1400, 1600, 1800, 2000]);
    expect(layout.ticks[0]?.x).toBe(0);
    expect(layout.ticks.at(-1)?.x).toBeCloseTo((1200 / 1226) * 1000, 6);
    expect(layOut(HALL, 1000, 1900).ticks.at(-1)).toEqual({ year: 2200, x: 1000 }); // a milestone lies ahead
  });

  it("puts milestones at their years, as long as they last", () => {
    const at = (year: number) => expect.closeTo(((year - 800) / 1226) * 1000, 6);
    expect(layout.marks.find(({ id }) => id === "a")).toMatchObject({ from: at(1000), to: at(1270) });
    expect(layout.marks.find(({ id }) => id === "d")).toMatchObject({ from: at(1956), to: at(1956) });
  });

  it("writes on both sides, in order, nothing over another and nothing outside", () => {
    for (const above of [true, false]) {
      const lefts = layout.marks.filter((mark) => mark.above === above).map(({ x }) => x);
      for (const [i, left] of lefts.entries()) {
        expect(left).toBeGreaterThanOrEqual(i === 0 ? 0 : (lefts[i - 1] as number) + layout.column - 1e-9);
        expect(left + layout.column).toBeLessThanOrEqual(1000 + 1e-9);
      }
    }
    expect(layout.marks.filter(({ above }) => above)).toHaveLength(3);
  });

  it("lays chapters that overlap in rows, and leaves out those without years", () => {
    expect(layout.bands.map(({ id, row }) => [id, row])).toEqual([
      ["ware", 0],
      ["trade", 1],
      ["now", 0],
    ]);
    expect(layout.rows).toBe(2);
  });

  it("knows years before Christ and a single milestone", () => {
    const hall = hallOf({}, { timeline: { title: text(""), milestones: { a: milestone(-221), b: milestone(220) } } });
    expect(layOut(hall, 10).ticks.map(({ year }) => year)).toContain(-200);
    const one = hallOf({}, { timeline: { title: text(""), milestones: { a: milestone(1900) } } });
    expect(layOut(one, 10).marks[0]?.from).toBe(0);
  });

  it("gives each column its room when all want the same", () => {
    expect(spreadColumns([50, 50, 50], 20, 100)).toEqual([40, 60, 80]);
    expect(spreadColumns([-10, 95], 20, 100)).toEqual([0, 80]);
  });
});

describe("a timeline in the panel", () => {
  it("tells milestones by their years, and where they lead", () => {
    expect(milestonesInOrder(HALL).map(([id]) => id)).toEqual(["a", "b", "c", "d", "e"]);
    const told = timelineText(HALL, null, "en");
    expect(told?.milestones.map(({ years }) => years)).toEqual(["1000–1270", "1292", "c. 1610", "1956", "1990"]);
    expect(told?.milestones[0]?.exhibit).toEqual({ id: "jar", title: "A thing" });
    expect(told?.chapters.map(({ id }) => id)).toEqual(["ware", "trade", "now"]);
  });

  it("keeps to a chapter", () => {
    expect(timelineText(HALL, "now", "zh")?.milestones.map(({ id }) => id)).toEqual(["d", "e"]);
    expect(timelineText(HALL, "idle", "zh")?.chapter).toBeNull(); // of which no milestone tells
  });
});
