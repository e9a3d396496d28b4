import { describe, expect, it } from "vitest";
import type { Exhibit } from "../src/core/exhibit.ts";
import type { HallScene } from "../src/core/hall.ts";
import type { Asset, Placement } from "../src/document/schema.ts";
import { statesOf } from "../src/tools/variants.ts";

const title = (en: string) => ({ zh: en, en });

function states(placement: Partial<Placement>) {
  const assets = Object.fromEntries(["ruin", "rebuilt", "new"].map((id) => [id, { title: title(id) } as Asset]));
  const context = { exhibit: { placement } as Exhibit, hall: { document: { assets } } as unknown as HallScene };
  return statesOf(context).map(({ title, year, asset }) => [title?.en ?? null, year, asset?.title.en ?? null]);
}

describe("an exhibit's shapes", () => {
  it("go by year where all have one, the exhibit's own among them", () => {
    expect(
      states({
        variant: { title: title("now"), year: 1958 },
        variants: [
          { title: title("after"), asset: "rebuilt", year: 1985 },
          { title: title("before"), asset: "ruin", year: 1920 },
        ],
      }),
    ).toEqual([
      ["before", 1920, "ruin"],
      ["now", 1958, null],
      ["after", 1985, "rebuilt"],
    ]);
  });

  it("else stand as the document lists them, its own last; what is not in the document is left out", () => {
    expect(
      states({
        variants: [
          { title: title("without its roof"), asset: "new" },
          { title: title("lost"), asset: "nowhere" },
          { title: title("its hearth"), asset: "ruin", year: 1900 },
        ],
      }),
    ).toEqual([
      ["without its roof", null, "new"],
      ["its hearth", 1900, "ruin"],
      [null, null, null],
    ]);
  });
});
