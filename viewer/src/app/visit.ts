import { PerspectiveCamera } from "three";
import { hasSound, ZoneAudio } from "../audio/zone-audio.ts";
import { Signal } from "../core/signal.ts";
import { NO_STATS, Stage, type Stats } from "../core/stage.ts";
import { type Lang, localized } from "../document/text.ts";
import { zoneAt } from "../document/zones.ts";
import { MapPanel } from "../map/map-panel.ts";
import { Controls } from "../navigation/controls.ts";
import type { HallSession } from "../navigation/hall-session.ts";
import { Navigator } from "../navigation/navigator.ts";
import { type Place, same } from "../navigation/place.ts";
import { TourController } from "../tour/tour-controller.ts";
import { settingsButton } from "../ui/beside.ts";
import { tell } from "../ui/i18n.ts";
import { CALM } from "../ui/look.ts";
import { Commands } from "./commands.ts";
import { type Entry, HallSwitcher } from "./hall-switcher.ts";
import { writeDoors } from "./marker-placement.ts";
import { Overlay } from "./overlay.ts";
import { ToolHost } from "./tool-host.ts";
import type { VisitOptions, VisitState } from "./visit-state.ts";
import { XrButton } from "./xr-button.ts";

export type { VisitOptions } from "./visit-state.ts";

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

const REFINE_MS = 250;

/** One visit, from the open dialog to the closed one. */
export class Visit {
  readonly ready = new Signal<void>();
  /** The visitor is at another place: on foot, at an exhibit, at a note, at a stop of a tour. */
  readonly moved = new Signal<Place>();
  /** Another hall was entered. */
  readonly crossed = new Signal<Crossing>();
  readonly language = new Signal<Lang>();
  readonly failed = new Signal<string>();
  /** The visitor wants to leave. */
  readonly left = new Signal<void>();

  readonly #abort = new AbortController();
  readonly #state: VisitState;
  readonly #commands: Commands;
  readonly #controls: Controls;
  readonly #tools: ToolHost;
  readonly #xrButton: XrButton;
  readonly #tourController: TourController;
  readonly #zoneAudio: ZoneAudio;
  readonly #map: MapPanel;
  readonly #overlay: Overlay;
  readonly #hallSwitcher: HallSwitcher;
  #zone: string | null = null;
  #refined = 0;
  #told = false;

  constructor(options: VisitOptions) {
    const { signal } = this.#abort;
    const state: VisitState = {
      options,
      navigator: new Navigator(() => state.session),
      lang: options.lang,
      stage: null,
      session: null,
      openPanel: null,
      timelineChapter: null,
      draw: () => state.stage?.invalidate(),
      calm: () => CALM.matches,
    };
    const commands = new Commands(state);
    this.#state = state;
    this.#commands = commands;
    this.#controls = new Controls(commands);
    this.#tools = new ToolHost({
      stage: () => state.stage,
      draw: state.draw,
      fit: () => this.#overlay.fit(),
      say: (text) => this.#overlay.shell.say(text),
      calm: state.calm,
    });
    this.#xrButton = new XrButton(
      state,
      () => this.#overlay.resize(),
      () => this.#overlay.shell.hint(tell(state.lang, "xrFailed")),
    );
    this.#tourController = new TourController(
      state.navigator,
      {
        hall: () => state.session?.hall.document ?? null,
        lang: () => state.lang,
        media: options.media,
        changed: () => this.#offer(),
        left: () => commands.tourLeft(),
      },
      signal,
    );
    this.#zoneAudio = new ZoneAudio(options.media, () => this.#offer(), signal);
    this.#map = new MapPanel(
      state,
      (place) => state.session?.cameraController?.goOrLeap(place) && state.draw(),
      (exhibit) => commands.openExhibit(exhibit, true),
      () => this.#offer(),
    );
    const inside = [this.#map.element, this.#tools.element, this.#xrButton.element, this.#tourController.bar.element];
    const covered = () => Math.max(this.#tools.below, this.#tourController.bar.below);
    this.#overlay = new Overlay(state, commands, this.#controls, inside, covered);
    this.#hallSwitcher = new HallSwitcher({
      media: options.media,
      announcer: this.#overlay.announcer,
      stage: () => state.stage ?? this.#setUp(),
      lang: () => state.lang,
      session: () => state.session,
      calm: state.calm,
    });
    this.#hallSwitcher.began.on((session) => this.#follow(session));
    this.#hallSwitcher.entered.on((entry) => this.#entered(entry));
    this.#hallSwitcher.failed.on((message) => this.#refused(message));
    state.navigator.arrived.on(({ place, focus }) => this.#arrived(place, focus));
    commands.employ({
      overlay: this.#overlay,
      hallSwitcher: this.#hallSwitcher,
      tourController: this.#tourController,
      tools: this.#tools,
      map: this.#map,
      zoneAudio: this.#zoneAudio,
      language: () => this.setLanguage(state.lang === "zh" ? "en" : "zh"),
      leave: () => this.left.emit(),
      retry: () => this.#retry(),
    });
    const { dialog, canvas } = this.#overlay.shell;
    const isHall = (node: Node) => this.#overlay.isHall(node);
    dialog.addEventListener("ly-share", () => void commands.share());
    dialog.addEventListener("ly-settings", () => settingsButton()?.click());
    this.#controls.attach(dialog, canvas, isHall, () => state.session?.cameraController ?? null);
  }

  get mode(): "walk" | "orbit" {
    return this.#state.navigator.onFoot ? "walk" : "orbit";
  }

  /** Address of the document of the hall that is open. */
  get src(): string {
    return this.#state.session?.src ?? this.#state.options.src;
  }

  get position(): readonly [number, number, number] | null {
    return this.#state.session?.cameraController?.pose.eye.toArray() ?? null;
  }

  get stats(): Stats {
    return this.#state.stage?.stats ?? NO_STATS;
  }

  /** Opens the dialog and fills it. Rejects only if there is no way to draw. */
  async open(): Promise<void> {
    const { src, place } = this.#state.options;
    this.#overlay.open();
    await this.#hallSwitcher.open(src, place);
  }

  /** Leaves nothing behind. */
  close(): void {
    this.#abort.abort();
    this.#hallSwitcher.close();
    this.#controls.stop();
    this.#tools.at(null, null, this.#state.lang);
    this.#overlay.close();
    this.#state.session?.close();
    this.#state.stage?.close();
    for (const signal of [this.ready, this.moved, this.crossed, this.language, this.failed, this.left]) signal.clear();
  }

  /** Goes to a place that the page's address names. */
  go(place: Place): void {
    this.#hallSwitcher.stay();
    if (this.#state.session?.cameraController && !same(place, this.#state.navigator.place)) this.#commands.goTo(place);
  }

  /** Goes to a place of another hall that the page's address names. */
  cross(src: string, place: Place): void {
    void this.#hallSwitcher.cross(src, place, true);
  }

  setLanguage(lang: Lang): void {
    this.#state.lang = lang;
    this.#state.session?.hall.setLanguage(lang);
    this.#tools.setLanguage(lang);
    this.#xrButton.update();
    this.#tourController.setLanguage();
    this.#overlay.texts();
    void this.#map.show();
    this.language.emit(lang);
  }

  // Opening

  /** The canvas, for the whole visit. */
  #setUp(): Stage {
    const { signal } = this.#abort;
    const { canvas } = this.#overlay.shell;
    const camera = new PerspectiveCamera(60, 1, 0.04, 250);
    const stage = new Stage(
      canvas,
      camera,
      (seconds) => this.#tick(seconds),
      () => this.#drawn(),
    );
    this.#state.stage = stage;
    const tells = (key: "contextLost" | "shownSimply") => {
      this.#overlay.shell.hint(tell(this.#state.lang, key));
      this.#overlay.shell.say(tell(this.#state.lang, key));
    };
    canvas.addEventListener("webglcontextlost", () => tells("contextLost"), { signal });
    canvas.addEventListener("webglcontextrestored", () => this.#state.session?.hall.restore(), { signal });
    stage.quality.lowered.on(() => tells("shownSimply"));
    const online = () => (this.#state.session?.hall.failed.length ?? 0) > 0 && this.#retry();
    addEventListener("online", online, { signal });
    this.#overlay.watch();
    return stage;
  }

  #follow(session: HallSession): void {
    const { hall } = session;
    const state = this.#state;
    state.session = session;
    hall.loader.changed.on(() => this.#overlay.announcer.loading(state.lang, hall, session.cameraController === null));
    hall.changed.on((exhibit) => this.#overlay.changed(exhibit?.id ?? null));
    hall.changed.on(() => this.#xrButton.update());
    hall.solidified.on(() => session.cameraController?.walk.body.release() && state.draw());
    this.#overlay.texts();
  }

  #refused(message: string): void {
    if (!this.#state.session?.cameraController) this.#state.session = null; // the first hall: there is none
    this.failed.emit(message);
  }

  /** Goes over into a hall: the first, or another one. */
  #entered({ session, place, from, byAddress }: Entry): void {
    const { lang, navigator } = this.#state;
    if (from) {
      this.#overlay.shell.veil();
      this.#tools.at(null, null, lang);
      this.#tourController.end();
      this.#zoneAudio.leave();
      this.#zone = null;
      this.#map.forget();
      this.#state.openPanel = this.#state.timelineChapter = null;
      navigator.reset();
      this.#overlay.markers.clear();
      this.#overlay.announcer.reset();
      this.#follow(session);
      from.close();
      const title = localized(session.hall.document.title, lang);
      const left = localized(from.hall.document.title, lang);
      this.crossed.emit({ src: session.src, slug: session.slug, title, left, byAddress });
    }
    this.#begin(session, place);
  }

  #begin(session: HallSession, place: Place): void {
    const { hall, cameraController } = session;
    const { state, announcer } = { state: this.#state, announcer: this.#overlay.announcer };
    this.#overlay.resize();
    writeDoors(session, state.lang);
    announcer.welcome(state.lang, hall.document);
    announcer.loading(state.lang, hall, false);
    cameraController?.walk.freed.on(() => announcer.freed(state.lang));
    this.#commands.goTo(place);
    this.#offer();
    void this.#map.show();
    void session.look(this.#abort.signal).then(() => {
      if (session !== state.session) return;
      writeDoors(session, state.lang);
      this.#overlay.changed(null);
      void this.#map.show();
    });
  }

  #retry(): void {
    const { session, lang, options } = this.#state;
    const { announcer } = this.#overlay;
    if (!session?.cameraController) void this.#hallSwitcher.open(options.src, options.place);
    else {
      announcer.retrying(lang);
      void session.hall
        .retry(session.cameraController.pose)
        .then(() => announcer.settled(lang, session.hall.failed.length));
    }
  }

  // Going on

  #tick(seconds: number): boolean {
    const { session, navigator, lang, calm } = this.#state;
    if (!session?.cameraController) return false;
    const { cameraController, hall } = session;
    const { foot } = cameraController.walk.body;
    const { x, z } = foot;
    const worked = this.#tools.update(seconds);
    const moving = cameraController.update(seconds, this.#controls.hands) || worked;
    this.#enterZone(session);
    const lit = hall.lighting.update(seconds, calm());
    if (navigator.onFoot) {
      const door = hall.doors?.entered(foot, foot.x - x, foot.z - z);
      if (door) this.#hallSwitcher.goThrough(door);
      if (!moving) this.#overlay.announcer.near(lang, hall, cameraController.pose.eye);
    }
    return moving || lit;
  }

  /** Sound and light change where the visitor comes into another zone. */
  #enterZone({ hall, cameraController }: HallSession): void {
    if (!cameraController) return;
    const found = zoneAt(hall.document, cameraController.pose.eye);
    if ((found?.id ?? null) === this.#zone) return;
    this.#zone = found?.id ?? null;
    this.#zoneAudio.enter(hall.document, found);
    hall.lighting.goal = found?.zone.ambient ?? null;
    const { lang } = this.#state;
    if (found?.zone.sound) this.#overlay.announcer.hear(lang, localized(found.zone.caption, lang));
  }

  #drawn(): void {
    const { session, navigator } = this.#state;
    if (!session?.cameraController) return;
    const { place } = navigator;
    this.#overlay.drawn();
    this.#tools.drawn();
    this.#map.update();
    const now = performance.now();
    if (now - this.#refined > REFINE_MS) {
      this.#refined = now;
      session.hall.refine(session.cameraController.pose, now / 1000, place.kind === "exhibit" ? place.id : null);
    }
    if (!this.#told) {
      this.#told = true;
      this.ready.emit();
    }
  }

  #arrived(place: Place, focus: boolean): void {
    const { session, lang } = this.#state;
    this.#overlay.arrived(place, focus);
    this.#tools.at(session?.hall ?? null, place.kind === "exhibit" ? place.id : null, lang);
    if (place.kind !== "tour") this.#tourController.wandered();
    this.#offer();
    this.moved.emit(place);
  }

  /** The bar's buttons say what the hall has and what is on. */
  #offer(): void {
    const { session } = this.#state;
    this.#xrButton.update();
    this.#overlay.shell.offer({
      tours: Boolean(session?.hall.document.tour_order?.length),
      touring: this.#tourController.touring,
      map: this.#map.open,
      sounds: session !== null && hasSound(session.hall.document),
      sounding: this.#zoneAudio.on,
    });
    this.#overlay.fit();
  }
}
