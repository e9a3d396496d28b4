import { PerspectiveCamera } from "three";
import { Ambience } from "../audio/zone-audio.ts";
import { Conductor } from "../tour/tour-controller.ts";
import { Controls } from "../navigation/controls.ts";
import { Signal } from "../core/signal.ts";
import { NO_STATS, Stage, type Stats } from "../core/stage.ts";
import { said } from "../document/text.ts";
import { Display } from "./overlay.ts";
import { Doorkeeper, type Entry } from "./hall-switcher.ts";
import { Guide } from "../navigation/navigator.ts";
import { Immersion } from "./xr-button.ts";
import { MapCorner } from "../map/map-panel.ts";
import type { Party, VisitOptions } from "./visit-state.ts";
import { type Place, same } from "../navigation/place.ts";
import { Requests } from "./commands.ts";
import { writeDoors } from "./marker-placement.ts";
import { Toolbench } from "./tool-host.ts";
import { settingsButton } from "../ui/beside.ts";
import { type Lang, tell } from "../ui/i18n.ts";
import { CALM } from "../ui/look.ts";
import type { Visit } from "../navigation/open-hall.ts";

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
export class Visitor {
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
  readonly #party: Party;
  readonly #requests: Requests;
  readonly #controls: Controls;
  readonly #tools: Toolbench;
  readonly #immersion: Immersion;
  readonly #conductor: Conductor;
  readonly #ambience: Ambience;
  readonly #map: MapCorner;
  readonly #display: Display;
  readonly #doorkeeper: Doorkeeper;
  #refined = 0;
  #told = false;

  constructor(options: VisitOptions) {
    const { signal } = this.#abort;
    const party: Party = {
      options,
      guide: new Guide(() => party.visit),
      lang: options.lang,
      stage: null,
      visit: null,
      aside: null,
      era: null,
      draw: () => party.stage?.invalidate(),
      calm: () => CALM.matches,
    };
    const requests = new Requests(party);
    this.#party = party;
    this.#requests = requests;
    this.#controls = new Controls(requests);
    this.#tools = new Toolbench({
      stage: () => party.stage,
      draw: party.draw,
      fit: () => this.#display.fit(),
      say: (text) => this.#display.shell.say(text),
      calm: party.calm,
    });
    this.#immersion = new Immersion(
      party,
      () => this.#display.resize(),
      () => this.#display.shell.hint(tell(party.lang, "xrFailed")),
    );
    this.#conductor = new Conductor(
      party.guide,
      {
        hall: () => party.visit?.hall.document ?? null,
        lang: () => party.lang,
        media: options.media,
        changed: () => this.#offer(),
        left: () => requests.tourLeft(),
      },
      signal,
    );
    this.#ambience = new Ambience(options.media, () => this.#offer(), signal);
    this.#map = new MapCorner(
      party,
      (place) => party.visit?.journey?.goOrLeap(place) && party.draw(),
      (exhibit) => requests.openExhibit(exhibit, true),
      () => this.#offer(),
    );
    const inside = [this.#map.element, this.#tools.element, this.#immersion.element, this.#conductor.bar.element];
    const covered = () => Math.max(this.#tools.below, this.#conductor.bar.below);
    this.#display = new Display(party, requests, this.#controls, inside, covered);
    this.#doorkeeper = new Doorkeeper({
      media: options.media,
      usher: this.#display.usher,
      stage: () => party.stage ?? this.#setUp(),
      lang: () => party.lang,
      visit: () => party.visit,
      calm: party.calm,
    });
    this.#doorkeeper.began.on((visit) => this.#follow(visit));
    this.#doorkeeper.entered.on((entry) => this.#entered(entry));
    this.#doorkeeper.failed.on((message) => this.#refused(message));
    party.guide.arrived.on(({ place, focus }) => this.#arrived(place, focus));
    requests.employ({
      display: this.#display,
      doorkeeper: this.#doorkeeper,
      conductor: this.#conductor,
      tools: this.#tools,
      map: this.#map,
      ambience: this.#ambience,
      language: () => this.setLanguage(party.lang === "zh" ? "en" : "zh"),
      leave: () => this.left.emit(),
      retry: () => this.#retry(),
    });
    const { dialog, canvas } = this.#display.shell;
    const isHall = (node: Node) => this.#display.isHall(node);
    dialog.addEventListener("ly-share", () => void requests.share());
    dialog.addEventListener("ly-settings", () => settingsButton()?.click());
    this.#controls.attach(dialog, canvas, isHall, () => party.visit?.journey ?? null);
  }

  get mode(): "walk" | "orbit" {
    return this.#party.guide.onFoot ? "walk" : "orbit";
  }

  /** Address of the document of the hall that is open. */
  get src(): string {
    return this.#party.visit?.src ?? this.#party.options.src;
  }

  get position(): readonly [number, number, number] | null {
    return this.#party.visit?.journey?.pose.eye.toArray() ?? null;
  }

  get stats(): Stats {
    return this.#party.stage?.stats ?? NO_STATS;
  }

  /** Opens the dialog and fills it. Rejects only if there is no way to draw. */
  async open(): Promise<void> {
    const { src, place } = this.#party.options;
    this.#display.open();
    await this.#doorkeeper.open(src, place);
  }

  /** Leaves nothing behind. */
  close(): void {
    this.#abort.abort();
    this.#doorkeeper.close();
    this.#controls.stop();
    this.#tools.at(null, null, this.#party.lang);
    this.#display.close();
    this.#party.visit?.close();
    this.#party.stage?.close();
    for (const signal of [this.ready, this.moved, this.crossed, this.language, this.failed, this.left]) signal.clear();
  }

  /** Goes to a place that the page's address names. */
  go(place: Place): void {
    this.#doorkeeper.stay();
    if (this.#party.visit?.journey && !same(place, this.#party.guide.place)) this.#requests.goTo(place);
  }

  /** Goes to a place of another hall that the page's address names. */
  cross(src: string, place: Place): void {
    void this.#doorkeeper.cross(src, place, true);
  }

  setLanguage(lang: Lang): void {
    this.#party.lang = lang;
    this.#party.visit?.hall.setLanguage(lang);
    this.#tools.setLanguage(lang);
    this.#immersion.update();
    this.#conductor.setLanguage();
    this.#display.texts();
    void this.#map.show();
    this.language.emit(lang);
  }

  // Opening

  /** The canvas, for the whole visit. */
  #setUp(): Stage {
    const { signal } = this.#abort;
    const { canvas } = this.#display.shell;
    const camera = new PerspectiveCamera(60, 1, 0.04, 250);
    const stage = new Stage(
      canvas,
      camera,
      (seconds) => this.#tick(seconds),
      () => this.#drawn(),
    );
    this.#party.stage = stage;
    const tells = (key: "contextLost" | "shownSimply") => {
      this.#display.shell.hint(tell(this.#party.lang, key));
      this.#display.shell.say(tell(this.#party.lang, key));
    };
    canvas.addEventListener("webglcontextlost", () => tells("contextLost"), { signal });
    canvas.addEventListener("webglcontextrestored", () => this.#party.visit?.hall.restore(), { signal });
    stage.ladder.descended.on(() => tells("shownSimply"));
    const online = () => (this.#party.visit?.hall.failed.length ?? 0) > 0 && this.#retry();
    addEventListener("online", online, { signal });
    this.#display.watch();
    return stage;
  }

  #follow(visit: Visit): void {
    const { hall } = visit;
    const party = this.#party;
    party.visit = visit;
    hall.loader.changed.on(() => this.#display.usher.loading(party.lang, hall, visit.journey === null));
    hall.changed.on((exhibit) => this.#display.changed(exhibit?.id ?? null));
    hall.changed.on(() => this.#immersion.update());
    hall.solidified.on(() => visit.journey?.walk.body.release() && party.draw());
    this.#display.texts();
  }

  #refused(message: string): void {
    if (!this.#party.visit?.journey) this.#party.visit = null; // the first hall: there is none
    this.failed.emit(message);
  }

  /** Goes over into a hall: the first, or another one. */
  #entered({ visit, place, from, byAddress }: Entry): void {
    const { lang, guide } = this.#party;
    if (from) {
      this.#display.shell.veil();
      this.#tools.at(null, null, lang);
      this.#conductor.end();
      this.#ambience.reset();
      this.#map.forget();
      this.#party.aside = this.#party.era = null;
      guide.reset();
      this.#display.markers.clear();
      this.#display.usher.reset();
      this.#follow(visit);
      from.close();
      const title = said(visit.hall.document.title, lang);
      const left = said(from.hall.document.title, lang);
      this.crossed.emit({ src: visit.src, slug: visit.slug, title, left, byAddress });
    }
    this.#begin(visit, place);
  }

  #begin(visit: Visit, place: Place): void {
    const { hall, journey } = visit;
    const { party, usher } = { party: this.#party, usher: this.#display.usher };
    this.#display.resize();
    writeDoors(visit, party.lang);
    usher.welcome(party.lang, hall.document);
    usher.loading(party.lang, hall, false);
    journey?.walk.freed.on(() => usher.freed(party.lang));
    this.#requests.goTo(place);
    this.#offer();
    void this.#map.show();
    void visit.look(this.#abort.signal).then(() => {
      if (visit !== party.visit) return;
      writeDoors(visit, party.lang);
      this.#display.changed(null);
      void this.#map.show();
    });
  }

  #retry(): void {
    const { visit, lang, options } = this.#party;
    const { usher } = this.#display;
    if (!visit?.journey) void this.#doorkeeper.open(options.src, options.place);
    else {
      usher.retrying(lang);
      void visit.hall.retry(visit.journey.pose).then(() => usher.settled(lang, visit.hall.failed.length));
    }
  }

  // Going on

  #tick(seconds: number): boolean {
    const { visit, guide, lang, calm } = this.#party;
    if (!visit?.journey) return false;
    const { journey, hall } = visit;
    const { foot } = journey.walk.body;
    const { x, z } = foot;
    const worked = this.#tools.update(seconds);
    const moving = journey.update(seconds, this.#controls.hands) || worked;
    const heard = this.#ambience.at(visit, journey.pose.eye, lang);
    if (heard) this.#display.usher.hear(lang, heard);
    const lit = hall.lighting.update(seconds, calm());
    if (guide.onFoot) {
      const door = hall.doors?.entered(foot, foot.x - x, foot.z - z);
      if (door) this.#doorkeeper.goThrough(door);
      if (!moving) this.#display.usher.near(lang, hall, journey.pose.eye);
    }
    return moving || lit;
  }

  #drawn(): void {
    const { visit, guide } = this.#party;
    if (!visit?.journey) return;
    const { place } = guide;
    this.#display.drawn();
    this.#tools.drawn();
    this.#map.update();
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

  #arrived(place: Place, focus: boolean): void {
    const { visit, lang } = this.#party;
    this.#display.arrived(place, focus);
    this.#tools.at(visit?.hall ?? null, place.kind === "exhibit" ? place.id : null, lang);
    if (place.kind !== "tour") this.#conductor.wandered();
    this.#offer();
    this.moved.emit(place);
  }

  /** The bar's buttons say what the hall has and what is on. */
  #offer(): void {
    const { visit } = this.#party;
    this.#immersion.update();
    this.#display.shell.offer({
      tours: Boolean(visit?.hall.document.tour_order?.length),
      touring: this.#conductor.touring,
      map: this.#map.open,
      sounds: visit !== null && Ambience.sounds(visit),
      sounding: this.#ambience.on,
    });
    this.#display.fit();
  }
}
