import { PerspectiveCamera } from "three";
import { hasSound, ZoneAudio } from "../audio/zone-audio.ts";
import { Signal } from "../core/signal.ts";
import { Throttle } from "../core/throttle.ts";
import { NO_TILES, type TileStats } from "../core/tile-streaming.ts";
import { NO_STATS, type Stats, Viewport } from "../core/viewport.ts";
import { type Lang, localized } from "../document/text.ts";
import { zoneAt } from "../document/zones.ts";
import { MapPanel } from "../map/map-panel.ts";
import { Controls, OnScreenControls } from "../navigation/controls.ts";
import type { HallSession } from "../navigation/hall-session.ts";
import { Navigator, stagedExhibit } from "../navigation/navigator.ts";
import { type Place, same } from "../navigation/place.ts";
import { TourController } from "../tour/tour-controller.ts";
import { translate } from "../ui/i18n.ts";
import { settingsButton } from "../ui/page-actions.ts";
import { Commands } from "./commands.ts";
import { type Entry, HallSwitcher } from "./hall-switcher.ts";
import { writeDoors } from "./marker-placement.ts";
import { Overlay } from "./overlay.ts";
import { ToolHost } from "./tool-host.ts";
import { type VisitOptions, VisitState } from "./visit-state.ts";
import { XrButton } from "./xr-button.ts";

/** The visitor has gone from one hall to another. */
export interface HallChange {
  /** URL of the hall document. */
  readonly src: string;
  readonly slug: string;
  readonly title: string;
  /** The title of the hall that the visitor has left. */
  readonly left: string;
  /** True if the URL led here, false if a door did. */
  readonly byUrl: boolean;
}

const REFINE_MS = 250;

/** One visit, from the open dialog to the closed one: composes all parts and connects their signals. */
export class Visit {
  /** The first frame is drawn. */
  readonly ready = new Signal<void>();
  /** The visitor goes to another place: on foot, to an exhibit, to a note, to a stop of a tour. */
  readonly moved = new Signal<Place>();
  readonly hallChanged = new Signal<HallChange>();
  readonly language = new Signal<Lang>();
  /** An error message. */
  readonly failed = new Signal<string>();
  /** The visitor wants to leave. */
  readonly left = new Signal<void>();

  readonly #abort = new AbortController();
  readonly #state: VisitState;
  readonly #navigator: Navigator;
  readonly #hallSwitcher: HallSwitcher;
  readonly #tourController: TourController;
  readonly #zoneAudio: ZoneAudio;
  readonly #tools: ToolHost;
  readonly #map: MapPanel;
  readonly #xrButton: XrButton;
  readonly #commands: Commands;
  readonly #overlay: Overlay;
  readonly #controls: Controls;
  #zone: string | null = null;
  readonly #refine = new Throttle(REFINE_MS, () => this.#refineHall());
  #ready = false;

  constructor(options: VisitOptions) {
    const { signal } = this.#abort;
    const state = new VisitState(options);
    const navigator = new Navigator(state);
    const hallSwitcher = new HallSwitcher(state);
    const tourController = new TourController(state, navigator, options.media, signal);
    const zoneAudio = new ZoneAudio(options.media, signal);
    const tools = new ToolHost(state);
    const map = new MapPanel(state);
    const xrButton = new XrButton(state, navigator);
    const commands = new Commands({ state, navigator, hallSwitcher, tourController, tools, map, zoneAudio });
    const onScreen = new OnScreenControls(commands.steered);
    const elements = [map.element, tools.element, xrButton.element, tourController.bar.element];
    const overlay = new Overlay(state, navigator, commands, onScreen, elements, [tools, tourController.bar]);
    const { dialog, canvas } = overlay.shell;
    const isHall = (node: Node) => overlay.isHall(node);
    const cameraController = () => state.session?.cameraController ?? null;
    this.#state = state;
    this.#navigator = navigator;
    this.#hallSwitcher = hallSwitcher;
    this.#tourController = tourController;
    this.#zoneAudio = zoneAudio;
    this.#tools = tools;
    this.#map = map;
    this.#xrButton = xrButton;
    this.#commands = commands;
    this.#overlay = overlay;
    this.#controls = new Controls(onScreen, dialog, canvas, isHall, commands, cameraController);

    hallSwitcher.progress.on((progress) => overlay.announcer.switching(progress));
    hallSwitcher.began.on((session) => this.#follow(session));
    hallSwitcher.entered.on((entry) => this.#entered(entry));
    hallSwitcher.failed.on((message) => this.#switchFailed(message));
    navigator.arrived.on(({ place, focus }) => this.#arrived(place, focus));
    for (const changed of [tourController.changed, zoneAudio.toggled, map.toggled]) changed.on(() => this.#updateBar());
    tools.resized.on(() => overlay.fit());
    tools.spoken.on((text) => overlay.shell.say(text));
    xrButton.ended.on(() => overlay.resize());
    xrButton.failed.on(() => overlay.shell.hint(translate(state.lang, "xrFailed")));
    commands.languageSwitched.on(() => this.setLanguage(state.lang === "zh" ? "en" : "zh"));
    commands.retried.on(() => this.#retry());
    commands.left.on(() => this.left.emit());
    dialog.addEventListener("ly-share", () => void commands.share());
    dialog.addEventListener("ly-settings", () => settingsButton()?.click());
  }

  get mode(): "walk" | "orbit" {
    return this.#navigator.onFoot ? "walk" : "orbit";
  }

  /** URL of the document of the open hall. */
  get src(): string {
    return this.#state.session?.src ?? this.#state.options.src;
  }

  get position(): readonly [number, number, number] | null {
    return this.#state.session?.cameraController?.pose.eye.toArray() ?? null;
  }

  get stats(): Stats & { readonly tiles: TileStats } {
    const { viewport, session } = this.#state;
    return { ...(viewport?.stats ?? NO_STATS), tiles: session?.hall.streaming.stats ?? NO_TILES };
  }

  /** Opens the dialog and loads the first hall. Rejects only if nothing can be drawn at all. */
  async open(): Promise<void> {
    const { src, place } = this.#state.options;
    this.#overlay.open();
    this.#state.viewport = this.#createViewport();
    await this.#hallSwitcher.open(src, place, this.#state.viewport);
  }

  /** Closes the dialog and frees everything. */
  close(): void {
    this.#abort.abort();
    this.#refine.cancel();
    this.#hallSwitcher.close();
    this.#controls.stop();
    this.#tools.at(null, null);
    this.#overlay.close();
    this.#state.session?.close();
    this.#state.viewport?.close();
    for (const signal of [this.ready, this.moved, this.hallChanged, this.language, this.failed, this.left])
      signal.clear();
  }

  /** Goes to a place of the open hall, which the URL names. */
  go(place: Place): void {
    this.#hallSwitcher.cancel();
    if (this.#state.session?.cameraController && !same(place, this.#navigator.place)) this.#commands.goTo(place);
  }

  /** Goes to a place of another hall, which the URL names. */
  switchTo(src: string, place: Place): void {
    void this.#hallSwitcher.switchTo(src, place, true);
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

  // Opening a hall

  /** The viewport, which lasts for the whole visit. Throws without WebGL. */
  #createViewport(): Viewport {
    const { signal } = this.#abort;
    const { shell, announcer } = this.#overlay;
    const camera = new PerspectiveCamera(60, 1, 0.04, 250);
    const tick = (seconds: number) => this.#tick(seconds);
    const viewport = new Viewport(shell.canvas, camera, tick, () => this.#drawn());
    shell.canvas.addEventListener("webglcontextlost", () => announcer.graphics("contextLost"), { signal });
    viewport.quality.lowered.on(() => announcer.graphics("shownSimply"));
    const online = () => {
      this.#state.session?.hall.streaming.retry();
      if ((this.#state.session?.hall.failed.length ?? 0) > 0) this.#retry();
    };
    addEventListener("online", online, { signal });
    this.#overlay.observeSizes();
    return viewport;
  }

  /** Makes a hall the open one, and updates the page when parts of it are loaded. */
  #follow(session: HallSession): void {
    const { hall } = session;
    const state = this.#state;
    state.session = session;
    hall.loader.changed.on(() => this.#overlay.announcer.loading(hall, session.cameraController === null));
    hall.changed.on((exhibit) => {
      this.#overlay.changed(exhibit?.id ?? null);
      this.#xrButton.update();
    });
    hall.streaming.arrived.on(() => state.draw());
    hall.streaming.failed.on(() => this.#overlay.announcer.detailFailed());
    hall.solidified.on(() => {
      if (session.cameraController?.walk.body.release()) state.draw();
    });
    this.#overlay.texts();
  }

  #switchFailed(message: string): void {
    if (!this.#state.session?.cameraController) this.#state.session = null; // the first hall
    this.failed.emit(message);
  }

  /** The visitor enters the first hall, or goes from one hall (`from`) to another. */
  #entered({ session, place, from, byUrl }: Entry): void {
    const { lang } = this.#state;
    if (from) {
      this.#leave();
      this.#follow(session);
      from.close();
      const title = localized(session.hall.document.title, lang);
      const left = localized(from.hall.document.title, lang);
      this.hallChanged.emit({ src: session.src, slug: session.slug, title, left, byUrl });
    }
    this.#begin(session, place);
  }

  /** Takes everything of the present hall off the screen. */
  #leave(): void {
    this.#overlay.shell.veil();
    this.#tools.at(null, null);
    this.#tourController.end();
    this.#zoneAudio.leave();
    this.#zone = null;
    this.#map.forget();
    this.#state.openPanel = this.#state.timelineChapter = null;
    this.#navigator.reset();
    this.#overlay.markers.clear();
    this.#overlay.announcer.reset();
  }

  #begin(session: HallSession, place: Place): void {
    const { hall, cameraController } = session;
    const state = this.#state;
    const { announcer } = this.#overlay;
    this.#overlay.resize();
    writeDoors(session, state.lang);
    announcer.welcome(hall.document);
    announcer.loading(hall, false);
    cameraController?.walk.freed.on(() => announcer.freed());
    this.#commands.goTo(place);
    this.#updateBar();
    void this.#map.show();
    void session.fetchHallTitles(this.#abort.signal).then(() => {
      if (session !== state.session) return;
      writeDoors(session, state.lang);
      this.#overlay.changed(null);
      void this.#map.show();
    });
  }

  /** Loads the failed files once more: those of the first hall, or those of exhibits. */
  #retry(): void {
    const { session, viewport, options } = this.#state;
    const { announcer } = this.#overlay;
    if (!session?.cameraController) {
      if (viewport) void this.#hallSwitcher.open(options.src, options.place, viewport);
      return;
    }
    announcer.retrying();
    void session.hall.retry(session.cameraController.pose).then(() => announcer.settled(session.hall.failed.length));
  }

  // Every frame

  /** Advances everything by `seconds`; true while something moves. */
  #tick(seconds: number): boolean {
    const { session } = this.#state;
    if (!session?.cameraController) return false;
    const { cameraController, hall } = session;
    const { foot } = cameraController.walk.body;
    const { x, z } = foot;
    const toolMoves = this.#tools.update(seconds);
    const moving = cameraController.update(seconds, this.#controls.steering) || toolMoves;
    this.#updateZone(session);
    const calm = this.#state.calm();
    const stageMoves = hall.stage.update(seconds, calm);
    const lightMoves = hall.lighting.update(seconds, calm) || stageMoves;
    if (this.#navigator.onFoot) {
      const door = hall.doors?.entered(foot, foot.x - x, foot.z - z);
      if (door) this.#hallSwitcher.goThrough(door);
      if (!moving) this.#overlay.announcer.nearby(hall, cameraController.pose.eye);
    }
    return moving || lightMoves;
  }

  /** Changes sound and light when the visitor comes into another zone. */
  #updateZone({ hall, cameraController }: HallSession): void {
    if (!cameraController) return;
    const found = zoneAt(hall.document, cameraController.pose.eye);
    if ((found?.id ?? null) === this.#zone) return;
    const { lang } = this.#state;
    this.#zone = found?.id ?? null;
    this.#zoneAudio.enter(hall.document, found?.zone ?? null);
    hall.lighting.goal = found?.zone.ambient ?? null;
    const caption = found?.zone.sound ? localized(found.zone.caption, lang) : "";
    if (caption) this.#overlay.announcer.zoneSound(caption);
  }

  /** A frame was drawn. */
  #drawn(): void {
    const { session } = this.#state;
    this.#overlay.drawn();
    if (!session?.cameraController) return;
    this.#tools.drawn();
    this.#map.update();
    this.#refine.request();
    if (!this.#ready) {
      this.#ready = true;
      this.ready.emit();
    }
  }

  /** Fetches what is large on the screen in more detail. */
  #refineHall(): void {
    const { session } = this.#state;
    if (!session?.cameraController) return;
    const { place } = this.#navigator;
    const focus = place.kind === "exhibit" ? place.id : null;
    session.hall.refine(session.cameraController.pose, performance.now() / 1000, focus);
  }

  #arrived(place: Place, focus: boolean): void {
    const { session } = this.#state;
    this.#overlay.arrived(place, focus);
    session?.hall.stage.show(stagedExhibit(session.hall, place));
    this.#tools.at(session?.hall ?? null, place.kind === "exhibit" ? place.id : null);
    if (place.kind !== "tour") this.#tourController.wandered();
    this.#updateBar();
    this.moved.emit(place);
  }

  /** Shows the buttons for the parts that the hall has (tours, map, sounds), and which of them are pressed. */
  #updateBar(): void {
    const hall = this.#state.session?.hall.document;
    this.#xrButton.update();
    this.#overlay.shell.offer({
      tours: Boolean(hall?.tour_order?.length),
      touring: this.#tourController.touring,
      map: this.#map.open,
      sounds: hall !== undefined && hasSound(hall),
      sounding: this.#zoneAudio.on,
    });
    this.#overlay.fit();
  }
}
