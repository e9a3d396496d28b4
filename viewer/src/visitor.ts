import { PerspectiveCamera } from "three";
import { fetchHall } from "./api.ts";
import { aim, Flight, Framing, rayThrough } from "./core/camera.ts";
import { HallScene } from "./core/hall.ts";
import { type Pick, pick } from "./core/pick.ts";
import { Ring } from "./core/ring.ts";
import type { Hall } from "./core/schema.ts";
import { Signal } from "./core/signal.ts";
import { Stage, type Stats } from "./core/stage.ts";
import { DEGREE } from "./core/units.ts";
import { type Pose, poseOfView } from "./core/view.ts";
import { Orbit } from "./modes/orbit.ts";
import { Walk } from "./modes/walk.ts";
import { type Place, WALK } from "./place.ts";
import { exhibitText, listEntries, notesOf, noteText } from "./present.ts";
import { placeMarkers, writeMarkers } from "./signposts.ts";
import { exhibitView, noteView } from "./subjects.ts";
import { listen } from "./ui/gestures.ts";
import { type Lang, tell } from "./ui/i18n.ts";
import { type Held, Keys, type Once } from "./ui/keys.ts";
import { Markers } from "./ui/markers.ts";
import { Pad } from "./ui/pad.ts";
import { type Content, Panel } from "./ui/panel.ts";
import { Shell } from "./ui/shell.ts";
import { Stick } from "./ui/stick.ts";

export interface VisitOptions {
  readonly src: string;
  readonly media: string;
  readonly lang: Lang;
  readonly place: Place;
  readonly poster: string | null;
}

const REFINE_MS = 250;
const NEAR = 2.4; // m at which an exhibit is announced
const ORBIT_TURN = 85 * DEGREE; // per second, by key
const ORBIT_ZOOM = 1.9; // times per second, by key

/** One visit, from the open dialog to the closed one: the hall, the two ways of being in it, and what is written beside it. */
export class Visitor {
  readonly ready = new Signal<void>();
  /** The visitor is at another place: on foot, at an exhibit, at a note. */
  readonly moved = new Signal<Place>();
  readonly language = new Signal<Lang>();
  readonly failed = new Signal<string>();
  /** The visitor wants to leave. */
  readonly left = new Signal<void>();

  readonly #host: HTMLElement;
  readonly #options: VisitOptions;
  readonly #abort = new AbortController();
  readonly #camera = new PerspectiveCamera(60, 1, 0.04, 250);
  readonly #framing = new Framing();
  readonly #ring = new Ring();
  readonly #pads = new Set<Held>();
  readonly #shell: Shell;
  readonly #panel: Panel;
  readonly #markers: Markers;
  readonly #stick: Stick;
  readonly #pad: Pad;
  readonly #keys: Keys;
  readonly #calm = matchMedia("(prefers-reduced-motion: reduce)");
  readonly #resized = new ResizeObserver(() => this.#resize());
  #lang: Lang;
  #hall: HallScene | null = null;
  #stage: Stage | null = null;
  #walk: Walk | null = null;
  #orbit: Orbit | null = null;
  #flight: Flight | null = null;
  #pose: Pose;
  #place: Place = WALK;
  #aside: "list" | "help" | null = null;
  #lastExhibit: string | null = null;
  #announced: string | null = null;
  #size = { width: 1, height: 1 };
  #refined = 0;
  #spoken = 0; // percent of loading that was told
  #isReady = false;
  #told = false;

  constructor(host: HTMLElement, options: VisitOptions) {
    this.#host = host;
    this.#options = options;
    this.#lang = options.lang;
    this.#pose = { eye: this.#camera.position.clone(), yaw: 0, pitch: 0, fov_deg: 60 };
    const changed = () => this.#stage?.invalidate();
    this.#markers = new Markers({
      open: (id, byPointer) =>
        this.#hall?.document.notes[id] && !this.#hall.exhibits.has(id)
          ? this.#openNote(id, !byPointer)
          : this.#openExhibit(id, !byPointer),
      focus: (id) => this.#face(id),
    });
    this.#panel = new Panel({
      close: () => this.#closePanel(),
      openExhibit: (id, byPointer) => this.#openExhibit(id, !byPointer),
      openNote: (id, byPointer) => this.#openNote(id, !byPointer),
      turn: (by) => this.#turnPage(by),
      backToExhibit: () => this.#backToExhibit(),
      entrance: () => this.#enter(),
      retry: () => this.#retry(),
    });
    this.#stick = new Stick(this.#pads, changed);
    this.#pad = new Pad(this.#pads, changed);
    this.#shell = new Shell(
      {
        close: () => this.left.emit(),
        list: (byPointer) => this.#toggle("list", !byPointer),
        help: (byPointer) => this.#toggle("help", !byPointer),
        language: () => this.setLanguage(this.#lang === "zh" ? "en" : "zh"),
        turn: (by) => this.#turnExhibit(by, false),
        retry: () => this.#retry(),
      },
      [this.#markers.element, this.#panel.element, this.#stick.element, this.#pad.element],
    );
    const { dialog, canvas } = this.#shell;
    const isHall = (node: Node) => node === canvas || node === dialog || this.#markers.element.contains(node);
    this.#keys = new Keys(dialog, isHall, (key) => this.#once(key), changed);
    // A pointer's press on a bar's button leaves the keyboard with the hall.
    dialog.addEventListener("click", (event) => {
      const button = (event.target as Element).closest("button");
      if (event.detail > 0 && button && !this.#panel.element.contains(button)) canvas.focus({ preventScroll: true });
    });
  }

  get mode(): "walk" | "orbit" {
    return this.#place.kind === "walk" ? "walk" : "orbit";
  }

  get position(): readonly [number, number, number] {
    return this.#pose.eye.toArray();
  }

  get stats(): Stats {
    return this.#stage?.stats ?? { frames: 0, drawCalls: 0, triangles: 0 };
  }

  /** Opens the dialog and fills it. Rejects only if there is no way to draw. */
  async open(): Promise<void> {
    this.#host.append(this.#shell.dialog);
    this.#shell.texts(this.#lang, document.title);
    this.#shell.open(this.#options.poster);
    this.#shell.loading(this.#lang, { loaded: 0, total: 0, opening: true });
    await this.#load();
  }

  /** Leaves nothing behind. */
  close(): void {
    this.#abort.abort();
    this.#resized.disconnect();
    this.#keys.stop();
    this.#hall?.close();
    this.#stage?.close();
    this.#shell.close();
    for (const signal of [this.ready, this.moved, this.language, this.failed, this.left]) signal.clear();
  }

  /** Goes to a place that the page's address names. */
  go(place: Place): void {
    if (
      !this.#isReady ||
      (place.kind === this.#place.kind && "id" in place && "id" in this.#place && place.id === this.#place.id)
    )
      return;
    if (place.kind === "exhibit") this.#openExhibit(place.id, false);
    else if (place.kind === "note") this.#openNote(place.id, false);
    else this.#backToWalk();
  }

  setLanguage(lang: Lang): void {
    this.#lang = lang;
    this.#hall?.setLanguage(lang);
    this.#texts();
    this.language.emit(lang);
  }

  async #load(): Promise<void> {
    let hall: Hall;
    try {
      hall = await fetchHall(this.#options.src, this.#abort.signal);
      if (this.#hall === null) this.#build(hall);
      await this.#hallOrThrow.open(poseOfView(hall.start));
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      if (this.#hall && !this.#stage) throw error; // no WebGL after all
      this.#hall?.close();
      this.#stage?.close();
      this.#hall = this.#stage = null;
      this.#shell.loading(this.#lang, null);
      this.#shell.notice(this.#lang, tell(this.#lang, "hallFailed"));
      this.failed.emit(String(error));
      return;
    }
    if (!this.#abort.signal.aborted) this.#enterHall(hall);
  }

  get #hallOrThrow(): HallScene {
    if (!this.#hall) throw new Error("no hall is open");
    return this.#hall;
  }

  #build(document: Hall): void {
    const { canvas } = this.#shell;
    const hall = new HallScene(document, this.#options.media, this.#lang, () => (this.#stage as Stage).renderer);
    this.#hall = hall;
    hall.scene.add(this.#ring.mesh);
    this.#stage = new Stage(
      canvas,
      hall.scene,
      this.#camera,
      (seconds) => this.#tick(seconds),
      () => this.#drawn(),
    );
    const { signal } = this.#abort;
    canvas.addEventListener(
      "webglcontextlost",
      (event) => {
        event.preventDefault();
        this.#shell.hint(tell(this.#lang, "contextLost"));
      },
      { signal },
    );
    addEventListener("online", () => this.#isReady && hall.failed.length > 0 && this.#retry(), { signal });
    signal.addEventListener(
      "abort",
      listen(canvas, {
        drag: (dx, dy) => this.#drag(dx, dy),
        fling: (vx, vy) => this.#fling(vx, vy),
        tap: (x, y) => this.#tap(x, y),
        pinch: (factor, dx, dy) => this.#zoom(factor, dx, dy),
        wheel: (factor) => this.#zoom(factor, 0, 0),
        shift: (dx, dy) => this.#zoom(1, dx, dy),
        hover: (point) => this.#hover(point),
      }),
    );
    hall.loader.changed.on(() => this.#loading());
    hall.changed.on((exhibit) => this.#changed(exhibit?.id ?? null));
    hall.solidified.on(() => this.#walk?.body.release() && this.#stage?.invalidate());
    this.#resized.observe(canvas);
    this.#resized.observe(this.#panel.element);
    this.#resize();
    this.#texts();
  }

  #enterHall(hall: Hall): void {
    this.#shell.notice(this.#lang, null);
    this.#walk = new Walk(this.#hallOrThrow.solids, poseOfView(hall.start));
    this.#pose = this.#walk.pose;
    this.#isReady = true;
    const hint = matchMedia("(pointer: coarse)").matches ? "hintTouch" : "hintMouse";
    this.#shell.hint(tell(this.#lang, hint), 9);
    this.#shell.say(tell(this.#lang, "entered", { title: hall.title[this.#lang], count: hall.placement_order.length }));
    const { place } = this.#options;
    if (place.kind === "exhibit") this.#openExhibit(place.id, false);
    else if (place.kind === "note") this.#openNote(place.id, false);
    this.#loading();
    this.#stage?.invalidate();
  }

  // Time

  #tick(seconds: number): boolean {
    const { matches: calm } = this.#calm;
    if (!this.#walk) return false;
    let moving: boolean;
    if (this.#flight) {
      this.#pose = this.#flight.advance(seconds);
      if (this.#flight.done) this.#flight = null;
      moving = true;
    } else if (this.#orbit) {
      this.#steer(this.#orbit, seconds);
      moving =
        this.#orbit.update(seconds, calm) ||
        this.#isHeld("turnLeft", "turnRight", "ahead", "back", "left", "right", "in", "out");
      this.#pose = this.#orbit.pose;
    } else {
      moving = this.#walk.update(seconds, this.#intent, calm);
      this.#pose = this.#walk.pose;
      if (!moving) this.#announce();
    }
    moving = this.#ring.show(this.#orbit ? null : this.#walk.destination) || moving;
    aim(this.#camera, this.#pose);
    moving = this.#framing.update(this.#camera, calm ? 10 : seconds, this.mode === "walk") || moving;
    return moving;
  }

  #drawn(): void {
    const hall = this.#hall;
    if (!hall || !this.#isReady) return;
    this.#shell.reveal();
    placeMarkers(this.#markers, hall, this.#camera, this.#pose, this.#size, this.#place, this.#flight !== null);
    const now = performance.now();
    if (now - this.#refined > REFINE_MS) {
      this.#refined = now;
      hall.refine(this.#pose, now / 1000, this.#place.kind === "exhibit" ? this.#place.id : null);
    }
    if (!this.#told) {
      this.#told = true;
      this.ready.emit();
    }
  }

  get #intent() {
    const { aside, ahead } = this.#stick.value;
    const axis = (plus: Held, minus: Held) => Number(this.#isHeld(plus)) - Number(this.#isHeld(minus));
    return {
      ahead: ahead || axis("ahead", "back"),
      aside: aside || axis("right", "left"),
      turn: axis("turnLeft", "turnRight"),
      tilt: axis("up", "down"),
      fast: this.#isHeld("fast") || Math.hypot(ahead, aside) > 0.97,
    };
  }

  #isHeld(...any: Held[]): boolean {
    return any.some((held) => this.#keys.held.has(held) || this.#pads.has(held));
  }

  #steer(orbit: Orbit, seconds: number): void {
    const turn = Number(this.#isHeld("turnLeft", "left")) - Number(this.#isHeld("turnRight", "right"));
    const rise = Number(this.#isHeld("ahead", "up")) - Number(this.#isHeld("back", "down"));
    if (turn || rise) orbit.rotate(-turn * ORBIT_TURN * seconds, rise * ORBIT_TURN * 0.7 * seconds);
    const zoom = Number(this.#isHeld("in")) - Number(this.#isHeld("out"));
    if (zoom) orbit.zoom(ORBIT_ZOOM ** (zoom * seconds));
  }

  // Hands

  #drag(dx: number, dy: number): void {
    if (this.#flight) return; // on the way nothing pulls at the camera
    const perPixel = (this.#pose.fov_deg * DEGREE) / this.#size.height;
    if (this.#orbit) this.#orbit.rotate((-dx * Math.PI) / this.#size.height, (dy * Math.PI) / this.#size.height);
    else this.#walk?.look(dx * perPixel, dy * perPixel);
    this.#stage?.invalidate();
  }

  #fling(vx: number, vy: number): void {
    if (this.#orbit || this.#flight || this.#calm.matches) return;
    const perPixel = (this.#pose.fov_deg * DEGREE) / this.#size.height;
    this.#walk?.fling(vx * perPixel * 0.5, vy * perPixel * 0.5);
    this.#stage?.invalidate();
  }

  #zoom(factor: number, dx: number, dy: number): void {
    if (!this.#orbit || this.#flight) return;
    this.#orbit.zoom(factor);
    if (dx || dy) this.#orbit.pan(dx / this.#size.height, dy / this.#size.height);
    this.#stage?.invalidate();
  }

  #pickAt(x: number, y: number): Pick {
    const hall = this.#hall;
    if (!hall || !this.#isReady) return null;
    const ray = rayThrough(this.#camera, x, y, this.#size.width, this.#size.height);
    return pick(hall.solids, ray.origin, ray.direction);
  }

  #tap(x: number, y: number): void {
    const picked = this.#flight ? null : this.#pickAt(x, y);
    if (picked?.kind === "exhibit" && !("id" in this.#place && this.#place.id === picked.id))
      this.#openExhibit(picked.id, false);
    else if (picked?.kind === "floor" && this.mode === "walk" && this.#walk) {
      if (!this.#walk.goTo(picked.point, this.#calm.matches)) this.#shell.hint(tell(this.#lang, "nowhere"), 3);
      this.#stage?.invalidate();
    }
  }

  #hover(point: { x: number; y: number } | null): void {
    const picked = point ? this.#pickAt(point.x, point.y) : null;
    const id = picked?.kind === "exhibit" && this.mode === "walk" ? picked.id : null;
    this.#shell.canvas.classList.toggle("ly-over-exhibit", id !== null);
    this.#shell.canvas.classList.toggle("ly-over-floor", picked?.kind === "floor" && this.mode === "walk");
    this.#markers.mark(id, "ly-hovered");
  }

  #once(key: Once): void {
    switch (key) {
      case "escape":
        return this.#panel.content ? this.#closePanel() : this.left.emit();
      case "list":
      case "help":
        return this.#toggle(key, true);
      case "next":
      case "previous":
        return this.#turnExhibit(key === "next" ? 1 : -1, true);
      case "entrance":
        return this.#enter();
    }
  }

  // Places

  #openExhibit(id: string, focus: boolean): void {
    const hall = this.#hall;
    const exhibit = hall?.exhibits.get(id);
    if (!hall || !exhibit || !this.#walk) return;
    this.#lastExhibit = id;
    this.#arrive({ kind: "exhibit", id }, focus);
    this.#inspect(exhibitView(exhibit, this.#pose.eye, hall.solids, this.#framing.room));
    this.#shell.say(exhibit.placement.title[this.#lang]);
  }

  #openNote(id: string, focus: boolean): void {
    const hall = this.#hall;
    const note = hall?.document.notes[id];
    if (!hall || !note || !this.#walk) return;
    if (note.placement) this.#lastExhibit = note.placement;
    this.#arrive({ kind: "note", id }, focus);
    this.#inspect(noteView(note, hall, this.#pose.eye, this.#framing.room));
    this.#shell.say(note.title[this.#lang]);
  }

  #arrive(place: Place, focus: boolean): void {
    this.#place = place;
    this.#aside = null;
    this.#walk?.stop();
    this.#hover(null);
    this.#show(focus);
    this.#measure();
    this.#pad.update(this.#lang, this.mode === "orbit");
    this.#shell.dialog.classList.toggle("ly-orbiting", this.mode === "orbit");
    this.moved.emit(place);
  }

  #inspect({ subject, pose, target }: ReturnType<typeof exhibitView>): void {
    const hall = this.#hallOrThrow;
    this.#orbit = new Orbit(subject, hall.solids, pose, target);
    this.#flight = this.#calm.matches ? null : new Flight(this.#pose, this.#orbit.pose);
    this.#stage?.invalidate();
  }

  #backToWalk(): void {
    if (this.mode === "walk" || !this.#walk) return;
    this.#arrive(WALK, false);
    this.#orbit = null;
    this.#flight = this.#calm.matches ? null : new Flight(this.#pose, this.#walk.pose);
    this.#shell.canvas.focus({ preventScroll: true });
    this.#stage?.invalidate();
  }

  #backToExhibit(): void {
    const note = this.#place.kind === "note" ? this.#hall?.document.notes[this.#place.id] : undefined;
    if (note?.placement) this.#openExhibit(note.placement, true);
  }

  #enter(): void {
    this.#toggle(null, false);
    this.#backToWalk();
    this.#walk?.enter();
    if (this.#walk) this.#flight = this.#calm.matches ? null : new Flight(this.#pose, this.#walk.pose);
    this.#shell.canvas.focus({ preventScroll: true });
    this.#stage?.invalidate();
  }

  #turnExhibit(by: 1 | -1, focus: boolean): void {
    const order = this.#hall?.document.placement_order ?? [];
    if (order.length === 0) return;
    const at = this.#lastExhibit ? order.indexOf(this.#lastExhibit) : by > 0 ? -1 : 0;
    this.#openExhibit(order[(at + by + order.length) % order.length] as string, focus);
  }

  #turnPage(by: 1 | -1): void {
    const place = this.#place;
    if (place.kind !== "note") return this.#turnExhibit(by, true);
    const hall = this.#hallOrThrow.document;
    const siblings = notesOf(hall, hall.notes[place.id]?.placement ?? null, this.#lang);
    const at = siblings.findIndex((note) => note.id === place.id);
    this.#openNote(siblings[(at + by + siblings.length) % siblings.length]?.id ?? place.id, true);
  }

  /** Turns to an exhibit that the keyboard has come to. */
  #face(id: string): void {
    const exhibit = this.#hall?.exhibits.get(id);
    if (!exhibit || this.mode !== "walk" || this.#flight) return;
    this.#walk?.face(exhibit.sphere.center, this.#calm.matches);
    this.#stage?.invalidate();
  }

  // Words

  #toggle(aside: "list" | "help" | null, focus: boolean): void {
    this.#aside = this.#aside === aside ? null : aside;
    this.#show(focus);
    if (!this.#aside) this.#shell.canvas.focus({ preventScroll: true });
  }

  #closePanel(): void {
    if (this.#aside) this.#toggle(null, false);
    else this.#backToWalk();
  }

  #show(focus: boolean): void {
    this.#panel.show(this.#content, this.#lang, focus);
    this.#shell.expanded(this.#aside === "list", this.#aside === "help");
    this.#shell.dialog.classList.toggle("ly-with-panel", this.#panel.content !== null);
    this.#measure();
  }

  get #content(): Content | null {
    const hall = this.#hall;
    if (!hall) return this.#aside === "help" ? { kind: "help" } : null;
    const { document } = hall;
    if (this.#aside === "help") return { kind: "help" };
    if (this.#aside === "list") {
      const exhibits = listEntries(document, this.#lang, this.#options.media, this.#lastExhibit, hall.failed);
      return { kind: "list", exhibits, notes: notesOf(document, null, this.#lang) };
    }
    if (this.#place.kind === "exhibit") {
      const exhibit = exhibitText(document, this.#place.id, this.#lang, hall.failed.includes(this.#place.id));
      return exhibit && { kind: "exhibit", exhibit };
    }
    const note = this.#place.kind === "note" ? noteText(document, this.#place.id, this.#lang) : null;
    return note && { kind: "note", note };
  }

  #texts(): void {
    const hall = this.#hall?.document;
    this.#shell.texts(this.#lang, hall?.title[this.#lang] ?? document.title);
    this.#stick.update(this.#lang);
    this.#pad.update(this.#lang, this.mode === "orbit");
    this.#shell.hint(null);
    if (this.#hall) writeMarkers(this.#markers, this.#hall, this.#lang);
    this.#show(false);
    this.#loading();
    this.#stage?.invalidate();
  }

  #announce(): void {
    const hall = this.#hall;
    if (!hall) return;
    const near = [...hall.exhibits.values()]
      .map((exhibit) => ({ exhibit, distance: exhibit.box.distanceToPoint(this.#pose.eye) }))
      .filter(({ distance }) => distance < NEAR)
      .sort((a, b) => a.distance - b.distance)[0]?.exhibit;
    const id = near?.id ?? null;
    if (near && id !== this.#announced)
      this.#shell.say(tell(this.#lang, "near", { title: near.placement.title[this.#lang] }));
    this.#announced = id;
  }

  // Loading

  #loading(): void {
    const hall = this.#hall;
    if (!hall) return;
    const { loaded, total } = hall.loader;
    this.#shell.loading(this.#lang, hall.settled ? null : { loaded, total, opening: !this.#isReady });
    const percent = total > 0 ? Math.floor((100 * loaded) / total / 25) * 25 : 0;
    if (percent > this.#spoken && percent < 100 && !hall.settled) {
      this.#spoken = percent;
      this.#shell.say(tell(this.#lang, "loadedShare", { percent }));
    }
  }

  #changed(id: string | null): void {
    const hall = this.#hall;
    if (!hall) return;
    writeMarkers(this.#markers, hall, this.#lang);
    if (id === null && hall.settled) this.#settled(hall.failed.length);
    if (this.#aside === "list" || (this.#place.kind === "exhibit" && this.#place.id === id)) this.#show(false);
    this.#loading();
    this.#stage?.invalidate();
  }

  #settled(failures: number): void {
    if (failures === 0) {
      this.#shell.notice(this.#lang, null);
      if (this.#spoken < 100) this.#shell.say(tell(this.#lang, "allLoaded"));
      this.#spoken = 100;
      return;
    }
    this.#shell.notice(
      this.#lang,
      failures === 1 ? tell(this.#lang, "oneFailed") : tell(this.#lang, "someFailed", { count: failures }),
    );
  }

  #retry(): void {
    this.#shell.notice(this.#lang, null);
    const hall = this.#hall;
    if (hall && this.#isReady) void hall.retry(this.#pose).then(() => this.#settled(hall.failed.length));
    else {
      this.#shell.loading(this.#lang, { loaded: 0, total: 0, opening: true });
      void this.#load();
    }
  }

  // Sizes

  #resize(): void {
    if (!this.#stage) return;
    this.#size = this.#stage.resize();
    this.#framing.resize(this.#camera, this.#size.width, this.#size.height);
    this.#measure();
  }

  /** What of the canvas no panel covers. */
  #measure(): void {
    const { width, height } = this.#size;
    const top = Math.min(64, height * 0.12);
    const panel = this.#panel.element.hidden ? null : this.#panel.element.getBoundingClientRect();
    if (!panel) this.#framing.free = { x: 0, y: top, width, height: height - top };
    else if (panel.width > width * 0.7)
      this.#framing.free = { x: 0, y: top, width, height: Math.max(80, panel.top - top) };
    else this.#framing.free = { x: 0, y: top, width: Math.max(80, panel.left), height: height - top };
    this.#stage?.invalidate();
  }
}
