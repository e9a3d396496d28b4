import {
  type BufferGeometry,
  CompressedTexture,
  DataTexture,
  type Material,
  type Mesh,
  type Object3D,
  Texture,
} from "three";
import type { File } from "../document/schema.ts";
import { disposeModel } from "./exhibit.ts";
import type { Loader } from "./load.ts";
import { type CachedLevel, evictions } from "./lod.ts";

const NOTHING = { groups: new Set<Object3D>(), bytes: 0 };

/** A model in memory. Its user sets `needed` and `lastWanted`. */
export interface CachedModel extends CachedLevel {
  readonly file: File;
  readonly object: Object3D;
  lastWanted: number;
  needed: boolean;
  /** The model was freed. It must be loaded again. */
  gone: boolean;
}

/** All models in memory. They share one budget with everything else in the scene. */
export class ModelCache {
  readonly #loader: Loader;
  readonly #scene: Object3D;
  /** Bytes on the GPU for everything. */
  budget: number;
  readonly #ready: (object: Object3D) => void;
  readonly #models: CachedModel[] = [];

  /** `ready` is called with every model before it is shown. */
  constructor(loader: Loader, budget: number, scene: Object3D, ready: (object: Object3D) => void) {
    this.#loader = loader;
    this.#scene = scene;
    this.budget = budget;
    this.#ready = ready;
  }

  async take(file: File, urgency: number, seconds: number): Promise<CachedModel> {
    const object = await this.#loader.model(file, urgency);
    this.#ready(object);
    const model = { file, object, bytes: memoryOf(object), lastWanted: seconds, needed: true, gone: false };
    this.#models.push(model);
    return model;
  }

  /**
   * Frees models that are no longer needed, the longest unused first, until the rest fits into the budget. `streamed`: what is in the
   * scene and counts its own bytes, also those out of view.
   */
  trim(streamed: { readonly groups: ReadonlySet<Object3D>; readonly bytes: number } = NOTHING): void {
    const counted = new Set([...this.#models.map(({ object }) => object), ...streamed.groups]);
    const standing = memoryOf(this.#scene, counted) + streamed.bytes;
    for (const model of evictions(this.#models, this.budget - standing)) {
      model.gone = true;
      this.#models.splice(this.#models.indexOf(model), 1);
      if (this.#models.some((other) => other.file.sha256 === model.file.sha256)) continue; // shared with another placement
      this.#loader.forget(model.file);
      disposeModel(model.object, true);
    }
  }

  close(): void {
    for (const { object } of this.#models) disposeModel(object, true);
  }
}

/** Bytes that an object takes on the GPU: attributes and textures with their mipmaps, each counted once. Skips the objects in `without`. */
export function memoryOf(root: Object3D, without: ReadonlySet<Object3D> = new Set()): number {
  const geometries = new Set<BufferGeometry>();
  const materials = new Set<Material>();
  const look = (object: Object3D): void => {
    if (without.has(object)) return;
    const { geometry, material } = object as Partial<Mesh>;
    if (geometry) geometries.add(geometry);
    for (const one of [material ?? []].flat()) materials.add(one);
    for (const child of object.children) look(child);
  };
  look(root);
  const textures = new Set<Texture>();
  for (const material of materials)
    for (const value of Object.values(material)) if (value instanceof Texture) textures.add(value);
  let bytes = 0;
  for (const { attributes, index } of geometries)
    for (const attribute of [...Object.values(attributes), index]) bytes += attribute?.array.byteLength ?? 0;
  for (const texture of textures) bytes += bytesOf(texture);
  return bytes;
}

function bytesOf(texture: Texture): number {
  if (texture instanceof CompressedTexture) {
    return (texture.mipmaps as { data: ArrayBufferView }[]).reduce((sum, { data }) => sum + data.byteLength, 0);
  }
  if (texture instanceof DataTexture) return texture.image.data?.byteLength ?? 0;
  const image = texture.image as { width: number; height: number } | HTMLVideoElement | undefined;
  if (!image) return 0;
  const [width, height] = "videoWidth" in image ? [image.videoWidth, image.videoHeight] : [image.width, image.height];
  return width * height * 4 * (texture.generateMipmaps ? 4 / 3 : 1);
}
