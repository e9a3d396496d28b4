import { describe, expect, it } from "vitest";
import { dimensionsOf } from "../src/document/dimensions.ts";
import { model } from "./halls.ts";

describe("dimensions", () => {
  it("are in centimetres below 2 m, in metres from there on", () => {
    expect(dimensionsOf(model(0.1234, 1.9996, 0.5))).toEqual({ width: "12.3", depth: "50", height: "200", unit: "cm" });
    expect(dimensionsOf(model(2, 0.5, 12.345))).toEqual({ width: "2", depth: "12.35", height: "0.5", unit: "m" });
  });

  it("are unknown without a scale or without bounds", () => {
    expect(dimensionsOf({ ...model(1, 1), unit: "arbitrary" })).toBeNull();
    const { bounds: _, ...unbounded } = model(1, 1);
    expect(dimensionsOf(unbounded)).toBeNull();
  });
});
