import { describe, expect, it } from "vitest";
import { anchorNumber, labelAnchor, misfit, placesFor, putAt, takesHold } from "../src/document/places.ts";
import { quaternionOfTurn, rotated } from "../src/document/rotation.ts";
import type { Anchor, Asset, Hall, Vec3 } from "../src/document/schema.ts";
import { placeFacts } from "../src/studio/place/place-names.ts";
import { hallOf, model, placed } from "./halls.ts";

const anchor = (kind: Anchor["kind"], at: Vec3, more: Partial<Anchor> = {}): Anchor => ({
  kind,
  position: at,
  facing_deg: 0,
  width_m: 0.5,
  height_m: 1,
  ...more,
});
const file = { sha256: "0".repeat(64), bytes: 1, mime: "image/webp", width: 400, height: 300 } as const;
const print: Asset = {
  ...model(1, 1),
  kind: "picture",
  bounds: undefined as never,
  files: { thumb: file, picture: file },
};
const vase = placed("object", [0, 0, 0], { asset: "vase" });
const assets: Hall["assets"] = {
  vase: model(0.3, 0.6),
  wide: model(0.9, 0.6),
  guess: { ...model(3, 6), unit: "arbitrary" },
  print,
};
const hall = hallOf(
  { vase },
  {
    assets,
    anchors: {
      "plinth-2": anchor("plinth", [4, 0.9, 0]),
      "plinth-1": anchor("plinth", [2, 0.9, 0]),
      case: anchor("vitrine", [0, 0.9, 4], { height_m: 0.4 }),
      wall: anchor("panel", [0, 1.5, -5], { width_m: 2 }),
      "plinth-2-label": anchor("label", [4, 0.7, 0.26], { width_m: 0.3, height_m: 0.16 }),
    },
  },
);

describe("a place made for exhibits", () => {
  it("has room for what is small enough, and tells how much is lacking", () => {
    expect(misfit(vase, anchor("plinth", [0, 1, 0]), assets)).toBeNull();
    expect(misfit(vase, anchor("vitrine", [0, 1, 0], { height_m: 0.4 }), assets)).toEqual({
      why: "too-tall",
      metres: expect.closeTo(0.2, 9),
    });
    expect(misfit({ ...vase, asset: "wide" }, anchor("plinth", [0, 1, 0]), assets)).toEqual({
      why: "too-wide",
      metres: expect.closeTo(0.4, 9),
    });
    expect(misfit({ ...vase, scale: 2 }, anchor("plinth", [0, 1, 0]), assets)?.why).toBe("too-tall");
  });

  it("fits what has no size of its own, which takes the place's", () => {
    const guess = { ...vase, asset: "guess" };
    expect(misfit(guess, anchor("plinth", [0, 1, 0]), assets)).toBeNull();
    const { scale } = putAt(guess, anchor("plinth", [0, 1, 0]), assets);
    expect(scale * 6).toBeLessThanOrEqual(1);
    expect(
      misfit(placed("picture", [0, 1, 0], { asset: "print", width_m: 9 }), anchor("panel", [0, 1, 0]), assets),
    ).toBeNull();
  });

  it("is offered to its kind while nothing is there: an object plinths and showcases, a picture walls", () => {
    const offered = (id: string | null, placement = vase) => placesFor(hall, id, placement).map((place) => place.id);
    expect(offered("vase")).toEqual(["case", "plinth-1", "plinth-2"]);
    expect(offered(null, placed("picture", [0, 0, 0], { asset: "print" }))).toEqual(["wall"]);
    const taken = {
      ...hall,
      placements: { ...hall.placements, other: putAt(vase, anchor("plinth", [2, 0.9, 0]), assets) },
    };
    expect(placesFor(taken, "vase", vase).map((place) => place.id)).toEqual(["case", "plinth-2"]);
    expect(placesFor(taken, "other", vase).map((place) => place.id)).toEqual(["case", "plinth-1", "plinth-2"]);
  });

  it("is named and numbered as at the desk, whatever the order of the keys", () => {
    expect([anchorNumber(hall, "plinth-1"), anchorNumber(hall, "plinth-2"), anchorNumber(hall, "case")]).toEqual([
      1, 2, 1,
    ]);
    const [showcase, plinth] = placesFor(hall, "vase", vase);
    expect(showcase && placeFacts(hall, showcase, "en")).toBe("Showcase 1: too tall by 20 cm");
    expect(showcase && placeFacts(hall, showcase, "zh")).toBe("展柜 1：高出 20 厘米");
    expect(plinth && placeFacts(hall, plinth, "en")).toBe("Plinth 1");
  });

  it.each([0, 90, -37.5])("takes hold of what is on it, beside it or on its body, facing %d°", (facing_deg) => {
    const at: Vec3 = [3, 0.9, -2];
    const from = (across: number, up: number, ahead: number): Vec3 => {
      const way = rotated([across, up, ahead], quaternionOfTurn(facing_deg));
      return [at[0] + way[0], at[1] + way[1], at[2] + way[2]];
    };
    const plinth = anchor("plinth", at, { facing_deg });
    for (const [point, held] of [
      [from(0, 0, 0), true],
      [from(0.24, -0.5, 0.26), true], // the front of its body
      [from(0.36, 0, 0), true],
      [from(0.39, 0, 0), false],
      [from(0, -1.4, 0), false],
      [from(0, 0.9, 0), true],
    ] as const)
      expect(takesHold(plinth, point), point.join()).toBe(held);
    const wall = anchor("panel", at, { facing_deg, width_m: 2, height_m: 1 });
    expect(takesHold(wall, from(1.1, 0.6, 0.02))).toBe(true);
    expect(takesHold(wall, from(0, 0, 0.4))).toBe(false);
    expect(takesHold(wall, from(1.2, 0, 0))).toBe(false);
  });

  it("brings the label's place with it: the nearest one straight before what stands there", () => {
    const labels = Object.entries(hall.anchors ?? {}).filter(([, each]) => each.kind === "label");
    expect(labelAnchor([4, 0.9, 0], labels)).toBe("plinth-2-label");
    expect(labelAnchor([2, 0.9, 0], labels)).toBeNull();
    expect(labelAnchor([4, 0.9, 0.5], labels)).toBeNull(); // behind it
  });
});
