import type { BufferGeometry, Group, Mesh, Object3D, Texture, WebGLRenderer } from "three";
import { CanvasTexture, SRGBColorSpace } from "three";
import { DRACOLoader } from "three/addons/loaders/DRACOLoader.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { mergeGeometries } from "three/addons/utils/BufferGeometryUtils.js";
import { clone } from "three/addons/utils/SkeletonUtils.js";
import type { File, Tiles } from "../document/schema.ts";
import { worldGeometry } from "./colliders.ts";
import { materialsOf } from "./light.ts";
import { DRACO, takePrefetched } from "./prefetch.ts";
import { type Relief, reliefOf } from "./relief.ts";
import { Signal } from "./signal.ts";
import { applySkins } from "./skins.ts";

const PARALLEL = 4;
const RETRY_AFTER_MS = 800;

interface Task {
  readonly urgency: number;
  readonly run: () => Promise<void>;
}

/** Fetches a hall's files by their SHA-256, the most urgent first, each once; counts the bytes. */
export class Loader {
  readonly changed = new Signal<Loader>();
  readonly #media: string;
  readonly #renderer: () => WebGLRenderer;
  readonly #abort = new AbortController();
  readonly #expected = new Map<string, number>();
  readonly #arrived = new Map<string, number>();
  readonly #bytes = new Map<string, Promise<ArrayBuffer>>();
  readonly #models = new Map<string, Promise<Group>>();
  readonly #parsing = new Set<Promise<unknown>>();
  readonly #waiting: Task[] = [];
  #running = 0;
  #gltf: GLTFLoader | null = null;
  #draco: Promise<{ dispose(): unknown }> | null = null;
  #ktx2: Promise<{ dispose(): unknown }> | null = null;

  /** `media` is the URL prefix of the files, with its slash. Compressed textures are transcoded to a format of `renderer`'s GPU. */
  constructor(media: string, renderer: () => WebGLRenderer) {
    this.#media = media;
    this.#renderer = renderer;
  }

  /** Bytes of all files that are expected so far; the document states them. */
  get total(): number {
    return [...this.#expected.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** Bytes of them that have arrived. */
  get loaded(): number {
    let sum = 0;
    for (const [sha, expected] of this.#expected) sum += Math.min(this.#arrived.get(sha) ?? 0, expected);
    return sum;
  }

  /** Adds a file to the total before it is requested, so that the progress never goes backwards. */
  expect(files: Iterable<File>): void {
    for (const file of files) this.#expected.set(file.sha256, file.bytes);
    this.changed.emit(this);
  }

  /** A picture as a texture that keeps its colours. */
  async texture(file: File, urgency: number): Promise<Texture> {
    const blob = new Blob([await this.#get(file, urgency)], { type: file.mime });
    const bitmap = await createImageBitmap(blob);
    const canvas = document.createElement("canvas");
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
    bitmap.close();
    const texture = new CanvasTexture(canvas);
    texture.colorSpace = SRGBColorSpace;
    texture.anisotropy = 8;
    return texture;
  }

  /** A model for a scene. Two models of one file share its geometry and textures. */
  async model(file: File, urgency: number): Promise<Object3D> {
    let model = this.#models.get(file.sha256);
    if (!model) {
      model = this.#get(file, urgency).then((bytes) => this.parse(bytes));
      this.#models.set(file.sha256, model);
      model.catch(() => this.#models.delete(file.sha256));
    }
    return clone(await model); // with joints of its own
  }

  /** The normal and occlusion maps of an unlit model's file, by `userData.index` of its materials. */
  async relief(file: File): Promise<Map<number, Relief>> {
    return reliefOf(await this.#get(file, 0));
  }

  /** The URL of a tileset. A library has its document as a file of its own, which names the archive's files beside it. */
  tileset({ tileset, archive }: Tiles): string {
    return new URL(this.#media + (tileset?.sha256 ?? `${archive.sha256}/tileset.json`), document.baseURI).href;
  }

  /** The content of a URL, which the progress does not count. Rejects when `signal` is aborted. */
  bytes(url: string, urgency: number, signal?: AbortSignal): Promise<ArrayBuffer> {
    const stop = signal ? AbortSignal.any([signal, this.#abort.signal]) : this.#abort.signal;
    const get = async () => {
      stop.throwIfAborted();
      const answer = await takePrefetched(url, { signal: stop });
      if (!answer.ok) throw new Refused(`${answer.status} ${url}`);
      return await answer.arrayBuffer();
    };
    return this.#queue(urgency, () => this.#twice(get, stop));
  }

  /** Forgets a model, so that its memory is freed when the scene no longer uses it. */
  forget(file: File): void {
    this.#models.delete(file.sha256);
  }

  /** The triangles of a model in its own frame: positions and indices. */
  async collider(file: File, urgency: number): Promise<BufferGeometry> {
    const group = await this.parse(await this.#get(file, urgency));
    return triangles(group);
  }

  /** Fetches the Draco decoder while the first model is loading. */
  warm(): void {
    this.#gltf ??= new GLTFLoader();
    this.#prepareDraco(this.#gltf).catch(() => {});
  }

  get closed(): boolean {
    return this.#abort.signal.aborted;
  }

  close(): void {
    this.#abort.abort();
    this.changed.clear();
    this.#waiting.length = 0;
    // Not earlier: a decoder starts its workers when it needs them, and nobody would end a worker that starts after this.
    void Promise.allSettled(this.#parsing).then(() => {
      for (const decoder of [this.#draco, this.#ktx2]) void decoder?.then((found) => found.dispose());
    });
  }

  /** If the decoder cannot be loaded, only the models that need it fail; the next model tries again. */
  #prepareDraco(gltf: GLTFLoader): Promise<unknown> {
    if (!this.#draco) {
      this.#draco = unpacker(gltf);
      this.#draco.catch(() => {
        this.#draco = null;
      });
    }
    return this.#draco;
  }

  #get(file: File, urgency: number): Promise<ArrayBuffer> {
    const known = this.#bytes.get(file.sha256);
    if (known) return known;
    const bytes = this.#queue(urgency, () => this.#twice(() => this.#fetch(file), this.#abort.signal));
    this.#bytes.set(file.sha256, bytes);
    // Each file is parsed once. Its bytes are not kept: the browser's cache has them.
    bytes.then(
      () => this.#bytes.delete(file.sha256),
      () => this.#bytes.delete(file.sha256),
    );
    return bytes;
  }

  /** Runs a task when it is the most urgent one. */
  #queue<T>(urgency: number, task: () => Promise<T>): Promise<T> {
    const done = new Promise<T>((resolve, reject) => {
      this.#waiting.push({ urgency, run: () => task().then(resolve, reject) });
      this.#waiting.sort((a, b) => a.urgency - b.urgency);
    });
    this.#next();
    return done;
  }

  #next(): void {
    while (this.#running < PARALLEL) {
      const task = this.#waiting.shift();
      if (!task) return;
      this.#running++;
      void task.run().finally(() => {
        this.#running--;
        this.#next();
      });
    }
  }

  async #twice(get: () => Promise<ArrayBuffer>, signal: AbortSignal): Promise<ArrayBuffer> {
    try {
      return await get();
    } catch (error) {
      if (signal.aborted || error instanceof Refused) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
      return await get();
    }
  }

  async #fetch(file: File): Promise<ArrayBuffer> {
    const answer = await takePrefetched(this.#media + file.sha256, { signal: this.#abort.signal });
    if (!answer.ok || !answer.body) throw new Refused(`${answer.status} ${file.sha256}`);
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let arrived = 0;
    const reader = answer.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      chunks.push(part.value as Uint8Array<ArrayBuffer>);
      arrived += part.value.byteLength;
      this.#arrived.set(file.sha256, arrived);
      this.changed.emit(this);
    }
    return await new Blob(chunks).arrayBuffer();
  }

  /** The scene of a binary glTF. */
  async parse(bytes: ArrayBuffer): Promise<Group> {
    this.#gltf ??= new GLTFLoader();
    const extensions = extensionsOf(bytes);
    if (extensions.includes("EXT_meshopt_compression") || extensions.includes("KHR_meshopt_compression"))
      this.#gltf.setMeshoptDecoder((await import("three/addons/libs/meshopt_decoder.module.js")).MeshoptDecoder);
    if (extensions.includes("KHR_draco_mesh_compression")) await this.#prepareDraco(this.#gltf);
    if (extensions.includes("KHR_texture_basisu")) {
      this.#ktx2 ??= transcoder(this.#gltf, this.#renderer());
      await this.#ktx2;
    }
    const splats = extensions.includes("KHR_gaussian_splatting") ? import("./splats.ts") : null;
    this.#abort.signal.throwIfAborted();
    const parsing = this.#gltf.parseAsync(bytes, "");
    this.#parsing.add(parsing);
    const { scene, animations, parser } = await parsing.finally(() => this.#parsing.delete(parsing));
    this.#abort.signal.throwIfAborted(); // the hall was closed meanwhile
    (await splats)?.showSplats(scene);
    if (animations.length === 0) applySkins(scene);
    for (const material of materialsOf(scene)) material.userData.index = parser.associations.get(material)?.materials;
    scene.animations = animations;
    return scene;
  }
}

/** The server answered with an error: a second request would get the same answer. */
class Refused extends Error {}

let decoder: Promise<{ js: string; wasm: string }> | null = null;

async function unpacker(gltf: GLTFLoader): Promise<{ dispose(): unknown }> {
  decoder ??= Promise.all([local(DRACO.js), local(DRACO.wasm)]).then(([js, wasm]) => ({ js, wasm }));
  decoder.catch(() => {
    decoder = null;
  });
  const draco = new DRACOLoader().setDecoderPath(await decoder).setWorkerLimit(2);
  draco.preload();
  gltf.setDRACOLoader(draco);
  return draco;
}

/** A blob URL with the content of a file. It is made once and serves all halls of the visit. */
async function local(address: string): Promise<string> {
  const answer = await takePrefetched(address);
  if (!answer.ok) throw new Refused(`${answer.status} ${address}`);
  return URL.createObjectURL(await answer.blob());
}

async function transcoder(gltf: GLTFLoader, renderer: WebGLRenderer): Promise<{ dispose(): unknown }> {
  const { KTX2Loader } = await import("three/addons/loaders/KTX2Loader.js");
  const ktx2 = new KTX2Loader().setWorkerLimit(2).detectSupport(renderer);
  gltf.setKTX2Loader(ktx2);
  return ktx2;
}

/** The extensions that a binary glTF uses, from its first chunk (glTF 2.0, 4.4). */
export function extensionsOf(glb: ArrayBuffer): readonly string[] {
  const view = new DataView(glb);
  if (glb.byteLength < 20 || view.getUint32(0, true) !== 0x46546c67) throw new Error("not a binary glTF");
  const json = new TextDecoder().decode(new Uint8Array(glb, 20, view.getUint32(12, true)));
  return (JSON.parse(json) as { extensionsUsed?: string[] }).extensionsUsed ?? [];
}

/** All triangles below an object as one geometry, in the object's own frame. */
export function triangles(root: Object3D): BufferGeometry {
  const parts: BufferGeometry[] = [];
  root.updateMatrixWorld(true);
  root.traverse((object) => {
    if (!(object as Mesh).isMesh) return;
    const part = worldGeometry(object as Mesh);
    parts.push(part.index ? part.toNonIndexed() : part);
  });
  const merged = mergeGeometries(parts);
  if (!merged) throw new Error("a model without triangles");
  return merged;
}
