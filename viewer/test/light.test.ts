import { describe, expect, it } from "vitest";
import { lampAt, sideOf, towards } from "../src/tools/light.ts";

describe("a lamp", () => {
  it("stands where it was put on the dome, and shines from there", () => {
    for (let azimuth = 0; azimuth < 360; azimuth += 7) {
      for (let elevation = 0; elevation < 90; elevation += 9) {
        const to = towards({ azimuth, elevation });
        expect(to.length()).toBeCloseTo(1, 12);
        expect(lampAt(to.x, to.y)).toEqual({ azimuth, elevation });
      }
    }
  });

  it.each([
    [0, 0.5, 0, "above"],
    [0.5, 0, 90, "right"],
    [0, -0.5, 180, "below"],
    [-0.5, 0, 270, "left"],
  ])("at (%d, %d) shines from %d°, %s", (x, y, azimuth) => {
    expect(lampAt(x, y)).toEqual({ azimuth, elevation: 60 });
    expect(sideOf(azimuth)).toBe(azimuth / 45);
  });

  it("rakes when it is dragged past the rim", () => {
    expect(lampAt(3, 4).elevation).toBe(0);
    expect(lampAt(0, 0).elevation).toBe(90);
  });

  it("has eight sides that meet", () => {
    expect([337, 338, 359, 0, 22, 23, 315].map(sideOf)).toEqual([7, 0, 0, 0, 0, 1, 7]);
  });
});
