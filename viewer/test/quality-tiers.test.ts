import { JSDOM } from "jsdom";
import { describe, expect, it } from "vitest";
import { finest, QUALITY_TIERS, QualityTiers } from "../src/core/quality-tiers.ts";

const session = () => new JSDOM("", { url: "https://hall.invalid/" }).window.sessionStorage;

describe("the quality", () => {
  it("leads from all there is to thumbs only, every tier asking less than the one before", () => {
    const quality = new QualityTiers(null);
    const told: unknown[] = [];
    quality.lowered.on((tier) => told.push(tier));
    while (quality.lower());
    expect(told).toEqual(QUALITY_TIERS.slice(1));
    for (const [i, tier] of QUALITY_TIERS.slice(1).entries()) {
      const before = QUALITY_TIERS[i] as (typeof QUALITY_TIERS)[0];
      expect(tier.without).toBeGreaterThan(before.without);
      expect(tier.share).toBeLessThan(before.share);
      expect(tier.ratio).toBeLessThanOrEqual(before.ratio);
    }
    expect(quality.lower()).toBe(false);
    expect(QUALITY_TIERS.map((tier) => finest(4, tier))).toEqual([3, 2, 1, -1]);
    expect(QUALITY_TIERS.map((tier) => finest(1, tier))).toEqual([0, 0, 0, -1]);
  });

  it("begins one lower after a page that died, and not lower than that for good", () => {
    const storage = session();
    const first = new QualityTiers(storage);
    expect(first.tier).toBe(QUALITY_TIERS[0]);
    first.mark();
    const second = new QualityTiers(storage); // the page came back without having left
    expect(second.tier).toBe(QUALITY_TIERS[1]);
    second.lower();
    expect(new QualityTiers(storage).tier).toBe(QUALITY_TIERS[2]);
    second.lower();
    expect(new QualityTiers(storage).tier).toBe(QUALITY_TIERS[2]); // thumbs only are for what is known to fail
  });

  it("begins at the top after a visit that was left", () => {
    const storage = session();
    const quality = new QualityTiers(storage);
    quality.mark();
    quality.lower();
    quality.unmark();
    expect(new QualityTiers(storage).tier).toBe(QUALITY_TIERS[0]);
  });

  it("is not confused by what others left there", () => {
    const storage = session();
    storage.setItem("longyao-tier", "nonsense");
    expect(new QualityTiers(storage).tier).toBe(QUALITY_TIERS[1]);
  });
});
