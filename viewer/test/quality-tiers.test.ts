import { JSDOM } from "jsdom";
import { describe, expect, it } from "vitest";
import { finest, Ladder, RUNGS } from "../src/core/quality-tiers.ts";

const session = () => new JSDOM("", { url: "https://hall.invalid/" }).window.sessionStorage;

describe("the ladder", () => {
  it("leads from all there is to thumbs only, every rung asking less than the one before", () => {
    const ladder = new Ladder(null);
    const told: unknown[] = [];
    ladder.descended.on((rung) => told.push(rung));
    while (ladder.descend());
    expect(told).toEqual(RUNGS.slice(1));
    for (const [i, rung] of RUNGS.slice(1).entries()) {
      const before = RUNGS[i] as (typeof RUNGS)[0];
      expect(rung.without).toBeGreaterThan(before.without);
      expect(rung.share).toBeLessThan(before.share);
      expect(rung.ratio).toBeLessThanOrEqual(before.ratio);
    }
    expect(ladder.descend()).toBe(false);
    expect(RUNGS.map((rung) => finest(4, rung))).toEqual([3, 2, 1, -1]);
    expect(RUNGS.map((rung) => finest(1, rung))).toEqual([0, 0, 0, -1]);
  });

  it("begins one lower after a page that died, and not lower than that for good", () => {
    const storage = session();
    const first = new Ladder(storage);
    expect(first.rung).toBe(RUNGS[0]);
    first.mark();
    const second = new Ladder(storage); // the page came back without having left
    expect(second.rung).toBe(RUNGS[1]);
    second.descend();
    expect(new Ladder(storage).rung).toBe(RUNGS[2]);
    second.descend();
    expect(new Ladder(storage).rung).toBe(RUNGS[2]); // thumbs only are for what is known to fail
  });

  it("begins at the top after a visit that was left", () => {
    const storage = session();
    const ladder = new Ladder(storage);
    ladder.mark();
    ladder.descend();
    ladder.unmark();
    expect(new Ladder(storage).rung).toBe(RUNGS[0]);
  });

  it("is not confused by what others left there", () => {
    const storage = session();
    storage.setItem("longyao-rung", "nonsense");
    expect(new Ladder(storage).rung).toBe(RUNGS[1]);
  });
});
