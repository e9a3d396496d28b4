import type { ZoneAudio } from "../audio/zone-audio.ts";
import { direction } from "../core/view.ts";
import type { MapPanel } from "../map/map-panel.ts";
import type { ControlsActions } from "../navigation/controls.ts";
import { hashOf, type Place, same } from "../navigation/place.ts";
import type { TourController } from "../tour/tour-controller.ts";
import { tell } from "../ui/i18n.ts";
import type { Once } from "../ui/keys.ts";
import type { MarkerActions } from "../ui/markers.ts";
import type { PanelActions } from "../ui/panel.ts";
import { share } from "../ui/share.ts";
import type { ShellActions } from "../ui/shell.ts";
import type { HallSwitcher } from "./hall-switcher.ts";
import type { Overlay } from "./overlay.ts";
import type { OpenPanel } from "./panel-content.ts";
import type { ToolHost } from "./tool-host.ts";
import type { VisitState } from "./visit-state.ts";

export interface Staff {
  readonly overlay: Overlay;
  readonly hallSwitcher: HallSwitcher;
  readonly tourController: TourController;
  readonly tools: ToolHost;
  readonly map: MapPanel;
  readonly zoneAudio: ZoneAudio;
  language(): void;
  /** The visitor wants to leave. */
  leave(): void;
  retry(): void;
}

/** What a visitor can ask for, by whatever means: buttons, keys, the pointer on the hall, the page's address. */
export class Commands implements PanelActions, ShellActions, MarkerActions, ControlsActions {
  readonly #state: VisitState;
  #staff: Staff | null = null;

  constructor(state: VisitState) {
    this.#state = state;
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
    this.#state.navigator.toExhibit(id, !byPointer);
  };

  readonly openNote = (id: string, byPointer: boolean): void => {
    this.#state.navigator.toNote(id, !byPointer);
  };

  /** A place that the page's address names. */
  goTo(place: Place): void {
    const { navigator, draw } = this.#state;
    draw(place.kind === "tour" ? this.#to.tourController.start(place.id, place.stop) : navigator.go(place));
  }

  readonly goThrough = (door: string): void => {
    if (this.#state.openPanel) this.#toggle(this.#state.openPanel, false);
    this.#to.hallSwitcher.goThrough(door);
  };

  readonly focusExhibit = (id: string): void => {
    this.#state.draw(this.#state.navigator.face(id));
  };

  readonly focusDoor = (id: string): void => {
    this.#state.draw(this.#state.navigator.faceDoor(id));
  };

  readonly turn = (by: 1 | -1): void => {
    this.#state.navigator.turn(by, true);
  };

  readonly turnExhibit = (by: 1 | -1): void => {
    this.#state.navigator.turnExhibit(by, false);
  };

  readonly backToExhibit = (): void => {
    this.#state.navigator.toNotesExhibit();
  };

  readonly entrance = (): void => {
    this.#state.navigator.toEntrance();
    this.#back();
  };

  // Panels

  readonly list = (byPointer: boolean): void => this.#toggle("list", !byPointer);
  readonly help = (byPointer: boolean): void => this.#toggle("help", !byPointer);

  readonly openTimeline = (byPointer: boolean): void => {
    if (this.#state.openPanel !== "timeline") this.#toggle("timeline", !byPointer);
  };

  readonly filterTimeline = (chapter: string | null): void => {
    this.#state.timelineChapter = chapter;
    this.#to.overlay.show(false);
  };

  readonly followChapter = (id: string): void => {
    this.#state.navigator.follow(id);
    this.#to.overlay.show(false);
  };

  /** Closes the panel; from an exhibit or a note back to where one stood. */
  readonly close = (): void => {
    if (this.#state.openPanel) this.#toggle(this.#state.openPanel, false);
    else if (this.#state.navigator.toFoot()) this.#back();
  };

  readonly leave = (): void => this.#to.leave();
  readonly retry = (): void => this.#to.retry();
  readonly language = (): void => this.#to.language();

  // Tours, map, sound

  readonly startTour = (id: string, byPointer: boolean): void => {
    if (this.#to.tourController.start(id) && !byPointer) this.#to.tourController.bar.focus();
    this.#state.draw();
  };

  /** The bar's button: the hall's only tour begins or ends, several are in the list. */
  readonly tour = (byPointer: boolean): void => {
    const tours = this.#state.session?.hall.document.tour_order ?? [];
    if (this.#to.tourController.touring) this.#to.tourController.leave();
    else if (tours.length === 1) this.startTour(tours[0] as string, byPointer);
    else this.#toggle("list", !byPointer);
  };

  /** The tour was left: one stands where it had led to. */
  tourLeft(): void {
    if (this.#state.navigator.place.kind === "tour") this.#state.navigator.toFoot();
    this.#back();
  }

  readonly map = (): void => this.#to.map.toggle();

  readonly sound = (): void => this.#to.zoneAudio.toggle();

  readonly playing = (video: HTMLVideoElement | null): void => {
    const { session, navigator, draw } = this.#state;
    for (const exhibit of session?.hall.exhibits.values() ?? []) exhibit.play(null);
    const { place } = navigator;
    const exhibit = place.kind === "exhibit" ? session?.hall.exhibits.get(place.id) : undefined;
    if (video) exhibit?.play(video);
    const next = () => {
      draw();
      if (video?.isConnected) video.requestVideoFrameCallback(next); // silent while it is paused
    };
    next();
  };

  /** Hands on where the visitor is; on foot, what the eye sees. */
  async share(): Promise<void> {
    const { session, navigator, lang } = this.#state;
    const { shell } = this.#to.overlay;
    const url = new URL(location.href);
    const pose = session?.cameraController?.pose;
    if (navigator.onFoot && pose) {
      const target = pose.eye.clone().addScaledVector(direction(pose.yaw, pose.pitch), 2);
      url.hash = hashOf({ kind: "view", eye: pose.eye.toArray(), target: target.toArray() });
    } else url.hash = hashOf(navigator.place);
    const done = await share(document.title, url.href);
    if (done === "copied") shell.say(tell(lang, "copied"));
    if (done !== "shared") shell.hint(done === "copied" ? tell(lang, "copied") : url.href);
  }

  // Pointer and keys

  readonly tap = (x: number, y: number): void => {
    const { session, navigator, lang, draw } = this.#state;
    if (this.#to.tools.tap(x, y)) return;
    const cameraController = session?.cameraController;
    const picked = cameraController?.pick(x, y);
    if (!cameraController || !picked) return;
    if (picked.kind === "exhibit") {
      if (!same(navigator.place, picked)) navigator.toExhibit(picked.id, false);
    } else if (picked.kind === "door") {
      if (cameraController.onFoot) this.#to.hallSwitcher.goThrough(picked.id);
    } else if (picked.kind === "timeline") {
      if (cameraController.onFoot) this.openTimeline(true);
    } else if (cameraController.onFoot || navigator.place.kind === "tour") {
      navigator.toFoot(); // off, from where the tour has led to
      if (!cameraController.goTo(picked.point)) this.#to.overlay.shell.hint(tell(lang, "nowhere"), 3);
      draw();
    }
  };

  readonly hover = (point: { x: number; y: number } | null): void => {
    const cameraController = this.#state.session?.cameraController;
    const picked = point && cameraController?.onFoot ? cameraController.pick(point.x, point.y) : null;
    this.#to.overlay.hover(picked !== null, picked?.kind === "exhibit" ? picked.id : null);
  };

  readonly steered = (): void => {
    this.#to.tourController.lookedAround();
    this.#state.draw();
  };

  readonly once = (key: Once): void => {
    const { openPanel, navigator } = this.#state;
    const { tools, tourController, overlay } = this.#to;
    if (key === "list" || key === "help") this.#toggle(key, true);
    else if (key === "next" || key === "previous") this.#turnOn(key === "next" ? 1 : -1);
    else if (key === "entrance") this.entrance();
    else if (key === "tools") tools.focus();
    else if (key === "map") this.map();
    else if (openPanel === null && tools.escape()) return;
    else if (overlay.panel.content) this.close();
    else if (navigator.place.kind === "tour") tourController.leave();
    else this.leave();
  };

  #turnOn(by: 1 | -1): void {
    if (this.#state.navigator.place.kind === "tour") this.#to.tourController.step(by);
    else this.turnExhibit(by);
  }

  #toggle(openPanel: OpenPanel, focus: boolean): void {
    const { overlay, tourController } = this.#to;
    this.#state.openPanel = this.#state.openPanel === openPanel ? null : openPanel;
    if (this.#state.openPanel) tourController.lookedAround();
    overlay.show(focus);
    if (!this.#state.openPanel) overlay.focusHall();
  }

  #back(): void {
    this.#to.overlay.focusHall();
    this.#state.draw();
  }
}
