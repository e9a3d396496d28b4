import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { apply, canonical, difference, invert, normal } from "../src/document/changes.ts";
import {
  addFurniture,
  duplicateFurniture,
  faceFurniture,
  moveFurniture,
  moveTogether,
  placeFurniture,
  removeFurniture,
  resizeFurniture,
  turnFurniture,
} from "../src/document/commands/furniture.ts";
import { putAtAnchor } from "../src/document/commands/placements.ts";
import { anchorsOf, carriedBy, FURNITURE_KINDS, furnitureSolid } from "../src/document/furniture.ts";
import type { Anchor, Bounds, Furnishing, Hall, Vec3 } from "../src/document/schema.ts";
import { renamings, withNewId } from "../src/studio/renaming.ts";
import { hallOf, model, placed } from "./halls.ts";
import { Randomness } from "./randomness.ts";

const EMPTY = hallOf(
  { bowl: placed("object", [5, 0, 5], { asset: "bowl" }), sign: placed("panel", [5, 1.5, 5], { width_m: 0.5 }) },
  { assets: { room: model(20, 5, 20), bowl: model(0.3, 0.2) } },
);

function withPlinth(): Hall {
  return putAtAnchor(addFurniture(EMPTY, "plinth", [1, 0, 2], 90).hall, "bowl", "plinth");
}

/** Every piece has the anchors that its rule gives, and no anchor is of a piece that is gone. */
function expectAnchors(hall: Hall): void {
  const expected: Record<string, Anchor> = {};
  for (const [id, piece] of Object.entries(hall.furniture ?? {})) Object.assign(expected, anchorsOf(id, piece));
  expect(hall.anchors ?? {}).toEqual(expected);
}

interface Cases {
  readonly cases: readonly {
    readonly about: string;
    readonly furniture: Readonly<Record<string, Furnishing>>;
    readonly anchors: Readonly<Record<string, Anchor>>;
    readonly solids: Readonly<Record<string, Bounds | null>>;
  }[];
}

const { cases: CASES } = JSON.parse(
  readFileSync(new URL("../../assets/schema/cases/furniture.json", import.meta.url), "utf8"),
) as Cases;

describe("anchors of furniture", () => {
  it.each(CASES)("$about", ({ furniture, anchors }) => {
    const found = Object.entries(furniture).map(([id, piece]) => anchorsOf(id, piece));
    expect(Object.assign({}, ...found)).toEqual(anchors);
  });

  it.each(CASES)("keep visitors out as built: $about", ({ furniture, solids }) => {
    for (const [id, piece] of Object.entries(furniture)) expect(furnitureSolid(piece)).toEqual(solids[id]);
  });
});

describe("furniture", () => {
  it("comes with its anchors, each piece with ids of its own", () => {
    const first = addFurniture(EMPTY, "plinth", [1, 0, 2], 90);
    const second = addFurniture(first.hall, "plinth", [2, 0, 2]);
    expect([first.id, second.id]).toEqual(["plinth", "plinth-2"]);
    expect(Object.keys(second.hall.anchors ?? {})).toEqual(["plinth", "plinth-label", "plinth-2", "plinth-2-label"]);
    expect(second.hall.anchors?.["plinth-label"]).toEqual({
      kind: "label",
      position: [1.227, 0.74, 2],
      facing_deg: 90,
      width_m: 0.3,
      height_m: 0.16,
    });
    expectAnchors(second.hall);
  });

  it("does not take the anchors of the room", () => {
    const anchor: Anchor = { kind: "label", position: [0, 1, 0], facing_deg: 0, width_m: 1, height_m: 1 };
    const hall = { ...EMPTY, anchors: { "plinth-label": anchor } };
    const added = addFurniture(hall, "plinth", [0, 0, 0]);
    expect(added.id).toBe("plinth-2");
    expect(removeFurniture(added.hall, ["plinth-2"])).toEqual(hall);
  });

  it("carries what stands on it if asked", () => {
    const hall = withPlinth();
    expect(carriedBy(hall, ["plinth"])).toEqual({ placements: ["bowl"], furniture: [] });
    const moved = moveFurniture(hall, ["plinth"], [1, 0, -0.5], true);
    expect(moved.placements.bowl?.translation).toEqual([2, 0.9, 1.5]);
    expect(moved.anchors?.plinth?.position).toEqual([2, 0.9, 1.5]);
    expect(moveFurniture(hall, ["plinth"], [1, 0, 0], false).placements).toBe(hall.placements);
    const together = moveTogether(hall, ["bowl", "sign"], ["plinth"], [1, 0, 0], true);
    expect([together.placements.bowl?.translation[0], together.placements.sign?.translation[0]]).toEqual([2, 6]);
    expectAnchors(together);
  });

  it("carries furniture on a platform, and what is on that", () => {
    let hall = addFurniture(withPlinth(), "platform", [1, 0, 2]).hall;
    hall = placeFurniture(hall, "plinth", [1.2, 0.15, 2], 0, true);
    expect(hall.placements.bowl?.translation).toEqual([1.2, 1.05, 2]);
    const turned = turnFurniture(hall, ["platform"], 90, null, true);
    expect(turned.furniture?.plinth?.position).toEqual([1, 0.15, 1.8]);
    expect(turned.placements.bowl?.translation).toEqual([1, 1.05, 1.8]);
    const raised = resizeFurniture(turned, "platform", { height_m: 0.3 }, true);
    expect(raised.placements.bowl?.translation).toEqual([1, 1.2, 1.8]);
    expectAnchors(raised);
    const down = removeFurniture(raised, ["platform"]);
    expect(down.furniture?.plinth?.position[1]).toBe(0);
    expect(down.placements.bowl?.translation[1]).toBe(0.9);
    expect(removeFurniture(raised, ["platform", "plinth"]).placements.bowl?.translation[1]).toBe(0);
  });

  it("rises with its top, within what can be built", () => {
    const hall = resizeFurniture(withPlinth(), "plinth", { height_m: 1, width_m: 99 }, true);
    expect(hall.furniture?.plinth).toMatchObject({ height_m: 1, width_m: 20 });
    expect(hall.placements.bowl?.translation).toEqual([1, 1, 2]);
    expectAnchors(hall);
  });

  it("carries the boards that hang on it", () => {
    let hall = addFurniture(EMPTY, "standing_panel", [0, 0, 0], 180).hall;
    hall = putAtAnchor(hall, "sign", "standing-panel");
    const turned = faceFurniture(hall, "standing-panel", 90, true);
    expect(turned.placements.sign?.translation).toEqual([0.03, 1.2, 0]);
    expect(carriedBy(turned, ["standing-panel"]).placements).toEqual(["sign"]);
  });

  it("is copied without what stands on it", () => {
    const { hall, ids } = duplicateFurniture(withPlinth(), ["plinth"], [1, 0, 0]);
    expect(ids).toEqual(["plinth-2"]);
    expect(hall.furniture?.["plinth-2"]?.position).toEqual([2, 0, 2]);
    expect(hall.placement_order).toEqual(EMPTY.placement_order);
    expectAnchors(hall);
  });

  it("takes the timeline down that hung on it, and leaves no empty maps", () => {
    const hall = addFurniture(EMPTY, "panel", [0, 0.9, 0]).hall;
    const timeline = { title: { zh: "年表", en: "Years" }, milestones: {}, anchor: "panel" };
    const gone = removeFurniture({ ...hall, timeline }, ["panel"]);
    expect(gone.timeline?.anchor).toBeUndefined();
    expect(removeFurniture(hall, ["panel"])).toEqual(EMPTY);
  });

  it("of two curators at once gets ids that go together", () => {
    const theirs = addFurniture(EMPTY, "plinth", [0, 0, 0]).hall;
    const mine = difference(EMPTY, addFurniture(EMPTY, "plinth", [3, 0, 0]).hall);
    const { conflicts } = apply(theirs, mine);
    const found = renamings(theirs, mine, conflicts) ?? [];
    const { document, conflicts: left } = apply(theirs, found.reduce(withNewId, mine));
    expect(left).toEqual([]);
    expect(Object.keys(document.furniture ?? {})).toEqual(["plinth", "plinth-2"]);
    expectAnchors(document);
  });

  it("keeps its anchors whatever is done, and all of it can be undone", () => {
    const random = new Randomness(11);
    const point = (): Vec3 => [random.below(80) / 8, random.below(3) / 4, random.below(80) / 8];
    const commands: readonly ((hall: Hall, id: string) => Hall)[] = [
      (hall) => addFurniture(hall, random.of(FURNITURE_KINDS) ?? "bench", point(), random.below(24) * 15).hall,
      (hall, id) => moveFurniture(hall, [id], point(), random.chance(0.5)),
      (hall, id) => turnFurniture(hall, [id], random.below(360), null, true),
      (hall) => turnFurniture(hall, Object.keys(hall.furniture ?? {}), 30, [1, 0, 1], true),
      (hall, id) => resizeFurniture(hall, id, { height_m: random.next() * 2, depth_m: random.next() }, true),
      (hall, id) => duplicateFurniture(hall, [id]).hall,
      (hall, id) => removeFurniture(hall, [id]),
      (hall, id) => putAtAnchor(hall, "bowl", id),
    ];
    for (let run = 0; run < 8; run++) {
      let hall = EMPTY;
      const steps = Array.from({ length: 25 }, () => {
        const before = hall;
        const id = random.of(Object.keys(hall.furniture ?? {})) ?? "";
        hall = (random.of(commands) as (typeof commands)[number])(hall, id);
        expectAnchors(hall);
        const changes = difference(before, hall);
        expect(canonical(normal(apply(before, changes).document))).toBe(canonical(normal(hall)));
        return changes;
      });
      for (const changes of steps.reverse()) hall = apply(hall, invert(changes)).document;
      expect(canonical(hall)).toBe(canonical(EMPTY));
    }
  });
});
