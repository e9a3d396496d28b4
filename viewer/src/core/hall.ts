import {
  type BufferGeometry,
  Color,
  type CubeTexture,
  type Object3D,
  Scene,
  type Texture,
  type Vector3,
  type WebGLRenderer,
} from "three";
import { levelsOf } from "../document/levels.ts";
import type { Asset, File, Hall, Placement, Text } from "../document/schema.ts";
import { screenShare } from "./camera.ts";
import { Colliders } from "./colliders.ts";
import type { Doors } from "./doors.ts";
import { disposeModel, Exhibit } from "./exhibit.ts";
import type { Labels } from "./labels.ts";
import { addLight, addReflections, type Lighting, prepare } from "./light.ts";
import { Loader, triangles } from "./load.ts";
import { wantedLevel } from "./lod.ts";
import { type CachedModel, ModelCache } from "./model-cache.ts";
import { finest, memoryBudget, type QualityTier, type QualityTiers } from "./quality-tiers.ts";
import { Room } from "./room.ts";
import { Signal } from "./signal.ts";
import { Signs } from "./signs.ts";
import { Stage } from "./stage.ts";
import { TileStreaming } from "./tile-streaming.ts";
import type { TimelineWall } from "./timeline.ts";
import type { Pose } from "./view.ts";

/**
 * The order of fetching: the first version of the room, scans of places, thumbnails, the final room, coarse models, colliders, finer
 * models, pictures.
 */
const URGENCY = { room: 0, place: 0.5, thumb: 1, finish: 1.95, coarse: 2, collider: 3, fine: 4, picture: 5 } as const;
const STREAM_FROM = 0.1; // of the screen's height: from there a cloud is streamed

/** The hall as a scene that loads itself. It knows which exhibits are loaded, are still loading or have failed. */
export class HallScene {
  readonly scene = new Scene();
  readonly colliders = new Colliders();
  readonly loader: Loader;
  readonly models: ModelCache;
  readonly streaming: TileStreaming;
  readonly lighting: Lighting;
  readonly stage: Stage;
  readonly exhibits = new Map<string, Exhibit>();
  /** An exhibit (null: several exhibits, or the room) was loaded or has failed to load. */
  readonly changed = new Signal<Exhibit | null>();
  /** A collider was added: a visitor who stands in it has to move. */
  readonly solidified = new Signal<string | null>();
  /** Exhibits that are looked at closely although they are not in focus: a tool compares them. */
  readonly attended = new Set<string>();
  /** Exhibits whose whole models are shown, not their tiles: a tool looks at all of them. */
  readonly whole = new Set<Exhibit>();
  /** Every file of the first set has arrived or failed. */
  settled = false;
  readonly #quality: QualityTiers;
  readonly #budget: number;
  readonly #unlisten: () => void;
  #document: Hall;
  #lang: keyof Text;
  #signs: Signs | null = null;
  #room: Room | null = null;
  #standIn: Object3D | null = null;
  #reflections: CubeTexture | null = null;
  readonly #levels = new Map<string, CachedModel>(); // by exhibit and level
  readonly #pictures = new Map<string, Texture>(); // by SHA-256
  readonly #loading = new Set<string>();
  readonly #unavailable = new Set<string>();

  constructor(document: Hall, media: string, lang: keyof Text, renderer: () => WebGLRenderer, quality: QualityTiers) {
    this.#document = document;
    this.#lang = lang;
    this.loader = new Loader(media, renderer);
    this.#quality = quality;
    this.#budget = memoryBudget();
    this.models = new ModelCache(this.loader, this.#budget * quality.tier.share, this.scene, (object) =>
      this.#add(object),
    );
    this.streaming = new TileStreaming(this.loader, this.models.budget, (object) => this.#add(object));
    this.scene.onBeforeRender = (drawer, _scene, camera) => this.streaming.update(drawer, camera);
    this.#unlisten = quality.lowered.on((tier) => this.#lower(tier));
    this.scene.background = backgroundOf(document);
    this.lighting = addLight(this.scene, document.light);
    this.stage = new Stage(this.scene, this.lighting);
    this.#arrange();
  }

  get document(): Hall {
    return this.#document;
  }

  /** Null until the room is loaded. */
  get labels(): Labels | null {
    return this.#signs?.labels ?? null;
  }

  /** Null until the room is loaded. */
  get doors(): Doors | null {
    return this.#signs?.doors ?? null;
  }

  get timeline(): TimelineWall | null {
    return this.#signs?.timeline ?? null;
  }

  /** Shows the next document: changes what differs from the present one. Another room is shown when it is loaded. */
  update(next: Hall): void {
    const before = this.#document;
    this.#document = next;
    if (!same(before.architecture, next.architecture)) this.scene.background = backgroundOf(next);
    if (!same(before.light, next.light)) this.lighting.set(next.light);
    const settled = this.#arrange();
    this.#signs?.update(next, this.exhibits.values(), settled, this.#lang);
    this.changed.emit(null);
    if (this.#room && this.#room.id !== next.architecture.asset) void this.#changeRoom(this.#room);
  }

  /** Shows this model where the room is, and lets visitors walk on it; null: the room again. Whoever gives it disposes of it. */
  standIn(body: Object3D | null): void {
    if (!this.#room || this.#standIn === body) return;
    if (this.#standIn) this.scene.remove(this.#standIn);
    this.#standIn = body;
    if (body) {
      this.#add(body);
      this.scene.add(body);
    }
    this.#room.group.visible = body === null;
    this.colliders.set(null, body ? triangles(body) : this.#room.solid);
    this.#signs?.rehang(this.#document, this.exhibits.values(), this.#lang);
    this.changed.emit(null);
  }

  /** The ids of the exhibits that could not be loaded. */
  get failed(): string[] {
    return [...this.exhibits.values()].filter((exhibit) => exhibit.state === "failed").map((exhibit) => exhibit.id);
  }

  /** Resolves when the room is loaded; rejects if it cannot be loaded. The exhibits load afterwards. */
  async open(from: Pose): Promise<void> {
    const room = this.#asset(this.document.architecture.asset);
    const [first, ...finer] = room ? levelsOf(room) : [];
    if (!room || !first) throw new Error("the hall has no architecture model");
    this.loader.expect(this.#firstFiles(room, first));
    const standing = this.#roomFiles(room, first);
    this.loader.warm();
    const [body, solid] = await standing;
    // Not earlier: on a slow line they would delay the room.
    const exhibits = this.#fill([...this.exhibits.values()], from.eye);
    const built = this.#build(this.document.architecture.asset, room, body, solid);
    this.#signs = new Signs(this.#document, this.exhibits.values(), this.colliders, this.#lang);
    this.scene.add(this.#signs.group);
    this.solidified.emit(null);
    this.changed.emit(null);
    const finest = wholeRoom(room, finer);
    if (finest) void this.#placesShown().then(() => this.#finish(built, first, finest));
    void exhibits.then(() => {
      this.settled = true;
      this.changed.emit(null);
    });
  }

  /** Resolves when the first points of all scanned places are shown, or have failed: visitors stand in them. */
  #placesShown(): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if ([...this.exhibits.values()].some(({ isPlace, state }) => isPlace && state === "waiting")) return;
        unlisten();
        resolve();
      };
      const unlisten = this.changed.on(look);
      look();
    });
  }

  #roomFiles({ files: { collider } }: Asset, file: File): Promise<[Object3D, BufferGeometry | null]> {
    return Promise.all([
      this.loader.model(file, URGENCY.room),
      collider ? this.loader.collider(collider, URGENCY.room) : null,
    ]);
  }

  #build(id: string, asset: Asset, body: Object3D, solid: BufferGeometry | null): Room {
    this.#add(body);
    this.lighting.follow(body);
    const room = new Room(id, asset, body, solid ?? triangles(body));
    this.scene.add(room.group);
    this.#room = room;
    room.group.visible = this.#standIn === null;
    if (!this.#standIn) this.colliders.set(null, room.solid);
    return room;
  }

  /** Puts the document's room in the place of the one that is shown. If it cannot be loaded, that one stays. */
  async #changeRoom(before: Room): Promise<void> {
    const id = this.document.architecture.asset;
    const room = this.#asset(id);
    const levels = room ? levelsOf(room) : [];
    const file = room && (wholeRoom(room, levels) ?? levels[0]);
    if (!room || !file) return;
    const loaded = await this.#roomFiles(room, file).catch(() => null);
    if (!loaded || this.loader.closed || this.document.architecture.asset !== id || this.#room !== before) return;
    this.#build(id, room, ...loaded);
    this.scene.remove(before.group);
    this.streaming.remove(before);
    before.close();
    this.#signs?.rehang(this.#document, this.exhibits.values(), this.#lang);
    this.changed.emit(null);
  }

  /** Loads the failed exhibits once more. */
  async retry(from: Pose): Promise<void> {
    this.#unavailable.clear();
    this.streaming.retry();
    const failed = this.failed.map((id) => this.exhibits.get(id) as Exhibit);
    for (const exhibit of failed) {
      exhibit.retry();
      this.changed.emit(exhibit);
    }
    await Promise.all(failed.map((exhibit) => this.#first(exhibit, from.eye.distanceTo(exhibit.sphere.center))));
  }

  setLanguage(lang: keyof Text): void {
    this.#lang = lang;
    for (const exhibit of this.exhibits.values()) if (isWritten(exhibit.placement)) this.#write(exhibit);
    this.#signs?.write(lang);
    this.changed.emit(null);
  }

  /** Fetches finer models of exhibits that are large on the screen, and frees those of small ones; `seconds` is the time. */
  refine(pose: Pose, seconds: number, focus: string | null): void {
    if (this.#signs && !this.#signs.isWritten && !this.#signs.writeMore(this.#lang)) this.changed.emit(null);
    for (const exhibit of this.exhibits.values()) {
      const close = exhibit.id === focus || this.attended.has(exhibit.id);
      const share = close ? 1 : screenShare(pose.eye, pose.fov_deg, exhibit.sphere);
      const picture = exhibit.placement.kind === "picture" ? exhibit.asset?.files.picture : undefined;
      if (picture && (share > 0.15 || this.settled)) void this.#picture(exhibit, picture);
      if (exhibit.state !== "shown") continue;
      this.#stream(exhibit, share);
      if (exhibit.levels.length < 2) continue;
      const most = this.#finest(exhibit);
      const wanted = Math.min(most, wantedLevel(share, exhibit.levels.length, exhibit.shown));
      const held = this.#levels.get(nameOf(exhibit, wanted));
      if (held && !held.gone) {
        held.lastWanted = seconds;
        if (wanted !== exhibit.shown) this.#show(exhibit, wanted, held);
      } else if (wanted > exhibit.shown || share < 0.05 || exhibit.shown > most) {
        void this.#level(exhibit, wanted, URGENCY.fine - Math.min(share, 1) / 2, seconds);
      }
    }
    this.#streamRoom();
    this.models.trim(this.streaming);
  }

  /** Streams the room in tiles, if it has some: visitors stand in it. */
  #streamRoom(): void {
    const room = this.#room;
    if (!room?.asset.files.tiles) return;
    if (allows(this.#quality.tier, room.asset)) this.streaming.start(room);
    else this.streaming.stop(room);
  }

  /** Shows an exhibit's whole model, until it is taken out of `whole`. */
  showWhole(exhibit: Exhibit): void {
    this.whole.add(exhibit);
    this.streaming.stop(exhibit);
  }

  /** Streams an exhibit that is large on the screen in tiles, if it has some, and rests where it is small. */
  #stream(exhibit: Exhibit, share: number): void {
    const { levels, asset } = exhibit;
    if (!asset?.files.tiles) return;
    const { tier } = this.#quality;
    // Points are streamed as soon as more of them can be seen; a surface, where its finest model would be shown.
    const wanted =
      asset.kind === "cloud" ? share > STREAM_FROM : wantedLevel(share, levels.length, 0) === levels.length - 1;
    const allowed = allows(tier, asset) && !this.whole.has(exhibit);
    if (wanted && allowed) this.streaming.start(exhibit);
    else if (!allowed || share < STREAM_FROM / 2) this.streaming.stop(exhibit);
  }

  /** The finest model that is shown whole. What has tiles is not shown in its finest model; of points, only the coarsest are. */
  #finest(exhibit: Exhibit): number {
    const { levels, asset } = exhibit;
    const most = finest(levels.length, this.#quality.tier);
    if (!asset?.files.tiles || this.whole.has(exhibit)) return most;
    return Math.min(most, asset.kind === "cloud" ? 0 : Math.max(0, levels.length - 2));
  }

  close(): void {
    this.#unlisten();
    this.streaming.close();
    this.stage.dispose();
    this.loader.close();
    this.changed.clear();
    this.solidified.clear();
    disposeModel(this.scene, true);
    this.models.close(); // also those that are not shown
    for (const exhibit of this.exhibits.values()) exhibit.close();
    this.#reflections?.dispose();
  }

  /** Makes the exhibits those of the document. Returns the ids of those that stand as they did. */
  #arrange(): ReadonlySet<string> {
    const { placements, placement_order } = this.#document;
    const held = new Map(this.exhibits);
    const settled = new Set<string>();
    this.exhibits.clear(); // the order is the document's
    for (const id of placement_order) {
      const placement = placements[id];
      if (!placement) continue;
      const asset = placement.asset ? (this.#asset(placement.asset) ?? null) : null;
      const exhibit = held.get(id);
      if (exhibit && exhibit.placement.kind === placement.kind && same(exhibit.asset, asset)) {
        held.delete(id);
        this.exhibits.set(id, exhibit);
        if (!this.#replace(exhibit, placement)) settled.add(id);
      } else {
        if (exhibit) this.#remove(exhibit);
        held.delete(id);
        this.#bring(new Exhibit(id, placement, asset));
      }
    }
    for (const exhibit of held.values()) this.#remove(exhibit);
    return settled;
  }

  #bring(exhibit: Exhibit): void {
    this.exhibits.set(exhibit.id, exhibit);
    this.scene.add(exhibit.group);
    if (!exhibit.isPlace) this.colliders.set(exhibit.id, exhibit.boxSolid);
    if (isWritten(exhibit.placement)) this.#write(exhibit);
    if (this.#signs) void this.#first(exhibit, 0); // else the files of all come after the room
  }

  #remove(exhibit: Exhibit): void {
    this.colliders.delete(exhibit.id);
    this.streaming.remove(exhibit);
    this.scene.remove(exhibit.group);
    exhibit.remove();
    for (let i = 0; i < exhibit.levels.length; i++) {
      const level = this.#levels.get(nameOf(exhibit, i));
      if (level) level.needed = false;
    }
  }

  /** Another placement of the same thing. True if it stands in another place or has another size. */
  #replace(exhibit: Exhibit, next: Placement): boolean {
    const before = exhibit.placement;
    if (before === next) return false;
    const motion = exhibit.group.matrixWorld.clone().invert();
    exhibit.placement = next;
    const resized = before.width_m !== next.width_m;
    motion.premultiply(exhibit.group.matrixWorld);
    const moved = placeOf(before) !== placeOf(next);
    if (moved) this.colliders.move(exhibit.id, motion);
    const rewritten = resized || !same([before.title, before.label], [next.title, next.label]);
    if (isWritten(next) && rewritten) this.#write(exhibit);
    else if (resized) this.colliders.set(exhibit.id, exhibit.boxSolid);
    return moved || resized;
  }

  /** Writes on a panel, which is as high as its text. */
  #write(exhibit: Exhibit): void {
    exhibit.showText(this.#lang);
    this.colliders.set(exhibit.id, exhibit.boxSolid);
  }

  #isThere(exhibit: Exhibit): boolean {
    return this.exhibits.get(exhibit.id) === exhibit;
  }

  #asset(id: string): Asset | undefined {
    return this.#document.assets[id];
  }

  /** Replaces the first version of the room by the final one. If that cannot be loaded, the first version stays. */
  async #finish(room: Room, file: File, finest: File): Promise<void> {
    const body = await this.loader.model(finest, URGENCY.finish).catch(() => null);
    if (!body || this.loader.closed || this.#room !== room) return; // another room has come meanwhile
    this.#add(body);
    this.lighting.follow(body);
    room.refine(body);
    this.loader.forget(file);
    this.changed.emit(null);
  }

  *#firstFiles(room: Asset, first: File): Iterable<File> {
    yield first;
    if (room.files.collider) yield room.files.collider;
    for (const { asset, levels, placement } of this.exhibits.values()) {
      if (!asset) continue;
      yield asset.files.thumb;
      if (levels[0]) yield levels[0];
      if (asset.files.collider && placement.kind === "object") yield asset.files.collider;
    }
  }

  async #fill(exhibits: readonly Exhibit[], eye: Vector3): Promise<void> {
    const near = exhibits.map((exhibit) => ({
      exhibit,
      distance: eye.distanceTo(exhibit.sphere.center),
    }));
    near.sort((a, b) => a.distance - b.distance);
    await Promise.all(near.map(({ exhibit, distance }) => this.#first(exhibit, distance)));
  }

  /** Loads an exhibit's first files. Never rejects: a failure is a state that is shown. */
  async #first(exhibit: Exhibit, distance: number): Promise<void> {
    const { asset, levels, placement } = exhibit;
    if (!asset) return;
    const later = Math.min(distance, 900) / 1000;
    const coarse = exhibit.isPlace ? URGENCY.place : URGENCY.coarse + later; // visitors stand in a place, as in the room
    const levelled = levels.length > 0 ? this.#level(exhibit, 0, coarse, 0) : null;
    const awaited = exhibit.isPlace ? levelled?.catch(() => {}) : null; // its points are there as soon as a picture would be
    const thumb = (awaited ?? Promise.resolve())
      .then(() => this.loader.texture(asset.files.thumb, (awaited ? URGENCY.picture : URGENCY.thumb) + later))
      .then((texture) => {
        if (!this.#isThere(exhibit)) return;
        exhibit.showThumb(texture);
        this.changed.emit(exhibit);
      });
    const model = levelled ?? thumb;
    const collider = placement.kind === "object" ? this.#collider(exhibit, asset, URGENCY.collider + later) : thumb;
    const [, shown] = await Promise.allSettled([thumb, model, collider]);
    if (!this.#isThere(exhibit)) return;
    if (shown.status === "rejected" || (placement.kind === "object" && levels.length === 0)) {
      exhibit.fail();
      this.changed.emit(exhibit);
    }
  }

  async #collider(exhibit: Exhibit, asset: Asset, urgency: number): Promise<void> {
    if (!asset.files.collider) return; // its box stays solid
    const geometry = await this.loader.collider(asset.files.collider, urgency);
    if (!this.#isThere(exhibit)) return;
    this.colliders.set(exhibit.id, geometry.applyMatrix4(exhibit.group.matrixWorld));
    this.solidified.emit(exhibit.id);
  }

  async #picture(exhibit: Exhibit, file: File): Promise<void> {
    const kept = this.#pictures.get(file.sha256);
    if (kept) exhibit.showPicture(kept);
    if (kept || this.#loading.has(file.sha256) || this.#unavailable.has(file.sha256)) return;
    this.#loading.add(file.sha256);
    try {
      const texture: Texture = await this.loader.texture(file, URGENCY.picture);
      this.#pictures.set(file.sha256, texture);
      for (const other of this.exhibits.values())
        if (other.asset?.files.picture?.sha256 === file.sha256) other.showPicture(texture);
      this.changed.emit(exhibit);
    } catch {
      this.#unavailable.add(file.sha256); // the thumb stays
    } finally {
      this.#loading.delete(file.sha256);
    }
  }

  async #level(exhibit: Exhibit, level: number, urgency: number, seconds: number): Promise<void> {
    const file = exhibit.levels[level];
    const name = nameOf(exhibit, level);
    if (!file || this.#loading.has(name) || this.#unavailable.has(name)) return;
    if (level > this.#finest(exhibit)) return;
    this.#loading.add(name);
    try {
      const held = await this.models.take(file, urgency, seconds);
      this.#levels.set(name, held);
      if (level > this.#finest(exhibit) || !this.#isThere(exhibit)) {
        held.needed = false; // memory ran out while it was loading, or it was taken away
        return;
      }
      this.#show(exhibit, level, held);
    } catch (error) {
      if (error instanceof RangeError) this.#quality.lower(); // an array could not be allocated
      if (exhibit.shown < 0) throw error;
      this.#unavailable.add(name); // the coarser model stays
    } finally {
      this.#loading.delete(name);
    }
  }

  #show(exhibit: Exhibit, level: number, held: CachedModel): void {
    exhibit.showModel(level, held.object);
    for (let i = 0; i < exhibit.levels.length; i++) {
      const other = this.#levels.get(nameOf(exhibit, i));
      if (other) other.needed = i === level || i === 0;
    }
    if (exhibit.isPlace && this.#room) this.#stream(exhibit, 1); // visitors stand in it, or soon will
    this.changed.emit(exhibit);
  }

  /** Memory has run out: frees the levels that the lower tier leaves out. */
  #lower(tier: QualityTier): void {
    this.models.budget = this.#budget * tier.share;
    this.streaming.setMemory(this.models.budget);
    for (const exhibit of this.exhibits.values()) {
      if (finest(exhibit.levels.length, tier) >= 0 || exhibit.shown < 0) continue;
      this.streaming.stop(exhibit);
      exhibit.rest();
      for (let i = 0; i < exhibit.levels.length; i++) {
        const level = this.#levels.get(nameOf(exhibit, i));
        if (level) level.needed = false;
      }
      this.changed.emit(exhibit);
    }
    this.models.trim(this.streaming);
  }

  #add(object: Object3D): void {
    if (prepare(object)) this.#reflections ??= addReflections(this.scene);
  }
}

/** The finest of these models of a room that is shown whole. What has tiles is not shown in its finest model; points, in the coarsest. */
function wholeRoom({ kind, files }: Asset, levels: readonly File[]): File | undefined {
  if (!files.tiles) return levels.at(-1);
  return kind === "cloud" ? undefined : levels.at(-2);
}

/** Whether a tier of quality streams what has tiles: points, as long as models are shown at all; surfaces, where the finest are. */
function allows({ without }: QualityTier, { kind }: Asset): boolean {
  return kind === "cloud" ? without !== Number.POSITIVE_INFINITY : without === 0;
}

/** The name of a level: of this exhibit, not of one with its id that was there before or comes after it. */
function nameOf({ group }: Exhibit, level: number): string {
  return `${group.uuid} ${level}`;
}

function placeOf({ translation, rotation, scale }: Placement): string {
  return JSON.stringify([translation, rotation, scale]);
}

function backgroundOf({ architecture }: Hall): Color {
  return new Color(architecture.background ?? "#e9e4da");
}

/** Whether two parts of documents say the same. The same words in another order count as different, which costs only time. */
function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** A text panel, or one with a sound. */
function isWritten({ kind }: Placement): boolean {
  return kind === "panel" || kind === "audio";
}
