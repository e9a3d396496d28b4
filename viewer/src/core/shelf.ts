import { CompressedTexture, DataTexture, type Mesh, type Object3D, Texture } from "three";
import { release } from "./exhibit.ts";
import { materialsOf } from "./light.ts";
import type { Loader } from "./load.ts";
import { evictions, type Held } from "./lod.ts";
import type { File } from "./schema.ts";

/** A model in memory. Whoever took it says whether it is needed, and when it was wanted last. */
export interface Shelved extends Held {
  readonly file: File;
  readonly object: Object3D;
  lastWanted: number;
  needed: boolean;
  /** Let go of: to be taken anew. */
  gone: boolean;
}

/** All models that are in memory, within one budget. */
export class Shelf {
  readonly #loader: Loader;
  /** Bytes on the graphics card that all of it may take. */
  budget: number;
  readonly #ready: (object: Object3D) => void;
  readonly #models: Shelved[] = [];
  #claimed = 0;

  /** `ready` is given every model before it is shown. */
  constructor(loader: Loader, budget: number, ready: (object: Object3D) => void) {
    this.#loader = loader;
    this.budget = budget;
    this.#ready = ready;
  }

  async take(file: File, urgency: number, seconds: number): Promise<Shelved> {
    const object = await this.#loader.model(file, urgency);
    this.#ready(object);
    const model = { file, object, bytes: memoryOf(object), lastWanted: seconds, needed: true, gone: false };
    this.#models.push(model);
    return model;
  }

  /** Counts what stays: the room, pictures. */
  claim(what: Object3D | Texture): void {
    this.#claimed += what instanceof Texture ? bytesOf(what) : memoryOf(what);
  }

  /** Lets go of what is needed no more, the longest unwanted first, until the rest fits. */
  trim(): void {
    for (const model of evictions(this.#models, this.budget - this.#claimed)) {
      model.gone = true;
      this.#models.splice(this.#models.indexOf(model), 1);
      if (this.#models.some((other) => other.file.sha256 === model.file.sha256)) continue; // shared with another placement
      this.#loader.forget(model.file);
      release(model.object, true);
    }
  }

  close(): void {
    for (const { object } of this.#models) release(object, true);
  }
}

/** Bytes that a model takes on the GPU: its attributes, and its textures with their smaller copies. */
function memoryOf(root: Object3D): number {
  let bytes = 0;
  root.traverse((object) => {
    const geometry = (object as Mesh).geometry;
    if (!geometry) return;
    for (const attribute of Object.values(geometry.attributes)) bytes += attribute.array.byteLength;
    bytes += geometry.index?.array.byteLength ?? 0;
  });
  const textures = new Set<Texture>();
  for (const material of materialsOf(root)) {
    for (const value of Object.values(material)) if (value instanceof Texture) textures.add(value);
  }
  for (const texture of textures) bytes += bytesOf(texture);
  return bytes;
}

function bytesOf(texture: Texture): number {
  if (texture instanceof CompressedTexture) {
    return (texture.mipmaps as { data: ArrayBufferView }[]).reduce((sum, { data }) => sum + data.byteLength, 0);
  }
  if (texture instanceof DataTexture) return texture.image.data?.byteLength ?? 0;
  const image = texture.image as { width: number; height: number } | undefined;
  return image ? (image.width * image.height * 4 * 4) / 3 : 0;
}
