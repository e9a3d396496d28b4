import { Group, type WebGLRenderer } from "three";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Loader } from "../src/core/load.ts";
import type { File } from "../src/document/schema.ts";

const { draco, gltf } = vi.hoisted(() => {
  const draco = { dispose: vi.fn(), preload: vi.fn(), setDecoderPath: vi.fn(), setWorkerLimit: vi.fn() };
  return { draco, gltf: { parseAsync: vi.fn(), setDRACOLoader: vi.fn() } };
});
// Functions and no arrows: they are called with `new`.
vi.mock("three/addons/loaders/GLTFLoader.js", () => ({ GLTFLoader: vi.fn(function of() { return gltf; }) })); // biome-ignore format: one line
vi.mock("three/addons/loaders/DRACOLoader.js", () => ({ DRACOLoader: vi.fn(function of() { return draco; }) })); // biome-ignore format: one line

// The files of a worker share its modules: this one needs the loader with the two above, the others without.
let load: typeof import("../src/core/load.ts");
beforeAll(async () => {
  vi.resetModules();
  load = await import("../src/core/load.ts");
});
afterAll(() => {
  vi.resetModules();
});

/** A binary glTF whose triangles are packed (glTF 2.0, 4.4). */
function packed(): ArrayBuffer {
  const json = new TextEncoder().encode(JSON.stringify({ extensionsUsed: ["KHR_draco_mesh_compression"] }));
  const glb = new Uint8Array(20 + json.byteLength);
  const view = new DataView(glb.buffer);
  view.setUint32(0, 0x46546c67, true);
  view.setUint32(12, json.byteLength, true);
  glb.set(json, 20);
  return glb.buffer;
}

describe("when a hall is left while its models are on their way", () => {
  const file: File = { sha256: "a".repeat(64), bytes: 1, mime: "model/gltf-binary" };
  let arrive: () => void = () => {};
  let unpack: () => void = () => {};
  let loader: Loader;

  beforeEach(() => {
    vi.clearAllMocks();
    draco.setDecoderPath.mockReturnValue(draco);
    draco.setWorkerLimit.mockReturnValue(draco);
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const unpacked = new Promise<void>((resolve) => {
      unpack = resolve;
    });
    vi.stubGlobal("fetch", async (address: string) => {
      if (address.startsWith("/media/")) await arrived;
      return new Response(packed());
    });
    gltf.parseAsync.mockImplementation(async () => {
      await unpacked;
      return { scene: new Group(), animations: [], parser: { associations: new Map() } };
    });
    loader = new load.Loader("/media/", () => ({}) as WebGLRenderer);
  });
  afterEach(() => vi.unstubAllGlobals());

  it("what is being unpacked is unpacked before the unpacker's workers are ended, and given to nobody", async () => {
    const model = loader.model(file, 0);
    arrive();
    await vi.waitFor(() => expect(gltf.parseAsync).toHaveBeenCalledOnce());
    loader.close();
    const refused = expect(model).rejects.toThrow("aborted");
    await new Promise((resolve) => setImmediate(resolve));
    expect(draco.dispose).not.toHaveBeenCalled();
    unpack();
    await refused;
    await vi.waitFor(() => expect(draco.dispose).toHaveBeenCalledOnce());
  });

  it("what arrives afterwards is not unpacked", async () => {
    const model = loader.model(file, 0);
    loader.warm();
    loader.close();
    const refused = expect(model).rejects.toThrow("aborted");
    arrive();
    unpack();
    await refused;
    await vi.waitFor(() => expect(draco.dispose).toHaveBeenCalledOnce());
    expect(gltf.parseAsync).not.toHaveBeenCalled();
  });
});
