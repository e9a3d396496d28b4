import type { Ambience } from "../audio/zone-audio.ts";
import type { Conductor } from "../tour/tour-controller.ts";
import type { ControlsActions } from "../navigation/controls.ts";
import { direction } from "../core/view.ts";
import type { Display } from "./overlay.ts";
import type { Doorkeeper } from "./hall-switcher.ts";
import type { MapCorner } from "../map/map-panel.ts";
import type { Party } from "./visit-state.ts";
import { hashOf, type Place, same } from "../navigation/place.ts";
import type { Aside } from "./panel-content.ts";
import type { Toolbench } from "./tool-host.ts";
import { tell } from "../ui/i18n.ts";
import type { Once } from "../ui/keys.ts";
import type { MarkerActions } from "../ui/markers.ts";
import type { PanelActions } from "../ui/panel.ts";
import { share } from "../ui/share.ts";
import type { ShellActions } from "../ui/shell.ts";

export interface Staff {
  readonly display: Display;
  readonly doorkeeper: Doorkeeper;
  readonly conductor: Conductor;
  readonly tools: Toolbench;
  readonly map: MapCorner;
  readonly ambience: Ambience;
  language(): void;
  /** The visitor wants to leave. */
  leave(): void;
  retry(): void;
}

/** What a visitor can ask for, by whatever means: buttons, keys, the pointer on the hall, the page's address. */
export class Requests implements PanelActions, ShellActions, MarkerActions, ControlsActions {
  readonly #party: Party;
  #staff: Staff | null = null;

  constructor(party: Party) {
    this.#party = party;
  }

  /** Who does what is asked for. */
  employ(staff: Staff): void {
    this.#staff = staff;
  }

  get #to(): Staff {
    if (!this.#staff) throw new Error("asked before anyone was there");
    return this.#staff;
  }

  // Places

  readonly openExhibit = (id: string, byPointer: boolean): void => {
    this.#party.guide.toExhibit(id, !byPointer);
  };

  readonly openNote = (id: string, byPointer: boolean): void => {
    this.#party.guide.toNote(id, !byPointer);
  };

  /** A place that the page's address names. */
  goTo(place: Place): void {
    const { guide, draw } = this.#party;
    draw(place.kind === "tour" ? this.#to.conductor.start(place.id, place.stop) : guide.go(place));
  }

  readonly goThrough = (door: string): void => {
    if (this.#party.aside) this.#toggle(this.#party.aside, false);
    this.#to.doorkeeper.goThrough(door);
  };

  readonly focusExhibit = (id: string): void => {
    this.#party.draw(this.#party.guide.face(id));
  };

  readonly focusDoor = (id: string): void => {
    this.#party.draw(this.#party.guide.faceDoor(id));
  };

  readonly turn = (by: 1 | -1): void => {
    this.#party.guide.turn(by, true);
  };

  readonly turnExhibit = (by: 1 | -1): void => {
    this.#party.guide.turnExhibit(by, false);
  };

  readonly backToExhibit = (): void => {
    this.#party.guide.toNotesExhibit();
  };

  readonly entrance = (): void => {
    this.#party.guide.toEntrance();
    this.#back();
  };

  // Panels

  readonly list = (byPointer: boolean): void => this.#toggle("list", !byPointer);
  readonly help = (byPointer: boolean): void => this.#toggle("help", !byPointer);

  readonly openTimeline = (byPointer: boolean): void => {
    if (this.#party.aside !== "timeline") this.#toggle("timeline", !byPointer);
  };

  readonly filterTimeline = (chapter: string | null): void => {
    this.#party.era = chapter;
    this.#to.display.show(false);
  };

  readonly followChapter = (id: string): void => {
    this.#party.guide.follow(id);
    this.#to.display.show(false);
  };

  /** Closes the panel; from an exhibit or a note back to where one stood. */
  readonly close = (): void => {
    if (this.#party.aside) this.#toggle(this.#party.aside, false);
    else if (this.#party.guide.toFoot()) this.#back();
  };

  readonly leave = (): void => this.#to.leave();
  readonly retry = (): void => this.#to.retry();
  readonly language = (): void => this.#to.language();

  // Tours, map, sound

  readonly startTour = (id: string, byPointer: boolean): void => {
    if (this.#to.conductor.start(id) && !byPointer) this.#to.conductor.bar.focus();
    this.#party.draw();
  };

  /** The bar's button: the hall's only tour begins or ends, several are in the list. */
  readonly tour = (byPointer: boolean): void => {
    const tours = this.#party.visit?.hall.document.tour_order ?? [];
    if (this.#to.conductor.touring) this.#to.conductor.leave();
    else if (tours.length === 1) this.startTour(tours[0] as string, byPointer);
    else this.#toggle("list", !byPointer);
  };

  /** The tour was left: one stands where it had led to. */
  tourLeft(): void {
    if (this.#party.guide.place.kind === "tour") this.#party.guide.toFoot();
    this.#back();
  }

  readonly map = (): void => this.#to.map.toggle();

  readonly sound = (): void => this.#to.ambience.toggle();

  readonly playing = (video: HTMLVideoElement | null): void => {
    const { visit, guide, draw } = this.#party;
    for (const exhibit of visit?.hall.exhibits.values() ?? []) exhibit.play(null);
    const { place } = guide;
    const exhibit = place.kind === "exhibit" ? visit?.hall.exhibits.get(place.id) : undefined;
    if (video) exhibit?.play(video);
    const next = () => {
      draw();
      if (video?.isConnected) video.requestVideoFrameCallback(next); // silent while it is paused
    };
    next();
  };

  /** Hands on where the visitor is; on foot, what the eye sees. */
  async share(): Promise<void> {
    const { visit, guide, lang } = this.#party;
    const { shell } = this.#to.display;
    const url = new URL(location.href);
    const pose = visit?.journey?.pose;
    if (guide.onFoot && pose) {
      const target = pose.eye.clone().addScaledVector(direction(pose.yaw, pose.pitch), 2);
      url.hash = hashOf({ kind: "view", eye: pose.eye.toArray(), target: target.toArray() });
    } else url.hash = hashOf(guide.place);
    const done = await share(document.title, url.href);
    if (done === "copied") shell.say(tell(lang, "copied"));
    if (done !== "shared") shell.hint(done === "copied" ? tell(lang, "copied") : url.href);
  }

  // Pointer and keys

  readonly tap = (x: number, y: number): void => {
    const { visit, guide, lang, draw } = this.#party;
    if (this.#to.tools.tap(x, y)) return;
    const journey = visit?.journey;
    const picked = journey?.pick(x, y);
    if (!journey || !picked) return;
    if (picked.kind === "exhibit") {
      if (!same(guide.place, picked)) guide.toExhibit(picked.id, false);
    } else if (picked.kind === "door") {
      if (journey.onFoot) this.#to.doorkeeper.goThrough(picked.id);
    } else if (picked.kind === "timeline") {
      if (journey.onFoot) this.openTimeline(true);
    } else if (journey.onFoot || guide.place.kind === "tour") {
      guide.toFoot(); // off, from where the tour has led to
      if (!journey.goTo(picked.point)) this.#to.display.shell.hint(tell(lang, "nowhere"), 3);
      draw();
    }
  };

  readonly hover = (point: { x: number; y: number } | null): void => {
    const journey = this.#party.visit?.journey;
    const picked = point && journey?.onFoot ? journey.pick(point.x, point.y) : null;
    this.#to.display.hover(picked !== null, picked?.kind === "exhibit" ? picked.id : null);
  };

  readonly steered = (): void => {
    this.#to.conductor.lookedAround();
    this.#party.draw();
  };

  readonly once = (key: Once): void => {
    const { aside, guide } = this.#party;
    const { tools, conductor, display } = this.#to;
    if (key === "list" || key === "help") this.#toggle(key, true);
    else if (key === "next" || key === "previous") this.#turnOn(key === "next" ? 1 : -1);
    else if (key === "entrance") this.entrance();
    else if (key === "tools") tools.focus();
    else if (key === "map") this.map();
    else if (aside === null && tools.escape()) return;
    else if (display.panel.content) this.close();
    else if (guide.place.kind === "tour") conductor.leave();
    else this.leave();
  };

  #turnOn(by: 1 | -1): void {
    if (this.#party.guide.place.kind === "tour") this.#to.conductor.step(by);
    else this.turnExhibit(by);
  }

  #toggle(aside: Aside, focus: boolean): void {
    const { display, conductor } = this.#to;
    this.#party.aside = this.#party.aside === aside ? null : aside;
    if (this.#party.aside) conductor.lookedAround();
    display.show(focus);
    if (!this.#party.aside) display.focusHall();
  }

  #back(): void {
    this.#to.display.focusHall();
    this.#party.draw();
  }
}
