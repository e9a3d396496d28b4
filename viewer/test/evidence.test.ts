import { BufferAttribute, PlaneGeometry } from "three";
import { describe, expect, it } from "vitest";
import type { Asset } from "../src/document/schema.ts";
import { areasOf, classOf, namedClasses, provenance } from "../src/tools/evidence.ts";
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
    [0, 0, "filled"],
    [1, 0, "few"],
    [6, 0, "few"],
    [8, 0, "some"],
    [15, 0, "some"],
    [18, 0, "many"],
    [259, 0, "many"],
    [0, 1, "scan"],
    [9, 2, "both"],
  ] as const)(
    "whose corners were measured by %i photographs and %i scans in all counts as %s",
    (views, scans, name) => {
      expect(classOf(views, scans)).toBe(name);
    },
  );
});

describe("a surface's shares", () => {
  it("are of its area, over all its parts", () => {
    const areas = areasOf([sheet(6, (x) => (x < 1 ? 0 : x < 3 ? 2 : 9)), sheet(2, () => 4)]);
    expect(areas?.filled).toBeCloseTo(1 / 8, 9);
    expect(areas?.few).toBeCloseTo(2 / 8, 9);
    expect(areas?.many).toBeCloseTo(3 / 8, 9);
    expect(areas?.some).toBeCloseTo(2 / 8, 9);
  });

  it("of scans and photographs are told apart, and only what is there is named", () => {
    const scanned = sheet(2, (x) => (x < 1 ? 0 : 3));
    const count = scanned.attributes.position?.count ?? 0;
    scanned.setAttribute("_num_scans", new BufferAttribute(new Uint8Array(count).fill(2), 1));
    const areas = areasOf([scanned]);
    expect(areas).toMatchObject({ scan: 0.5, both: 0.5, filled: 0 });
    expect(areas && namedClasses({ ...areas, both: 0, scan: 0.9, filled: 0.1 })).toEqual(["scan", "filled"]);
    expect(areas && namedClasses(areas)).toEqual(["both", "scan", "many", "some", "few", "filled"]);
    expect(namedClasses({ both: 0, scan: 0, many: 1, some: 0, few: 0, filled: 0 })).toEqual([
      "many",
      "some",
      "few",
      "filled",
    ]);
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
    quality: {
      reprojection_px: 0.514,
      unseen_share: 0.02,
      checks: [
        { kind: "bar", name: "12-13", error_m: 0.001 },
        { kind: "control", name: "P1", error_m: 0.002 },
        { kind: "control", name: "P2", error_m: 0.5, used: false },
      ],
      colour: { chart: "classic-2014", photos: 2, delta_e_before: 9.17, delta_e_after: 0.78, delta_e_left_out: 0.95 },
    },
  };

  it("is the method, the accuracy, the stated facts, and the names of those that nobody stated", () => {
    expect(provenance(scanned, "en")).toEqual([
      [
        "How",
        "Rebuilt from photographs, 48 of them; photographs agree to 0.51 pixels; 2 checks, 1.6 mm off; colours corrected by a chart, Delta E 2000 0.8; Longyao 1.0",
      ],
      ["", "Rebuilt."],
      ["", "The colour of 2% was seen by no photograph and comes from the surroundings."],
      ["Maker", "He Chaozong"],
      ["Date", "c. 1600–1640"],
      ["Date made", "18 May 2024"],
      ["Licence", "CC BY 4.0"],
      ["Not stated", "inventory number, source, credit"],
    ]);
    expect(provenance(scanned, "zh").slice(3)).toEqual([
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
      ["", "Found."],
      ["未说明", "制作者、年代、藏品号、制作日期、来源、署名、许可"],
    ]);
  });
});
