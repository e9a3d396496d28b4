// @vitest-environment jsdom
import { BoxGeometry, Group, type Object3D, PerspectiveCamera, type WebGLRenderer } from "three";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Loader } from "../src/core/load.ts";
import { type Streamed, TileStreaming } from "../src/core/tile-streaming.ts";
import type { Asset } from "../src/document/schema.ts";
import { completeJsdom } from "./browser.ts";
import { model as asset } from "./halls.ts";
import { type Answers, glb, MEDIA, serve } from "./sessions.ts";

const renderer = {
  getSize: (size: { set(width: number, height: number): unknown }) => size.set(800, 600),
  getPixelRatio: () => 1,
  xr: { isPresenting: false },
} as unknown as WebGLRenderer;
const BOX = [0, 0, 0, 0.5, 0, 0, 0, 0.5, 0, 0, 0, 0.5];
const tile = (uri: string, geometricError: number) => ({
  boundingVolume: { box: BOX },
  geometricError,
  content: { uri },
});
const TILESET = {
  asset: { version: "1.1" },
  geometricError: 1,
  root: { refine: "REPLACE", ...tile("archive/coarse.glb", 0.1), children: [tile("archive/fine.glb", 0)] },
};
const MESH = glb(new BoxGeometry().toNonIndexed());
const ANSWERS = {
  [`${MEDIA}tileset`]: TILESET,
  [`${MEDIA}archive/coarse.glb`]: MESH,
  [`${MEDIA}archive/fine.glb`]: MESH,
};

class Model implements Streamed {
  readonly asset: Asset;
  readonly group = new Group();
  covers = false;
  constructor(name: string) {
    const file = (sha256: string) => ({ sha256, bytes: 1, mime: "application/json" }) as const;
    const { files, ...rest } = asset(1, 1);
    this.asset = { ...rest, files: { ...files, tiles: { archive: file("archive"), tileset: file(name) } } };
  }
  stream(tiles: Object3D | null): void {
    this.group.clear();
    if (tiles) this.group.add(tiles);
  }
  cover(covers: boolean): void {
    this.covers = covers;
  }
}

beforeEach(completeJsdom);
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A model that is streamed, seen from this distance, and what is asked for. Frames are drawn whenever one is requested. */
function stream(answers: Answers, distance: number, memory = 900e6) {
  const asked = serve(answers);
  const loader = new Loader(MEDIA, () => renderer);
  const streaming = new TileStreaming(loader, memory, () => {});
  const camera = new PerspectiveCamera(60, 4 / 3, 0.01, 100);
  camera.position.z = distance;
  camera.updateMatrixWorld();
  let frames = 0;
  const draw = () => {
    frames++;
    model.group.updateMatrixWorld(true);
    streaming.update(renderer, camera);
  };
  streaming.arrived.on(() => void requestAnimationFrame(draw));
  const model = new Model("tileset");
  streaming.start(model);
  return { asked, streaming, model, camera, frames: () => frames };
}

it("shows a model in tiles as fine as it is seen, in place of the whole model, and comes to rest", async () => {
  const { asked, streaming, model, frames } = stream(ANSWERS, 2);
  await vi.waitFor(() => expect(model.covers).toBe(true), { timeout: 30_000 });
  await vi.waitFor(() => expect(streaming.stats.loading).toBe(0), { timeout: 30_000 });
  expect(asked.map((url) => url.split("/media/")[1])).toEqual(["tileset", "archive/coarse.glb", "archive/fine.glb"]);
  expect(streaming.stats.bytes).toBeGreaterThan(0);
  const before = frames();
  for (let i = 0; i < 10; i++) await new Promise(requestAnimationFrame);
  expect(frames() - before).toBeLessThan(3);
  streaming.remove(model);
  expect(streaming.stats).toEqual({ points: 0, bytes: 0, loading: 0 });
  expect(model.group.children).toEqual([]);
  streaming.close();
});

it("loads nothing finer from far away", async () => {
  const { asked, streaming, model } = stream(ANSWERS, 90);
  await vi.waitFor(() => expect(model.covers).toBe(true), { timeout: 30_000 });
  expect(asked.some((url) => url.endsWith("fine.glb"))).toBe(false);
  streaming.close();
});

it("keeps within its memory while the eye turns to ever other tiles, and frees those out of view", async () => {
  const mesh = glb(new BoxGeometry(1, 1, 1, 30, 30, 30).toNonIndexed()); // 389 KB
  const around = Array.from({ length: 12 }, (_, i) => [
    3 * Math.sin((i * Math.PI) / 6),
    3 * Math.cos((i * Math.PI) / 6),
  ]);
  const children = around.map(([x, y], i) => ({
    ...tile(`archive/${i}.glb`, 0),
    boundingVolume: { box: [x, y, 0, ...BOX.slice(3)] },
  }));
  const box = [0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 4];
  const root = { refine: "ADD", boundingVolume: { box }, geometricError: 0.1, children };
  const answers: Answers = { [`${MEDIA}tileset`]: { ...TILESET, root } };
  for (const i of around.keys()) answers[`${MEDIA}archive/${i}.glb`] = mesh;
  const budget = 2.4e6;
  const { asked, streaming, camera } = stream(answers, 0, budget / 0.4);
  let most = 0;
  streaming.arrived.on(() => {
    most = Math.max(most, streaming.stats.bytes);
  });
  for (let turn = 0; turn < 12; turn++) {
    camera.rotation.y = (turn * Math.PI) / 6;
    camera.updateMatrixWorld();
    streaming.arrived.emit();
    await vi.waitFor(() => expect(streaming.stats.loading).toBe(0), { timeout: 30_000 });
    for (let i = 0; i < 5; i++) await new Promise(requestAnimationFrame);
  }
  expect(new Set(asked).size).toBe(13); // all of them were loaded once: 4.7 MB
  expect(most).toBeGreaterThan(0.5 * budget);
  expect(most).toBeLessThanOrEqual(budget);
  streaming.close();
});

it("says once that a tile is missing, goes on showing what is there, and tries again", async () => {
  const silenced = vi.spyOn(console, "error").mockImplementation(() => {});
  const answers: Answers = { ...ANSWERS, [`${MEDIA}archive/coarse.glb`]: 503 };
  const { streaming, model } = stream(answers, 90);
  const failed = vi.fn();
  streaming.failed.on(failed);
  await vi.waitFor(() => expect(failed).toHaveBeenCalledExactlyOnceWith(model), { timeout: 30_000 });
  expect(model.covers).toBe(false);
  serve(ANSWERS);
  streaming.retry();
  await vi.waitFor(() => expect(model.covers).toBe(true), { timeout: 30_000 });
  expect(failed).toHaveBeenCalledOnce();
  expect(silenced).toHaveBeenCalled();
  streaming.close();
});
