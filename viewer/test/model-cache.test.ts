import {
  BoxGeometry,
  type BufferGeometry,
  CanvasTexture,
  Mesh,
  MeshBasicMaterial,
  type Object3D,
  Scene,
  Texture,
  VideoTexture,
} from "three";
import { describe, expect, it, vi } from "vitest";
import type { Loader } from "../src/core/load.ts";
import { ModelCache, memoryOf } from "../src/core/model-cache.ts";
import type { File } from "../src/document/schema.ts";

const MB = 1e6;
const shape = new BoxGeometry();
const SHAPE = bytesOfGeometry(shape);

function bytesOfGeometry({ attributes, index }: BufferGeometry): number {
  const arrays = [...Object.values(attributes), index].map((attribute) => attribute?.array.byteLength ?? 0);
  return arrays.reduce((sum, bytes) => sum + bytes, 0);
}

function thing(map: Texture | null = null): Mesh {
  return new Mesh(shape, new MeshBasicMaterial({ map }));
}

const drawn = (width: number, height: number) => new CanvasTexture({ width, height } as HTMLCanvasElement);

function film(width: number, height: number): VideoTexture {
  const frames = { requestVideoFrameCallback: () => 0, cancelVideoFrameCallback: () => {} };
  return new VideoTexture({ videoWidth: width, videoHeight: height, width: 0, height: 0, ...frames } as never);
}

describe("what a thing takes on the graphics card", () => {
  it("is its attributes and its textures with their smaller copies", () => {
    expect(memoryOf(thing(drawn(300, 200)))).toBeCloseTo(SHAPE + (300 * 200 * 4 * 4) / 3, 6);
  });

  it("counts a film's frame, which has no smaller copies, by the film's own size", () => {
    expect(memoryOf(thing(film(1280, 720)))).toBe(SHAPE + 1280 * 720 * 4);
  });

  it("counts what is shared once, and nothing below what is left out", () => {
    const map = new Texture({ width: 64, height: 64 } as HTMLCanvasElement);
    const [left, right, out] = [thing(map), thing(map), thing(drawn(999, 999))];
    const scene = new Scene().add(left.add(out), right);
    expect(memoryOf(scene, new Set([out]))).toBeCloseTo(SHAPE + (64 * 64 * 4 * 4) / 3, 6);
  });
});

describe("the model cache", () => {
  const file = (sha256: string) => ({ sha256, bytes: 1, mime: "model/gltf-binary" }) as File;

  it("lets go of what was not wanted for longest when panels and films need the room", async () => {
    const forgotten: string[] = [];
    const loader = { model: async () => thing(drawn(500, 500)), forget: ({ sha256 }: File) => forgotten.push(sha256) };
    const scene = new Scene();
    const ready = vi.fn((_: Object3D) => {});
    const cache = new ModelCache(loader as unknown as Loader, 6 * MB, scene, ready);
    const models = await Promise.all(["old", "new", "shown"].map((name, i) => cache.take(file(name), 0, i)));
    expect(ready).toHaveBeenCalledTimes(3);
    for (const model of models.slice(0, 2)) model.needed = false;
    for (const { object } of models) scene.add(object); // 1.3 MB each, whether they stand there or not
    cache.trim();
    expect(forgotten).toEqual([]);
    const panel = thing(drawn(600, 600)); // 1.9 MB
    scene.add(panel);
    cache.trim();
    expect(forgotten).toEqual([]);
    const board = thing(film(640, 360)); // 0.9 MB
    scene.add(board);
    cache.trim();
    expect(forgotten).toEqual(["old"]);
    expect(models.map(({ gone }) => gone)).toEqual([true, false, false]);
    scene.remove(models[0]?.object as Object3D, board, panel);
    cache.trim();
    expect(forgotten).toEqual(["old"]);
    cache.budget = 1;
    cache.trim();
    expect(forgotten).toEqual(["old", "new"]); // what is needed stays
  });
});
