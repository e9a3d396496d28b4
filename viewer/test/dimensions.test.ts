import { describe, expect, it } from "vitest";
import { dimensionsOf } from "../src/document/dimensions.ts";
import { model } from "./halls.ts";

describe("dimensions", () => {
  it("are in centimetres: to the millimetre below 2 m, to the centimetre from there on", () => {
    expect(dimensionsOf(model(0.1234, 1.9996, 0.5))).toEqual({ length: "12.3", width: "50", height: "200" });
    expect(dimensionsOf(model(2, 0.5, 12.345))).toEqual({ length: "200", width: "1235", height: "50" });
  });

  it("are unknown without a scale or without bounds", () => {
    expect(dimensionsOf({ ...model(1, 1), unit: "arbitrary" })).toBeNull();
    const { bounds: _, ...unbounded } = model(1, 1);
    expect(dimensionsOf(unbounded)).toBeNull();
  });
});
