import {
  DEFAULT_DOWNLOAD_QUEUE,
  DEFAULT_LRU_CACHE,
  DownloadPriorityQueue,
  LRUCache,
  Scheduler,
  type Tile,
} from "3d-tiles-renderer/core";
import { TilesRenderer } from "3d-tiles-renderer/three";
import {
  Box3,
  type Camera,
  type IUniform,
  Matrix4,
  type Object3D,
  type Points,
  type PointsMaterial,
  Loader as ThreeLoader,
  type WebGLRenderer,
} from "three";
import type { Tiles } from "../document/schema.ts";
import type { Loader } from "./load.ts";
import { drawDiscs, type FinerCloud, FinerClouds, spacingOf } from "./point-cloud.ts";
import { Signal } from "./signal.ts";
import type { TileBudget, TileLoad } from "./tile-detail.ts";

const PARALLEL = 4; // downloads
const URGENCY = 4; // as urgent as a finer model of an exhibit
const KEPT = 0.8; // of the budget, when tiles out of view are freed
const TYPICAL_BYTES = 600_000; // of a tile: 50 000 points
const RETRIES_S = [3, 10, 30, 60]; // after a failure
const DRAWN = new Set(["position", "color"]);
const SAMPLE = 15_000; // number of points that are looked at, to estimate a tile's spacing
const OVERLAP = 2; // diameter of a disc in spacings: scanned points lie less evenly than those of a thinned cloud
const Z_UP = -Math.PI / 2; // tilesets have +Z up (OGC 22-025r4, 6.7.1.5)

/** The memory and the downloads that the tilesets of a scene share. */
export class TileCache {
  readonly tiles = new LRUCache();
  readonly downloads = new DownloadPriorityQueue();

  constructor(budget: TileBudget) {
    this.tiles.unloadPriorityCallback = DEFAULT_LRU_CACHE.unloadPriorityCallback;
    this.downloads.priorityCallback = DEFAULT_DOWNLOAD_QUEUE.priorityCallback;
    this.downloads.maxJobsPerOrigin = PARALLEL;
    this.setBudget(budget);
  }

  setBudget({ bytes }: TileBudget): void {
    this.tiles.maxBytesSize = bytes;
    this.tiles.minBytesSize = KEPT * bytes;
    this.tiles.scheduleUnload();
  }

  /** Bytes on the GPU of all tiles in memory, those that are on their way included. */
  get bytes(): number {
    return (this.tiles as LRUCache & { readonly cachedBytes: number }).cachedBytes;
  }
}

/** What the renderer counts and does not declare in its types. */
interface Counting {
  readonly stats: Readonly<Record<"queued" | "downloading" | "parsing" | "refused", number>>;
}

/** The points of a tile that is in memory, and how they are drawn. */
interface PointTile {
  readonly box: Box3; // of its points, in the tileset's frame
  readonly spacing: number; // m
  readonly parts: readonly { readonly points: Points; readonly scale: number; readonly finer: FinerClouds }[];
}

/** One model that is streamed in tiles (3D Tiles 1.1): it loads what the eye sees, as fine as the screen shows it. */
export class Tileset {
  /** Tiles came or went: emitted before they are drawn. */
  readonly changed = new Signal<void>();
  /** A frame is needed: something has arrived. */
  readonly arrived = new Signal<void>();
  /** A tile could not be loaded, or the tileset itself; it is tried again. Emitted once. */
  readonly failed = new Signal<void>();
  readonly #tiles: TilesRenderer & Counting;
  readonly #cache: TileCache;
  readonly #ready: (object: Object3D) => void;
  readonly #clouds = new Map<Tile, PointTile>();
  readonly #held = new Map<Tile, number>(); // tiles in memory, and their numbers of points
  readonly #lost = new Set<Tile>(); // that could not be loaded
  /** The largest diameter of points among finer ones, device pixels. */
  readonly #limit: IUniform<number> = { value: 0 };
  #camera: Camera | null = null;
  #mean = TYPICAL_BYTES;
  #visible = false; // some tile has been drawn
  #turned = false; // tiles came or went in this frame
  #unread = true; // the tileset itself is still to come
  #retries = 0;
  #retry = 0;

  /** `ready` is called with every mesh before it is shown. */
  constructor(files: Tiles, loader: Loader, cache: TileCache, ready: (object: Object3D) => void) {
    this.#cache = cache;
    this.#ready = ready;
    const address = loader.tileset(files);
    const tiles = new TilesRenderer(address) as TilesRenderer & Counting;
    this.#tiles = tiles;
    tiles.lruCache = cache.tiles;
    tiles.downloadQueue = cache.downloads;
    tiles.group.rotation.x = Z_UP;
    tiles.manager.addHandler(/\.gl(b|tf)$/, new TileLoader(loader));
    tiles.registerPlugin({
      fetchData: (url: string, { signal }: { signal?: AbortSignal }) => fetched(url, url === address, loader, signal),
      // Room for a tile is reserved before it is there; then the renderer itself counts its bytes.
      calculateBytesUsed: (_tile: Tile, scene: Object3D | null) => (scene ? 0 : this.#mean),
    });
    tiles.addEventListener("load-model", ({ scene, tile }) => this.#took(scene as Object3D, tile));
    tiles.addEventListener("dispose-model", ({ tile }) => this.#dropped(tile));
    tiles.addEventListener("tile-visibility-change", () => {
      this.#turned = true;
    });
    tiles.addEventListener("needs-update", () => this.arrived.emit());
    tiles.addEventListener("load-error", ({ tile }) => this.#missed(tile));
  }

  /** In the asset's frame. */
  get group(): Object3D {
    return this.#tiles.group;
  }

  /** It can be shown in place of the whole model: of points, some are there; of surfaces, all that the eye sees. */
  get covers(): boolean {
    return this.#visible;
  }

  /** Chooses the tiles that this camera sees, and requests those that are missing. `departure`: CSS pixels. */
  update(renderer: WebGLRenderer, camera: Camera, size: { width: number; height: number }, departure: number): void {
    const tiles = this.#tiles;
    if (this.#camera !== camera) {
      if (this.#camera) tiles.deleteCamera(this.#camera);
      tiles.setCamera(camera);
      this.#camera = camera;
    }
    tiles.setResolution(camera, size.width, size.height);
    // The renderer takes errors as they are stated, before the transform of the tile.
    tiles.errorTarget = departure / (tiles.root ? scaleOf(tiles.root) : 1);
    this.#limit.value = departure * OVERLAP * renderer.getPixelRatio();
    Scheduler.setXRSession((renderer.xr.isPresenting ? renderer.xr.getSession() : null) as XRSession);
    this.#turned = false;
    tiles.update();
    if (!this.#visible && tiles.visibleTiles.size > 0) this.#visible = this.#clouds.size > 0 || this.#loading === 0;
    if (!this.#turned) return;
    this.#resize();
    this.changed.emit();
  }

  /** Tiles on their way, and the tileset itself. */
  get #loading(): number {
    const { root, stats } = this.#tiles;
    return stats.queued + stats.downloading + stats.parsing + (root || !this.#unread ? 0 : 1);
  }

  /** What the last frame has shown. */
  get load(): Omit<TileLoad, "moved"> {
    let points = 0;
    for (const tile of this.#tiles.visibleTiles) points += this.#held.get(tile) ?? 0;
    let bytes = 0;
    for (const tile of this.#held.keys())
      if (this.#cache.tiles.isUsed(tile)) bytes += this.#cache.tiles.getMemoryUsage(tile);
    return { points, bytes, refused: this.#tiles.stats.refused, loading: this.#loading };
  }

  /** Nobody looks at it: its tiles stay in memory as long as there is room. */
  rest(): void {
    for (const tile of this.#held.keys()) this.#cache.tiles.markUnused(tile);
    this.#cache.tiles.scheduleUnload();
  }

  /** Loads what has failed once more. */
  retry(): void {
    clearTimeout(this.#retry);
    this.#retries = 0;
    this.#again();
  }

  close(): void {
    clearTimeout(this.#retry);
    this.changed.clear();
    this.arrived.clear();
    this.failed.clear();
    this.#tiles.dispose();
  }

  #took(scene: Object3D, tile: Tile): void {
    const bytes = this.#cache.tiles.getMemoryUsage(tile);
    if (bytes > 0) this.#mean += (bytes - this.#mean) / 8;
    const clouds: Points[] = [];
    scene.traverse((object) => {
      if ((object as Points).isPoints) clouds.push(object as Points);
    });
    this.#held.set(
      tile,
      clouds.reduce((sum, { geometry }) => sum + (geometry.attributes.position?.count ?? 0), 0),
    );
    if (clouds.length > 0) this.#clouds.set(tile, this.#drawn(clouds, tile, scene));
    else this.#ready(scene);
  }

  #dropped(tile: Tile): void {
    this.#held.delete(tile);
    this.#clouds.delete(tile);
  }

  /** Draws the points as discs of the tile's spacing. */
  #drawn(clouds: readonly Points[], tile: Tile, scene: Object3D): PointTile {
    const box = new Box3();
    let widest = 0;
    scene.updateMatrixWorld(true); // in the tileset's frame: it has no parent yet
    const parts = clouds.map((points) => {
      const { position } = points.geometry.attributes;
      const inTileset = points.matrixWorld;
      const scale = inTileset.getMaxScaleOnAxis();
      if (!points.geometry.boundingBox) points.geometry.computeBoundingBox();
      if (points.geometry.boundingBox) box.union(points.geometry.boundingBox.clone().applyMatrix4(inTileset));
      for (const name of Object.keys(points.geometry.attributes)) {
        if (!DRAWN.has(name)) points.geometry.deleteAttribute(name); // it would take room on the GPU
      }
      // A tile that others refine is thinned to a grid, which it states; in the last one, the points lie as they were measured.
      const measured = !tile.children?.length && position ? spacingOf(position, SAMPLE) * scale : 0;
      const spacing = measured || tile.geometricError * scaleOf(tile);
      widest = Math.max(widest, spacing);
      const finer = new FinerClouds(this.#limit);
      drawDiscs(points.material as PointsMaterial, (OVERLAP * spacing) / scale, finer);
      return { points, scale, finer };
    });
    return { box: box.expandByScalar(widest), spacing: widest, parts }; // a coarser tile's points lie between its own
  }

  /** Points become smaller where finer tiles are drawn, and larger where these have gone. */
  #resize(): void {
    const { visibleTiles } = this.#tiles;
    const finerOf = (tile: Tile): Tile[] =>
      (tile.children ?? []).flatMap((child) => {
        if (visibleTiles.has(child)) return child;
        return child.internal?.hasRenderableContent ? [] : finerOf(child); // another tileset's root is below it
      });
    for (const tile of visibleTiles) {
      const cloud = this.#clouds.get(tile);
      if (!cloud) continue;
      const finer = finerOf(tile).flatMap((child) => {
        const within = this.#clouds.get(child);
        return within ? [{ within, refined: finerOf(child).length > 0 }] : [];
      });
      for (const { points, scale, finer: drawn } of cloud.parts) {
        const local = new Matrix4().copy(points.matrixWorld).invert().multiply(this.group.matrixWorld);
        const boxes = finer.map(
          ({ within, refined }): FinerCloud => ({
            box: within.box.clone().applyMatrix4(local),
            spacing: within.spacing / scale,
            refined,
          }),
        );
        drawn.set(cloud.spacing / scale, boxes);
      }
    }
  }

  /** Tries again after a while, each time later. */
  #missed(tile: Tile | null): void {
    if (tile) this.#lost.add(tile);
    else this.#unread = false;
    if (this.#retries === 0) this.failed.emit();
    const seconds = RETRIES_S[this.#retries];
    if (seconds === undefined) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#retries++;
      this.#again();
    }, 1000 * seconds) as unknown as number;
  }

  #again(): void {
    this.#unread = true;
    for (const tile of this.#lost) this.#cache.tiles.remove(tile); // the renderer requests nothing that the cache has
    this.#lost.clear();
    this.#tiles.resetFailedTiles();
    this.arrived.emit();
  }
}

/** The scale of a tile's own transform and those above it. */
function scaleOf(tile: Tile): number {
  return (
    tile as Tile & { readonly engineData: { readonly transform: Matrix4 } }
  ).engineData.transform.getMaxScaleOnAxis();
}

/** A tileset's document, or the bytes of a tile. */
async function fetched(url: string, root: boolean, loader: Loader, signal?: AbortSignal): Promise<unknown> {
  const bytes = await loader.bytes(url, URGENCY, signal);
  if (!root && !url.endsWith(".json")) return bytes;
  const tileset = JSON.parse(new TextDecoder().decode(bytes));
  tileset.asset.version = "1.0"; // the renderer warns of 1.1, whose new parts it partly lacks; we use none of them
  return tileset;
}

/** Reads tiles with the decoders of all other models. */
class TileLoader extends ThreeLoader {
  readonly #loader: Loader;

  constructor(loader: Loader) {
    super();
    this.#loader = loader;
  }

  async parseAsync(bytes: ArrayBuffer): Promise<{ scene: Object3D }> {
    return { scene: await this.#loader.parse(bytes) };
  }
}
