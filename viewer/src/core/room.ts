import { type BufferGeometry, Group, type Object3D } from "three";
import type { Asset } from "../document/schema.ts";
import { disposeModel } from "./exhibit.ts";
import type { Streamed } from "./tile-streaming.ts";

/**
 * Lets a room's parts be drawn in the order of its file, before everything else. The file lists what is near visitors first and
 * the sky last, so that what is hidden is not shaded.
 */
function inOrder(body: Object3D): Object3D {
  const meshes: Object3D[] = [];
  body.traverse((object) => {
    if ("isMesh" in object) meshes.push(object);
  });
  for (const [i, mesh] of meshes.entries()) mesh.renderOrder = i / meshes.length - 1;
  return body;
}

/** The hall's architecture: its model, or the tiles that are shown in place of it. */
export class Room implements Streamed {
  readonly id: string;
  readonly asset: Asset;
  readonly solid: BufferGeometry;
  readonly group = new Group();
  #body: Object3D;
  #tiles: Object3D | null = null;

  /** `id`: of the asset. `solid`: where visitors can walk and what they run into. */
  constructor(id: string, asset: Asset, body: Object3D, solid: BufferGeometry) {
    this.id = id;
    this.asset = asset;
    this.solid = solid;
    this.#body = inOrder(body);
    this.group.add(body);
  }

  /** Shows a finer model, and frees the one before. */
  refine(body: Object3D): void {
    body.visible = this.#body.visible;
    this.group.remove(this.#body);
    disposeModel(this.#body, true);
    this.#body = inOrder(body);
    this.group.add(body);
  }

  stream(tiles: Object3D | null): void {
    if (this.#tiles) this.group.remove(this.#tiles);
    this.#tiles = tiles;
    if (tiles) this.group.add(tiles);
    else this.cover(false);
  }

  cover(covers: boolean): void {
    this.#body.visible = !covers;
  }

  /** Frees its model. Its tiles are those of the streaming. */
  close(): void {
    this.stream(null);
    disposeModel(this.group, true);
  }
}
