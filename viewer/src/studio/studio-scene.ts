import { Box3, type Matrix4, PerspectiveCamera, Vector3 } from "three";
import { aim, project, rayThrough } from "../core/camera.ts";
import { HallScene } from "../core/hall.ts";
import { Signal } from "../core/signal.ts";
import { Throttle } from "../core/throttle.ts";
import { lookAt, type Pose } from "../core/view.ts";
import { Viewport } from "../core/viewport.ts";
import type { Hall } from "../document/schema.ts";
import type { Lang } from "../document/text.ts";
import { Cutaway } from "./cutaway.ts";
import type { Ray } from "./drag.ts";
import { FurnitureScene, furnitureOf } from "./room/furniture-scene.ts";
import type { Thing } from "./selection.ts";
import { type Side, StudioCamera } from "./studio-camera.ts";

const REFINE_MS = 300;
const PICTURES_MS = 8; // of a frame, for small pictures
const AROUND = new Vector3(3, 2, 3); // m around what stands there
const UNKNOWN = new Box3(new Vector3(-5, 0, -5), new Vector3(5, 3, 5)); // a hall of which nothing is known
const TALLEST = 4; // m of a thing that is not cut when seen from above

/** What the pointer is on: a placement, a piece of furniture, or the room (null), and where. */
export interface Target {
  readonly thing: Thing | null;
  readonly point: Vector3;
  readonly normal: Vector3;
}

/** How a placement or a piece of furniture lies in the hall. */
export interface Shape {
  /** Its own box, in its own frame, and how that lies in the hall. */
  readonly local: Box3;
  readonly matrix: Matrix4;
  /** In the hall's frame. */
  readonly box: Box3;
  readonly front: Vector3;
  readonly onWall: boolean;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Moves the camera while the curator's own way of looking rests. */
export interface CameraDriver {
  /** True while it moves. */
  update(seconds: number): boolean;
}

/** The hall in the middle of the studio: draws it as the curator looks at it, and says what is where on the screen. */
export class StudioScene {
  readonly hall: HallScene;
  readonly furniture: FurnitureScene;
  /** Of the room that stands in for the hall's own. */
  roomBox: Box3 | null = null;
  readonly camera: StudioCamera;
  readonly canvas: HTMLCanvasElement;
  /** A frame was drawn: what lies over the picture moves along. */
  readonly drawn = new Signal<void>();
  /** Whether nothing shall fly or glide. */
  readonly calm: () => boolean;
  readonly #viewport: Viewport;
  readonly #cutaway: Cutaway;
  readonly #steer: (seconds: number) => boolean;
  readonly #pictures: (() => void)[] = [];
  #driver: CameraDriver | null = null;
  readonly #refine = new Throttle(REFINE_MS, () => this.#refineHall());
  #size: { readonly width: number; readonly height: number } | null = null;

  /** `steer` moves the camera while keys are held, and says whether it did. */
  constructor(
    canvas: HTMLCanvasElement,
    document: Hall,
    media: string,
    lang: Lang,
    calm: () => boolean,
    steer: (seconds: number) => boolean,
  ) {
    this.canvas = canvas;
    this.#steer = steer;
    this.calm = calm;
    this.camera = new StudioCamera(document.start);
    this.#viewport = new Viewport(
      canvas,
      this.camera.camera,
      (seconds) => this.#tick(seconds),
      () => this.#onDrawn(),
    );
    this.hall = new HallScene(document, media, lang, () => this.#viewport.renderer, this.#viewport.quality);
    this.hall.changed.on(() => this.invalidate());
    this.hall.streaming.arrived.on(() => this.invalidate());
    this.furniture = new FurnitureScene(this.hall.colliders);
    this.furniture.update(document);
    this.hall.scene.add(this.furniture.group);
    this.#cutaway = new Cutaway(this.hall.colliders);
    this.#viewport.renderer.clippingPlanes = this.#cutaway.planes;
    const resize = new ResizeObserver(() => {
      this.#size = null;
      this.camera.resize(canvas.clientWidth, canvas.clientHeight);
      this.#viewport.resize();
    });
    resize.observe(canvas);
  }

  /** Resolves when the room is there; rejects if it cannot be loaded. */
  async open(): Promise<void> {
    const { position, target } = this.hall.document.start;
    await this.hall.open(lookAt(new Vector3(...position), new Vector3(...target)));
    this.#viewport.show(this.hall.scene);
  }

  /** Shows the next document. */
  update(next: Hall): void {
    this.furniture.update(next);
    this.hall.update(next);
    this.invalidate();
  }

  /** Asks for a frame. */
  invalidate(): void {
    this.#viewport.invalidate();
  }

  get frames(): number {
    return this.#viewport.stats.frames;
  }

  /** Of the canvas, CSS pixels. It is kept, because asking the page lays all of it out. */
  get size(): { readonly width: number; readonly height: number } {
    this.#size ??= { width: Math.max(this.canvas.clientWidth, 1), height: Math.max(this.canvas.clientHeight, 1) };
    return this.#size;
  }

  /** The part of the hall that is of interest from outside: where visitors enter, what stands there or could. Not the landscape around. */
  get bounds(): Box3 {
    const { document } = this.hall;
    const box = new Box3();
    for (const exhibit of this.hall.exhibits.values()) box.union(exhibit.box);
    const room = document.assets[document.architecture.asset]?.bounds;
    const whole = this.roomBox ?? (room && new Box3(new Vector3(...room.min), new Vector3(...room.max)));
    const places = [...Object.values(document.anchors ?? {}), ...Object.values(document.doors ?? {})];
    if (places.length === 0) return whole ? box.union(whole) : box.isEmpty() ? UNKNOWN.clone() : box;
    for (const { position } of places) box.expandByPoint(new Vector3(...position));
    box.expandByPoint(new Vector3(...document.start.position)).expandByVector(AROUND);
    return whole ? box.intersect(whole) : box;
  }

  /** Leaves the camera to someone else, who sees the whole room as visitors do; null: takes it back. */
  drive(driver: CameraDriver | null): void {
    this.#driver = driver;
    const { camera } = this.camera;
    camera.clearViewOffset();
    camera.up.set(0, 1, 0);
    if (driver) this.#cutaway.clear();
    else {
      this.camera.update(0, true);
      this.#cut();
    }
    this.invalidate();
  }

  /** A small picture of the hall from another eye, drawn before one of the next frames; CSS-independent pixels. */
  picture(from: Pose, width: number, height: number): Promise<HTMLCanvasElement> {
    return new Promise((resolve) => {
      this.#pictures.push(() => resolve(this.#drawSmall(from, width, height)));
      this.invalidate();
    });
  }

  look(side: Side): void {
    this.camera.show(this.bounds, side);
    this.invalidate();
  }

  /** Where a point of the hall is on the canvas, CSS pixels; null behind the camera. */
  project(point: Vector3): Point | null {
    const { width, height } = this.size;
    return project(this.camera.camera, point, width, height);
  }

  /** The ray through a point of the canvas, from where the picture begins: what is cut away is not hit. */
  ray(at: Point): Ray {
    const { width, height } = this.size;
    const { origin, direction } = rayThrough(this.camera.camera, at.x, at.y, width, height);
    return { origin: this.#cutaway.entry(origin, direction), direction };
  }

  /** What is seen at a point of the canvas. A label counts as its exhibit, unless labels are not wanted. */
  target(at: Point, labels = true): Target | null {
    const { origin, direction } = this.ray(at);
    const hit = this.hall.colliders.ray(origin, direction, 900);
    const label = labels ? this.hall.labels?.hit(origin, direction) : null;
    if (label && label.distance < (hit?.distance ?? 900) + 0.02)
      return {
        thing: { kind: "placement", id: label.id },
        point: origin.addScaledVector(direction, label.distance),
        normal: direction.negate(),
      };
    const id = furnitureOf(hit?.owner ?? null);
    if (!hit || hit.owner === null || id !== null) {
      const glass = this.furniture.glass(origin, direction);
      if (glass && glass.point.distanceTo(origin) < (hit?.distance ?? Number.POSITIVE_INFINITY))
        return { thing: { kind: "furniture", id: glass.id }, point: glass.point, normal: direction.negate() };
    }
    if (!hit) return null;
    const thing: Thing | null =
      id !== null ? { kind: "furniture", id } : hit.owner === null ? null : { kind: "placement", id: hit.owner };
    return { thing, point: hit.point, normal: hit.normal };
  }

  /** The door at a point of the canvas, if nothing stands before it. */
  door(at: Point): string | null {
    const { origin, direction } = this.ray(at);
    const reach = this.hall.colliders.ray(origin, direction, 900)?.distance ?? 900;
    return this.hall.doors?.hit(origin, direction, reach)?.id ?? null;
  }

  /** How a placement or a piece of furniture lies in the hall; null if there is no such thing. */
  shapeOf({ kind, id }: Thing): Shape | null {
    const exhibit = kind === "placement" ? this.hall.exhibits.get(id) : undefined;
    if (exhibit) {
      const { box, front, local, group, placement } = exhibit;
      return { local, matrix: group.matrixWorld, box, front, onWall: placement.kind !== "object" };
    }
    const piece = kind === "furniture" ? this.furniture.boxOf(id) : null;
    if (!piece) return null;
    const { local, matrix, front } = piece;
    const { kind: what } = this.hall.document.furniture?.[id] ?? {};
    const box = local.clone().applyMatrix4(matrix);
    return { local, matrix, box, front, onWall: what === "panel" || what === "screen" };
  }

  /** The box around these things; null if there are none. */
  boxOf(things: readonly Thing[]): Box3 | null {
    const box = new Box3();
    for (const thing of things) {
      const shape = this.shapeOf(thing);
      if (shape) box.union(shape.box);
    }
    return box.isEmpty() ? null : box;
  }

  #tick(seconds: number): boolean {
    const left = this.#pictures.length > 0 && this.#drawPictures();
    const lighting = () => this.hall.lighting.update(seconds, true) || left;
    if (this.#driver) {
      const driven = this.#driver.update(seconds);
      return lighting() || driven;
    }
    const steered = this.#steer(seconds);
    const moving = this.camera.update(seconds, this.calm());
    if (moving || steered) this.#cut();
    return lighting() || moving || steered;
  }

  /** Draws as many of the small pictures as do not hold up the frame; true if some are left. */
  #drawPictures(): boolean {
    const begun = performance.now();
    do this.#pictures.shift()?.();
    while (this.#pictures.length > 0 && performance.now() - begun < PICTURES_MS);
    return this.#pictures.length > 0;
  }

  /** Draws into a corner of the canvas. The frame that follows draws over it before the browser shows it. */
  #drawSmall(from: Pose, width: number, height: number): HTMLCanvasElement {
    const { renderer } = this.#viewport;
    const { domElement: canvas } = renderer;
    const eye = new PerspectiveCamera(from.fov_deg, width / height, 0.05, 2000);
    aim(eye, from);
    const ratio = renderer.getPixelRatio();
    renderer.setViewport(0, 0, width / ratio, height / ratio);
    renderer.setScissor(0, 0, width / ratio, height / ratio);
    renderer.setScissorTest(true);
    renderer.render(this.hall.scene, eye);
    renderer.setScissorTest(false);
    renderer.setViewport(0, 0, canvas.width / ratio, canvas.height / ratio);
    const picture = document.createElement("canvas");
    picture.width = width;
    picture.height = height;
    picture.getContext("2d")?.drawImage(canvas, 0, canvas.height - height, width, height, 0, 0, width, height);
    return picture;
  }

  #cut(): void {
    let top = Number.NEGATIVE_INFINITY;
    for (const { box } of this.hall.exhibits.values()) top = Math.max(top, Math.min(box.max.y, box.min.y + TALLEST));
    this.#cutaway.update(this.camera.target, this.camera.camera.position, top + 0.1, this.camera.isHigh);
  }

  #onDrawn(): void {
    this.#refine.request();
    this.drawn.emit();
  }

  #refineHall(): void {
    if (!this.#driver) this.#cut(); // the room may have arrived since
    const { position, fov } = this.camera.camera;
    this.hall.refine(lookAt(position, this.camera.target, fov), performance.now() / 1000, null);
  }
}
