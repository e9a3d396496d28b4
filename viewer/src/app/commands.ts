import type { ZoneAudio } from "../audio/zone-audio.ts";
import { Signal } from "../core/signal.ts";
import { direction } from "../core/view.ts";
import type { MapPanel } from "../map/map-panel.ts";
import type { ControlsActions } from "../navigation/controls.ts";
import type { Navigator } from "../navigation/navigator.ts";
import { hashOf, type Place, same } from "../navigation/place.ts";
import type { TourController } from "../tour/tour-controller.ts";
import { translate } from "../ui/i18n.ts";
import type { Once } from "../ui/keys.ts";
import type { MarkerActions } from "../ui/markers.ts";
import type { PanelActions } from "../ui/panel.ts";
import { share } from "../ui/share.ts";
import type { ShellActions } from "../ui/shell.ts";
import type { HallSwitcher } from "./hall-switcher.ts";
import type { OpenPanel } from "./panel-content.ts";
import type { ToolHost } from "./tool-host.ts";
import type { VisitState } from "./visit-state.ts";

/** The parts of a visit that carry the commands out. */
export interface CommandTargets {
  readonly state: VisitState;
  readonly navigator: Navigator;
  readonly hallSwitcher: HallSwitcher;
  readonly tourController: TourController;
  readonly tools: ToolHost;
  readonly map: MapPanel;
  readonly zoneAudio: ZoneAudio;
}

/** A short message over the picture. */
export interface Hint {
  readonly text: string;
  readonly seconds?: number;
  /** Screen readers read it too. */
  readonly spoken?: boolean;
}

/** Everything that a visitor can ask for with a button, a key, the pointer or the URL. */
export class Commands implements PanelActions, ShellActions, MarkerActions, ControlsActions {
  /** The panel has to be written again; with `focus` the keyboard focus moves into it. */
  readonly panelChanged = new Signal<{ readonly focus: boolean }>();
  /** The keyboard focus returns to the hall. */
  readonly hallFocused = new Signal<void>();
  /** The pointer is over something, perhaps over an exhibit. */
  readonly hovered = new Signal<{ readonly anything: boolean; readonly exhibit: string | null }>();
  readonly hinted = new Signal<Hint>();
  readonly languageSwitched = new Signal<void>();
  readonly retried = new Signal<void>();
  /** The visitor wants to leave the visit. */
  readonly left = new Signal<void>();
  readonly #targets: CommandTargets;

  constructor(targets: CommandTargets) {
    this.#targets = targets;
    const { map, state, tourController } = targets;
    map.exhibitChosen.on((id) => this.openExhibit(id, true));
    map.placeChosen.on((point) => {
      state.session?.cameraController?.goOrLeap(point);
      state.draw();
    });
    tourController.left.on(() => this.#tourLeft());
  }

  // Places

  readonly openExhibit = (id: string, byPointer: boolean): void => {
    this.#targets.navigator.toExhibit(id, !byPointer);
    this.#targets.state.draw();
  };

  readonly openNote = (id: string, byPointer: boolean): void => {
    this.#targets.navigator.toNote(id, !byPointer);
    this.#targets.state.draw();
  };

  /** Goes to a place that the URL names. */
  goTo(place: Place): void {
    const { navigator, tourController, state } = this.#targets;
    if (place.kind === "tour") tourController.start(place.id, place.stop);
    else navigator.go(place);
    state.draw();
  }

  readonly goThrough = (door: string): void => {
    const { hallSwitcher, state } = this.#targets;
    if (state.openPanel) this.#toggle(state.openPanel, false);
    hallSwitcher.goThrough(door);
  };

  readonly focusExhibit = (id: string): void => {
    this.#targets.navigator.face(id);
    this.#targets.state.draw();
  };

  readonly focusDoor = (id: string): void => {
    this.#targets.navigator.faceDoor(id);
    this.#targets.state.draw();
  };

  readonly turn = (by: 1 | -1): void => {
    this.#targets.navigator.turn(by, true);
    this.#targets.state.draw();
  };

  readonly turnExhibit = (by: 1 | -1): void => {
    this.#targets.navigator.turnExhibit(by, false);
    this.#targets.state.draw();
  };

  readonly backToExhibit = (): void => {
    this.#targets.navigator.toExhibitOfNote();
    this.#targets.state.draw();
  };

  readonly entrance = (): void => {
    this.#targets.navigator.toEntrance();
    this.#backToHall();
  };

  // Panels

  readonly list = (byPointer: boolean): void => this.#toggle("list", !byPointer);
  readonly help = (byPointer: boolean): void => this.#toggle("help", !byPointer);

  readonly openTimeline = (byPointer: boolean): void => {
    if (this.#targets.state.openPanel !== "timeline") this.#toggle("timeline", !byPointer);
  };

  readonly filterTimeline = (chapter: string | null): void => {
    this.#targets.state.timelineChapter = chapter;
    this.panelChanged.emit({ focus: false });
  };

  readonly followChapter = (id: string): void => {
    this.#targets.navigator.follow(id);
    this.panelChanged.emit({ focus: false });
  };

  /** Closes the panel; from an exhibit or a note the visitor goes back to where they stood. */
  readonly close = (): void => {
    const { navigator, state } = this.#targets;
    if (state.openPanel) this.#toggle(state.openPanel, false);
    else if (navigator.toFoot()) this.#backToHall();
  };

  readonly leave = (): void => this.left.emit();
  readonly retry = (): void => this.retried.emit();
  readonly language = (): void => this.languageSwitched.emit();

  // Tours, map, sound

  readonly startTour = (id: string, byPointer: boolean): void => {
    const { tourController, state } = this.#targets;
    if (tourController.start(id) && !byPointer) tourController.bar.focus();
    state.draw();
  };

  /** The bar's tour button: ends the tour, starts the hall's only tour, or opens the list of several tours. */
  readonly tour = (byPointer: boolean): void => {
    const { state, tourController } = this.#targets;
    const tours = state.session?.hall.document.tour_order ?? [];
    if (tourController.touring) tourController.leave();
    else if (tours.length === 1) this.startTour(tours[0] as string, byPointer);
    else this.#toggle("list", !byPointer);
  };

  readonly map = (): void => this.#targets.map.toggle();

  readonly sound = (): void => this.#targets.zoneAudio.toggle();

  /** Shows the video that plays in the panel also on its board in the hall; null: no video plays. */
  readonly playing = (video: HTMLVideoElement | null): void => {
    const { state, navigator } = this.#targets;
    const exhibits = state.session?.hall.exhibits;
    for (const exhibit of exhibits?.values() ?? []) exhibit.play(null);
    const { place } = navigator;
    if (video && place.kind === "exhibit") exhibits?.get(place.id)?.play(video);
    const next = () => {
      state.draw();
      if (video?.isConnected) video.requestVideoFrameCallback(next); // not called while the video is paused
    };
    next();
  };

  /** Shares the URL of the visitor's place; on foot, the URL of the visitor's view. */
  async share(): Promise<void> {
    const { state, navigator } = this.#targets;
    const url = new URL(location.href);
    const pose = state.session?.cameraController?.pose;
    if (navigator.onFoot && pose) {
      const target = pose.eye.clone().addScaledVector(direction(pose.yaw, pose.pitch), 2);
      url.hash = hashOf({ kind: "view", eye: pose.eye.toArray(), target: target.toArray() });
    } else url.hash = hashOf(navigator.place);
    const result = await share(document.title, url.href);
    if (result === "copied") this.hinted.emit({ text: translate(state.lang, "copied"), spoken: true });
    if (result === "failed") this.hinted.emit({ text: url.href }); // to be copied by hand
  }

  // Pointer and keys

  readonly tap = (x: number, y: number): void => {
    const { state, navigator, hallSwitcher, tools } = this.#targets;
    if (tools.tap(x, y)) return;
    const cameraController = state.session?.cameraController;
    const picked = cameraController?.pick(x, y);
    if (!cameraController || !picked) return;
    if (picked.kind === "exhibit") {
      if (!same(navigator.place, picked)) this.openExhibit(picked.id, true);
    } else if (picked.kind === "door") {
      if (cameraController.onFoot) hallSwitcher.goThrough(picked.id);
    } else if (picked.kind === "timeline") {
      if (cameraController.onFoot) this.openTimeline(true);
    } else if (cameraController.onFoot || navigator.place.kind === "tour") {
      navigator.toFoot(); // walks on from the tour's stop
      if (!cameraController.goTo(picked.point))
        this.hinted.emit({ text: translate(state.lang, "nowhere"), seconds: 3 });
      state.draw();
    }
  };

  readonly hover = (point: { x: number; y: number } | null): void => {
    const cameraController = this.#targets.state.session?.cameraController;
    const picked = point && cameraController?.onFoot ? cameraController.pick(point.x, point.y) : null;
    this.hovered.emit({
      anything: Boolean(picked),
      exhibit: picked?.kind === "exhibit" ? picked.id : null,
    });
  };

  /** The visitor has moved the view: the tour waits. */
  readonly steered = (): void => {
    this.#targets.tourController.lookedAround();
    this.#targets.state.draw();
  };

  readonly once = (key: Once): void => {
    const { tools } = this.#targets;
    if (key === "list" || key === "help") this.#toggle(key, true);
    else if (key === "next") this.#turnOn(1);
    else if (key === "previous") this.#turnOn(-1);
    else if (key === "entrance") this.entrance();
    else if (key === "tools") tools.focus();
    else if (key === "map") this.map();
    else this.#escape();
  };

  /** Escape closes the first of these that is open: the bar's panel, the tool, the exhibit, the tour, the visit. */
  #escape(): void {
    const { state, navigator, tools, tourController } = this.#targets;
    const { kind } = navigator.place;
    if (state.openPanel) this.close();
    else if (tools.closeTool()) return;
    else if (kind === "exhibit" || kind === "note") this.close();
    else if (kind === "tour") tourController.leave();
    else this.leave();
  }

  #turnOn(by: 1 | -1): void {
    const { navigator, tourController } = this.#targets;
    if (navigator.place.kind === "tour") tourController.step(by);
    else this.turnExhibit(by);
  }

  /** The tour was left: the visitor stands where the tour had led. */
  #tourLeft(): void {
    const { navigator } = this.#targets;
    if (navigator.place.kind === "tour") navigator.toFoot();
    this.#backToHall();
  }

  #toggle(panel: OpenPanel, focus: boolean): void {
    const { state, tourController } = this.#targets;
    state.openPanel = state.openPanel === panel ? null : panel;
    if (state.openPanel) tourController.lookedAround();
    this.panelChanged.emit({ focus });
    if (!state.openPanel) this.hallFocused.emit();
  }

  #backToHall(): void {
    this.hallFocused.emit();
    this.#targets.state.draw();
  }
}
