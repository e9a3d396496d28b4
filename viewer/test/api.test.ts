import { describe, expect, it } from "vitest";
import { besideOf, slugOf } from "../src/api.ts";

describe("the addresses of halls", () => {
  it.each([
    ["/api/halls/kiln", "/api/halls/tea"],
    ["/api/halls/kiln/draft", "/api/halls/tea"],
    ["https://museum.example/api/halls/kiln", "https://museum.example/api/halls/tea"],
  ])("beside %s is %s", (src, beside) => {
    expect(slugOf(src)).toBe("kiln");
    expect(besideOf(src, "tea")).toBe(beside);
  });
});
