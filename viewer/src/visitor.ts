import { PerspectiveCamera } from "three";
import { Conductor } from "./conductor.ts";
import { Controls } from "./controls.ts";
import { Signal } from "./core/signal.ts";
import { NO_STATS, Stage, type Stats } from "./core/stage.ts";
import { said } from "./core/text.ts";
import { Doorkeeper, type Entry } from "./doorkeeper.ts";
import { Guide } from "./guide.ts";
import { type Place, same } from "./place.ts";
import { type Aside, contentOf } from "./present.ts";
import { placeMarkers, writeDoors, writeMarkers } from "./signposts.ts";
import { Toolbench } from "./toolbench.ts";
import { type Lang, tell } from "./ui/i18n.ts";
import type { Once } from "./ui/keys.ts";
import { Markers } from "./ui/markers.ts";
import { Panel } from "./ui/panel.ts";
import { Shell } from "./ui/shell.ts";
import { Usher } from "./usher.ts";
import type { Visit } from "./visit.ts";

export interface VisitOptions {
  readonly src: string;
  readonly media: string;
  readonly lang: Lang;
  readonly place: Place;
  readonly poster: string | null;
}

const REFINE_MS = 250;

/** A hall that was entered from another one. */
export interface Crossing {
  /** Address of its document. */
  readonly src: string;
  readonly slug: string;
  readonly title: string;
  /** The title of the hall that was left. */
  readonly left: string;
  /** The page's address led here; else a door did. */
  readonly byAddress: boolean;
}

/** One visit, from the open dialog to the closed one: what the visitor asks for, and what is shown and said to it. */
export class Visitor {
  readonly ready = new Signal<void>();
  /** The visitor is at another place: on foot, at an exhibit, at a note. */
  readonly moved = new Signal<Place>();
  /** Another hall was entered. */
  readonly crossed = new Signal<Crossing>();
  readonly language = new Signal<Lang>();
  readonly failed = new Signal<string>();
  /** The visitor wants to leave. */
  readonly left = new Signal<void>();

  readonly #options: VisitOptions;
  readonly #abort = new AbortController();
  readonly #guide = new Guide(() => this.#visit);
  readonly #shell: Shell;
  readonly #usher: Usher;
  readonly #doorkeeper: Doorkeeper;
  readonly #panel: Panel;
  readonly #markers: Markers;
  readonly #controls: Controls;
  readonly #conductor: Conductor;
  readonly #tools: Toolbench;
  readonly #calm = matchMedia("(prefers-reduced-motion: reduce)");
  readonly #resized = new ResizeObserver(() => this.#resize());
  #lang: Lang;
  #stage: Stage | null = null;
  #visit: Visit | null = null;
  #aside: Aside | null = null;
  #refined = 0;
  #told = false;

  constructor(options: VisitOptions) {
    this.#options = options;
    this.#lang = options.lang;
    const open = {
      openExhibit: (id: string, byPointer: boolean) => this.#guide.toExhibit(id, !byPointer),
      openNote: (id: string, byPointer: boolean) => this.#guide.toNote(id, !byPointer),
    };
    const goThrough = (id: string) => {
      if (this.#aside) this.#toggle(this.#aside, false);
      this.#doorkeeper.goThrough(id);
    };
    this.#markers = new Markers({
      ...open,
      goThrough,
      focusExhibit: (id) => this.#draw(this.#guide.face(id)),
      focusDoor: (id) => this.#draw(this.#guide.faceDoor(id)),
    });
    this.#panel = new Panel({
      ...open,
      close: () => this.#closePanel(),
      turn: (by) => this.#guide.turn(by, true),
      backToExhibit: () => this.#guide.toNotesExhibit(),
      entrance: () => this.#enter(),
      retry: () => this.#retry(),
      goThrough,
      startTour: (id) => this.#startTour(id, true),
      openTimeline: () => {},
      followChapter: (id) => this.#followChapter(id),
    });
    this.#controls = new Controls({
      once: (key) => this.#once(key),
      tap: (x, y) => this.#tap(x, y),
      hover: (point) => this.#hover(point),
      steered: () => this.#draw(this.#conductor.lookedAround()),
    });
    this.#conductor = new Conductor(
      this.#guide,
      {
        hall: () => this.#visit?.hall.document ?? null,
        lang: () => this.#lang,
        media: options.media,
        fit: () => this.#fit(),
        left: () => this.#leaveTour(),
      },
      this.#abort.signal,
    );
    const { stick, pad } = this.#controls;
    this.#tools = new Toolbench({
      stage: () => this.#stage,
      draw: () => this.#draw(),
      fit: () => this.#fit(),
      say: (text) => this.#shell.say(text),
      calm: () => this.#calm.matches,
    });
    this.#shell = new Shell(
      {
        close: () => this.left.emit(),
        list: (byPointer) => this.#toggle("list", !byPointer),
        help: (byPointer) => this.#toggle("help", !byPointer),
        tour: (byPointer) => this.#tours(!byPointer),
        map: () => {},
        sound: () => {},
        language: () => this.setLanguage(this.#lang === "zh" ? "en" : "zh"),
        turn: (by) => this.#guide.turnExhibit(by, false),
        retry: () => this.#retry(),
      },
      [
        this.#markers.element,
        this.#panel.element,
        stick.element,
        pad.element,
        this.#tools.element,
        this.#conductor.bar.element,
      ],
    );
    this.#usher = new Usher(this.#shell);
    this.#doorkeeper = new Doorkeeper({
      media: options.media,
      usher: this.#usher,
      stage: () => this.#stage ?? this.#setUp(),
      lang: () => this.#lang,
      visit: () => this.#visit,
      calm: () => this.#calm.matches,
    });
    this.#doorkeeper.began.on((visit) => this.#follow(visit));
    this.#doorkeeper.entered.on((entry) => this.#entered(entry));
    this.#doorkeeper.failed.on((message) => this.#refused(message));
    this.#guide.arrived.on(({ place, focus }) => this.#arrived(place, focus));
    const { dialog, canvas } = this.#shell;
    const isHall = (node: Node) => node === canvas || node === dialog || this.#markers.element.contains(node);
    this.#controls.attach(dialog, canvas, isHall, () => this.#visit?.journey ?? null);
    // A pointer's press on a bar's button leaves the keyboard with the hall.
    dialog.addEventListener("click", (event) => {
      const button = (event.target as Element).closest("button");
      if (event.detail > 0 && button && !this.#panel.element.contains(button)) this.#focusHall();
    });
  }

  get mode(): "walk" | "orbit" {
    return this.#guide.onFoot ? "walk" : "orbit";
  }

  /** Address of the document of the hall that is open. */
  get src(): string {
    return this.#visit?.src ?? this.#options.src;
  }

  get position(): readonly [number, number, number] | null {
    return this.#visit?.journey?.pose.eye.toArray() ?? null;
  }

  get stats(): Stats {
    return this.#stage?.stats ?? NO_STATS;
  }

  /** Opens the dialog and fills it. Rejects only if there is no way to draw. */
  async open(): Promise<void> {
    document.body.append(this.#shell.dialog); // not in the element: the page's style for it is not the visit's
    this.#shell.texts(this.#lang, document.title);
    this.#shell.open(this.#options.poster);
    await this.#doorkeeper.open(this.#options.src, this.#options.place);
  }

  /** Leaves nothing behind. */
  close(): void {
    this.#abort.abort();
    this.#doorkeeper.close();
    this.#resized.disconnect();
    this.#controls.stop();
    this.#tools.at(null, null, this.#lang);
    this.#visit?.close();
    this.#stage?.close();
    this.#shell.close();
    for (const signal of [this.ready, this.moved, this.crossed, this.language, this.failed, this.left]) signal.clear();
  }

  /** Goes to a place that the page's address names. */
  go(place: Place): void {
    this.#doorkeeper.stay();
    if (this.#visit?.journey && !same(place, this.#guide.place)) this.#draw(this.#goTo(place));
  }

  setLanguage(lang: Lang): void {
    this.#lang = lang;
    this.#visit?.hall.setLanguage(lang);
    this.#tools.setLanguage(lang);
    this.#conductor.setLanguage();
    if (this.#visit) writeDoors(this.#visit, lang);
    this.#texts();
    this.language.emit(lang);
  }

  /** Goes to a place of another hall that the page's address names. */
  cross(src: string, place: Place): void {
    void this.#doorkeeper.cross(src, place, true);
  }

  // Opening

  /** The canvas, for the whole visit. */
  #setUp(): Stage {
    const camera = new PerspectiveCamera(60, 1, 0.04, 250);
    const stage = new Stage(
      this.#shell.canvas,
      camera,
      (seconds) => this.#tick(seconds),
      () => this.#drawn(),
    );
    this.#stage = stage;
    this.#listen();
    return stage;
  }

  #follow(visit: Visit): void {
    const { hall } = visit;
    this.#visit = visit;
    hall.loader.changed.on(() => this.#usher.loading(this.#lang, hall, visit.journey === null));
    hall.changed.on((exhibit) => this.#changed(exhibit?.id ?? null));
    hall.solidified.on(() => visit.journey?.walk.body.release() && this.#draw());
    this.#texts();
  }

  #refused(message: string): void {
    if (!this.#visit?.journey) this.#visit = null; // the first hall: there is none
    this.failed.emit(message);
  }

  #begin(visit: Visit, place: Place): void {
    const { hall } = visit;
    this.#resize();
    writeDoors(visit, this.#lang);
    this.#usher.welcome(this.#lang, hall.document);
    this.#usher.loading(this.#lang, hall, false);
    this.#goTo(place);
    this.#offer();
    this.#draw();
    void visit.look(this.#abort.signal).then(() => {
      if (visit !== this.#visit) return;
      writeDoors(visit, this.#lang);
      this.#changed(null);
    });
  }

  /** Goes over into another hall. */
  #entered({ visit, place, from, byAddress }: Entry): void {
    if (from) {
      this.#shell.veil();
      this.#tools.at(null, null, this.#lang);
      from.close();
      this.#aside = null;
      this.#conductor.end();
      this.#guide.reset();
      this.#markers.clear();
      this.#usher.reset();
      this.#follow(visit);
      const title = said(visit.hall.document.title, this.#lang);
      const left = said(from.hall.document.title, this.#lang);
      this.crossed.emit({ src: visit.src, slug: visit.slug, title, left, byAddress });
    }
    this.#begin(visit, place);
  }

  #listen(): void {
    const { signal } = this.#abort;
    const { canvas } = this.#shell;
    const interrupted = (event: Event) => {
      event.preventDefault(); // it comes back
      this.#shell.hint(tell(this.#lang, "contextLost"));
    };
    canvas.addEventListener("webglcontextlost", interrupted, { signal });
    const online = () => this.#visit && this.#visit.hall.failed.length > 0 && this.#retry();
    addEventListener("online", online, { signal });
    this.#resized.observe(canvas);
    this.#resized.observe(this.#panel.element);
  }

  #retry(): void {
    const visit = this.#visit;
    if (!visit?.journey) void this.#doorkeeper.open(this.#options.src, this.#options.place);
    else {
      this.#usher.retrying(this.#lang);
      const again = visit.hall.retry(visit.journey.pose);
      void again.then(() => this.#usher.settled(this.#lang, visit.hall.failed.length));
    }
  }

  // Time

  /** Asks for a frame; takes what led to it so that a caller can do and draw in one line. */
  #draw(_done?: unknown): void {
    this.#stage?.invalidate();
  }

  #tick(seconds: number): boolean {
    const visit = this.#visit;
    if (!visit?.journey) return false;
    const { journey, hall } = visit;
    const { foot } = journey.walk.body;
    const { x, z } = foot;
    const worked = this.#tools.update(seconds);
    const moving = journey.update(seconds, this.#controls.hands) || worked;
    if (this.#guide.onFoot) {
      const door = hall.doors?.entered(foot, foot.x - x, foot.z - z);
      if (door) this.#doorkeeper.goThrough(door);
      if (!moving) this.#usher.near(this.#lang, hall, journey.pose.eye);
    }
    return moving;
  }

  #drawn(): void {
    const visit = this.#visit;
    if (!visit?.journey) return;
    const { place } = this.#guide;
    this.#shell.reveal();
    placeMarkers(this.#markers, visit, visit.journey, place);
    this.#tools.drawn();
    const now = performance.now();
    if (now - this.#refined > REFINE_MS) {
      this.#refined = now;
      visit.hall.refine(visit.journey.pose, now / 1000, place.kind === "exhibit" ? place.id : null);
    }
    if (!this.#told) {
      this.#told = true;
      this.ready.emit();
    }
  }

  // What the visitor asks for

  #tap(x: number, y: number): void {
    if (this.#tools.tap(x, y)) return;
    const journey = this.#visit?.journey;
    const picked = journey?.pick(x, y);
    if (!journey || !picked) return;
    if (picked.kind === "exhibit") {
      if (!same(this.#guide.place, picked)) this.#guide.toExhibit(picked.id, false);
    } else if (picked.kind === "door") {
      if (journey.onFoot) this.#doorkeeper.goThrough(picked.id);
    } else if (journey.onFoot || this.#guide.place.kind === "tour") {
      this.#guide.toFoot(); // off, from where the tour has led to
      if (!journey.goTo(picked.point)) this.#shell.hint(tell(this.#lang, "nowhere"), 3);
      this.#draw();
    }
  }

  #hover(point: { x: number; y: number } | null): void {
    const journey = this.#visit?.journey;
    const picked = point && journey?.onFoot ? journey.pick(point.x, point.y) : null;
    this.#shell.over(picked !== null);
    this.#markers.mark(picked?.kind === "exhibit" ? picked.id : null, "ly-hovered");
  }

  #once(key: Once): void {
    if (key === "list" || key === "help") this.#toggle(key, true);
    else if (key === "next" || key === "previous") this.#turn(key === "next" ? 1 : -1);
    else if (key === "entrance") this.#enter();
    else if (key === "tools") this.#tools.focus();
    else if (this.#aside === null && this.#tools.escape()) return;
    else if (this.#panel.content) this.#closePanel();
    else if (this.#guide.place.kind === "tour") this.#conductor.leave();
    else this.left.emit();
  }

  #turn(by: 1 | -1): void {
    if (this.#guide.place.kind === "tour") this.#conductor.step(by);
    else this.#guide.turnExhibit(by, false);
  }

  #goTo(place: Place): boolean {
    return place.kind === "tour" ? this.#conductor.start(place.id, place.stop) : this.#guide.go(place);
  }

  #startTour(id: string, focus: boolean): void {
    if (this.#conductor.start(id) && focus) this.#conductor.bar.focus();
    this.#draw();
  }

  /** The bar's button: the hall's only tour begins or ends, several are in the list. */
  #tours(focus: boolean): void {
    const tours = this.#visit?.hall.document.tour_order ?? [];
    if (this.#conductor.touring) this.#conductor.leave();
    else if (tours.length === 1) this.#startTour(tours[0] as string, focus);
    else this.#toggle("list", focus);
  }

  #leaveTour(): void {
    if (this.#guide.place.kind === "tour") this.#guide.toFoot();
    this.#offer();
    this.#focusHall();
    this.#draw();
  }

  #enter(): void {
    this.#guide.toEntrance();
    this.#focusHall();
    this.#draw();
  }

  #toggle(aside: Aside, focus: boolean): void {
    this.#aside = this.#aside === aside ? null : aside;
    if (this.#aside) this.#conductor.lookedAround();
    this.#show(focus);
    if (!this.#aside) this.#focusHall();
  }

  #closePanel(): void {
    if (this.#aside) this.#toggle(this.#aside, false);
    else if (this.#guide.toFoot()) {
      this.#focusHall();
      this.#draw();
    }
  }

  #followChapter(id: string): void {
    this.#guide.follow(id);
    this.#show(false);
  }

  // What is shown

  #arrived(place: Place, focus: boolean): void {
    const orbiting = place.kind !== "walk";
    this.#aside = null;
    this.#hover(null);
    this.#show(focus);
    this.#tools.at(this.#visit?.hall ?? null, place.kind === "exhibit" ? place.id : null, this.#lang);
    this.#controls.update(this.#lang, orbiting);
    this.#shell.orbiting(orbiting);
    const { content } = this.#panel;
    if (content?.kind === "exhibit") this.#shell.say(content.exhibit.title);
    if (content?.kind === "note") this.#shell.say(content.note.title);
    if (place.kind !== "tour") this.#conductor.wandered();
    this.#offer();
    this.moved.emit(place);
  }

  #offer(): void {
    const hall = this.#visit?.hall.document;
    const { touring } = this.#conductor;
    this.#shell.offer({
      tours: Boolean(hall?.tour_order?.length),
      touring,
      map: false,
      sounds: false,
      sounding: false,
    });
    this.#shell.touring(this.#guide.place.kind === "tour");
  }

  #focusHall(): void {
    this.#shell.canvas.focus({ preventScroll: true });
  }

  #show(focus: boolean): void {
    const { place, last, chapter } = this.#guide;
    const { media } = this.#options;
    const content = contentOf({ visit: this.#visit, place, aside: this.#aside, last, chapter, media }, this.#lang);
    this.#panel.show(content, this.#lang, focus);
    this.#shell.panelled(this.#aside, content !== null);
    this.#fit();
  }

  #texts(): void {
    const hall = this.#visit?.hall;
    this.#shell.texts(this.#lang, hall ? said(hall.document.title, this.#lang) : document.title);
    this.#controls.update(this.#lang, this.mode === "orbit");
    this.#shell.hint(null);
    this.#show(false);
    if (!hall) return;
    if (this.#visit) writeMarkers(this.#markers, this.#visit, this.#lang);
    this.#usher.loading(this.#lang, hall, !this.#visit?.journey);
    if (hall.settled) this.#usher.settled(this.#lang, hall.failed.length);
  }

  #changed(id: string | null): void {
    const visit = this.#visit;
    if (!visit) return;
    const { hall } = visit;
    writeMarkers(this.#markers, visit, this.#lang);
    if (id === null && hall.settled) this.#usher.settled(this.#lang, hall.failed.length);
    if (this.#aside === "list" || same(this.#guide.place, { kind: "exhibit", id })) this.#show(false);
    this.#usher.loading(this.#lang, hall, !this.#visit?.journey);
    this.#draw();
  }

  #resize(): void {
    this.#stage?.resize();
    this.#fit();
  }

  #fit(): void {
    const { element } = this.#panel;
    const { clientWidth, clientHeight } = this.#shell.canvas;
    const covered = element.getBoundingClientRect();
    const panel = covered.width > 0 ? covered : null; // a tool at work hides it on a phone
    const below = Math.max(this.#tools.below, this.#conductor.bar.below);
    this.#shell.sheet(panel?.height ?? below);
    this.#visit?.journey?.fit(clientWidth, clientHeight, panel, below);
    this.#draw();
  }
}
