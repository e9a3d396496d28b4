import { type Camera, type Object3D, Vector2, type WebGLRenderer } from "three";
import type { Asset } from "../document/schema.ts";
import type { Loader } from "./load.ts";
import { Signal } from "./signal.ts";
import { FINEST_PX, nextDeparture, type TileBudget, tileBudget, waitsForRoom } from "./tile-detail.ts";
import type { TileCache, Tileset } from "./tileset.ts";

/** What can be shown in tiles: its whole model stays until the tiles cover it. */
export interface Streamed {
  readonly asset: Asset | null;
  /** Takes the tiles, in the asset's frame; null: the whole model is shown alone again. */
  stream(tiles: Object3D | null): void;
  /** Whether the tiles are shown in place of the whole model. */
  cover(covers: boolean): void;
}

export interface TileStats {
  /** Drawn in the last frame. */
  readonly points: number;
  /** On the GPU, of all tiles in memory. */
  readonly bytes: number;
  /** Tiles and tilesets on their way. */
  readonly loading: number;
}

export const NO_TILES: TileStats = { points: 0, bytes: 0, loading: 0 };

interface Stream {
  readonly tileset: Tileset;
  running: boolean;
}

/** The streamed models of a scene. They share a budget of memory and of points, and draw only on demand. */
export class TileStreaming {
  /** A frame is needed. */
  readonly arrived = new Signal<void>();
  /** Tiles of a model came or went: emitted before they are drawn. */
  readonly changed = new Signal<Streamed>();
  /** Some tiles could not be loaded: emitted once for each model. They are tried again. */
  readonly failed = new Signal<Streamed>();
  readonly #loader: Loader;
  readonly #ready: (object: Object3D) => void;
  readonly #streams = new Map<Streamed, Stream>();
  readonly #opening = new Set<Streamed>();
  readonly #size = new Vector2();
  #budget: TileBudget;
  #cache: TileCache | null = null;
  #departure = FINEST_PX;
  #eye = ""; // where it was at the last frame
  #moved = true;
  #closed = false;

  /** `bytes`: the memory of the whole scene, of which tiles take a share. `ready` is called with every mesh before it is shown. */
  constructor(loader: Loader, bytes: number, ready: (object: Object3D) => void) {
    this.#loader = loader;
    this.#budget = tileBudget(bytes);
    this.#ready = ready;
  }

  /** The memory of the whole scene. */
  setMemory(bytes: number): void {
    this.#budget = tileBudget(bytes);
    this.#cache?.setBudget(this.#budget);
  }

  get budget(): TileBudget {
    return this.#budget;
  }

  /** Bytes on the GPU of all tiles in memory. */
  get bytes(): number {
    return this.#cache?.bytes ?? 0;
  }

  get stats(): TileStats {
    const loads = this.#running.map(({ load }) => load);
    return {
      points: loads.reduce((sum, { points }) => sum + points, 0),
      bytes: this.bytes,
      loading: this.#opening.size + loads.reduce((sum, { loading }) => sum + loading, 0),
    };
  }

  /** The groups of all tiles that are in the scene. */
  get groups(): ReadonlySet<Object3D> {
    return new Set(this.#running.map(({ group }) => group));
  }

  isStreaming(model: Streamed): boolean {
    return this.#opening.has(model) || this.#streams.get(model)?.running === true;
  }

  /** Streams the model's tiles from now on, if it has some. */
  start(model: Streamed): void {
    const tiles = model.asset?.files.tiles;
    if (!tiles || this.isStreaming(model)) return;
    const known = this.#streams.get(model);
    if (known) {
      known.running = true;
      model.stream(known.tileset.group);
      this.arrived.emit();
      return;
    }
    this.#opening.add(model);
    void import("./tileset.ts")
      .then((code) => {
        if (this.#closed || !this.#opening.delete(model)) return; // it is no longer wanted
        this.#cache ??= new code.TileCache(this.#budget);
        const tileset = new code.Tileset(tiles, this.#loader, this.#cache, this.#ready);
        tileset.arrived.on(() => this.arrived.emit());
        tileset.failed.on(() => this.failed.emit(model));
        tileset.changed.on(() => this.changed.emit(model));
        this.#streams.set(model, { tileset, running: true });
        model.stream(tileset.group);
        this.arrived.emit();
      })
      .catch(() => {
        this.#opening.delete(model); // the code could not be fetched: the next frame tries again
      });
  }

  /** Shows the whole model again. Its tiles stay in memory as long as there is room. */
  stop(model: Streamed): void {
    this.#opening.delete(model);
    const stream = this.#streams.get(model);
    if (!stream?.running) return;
    stream.running = false;
    model.stream(null);
    stream.tileset.rest();
    this.arrived.emit();
  }

  /** The model leaves the scene: frees its tiles. */
  remove(model: Streamed): void {
    this.stop(model);
    this.#streams.get(model)?.tileset.close();
    this.#streams.delete(model);
  }

  /** Loads what has failed once more. */
  retry(): void {
    for (const { tileset } of this.#streams.values()) tileset.retry();
  }

  /** Chooses what the next picture shows. Call it before every picture, when matrices are up to date. */
  update(renderer: WebGLRenderer, camera: Camera): void {
    const shown = [...this.#streams].filter(([, { running, tileset }]) => running && isShown(tileset.group));
    if (shown.length === 0) return;
    const eye = camera.matrixWorld.elements.join();
    this.#moved ||= eye !== this.#eye;
    this.#eye = eye;
    const { width, height } = renderer.getSize(this.#size);
    for (const [model, { tileset }] of shown) {
      tileset.update(renderer, camera, { width, height }, this.#departure);
      model.cover(tileset.covers);
    }
    this.#adapt(shown.map(([, { tileset }]) => tileset));
  }

  close(): void {
    this.#closed = true;
    this.#opening.clear();
    for (const { tileset } of this.#streams.values()) tileset.close();
    this.#streams.clear();
    for (const signal of [this.arrived, this.changed, this.failed]) signal.clear();
  }

  get #running(): Tileset[] {
    return [...this.#streams.values()].filter(({ running }) => running).map(({ tileset }) => tileset);
  }

  /** Lowers or raises the detail of the next frame, which it requests then. */
  #adapt(shown: readonly Tileset[]): void {
    const loads = shown.map(({ load }) => load);
    const sum = (key: keyof (typeof loads)[0]) => loads.reduce((total, load) => total + load[key], 0);
    const [points, bytes, refused, loading] = [sum("points"), sum("bytes"), sum("refused"), sum("loading")];
    const load = { points, bytes, refused, loading, moved: this.#moved };
    const next = nextDeparture(this.#departure, load, this.#budget);
    if (next > this.#departure) this.#moved = false;
    if (next !== this.#departure || waitsForRoom(load, this.#budget)) this.arrived.emit();
    this.#departure = next;
  }
}

/** Whether an object and all above it are visible. */
function isShown(object: Object3D): boolean {
  for (let at: Object3D | null = object; at; at = at.parent) if (!at.visible) return false;
  return true;
}
