import {
  Box3,
  BoxGeometry,
  Color,
  EdgesGeometry,
  GridHelper,
  Group,
  LineBasicMaterial,
  LineSegments,
  type Object3D,
  Scene,
  Vector3,
} from "three";
import { project, rayThrough } from "../core/camera.ts";
import { addLight, addReflections, prepare } from "../core/light.ts";
import { Loader } from "../core/load.ts";
import { memoryBudget } from "../core/quality-tiers.ts";
import { Signal } from "../core/signal.ts";
import { Surface } from "../core/surface.ts";
import { type Streamed, TileStreaming } from "../core/tile-streaming.ts";
import { DEGREE } from "../core/units.ts";
import { Viewport } from "../core/viewport.ts";
import { levelsOf } from "../document/levels.ts";
import { UNTURNED } from "../document/rotation.ts";
import type { Asset, Quaternion, Vec3 } from "../document/schema.ts";
import { StudioCamera } from "../studio/studio-camera.ts";
import { isQuarterTurn, toFloor, turnedBox } from "./upright.ts";

const SIZE = 2; // of the longest side in the picture, whatever unit the asset is in
const AZIMUTH = 28 * DEGREE; // from where thumbnails are drawn (recon/formats/thumbnail.py)
const ELEVATION = 16 * DEGREE;
const AIM = 0.006; // a scan's point is hit by a ray that passes so near, per unit of distance

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where the surface was picked, in the asset's frame. */
export interface Spot {
  readonly point: Vector3;
  /** Unit vector, out of the surface. */
  readonly normal: Vector3;
}

/** An asset on a floor, in the box of its size. The picture's unit is such that every asset is as large. */
export class AssetScene {
  readonly camera: StudioCamera;
  readonly canvas: HTMLCanvasElement;
  readonly drawn = new Signal<void>();
  readonly #asset: Asset;
  readonly #scene = new Scene();
  readonly #viewport: Viewport;
  readonly #loader: Loader;
  readonly #holder = new Group(); // from metres (or what the asset's unit is) to the picture's unit
  readonly #turned = new Group();
  readonly #frame: LineSegments;
  readonly #bounds: Box3;
  #box: Box3;
  #turn: Quaternion = UNTURNED;
  #body: Object3D | null = null;
  readonly #streaming: TileStreaming;
  readonly #model: Streamed;
  #tiles: Object3D | null = null;

  constructor(canvas: HTMLCanvasElement, asset: Asset, media: string, calm: () => boolean) {
    this.canvas = canvas;
    this.#asset = asset;
    const { min, max } = asset.bounds as NonNullable<Asset["bounds"]>;
    this.#bounds = new Box3(new Vector3(...(min as Vec3)), new Vector3(...(max as Vec3)));
    this.#box = this.#bounds.clone();
    const size = this.#bounds.getSize(new Vector3());
    this.#holder.scale.setScalar(SIZE / (Math.max(...size.toArray()) || 1));
    this.#frame = new LineSegments(
      new EdgesGeometry(new BoxGeometry(1, 1, 1)),
      new LineBasicMaterial({ color: "#2f665a", toneMapped: false }),
    );
    const floor = new GridHelper(3 * SIZE, 30, "#b9ad99", "#d8cfbf");
    floor.position.y = -0.002;
    this.#scene.background = new Color("#efe9de");
    addLight(this.#scene, undefined);
    this.#scene.add(floor, this.#holder.add(this.#turned, this.#frame));
    this.camera = new StudioCamera({ position: [0, 1, 4], target: [0, 0, 0] });
    this.#viewport = new Viewport(
      canvas,
      this.camera.camera,
      (seconds) => this.camera.update(seconds, calm()),
      () => this.drawn.emit(),
    );
    this.#loader = new Loader(media, () => this.#viewport.renderer);
    this.#streaming = new TileStreaming(this.#loader, memoryBudget(), (object) => prepare(object));
    this.#streaming.arrived.on(() => this.invalidate());
    this.#scene.onBeforeRender = (drawer, _scene, seenBy) => this.#streaming.update(drawer, seenBy);
    this.#model = {
      asset,
      stream: (tiles) => {
        this.#tiles = tiles;
        if (tiles) this.#turned.add(tiles);
      },
      cover: (covers) => {
        if (this.#body) this.#body.visible = !covers;
      },
    };
    this.turn = UNTURNED;
    new ResizeObserver(() => {
      this.camera.resize(canvas.clientWidth, canvas.clientHeight);
      this.#viewport.resize();
    }).observe(canvas);
    this.camera.resize(canvas.clientWidth, canvas.clientHeight);
    this.lookFrom(AZIMUTH, ELEVATION);
  }

  /** Loads the model, its coarsest level first. Resolves with the finest; rejects if none can be loaded. */
  async open(): Promise<void> {
    const levels = levelsOf(this.#asset);
    let lit = false;
    for (const file of new Set([levels[0], levels.at(-1)])) {
      if (!file) continue;
      const model = await this.#loader.model(file, 0);
      if (prepare(model) && !lit) {
        addReflections(this.#scene);
        lit = true;
      }
      if (this.#body) this.#turned.remove(this.#body);
      this.#body = model;
      this.#turned.add(model);
      this.#viewport.show(this.#scene);
      if (this.#asset.files.tiles) break; // what is finer comes in tiles
    }
    this.#streaming.start(this.#model);
  }

  invalidate(): void {
    this.#viewport.invalidate();
  }

  get size(): { readonly width: number; readonly height: number } {
    return { width: Math.max(this.canvas.clientWidth, 1), height: Math.max(this.canvas.clientHeight, 1) };
  }

  get turn(): Quaternion {
    return this.#turn;
  }

  /** Shows the asset turned, standing on the floor. */
  set turn(turn: Quaternion) {
    this.#turn = turn;
    this.#turned.quaternion.set(...turn);
    this.#turned.position.set(0, 0, 0);
    const box = this.#measure();
    this.#turned.position.copy(toFloor(box));
    this.#box = box.translate(this.#turned.position);
    this.#box.getCenter(this.#frame.position);
    this.#box.getSize(this.#frame.scale);
    this.#holder.updateMatrixWorld(true);
    this.camera.target.copy(this.#box.getCenter(new Vector3()).applyMatrix4(this.#holder.matrixWorld));
    this.invalidate();
  }

  /** Width, height and depth as it is turned, in the asset's unit. */
  get extent(): Vector3 {
    return this.#box.getSize(new Vector3());
  }

  /** The lengths of the asset as it lies in the library, by axis: width, height, depth. */
  get own(): Vector3 {
    return this.#bounds.getSize(new Vector3());
  }

  /** The asset's middle in its own frame. */
  get middle(): Vector3 {
    return this.#bounds.getCenter(new Vector3());
  }

  /** From which side the asset is seen, degrees: 0 from +Z, growing to +X and upwards. */
  get side(): { readonly azimuth_deg: number; readonly elevation_deg: number } {
    const { position, target } = this.camera.view;
    const [x, y, z] = position.map((v, i) => v - (target[i] as number)) as Vec3;
    return { azimuth_deg: Math.atan2(x, z) / DEGREE, elevation_deg: Math.atan2(y, Math.hypot(x, z)) / DEGREE };
  }

  /** Looks at the whole asset from this side: radians, 0 from +Z, upwards. */
  lookFrom(azimuth: number, elevation: number): void {
    const { camera } = this;
    const centre = this.#box.getCenter(new Vector3()).applyMatrix4(this.#holder.matrixWorld);
    const radius = (this.extent.length() * this.#holder.scale.x) / 2;
    const distance = (1.12 * radius) / Math.sin(25 * DEGREE) / Math.min(1, camera.camera.aspect);
    const flat = Math.cos(elevation);
    const arm = new Vector3(Math.sin(azimuth) * flat, Math.sin(elevation), Math.cos(azimuth) * flat);
    const position = centre.clone().addScaledVector(arm, distance);
    camera.look({ position: position.toArray(), target: centre.toArray() });
    this.invalidate();
  }

  /** What of the surface is seen at a point of the canvas. */
  pick({ x, y }: Point): Spot | null {
    const { width, height } = this.size;
    const { origin, direction } = rayThrough(this.camera.camera, x, y, width, height);
    const models = [this.#body, this.#tiles].filter((model) => model !== null);
    const touch = new Surface(...models).ray(origin, direction, Number.POSITIVE_INFINITY, AIM);
    if (!touch) return null;
    const normal = touch.normal.clone();
    if (normal.dot(direction) > 0) normal.negate(); // a triangle that is seen from behind
    normal.applyQuaternion(this.#turned.quaternion.clone().invert());
    return { point: this.#turned.worldToLocal(touch.point.clone()), normal };
  }

  /** Where a point of the asset's frame is on the canvas; null behind the camera. */
  locate(point: Vector3): Point | null {
    const { width, height } = this.size;
    return project(this.camera.camera, this.#turned.localToWorld(point.clone()), width, height);
  }

  /** Where the figures of width, height and depth stand: at the edges of the box that face the eye. */
  figures(): readonly [Point | null, Point | null, Point | null] {
    const { min, max } = this.#box;
    const eye = this.#holder.worldToLocal(this.camera.camera.position.clone());
    const middle = this.#box.getCenter(new Vector3());
    const [x, far] = eye.x >= middle.x ? [max.x, min.x] : [min.x, max.x];
    const z = eye.z >= middle.z ? max.z : min.z;
    const { width, height } = this.size;
    const at = (point: Vector3) => project(this.camera.camera, this.#holder.localToWorld(point), width, height);
    return [
      at(new Vector3(middle.x, min.y, z)),
      at(new Vector3(far, middle.y, z)),
      at(new Vector3(x, min.y, middle.z)),
    ];
  }

  /** The box around the turned asset, before it is put on the floor; in the asset's unit. */
  #measure(): Box3 {
    const exact = isQuarterTurn(this.#turn) || !this.#body || this.#asset.kind === "splat";
    if (exact) return turnedBox(this.#bounds, this.#turn);
    const scale = this.#holder.scale.x;
    this.#holder.updateMatrixWorld(true);
    const box = new Box3().setFromObject(this.#turned, true);
    box.min.divideScalar(scale);
    box.max.divideScalar(scale);
    return box;
  }
}
