import { BufferAttribute, PlaneGeometry } from "three";
import { describe, expect, it } from "vitest";
import type { Asset } from "../src/document/schema.ts";
import { areasOf, classOf, provenance } from "../src/tools/evidence.ts";
import { percent } from "../src/ui/percent.ts";
import { model, text } from "./halls.ts";

function sheet(columns: number, viewsAt: (x: number) => number) {
  const geometry = new PlaneGeometry(columns, 1, columns, 1).translate(columns / 2, 0, 0).toNonIndexed();
  const { position } = geometry.attributes;
  const views = new Uint8Array(position?.count ?? 0);
  for (let i = 0; i < views.length; i += 3) {
    const x = ((position?.getX(i) ?? 0) + (position?.getX(i + 1) ?? 0) + (position?.getX(i + 2) ?? 0)) / 3;
    views.fill(viewsAt(x), i, i + 3);
  }
  return geometry.setAttribute("_num_views", new BufferAttribute(views, 1));
}

describe("a triangle", () => {
  it.each([
    [0, 0, 0, "filled"],
    [0, 0, 1, "few"],
    [2, 2, 2, "few"],
    [3, 2, 3, "some"],
    [5, 5, 5, "some"],
    [6, 6, 6, "many"],
    [255, 2, 2, "many"],
  ] as const)("whose corners were measured by %i, %i and %i photographs counts as %s", (a, b, c, name) => {
    expect(classOf(a, b, c)).toBe(name);
  });
});

describe("a surface's shares", () => {
  it("are of its area, over all its parts", () => {
    const areas = areasOf([sheet(6, (x) => (x < 1 ? 0 : x < 3 ? 2 : 9)), sheet(2, () => 4)]);
    expect(areas?.filled).toBeCloseTo(1 / 8, 9);
    expect(areas?.few).toBeCloseTo(2 / 8, 9);
    expect(areas?.many).toBeCloseTo(3 / 8, 9);
    expect(areas?.some).toBeCloseTo(2 / 8, 9);
  });

  it("are not known of a model that does not tell", () => {
    expect(areasOf([sheet(2, () => 4), new PlaneGeometry()])).toBeNull();
  });

  it("read as percents that never hide a rest", () => {
    expect([0, 0.0001, 0.004, 0.5, 0.998, 1].map(percent)).toEqual(["0", "<1", "<1", "50", "99", "100"]);
  });
});

describe("the provenance beside it", () => {
  const scanned: Asset = {
    ...model(1, 1),
    origin: {
      method: "photographs",
      statement: text("Rebuilt."),
      photos: 48,
      software: "Longyao 1.0",
      made: "2024-05-18",
      licence: "CC-BY-4.0",
    },
    original: { maker: text("He Chaozong", "何朝宗"), year: 1600, to_year: 1640, circa: true },
    quality: { reprojection_px: 0.514, unseen_share: 0.02 },
  };

  it("is the method, the accuracy, the stated facts, and the names of those that nobody stated", () => {
    expect(provenance(scanned, "en")).toEqual([
      ["How", "Rebuilt from photographs, 48 of them; photographs agree to 0.51 pixels; Longyao 1.0"],
      ["", "The colour of 2% was seen by no photograph and comes from the surroundings."],
      ["Maker", "He Chaozong"],
      ["Date", "c. 1600–1640"],
      ["Date made", "18 May 2024"],
      ["Licence", "CC BY 4.0"],
      ["Not stated", "inventory number, source, credit"],
    ]);
    expect(provenance(scanned, "zh").slice(2)).toEqual([
      ["制作者", "何朝宗"],
      ["年代", "约1600—1640年"],
      ["制作日期", "2024年5月18日"],
      ["许可", "CC BY 4.0"],
      ["未说明", "藏品号、来源、署名"],
    ]);
  });

  it("of an asset of which nothing is known says so", () => {
    const found: Asset = { ...model(1, 1), origin: { method: "not-stated", statement: text("Found.") } };
    expect(provenance(found, "zh")).toEqual([
      ["依据", "未说明"],
      ["未说明", "制作者、年代、藏品号、制作日期、来源、署名、许可"],
    ]);
  });
});
