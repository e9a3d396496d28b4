import { describe, expect, it } from "vitest";
import { formatLength, pixelAt, roundLength } from "../src/core/lengths.ts";

describe("a length", () => {
  it.each([
    [0.1234, 0.0004, "12.3 cm"],
    [0.1234, 0.00004, "12.34 cm"],
    [0.1234, 0.0000001, "12.34 cm"],
    [0.1234, 0.002, "12 cm"],
    [0.1234, 0.02, "10 cm"],
    [0.00567, 0.00005, "5.7 mm"],
    [0.00567, 0.001, "6 mm"],
    [1.23456, 0.0004, "1.235 m"],
    [1.23456, 0.004, "1.23 m"],
    [12.3456, 0.3, "12 m"],
    [1234.5, 0.01, "1,234.50 m"],
  ])("of %f m pointed at to %f m reads %s", (metres, grain, text) => {
    expect(formatLength(metres, grain)).toBe(text);
  });

  it("never shows a digit finer than what could be pointed at", () => {
    for (let i = 0; i < 2000; i++) {
      const metres = 10 ** (-3 + (6 * i) / 2000);
      const grain = 10 ** (-5 + ((i * 7919) % 500) / 100);
      const [value = "", unit = ""] = formatLength(metres, grain).split(" ");
      const size = { m: 1, cm: 0.01, mm: 0.001 }[unit] as number;
      const shown = Number(value.replaceAll(",", "")) * size;
      const last = size / 10 ** (value.split(".")[1]?.length ?? 0);
      expect(Math.abs(shown - metres)).toBeLessThanOrEqual(Math.max(last / 2, grain * 5) + 1e-12);
      expect(last).toBeGreaterThanOrEqual(Math.min(grain, size) * 0.999);
    }
  });
});

describe("a scale bar", () => {
  it("is a round length and more than a third of what there is room for", () => {
    for (let i = 0; i < 500; i++) {
      const room = 10 ** (-4 + i / 70);
      const length = roundLength(room);
      expect(length).toBeLessThanOrEqual(room * (1 + 1e-9));
      expect(length).toBeGreaterThan(room / 2.6);
      expect(formatLength(length, length / 5)).toMatch(/^(1|2|5)0{0,2} [cm]?m$|^0.[125] mm$|,/);
      expect(["1", "2", "5"]).toContain(length.toExponential(6)[0]);
    }
  });
});

describe("a pixel", () => {
  it("covers its share of the view", () => {
    expect(pixelAt(2, 90, 400)).toBeCloseTo(0.01, 12);
  });
});
