import {
  Box3,
  BoxGeometry,
  type BufferGeometry,
  EdgesGeometry,
  Group,
  LineBasicMaterial,
  LineSegments,
  Matrix4,
  type Mesh,
  type Object3D,
  Sphere,
  Sprite,
  SpriteMaterial,
  SRGBColorSpace,
  Texture,
  Vector3,
  VideoTexture,
} from "three";
import { levelsOf } from "../document/levels.ts";
import { isScannedPlace } from "../document/scanned-place.ts";
import type { Asset, File, Placement, Text } from "../document/schema.ts";
import { frontOf, pictureBoard, textBoard, videoBoard } from "./boards.ts";
import { contactShadow, materialsOf, SHADOW_HEIGHT } from "./light.ts";

/** waiting: a placeholder is shown; shown: the exhibit itself is shown; failed: a marked placeholder is shown. */
export type ExhibitState = "waiting" | "shown" | "failed";

const BOARD_DEPTH = 0.05;

/** One placement in the hall: its place, and the model, picture or board that is shown there at the moment. */
export class Exhibit {
  readonly id: string;
  readonly asset: Asset | null;
  readonly levels: readonly File[];
  readonly group = new Group();
  /** In the hall's frame. */
  readonly box = new Box3();
  readonly sphere = new Sphere();
  /** Horizontal unit vector that its local +Z points along. */
  readonly front = new Vector3();
  state: ExhibitState = "waiting";
  shown = -1;
  #placement: Placement;
  readonly #local: Box3;
  #stand: Object3D | null = null; // placeholder
  #body: Object3D | null = null;
  #tiles: Object3D | null = null;
  #shadow: Object3D | null = null;
  #thumb: Texture | null = null;
  #still: Texture | null = null; // the picture of a video that does not play

  constructor(id: string, placement: Placement, asset: Asset | null) {
    this.id = id;
    this.#placement = placement;
    this.asset = asset;
    this.levels = placement.kind === "object" && asset ? levelsOf(asset) : [];
    this.#local = localBox(placement, asset);
    this.#place();
    if (placement.kind === "object") this.#placehold();
  }

  get placement(): Placement {
    return this.#placement;
  }

  /** Takes another placement of the same kind and asset: its place, size and texts. Panels are written by `showText`. */
  set placement(next: Placement) {
    const resized = next.width_m !== this.#placement.width_m;
    this.#placement = next;
    if (resized) {
      this.#local.copy(localBox(next, this.asset));
      const picture = this.#body && frontOf(this.#body)?.material.map;
      if (next.kind === "picture" && picture) this.#hang(picture);
      if (next.kind === "video" && this.#thumb) {
        if (this.#body) disposeModel(this.#body, true);
        this.showThumb(this.#thumb);
      }
    }
    this.#place();
  }

  /** The model, picture or board that is shown; null while a placeholder is shown. */
  get body(): Object3D | null {
    return this.#body;
  }

  /** The body and its tiles. Of the two, one is visible, or both while the first tiles are coming. */
  get models(): Object3D[] {
    return [this.#body, this.#tiles].filter((model) => model !== null);
  }

  /** A scan of a place where people could stand, not of a thing. Its points bar nobody's way. */
  get isPlace(): boolean {
    return isScannedPlace(this.#placement, this.asset);
  }

  /** Takes the tiles of its model, in the asset's frame; null: the whole model is shown again. */
  stream(tiles: Object3D | null): void {
    if (this.#tiles) this.group.remove(this.#tiles);
    this.#tiles = tiles;
    if (tiles) this.group.add(tiles);
    else this.cover(false);
  }

  /** Whether the tiles are shown in place of the body. */
  cover(covers: boolean): void {
    if (this.#body) this.#body.visible = !covers;
  }

  /** The bounding box in the asset's frame. */
  get local(): Box3 {
    return this.#local;
  }

  /** The bounding box as a collider in the hall's frame, until the real collider is loaded. */
  get boxSolid(): BufferGeometry {
    const size = this.#local.getSize(new Vector3());
    const centre = this.#local.getCenter(new Vector3());
    return new BoxGeometry(size.x, size.y, size.z)
      .applyMatrix4(new Matrix4().makeTranslation(centre))
      .applyMatrix4(this.group.matrixWorld);
  }

  showThumb(texture: Texture): void {
    this.#thumb = texture;
    if (this.placement.kind === "picture") {
      if (!this.#body) this.showPicture(texture);
    } else if (this.placement.kind === "video") {
      this.#setBody(videoBoard(texture, this.#width));
    } else if (this.state !== "shown") this.#placehold();
  }

  showPicture(texture: Texture): void {
    if (this.#body && frontOf(this.#body)?.material.map === texture) return;
    if (texture !== this.#thumb) this.#thumb?.dispose();
    this.#hang(texture);
  }

  #hang(texture: Texture): void {
    if (this.#body) disposeModel(this.#body); // another picture or size
    this.#setBody(pictureBoard(texture, this.#width));
    const { width, height } = texture.image as { width: number; height: number };
    const half = (this.#width * height) / width / 2;
    this.#local.min.y = -half;
    this.#local.max.y = half;
    this.#measure();
  }

  showText(lang: keyof Text): void {
    const { title, label } = this.placement;
    const board = textBoard(title, label, this.#width, lang, this.placement.kind === "audio");
    if (this.#body) disposeModel(this.#body, true); // the board in the other language
    this.#local.setFromObject(board); // before it gets a parent, whose transform would be included
    this.#measure();
    this.#setBody(board);
  }

  /** Shows this playing video on its board; null shows the still picture again. */
  play(video: HTMLVideoElement | null): void {
    const front = this.#body && frontOf(this.#body);
    if (!front || this.placement.kind !== "video" || (video !== null) === (this.#still !== null)) return;
    if (video) {
      this.#still = front.material.map;
      this.#still?.dispose(); // frees it on the GPU; it is uploaded again when it is shown
      front.material.map = new VideoTexture(video);
      front.material.map.colorSpace = SRGBColorSpace;
    } else {
      front.material.map?.dispose();
      front.material.map = this.#still;
      this.#still = null;
    }
    front.material.needsUpdate = true; // a video needs another shader
  }

  /** Shows a model of this level in the asset's frame. */
  showModel(level: number, model: Object3D): void {
    const first = this.#body === null;
    if (first && !this.asset?.bounds) {
      this.#local.setFromObject(model);
      this.#measure();
    }
    this.shown = level;
    this.#setBody(model);
    this.#thumb?.dispose(); // frees it on the GPU
    if (first) {
      const size = this.#local.getSize(new Vector3());
      this.#shadow = contactShadow(size.x, size.z);
      const centre = this.#local.getCenter(new Vector3());
      this.#shadow.position.set(centre.x, this.#shadow.position.y, centre.z);
      this.group.add(this.#shadow);
      this.#ground();
    }
  }

  /** Shows the thumbnail again: there is no memory for the model. */
  rest(): void {
    if (!this.#body || this.placement.kind !== "object") return;
    this.group.remove(this.#body);
    this.#body.visible = true; // the cache keeps it
    this.#body = null;
    this.shown = -1;
    this.state = "waiting";
    this.#placehold();
  }

  /** Frees the textures that are not in the scene. */
  close(): void {
    this.#thumb?.dispose();
    this.#still?.dispose();
  }

  /** Frees all that it holds, but for the model, which the cache keeps. Take its group out of the scene before. */
  remove(): void {
    if (this.#body && this.shown >= 0) this.group.remove(this.#body);
    disposeModel(this.group, true);
    this.close();
  }

  /** Shows that this exhibit could not be loaded. */
  fail(): void {
    this.state = "failed";
    this.#placehold();
  }

  /** The exhibit waits until it is loaded once more. */
  retry(): void {
    if (this.state !== "failed") return;
    this.state = "waiting";
    if (this.placement.kind === "object") this.#placehold();
  }

  get #width(): number {
    return this.placement.width_m ?? 1;
  }

  /** Puts everything where the placement says. */
  #place(): void {
    const { translation, rotation, scale } = this.#placement;
    this.group.position.set(...translation);
    this.group.quaternion.set(...rotation);
    this.group.scale.setScalar(scale);
    this.group.updateMatrixWorld(true);
    this.front.set(0, 0, 1).applyQuaternion(this.group.quaternion).setY(0);
    if (this.front.lengthSq() < 1e-6) this.front.set(0, 0, 1);
    this.front.normalize();
    this.#measure();
    this.#ground();
  }

  /** Keeps the shadow as high above the ground at every scale. */
  #ground(): void {
    if (this.#shadow) this.#shadow.position.y = this.#local.min.y + SHADOW_HEIGHT / this.#placement.scale;
  }

  #measure(): void {
    this.box.copy(this.#local).applyMatrix4(this.group.matrixWorld);
    this.box.getBoundingSphere(this.sphere);
    // The sphere around the exhibit's own box; the box in the hall's frame is larger when the exhibit is turned.
    this.sphere.radius = (this.#local.getSize(new Vector3()).length() / 2) * this.placement.scale;
  }

  #setBody(body: Object3D): void {
    this.#clear(this.#stand);
    this.#stand = null;
    const covered = this.#body?.visible === false;
    if (this.#body) this.group.remove(this.#body);
    if (this.#body) this.#body.visible = true; // the cache keeps it
    this.#body = body;
    body.visible = !covered;
    this.state = "shown";
    this.group.add(body);
  }

  #placehold(): void {
    this.#clear(this.#stand);
    const failed = this.state === "failed";
    const size = this.#local.getSize(new Vector3());
    const stand = new Group();
    this.#local.getCenter(stand.position);
    const box = new BoxGeometry(size.x, size.y, size.z);
    const colour = failed ? "#b3402c" : "#8d8273";
    const lines = new LineBasicMaterial({
      color: colour,
      transparent: true,
      opacity: failed ? 0.9 : 0.35,
      toneMapped: false,
    });
    stand.add(new LineSegments(new EdgesGeometry(box), lines));
    box.dispose();
    if (this.#thumb) {
      const { width, height } = this.#thumb.image as { width: number; height: number };
      const material = new SpriteMaterial({
        map: this.#thumb,
        transparent: true,
        opacity: failed ? 0.35 : 0.92,
        toneMapped: false,
      });
      const sprite = new Sprite(material);
      const fit = Math.min(Math.max(size.x, size.z) / width, size.y / height) * 0.94;
      sprite.scale.set(width * fit, height * fit, 1);
      stand.add(sprite);
    }
    this.#stand = stand;
    this.group.add(stand);
  }

  #clear(object: Object3D | null): void {
    if (!object) return;
    this.group.remove(object);
    disposeModel(object);
  }
}

/** Frees what an object holds on the GPU. `textures`: also its textures, which other objects may share. */
export function disposeModel(root: Object3D, textures = false): void {
  root.traverse((object) => (object as Mesh).geometry?.dispose());
  for (const material of materialsOf(root)) {
    if (textures) for (const value of Object.values(material)) if (value instanceof Texture) value.dispose();
    material.dispose();
  }
}

function localBox(placement: Placement, asset: Asset | null): Box3 {
  if (placement.kind === "object") {
    const { min, max } = asset?.bounds ?? { min: [-0.25, 0, -0.25], max: [0.25, 0.5, 0.25] };
    return new Box3(
      new Vector3(...(min as [number, number, number])),
      new Vector3(...(max as [number, number, number])),
    );
  }
  const width = placement.width_m ?? 1;
  const picture = asset?.files.picture ?? asset?.files.thumb;
  const height = picture?.width && picture.height ? (width * picture.height) / picture.width : width * 0.75;
  return new Box3(
    new Vector3(-width / 2, -height / 2, -BOARD_DEPTH / 2),
    new Vector3(width / 2, height / 2, BOARD_DEPTH / 2),
  );
}
