// @vitest-environment jsdom
import { type Color, Mesh, MeshBasicMaterial, type Object3D, Vector3 } from "three";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HallScene } from "../src/core/hall.ts";
import type { Anchor, Asset, File, Hall, Placement } from "../src/document/schema.ts";
import { completeJsdom } from "./browser.ts";
import { placed, text } from "./halls.ts";
import { block, random, room } from "./rooms.ts";
import { exhibitAsset, glb, MEDIA, openSession, walkable } from "./sessions.ts";

beforeEach(completeJsdom);
afterEach(() => vi.unstubAllGlobals());

const ANSWERS = {
  [`${MEDIA}jar`]: glb(block(-0.25, 0, -0.25, 0.25, 0.5, 0.25)),
  [`${MEDIA}urn`]: glb(block(-0.15, 0, -0.25, 0.15, 0.9, 0.25)),
  [`${MEDIA}${"0".repeat(64)}`]: new ArrayBuffer(1), // every thumbnail
};
const ASSETS = { jar: exhibitAsset("jar"), urn: exhibitAsset("urn", 0.4) };
const PLATE: Anchor = { kind: "label", position: [2, 0.8, 0.5], facing_deg: 0, width_m: 0.4, height_m: 0.2 };
const BOARD: Anchor = { kind: "label", position: [0, 3, -5.9], facing_deg: 0, width_m: 2, height_m: 0.3 };
const SCREEN: Anchor = { kind: "screen", position: [-5.9, 2, 0], facing_deg: 90, width_m: 3, height_m: 1.5 };

const BEFORE = walkable(
  {
    jar: placed("object", [2, 0, 0], { asset: "jar" }),
    urn: placed("object", [-2, 0, 0], { asset: "urn" }),
    words: placed("panel", [0, 1.6, -5.98], { label: text("Words.") }),
  },
  {
    assets: ASSETS,
    anchors: { plate: PLATE, board: BOARD, screen: SCREEN },
    doors: { gate: { title: text("Gate"), position: [0, 0, 6], facing_deg: 180, width_m: 1, height_m: 2 } },
  },
);

async function opened(hall: Hall): Promise<HallScene> {
  const session = await openSession(hall, { answers: ANSWERS });
  await loaded(session.hall);
  return session.hall;
}

async function loaded(hall: HallScene): Promise<void> {
  await vi.waitFor(() => {
    for (const exhibit of hall.exhibits.values()) expect(exhibit.state).toBe("shown");
    for (const { id, placement } of hall.exhibits.values())
      if (placement.kind === "object") expect(solid.get(hall)?.has(id)).toBe(true);
  });
}

/** The colliders that have arrived in each hall. */
const solid = new WeakMap<HallScene, Set<string>>();

const rounded = (numbers: Iterable<number>) => [...numbers].map((value) => Math.round(value * 1e4) / 1e4 + 0);

/** Where each mesh below an object is, how large it is, and of what colour. */
function meshes(root: Object3D): string[] {
  root.updateMatrixWorld(true);
  const found: string[] = [];
  root.traverse((object) => {
    const { isMesh, geometry, material } = object as Mesh;
    if (!isMesh) return;
    geometry.computeBoundingBox();
    const { color } = material as MeshBasicMaterial;
    const { min, max } = geometry.boundingBox as { min: Vector3; max: Vector3 };
    found.push(JSON.stringify([rounded([...object.matrixWorld.elements, ...min, ...max]), color.getHex()]));
  });
  return found.sort();
}

/** All that a visitor can see, point at or walk into. */
function shown(hall: HallScene): unknown {
  const next = random(7);
  const rays = Array.from({ length: 400 }, () => {
    const from = new Vector3(12 * next() - 6, 2 * next(), 12 * next() - 6);
    const hit = hall.colliders.ray(from, new Vector3(next() - 0.5, next() - 0.5, next() - 0.5).normalize());
    return hit && [hit.owner, ...rounded([hit.distance, ...hit.point, ...hit.normal])];
  });
  return {
    exhibits: [...hall.exhibits.values()].map(({ id, placement, box, sphere, front }) => [
      id,
      placement,
      rounded([...box.min, ...box.max, ...sphere.center, sphere.radius, ...front]),
    ]),
    meshes: meshes(hall.scene),
    background: (hall.scene.background as Color).getHex(),
    ambient: hall.lighting.lamps.map((lamp) => (lamp as unknown as { intensity: number }).intensity),
    rays,
    bounds: rounded([...hall.colliders.bounds.min, ...hall.colliders.bounds.max]),
  };
}

async function shownAfterUpdates(...halls: Hall[]): Promise<{ updated: unknown; fresh: unknown }> {
  const [first, ...more] = halls as [Hall, ...Hall[]];
  const hall = await opened(first);
  for (const next of more) {
    hall.update(next);
    await loaded(hall);
  }
  return { updated: shown(hall), fresh: shown(await opened(halls.at(-1) as Hall)) };
}

function withPlacement(hall: Hall, id: string, change: Partial<Placement>): Hall {
  const placement = { ...(hall.placements[id] as Placement), ...change };
  return { ...hall, placements: { ...hall.placements, [id]: placement } };
}

function without(hall: Hall, id: string): Hall {
  const { [id]: _, ...placements } = hall.placements;
  return { ...hall, placements, placement_order: hall.placement_order.filter((other) => other !== id) };
}

function withAdded(hall: Hall, id: string, placement: Placement): Hall {
  return {
    ...hall,
    placements: { ...hall.placements, [id]: placement },
    placement_order: [...hall.placement_order, id],
  };
}

const CHAPTER = { title: text("A chapter"), placements: ["urn"], from_year: 1900, to_year: 1950 };

describe("an update shows what opening the next document would show:", () => {
  // The colliders have to be there before two halls are compared.
  beforeEach(async () => {
    const { HallScene } = await import("../src/core/hall.ts");
    const { update, open } = HallScene.prototype;
    vi.spyOn(HallScene.prototype, "open").mockImplementation(function (this: HallScene, from) {
      solid.set(this, new Set());
      this.solidified.on((id) => id && solid.get(this)?.add(id));
      return open.call(this, from);
    });
    vi.spyOn(HallScene.prototype, "update").mockImplementation(function (this: HallScene, next) {
      const before = new Map(this.exhibits);
      update.call(this, next);
      for (const [id, exhibit] of before) if (this.exhibits.get(id) !== exhibit) solid.get(this)?.delete(id);
    });
  });
  afterEach(() => vi.restoreAllMocks());

  it.each<[string, Hall]>([
    ["nothing changed", { ...BEFORE }],
    [
      "moved, turned and scaled",
      withPlacement(BEFORE, "jar", { translation: [1, 0.5, 2], rotation: [0, 0.6, 0, 0.8], scale: 2 }),
    ],
    ["a label that finds the hall's own place", withPlacement(BEFORE, "urn", { translation: [2.05, 0, 0.1] })],
    ["another asset", withPlacement(BEFORE, "jar", { asset: "urn" })],
    ["another width", withPlacement(BEFORE, "words", { width_m: 2 })],
    ["other words on a panel", withPlacement(BEFORE, "words", { label: text("Many more words.\nIn two lines.") })],
    ["removed", without(BEFORE, "jar")],
    ["added", withAdded(BEFORE, "more", placed("object", [0, 0, 2], { asset: "jar" }))],
    ["another order", { ...BEFORE, placement_order: ["words", "urn", "jar"] }],
    ["another title on the board above the entrance", { ...BEFORE, title: text("Another hall") }],
    [
      "another light and background",
      { ...BEFORE, light: { ambient: 0.4 }, architecture: { asset: "room", background: "#102030" } },
    ],
    ["no door", { ...BEFORE, doors: {} }],
    [
      "a timeline",
      {
        ...BEFORE,
        timeline: { title: text("Years"), anchor: "screen", milestones: { a: { year: 1900, title: text("A") } } },
      },
    ],
  ])("%s", async (_, next) => {
    const { updated, fresh } = await shownAfterUpdates(BEFORE, next);
    expect(updated).toEqual(fresh);
    const back = await shownAfterUpdates(next, BEFORE);
    expect(back.updated).toEqual(back.fresh);
  });

  it("any sequence of edits", async () => {
    const next = random(3);
    const pick = <T>(things: readonly T[]): T => things[Math.floor(next() * things.length)] as T;
    const halls = [BEFORE];
    for (let i = 0; i < 40; i++) {
      const hall = halls.at(-1) as Hall;
      const ids = hall.placement_order;
      const edits: (() => Hall)[] = [
        () =>
          withAdded(
            hall,
            `new-${i}`,
            placed("object", [8 * next() - 4, 0, 8 * next() - 4], { asset: pick(["jar", "urn"]) }),
          ),
        () => ({ ...hall, chapters: { a: CHAPTER }, chapter_order: ["a"] }),
      ];
      if (ids.length > 0) {
        const id = pick(ids);
        const angle = 3 * next();
        edits.push(
          () => withPlacement(hall, id, { translation: [8 * next() - 4, next(), 8 * next() - 4] }),
          () => withPlacement(hall, id, { rotation: [0, Math.sin(angle), 0, Math.cos(angle)] }),
          () => without(hall, id),
          () => ({ ...hall, placement_order: [...ids].reverse() }),
        );
      }
      halls.push(pick(edits)());
    }
    const { updated, fresh } = await shownAfterUpdates(...halls);
    expect(updated).toEqual(fresh);
  });

  it("another room, when that is loaded", async () => {
    const large = structuredClone(BEFORE.assets.room as Asset);
    for (const file of Object.values(large.files)) (file as File).sha256 = "large";
    const answers = { ...ANSWERS, [`${MEDIA}large`]: glb(room(8)) };
    const next: Hall = { ...BEFORE, architecture: { asset: "large" }, assets: { ...BEFORE.assets, large } };
    const { hall } = await openSession(BEFORE, { answers });
    hall.update(next);
    await vi.waitFor(() => expect(hall.colliders.bounds.max.x).toBeCloseTo(8, 4));
    await loaded(hall);
    const fresh = await openSession(next, { answers });
    await loaded(fresh.hall);
    expect(shown(hall)).toEqual(shown(fresh.hall));
  });

  it("the room again after a sketch has stood in for it", async () => {
    const hall = await opened(BEFORE);
    const before = shown(hall);
    const sketch = new Mesh(room(7), new MeshBasicMaterial());
    hall.standIn(sketch);
    expect(hall.colliders.bounds.max.x).toBeCloseTo(7, 4);
    expect(hall.scene.children).toContain(sketch);
    hall.update({ ...BEFORE, title: text("Meanwhile") });
    expect(hall.colliders.bounds.max.x).toBeCloseTo(7, 4);
    hall.standIn(null);
    expect(shown(hall)).toEqual(before);
  });
});

describe("an update", () => {
  it("leaves out what was taken away while its files were on their way", async () => {
    const session = await openSession(walkable({}, { assets: ASSETS }), { answers: ANSWERS });
    const { hall } = session;
    const there = withAdded(hall.document, "jar", placed("object", [1, 0, 1], { asset: "jar" }));
    hall.update(there);
    const jar = hall.exhibits.get("jar");
    hall.update(without(there, "jar"));
    hall.update(there); // undone: it loads anew
    await vi.waitFor(() => expect(hall.exhibits.get("jar")?.state).toBe("shown"));
    expect(jar?.body).toBeNull();
    hall.update(without(there, "jar"));
    expect(hall.colliders.ray(new Vector3(1, 0.2, 3), new Vector3(0, 0, -1), 3)).toBeNull();
    expect(hall.failed).toEqual([]);
  });

  it("keeps the models of what only moves", async () => {
    const { hall } = await openSession(BEFORE, { answers: ANSWERS });
    await vi.waitFor(() => expect(hall.exhibits.get("jar")?.state).toBe("shown"));
    const body = hall.exhibits.get("jar")?.body;
    hall.update(withPlacement(BEFORE, "jar", { translation: [3, 0, 3], title: text("Jar") }));
    expect(hall.exhibits.get("jar")?.body).toBe(body);
    expect(hall.exhibits.get("jar")?.placement.title.en).toBe("Jar");
  });
});
