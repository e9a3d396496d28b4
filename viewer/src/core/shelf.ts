import { CompressedTexture, type Mesh, type MeshBasicMaterial, type Object3D } from "three";
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
  readonly #budget: number;
  readonly #ready: (object: Object3D) => void;
  readonly #models: Shelved[] = [];

  /** `budget` in bytes on the graphics card; `ready` is given every model before it is shown. */
  constructor(loader: Loader, budget: number, ready: (object: Object3D) => void) {
    this.#loader = loader;
    this.#budget = budget;
    this.#ready = ready;
  }

  async take(file: File, urgency: number, seconds: number): Promise<Shelved> {
    const object = await this.#loader.model(file, urgency);
    this.#ready(object);
    const model = { file, object, bytes: memoryOf(object), lastWanted: seconds, needed: true, gone: false };
    this.#models.push(model);
    return model;
  }

  /** Lets go of what is needed no more, the longest unwanted first, until the rest fits. */
  trim(): void {
    for (const model of evictions(this.#models, this.#budget)) {
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
  for (const material of materialsOf(root)) {
    const texture = (material as MeshBasicMaterial).map;
    const image = texture?.image as { width: number; height: number } | undefined;
    if (texture instanceof CompressedTexture) {
      for (const { data } of texture.mipmaps as { data: ArrayBufferView }[]) bytes += data.byteLength;
    } else if (image) bytes += (image.width * image.height * 4 * 4) / 3;
  }
  return bytes;
}
