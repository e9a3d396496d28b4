import type { CommandName } from "../../document/commands/names.ts";
import { addStop, addTour, moveStop, removeStop } from "../../document/commands/story.ts";
import type { Hall, Stop } from "../../document/schema.ts";
import { h } from "../../ui/dom.ts";
import type { Once } from "../../ui/keys.ts";
import type { Studio } from "../context.ts";
import type { Field } from "../fields.ts";
import type { ModePanel } from "../modes.ts";
import { subjectTitle } from "./coverage.ts";
import { directText } from "./i18n.ts";
import type { LibraryAsset } from "./library-choice.ts";
import { RecordingBar } from "./recording.ts";
import { stopFields } from "./stop-fields.ts";
import { StopPictures } from "./stop-pictures.ts";
import { TourChoice } from "./tour-choice.ts";
import { tourFields } from "./tour-fields.ts";
import { TourPlayer } from "./tour-player.ts";
import { TourStrip } from "./tour-strip.ts";
import { VisitorCamera } from "./visitor-camera.ts";

/** Tours: recorded by walking through the hall and pressing a key at each stop, edited on a strip of steps, played in place. */
export class Tours implements ModePanel {
  readonly label: string;
  readonly instead = false;
  /** The strip of steps. */
  readonly element: HTMLElement;
  readonly side = h("aside.st-inspector", {});
  /** Lies over the picture. */
  readonly over: HTMLElement;
  readonly #studio: Studio;
  readonly #library: () => readonly LibraryAsset[];
  readonly #camera: VisitorCamera;
  readonly #choice: TourChoice;
  readonly #steps: TourStrip;
  readonly #bar: RecordingBar;
  readonly #player: TourPlayer;
  readonly #keys: HTMLElement;
  #shown: readonly Field[] = [];
  #shownFor = "";
  #recording = false;
  #open = false;

  /** `help` shows the sheet of all keys. */
  constructor(studio: Studio, library: () => readonly LibraryAsset[], help: () => void) {
    const { session, scene, selection, lang } = studio;
    this.#studio = studio;
    this.#library = library;
    this.label = directText(lang, "tours");
    this.#choice = new TourChoice(session.document);
    this.#camera = new VisitorCamera(studio, {
      press: (event) => this.#press(event),
      once: (key) => this.#once(key, help),
    });
    this.#player = new TourPlayer(studio, {
      toStop: (tour, stop) => {
        const { stops, stop_order = [] } = session.document.tours?.[tour] ?? {};
        const id = stop_order[stop] ?? null;
        this.#choice.choose(tour, id);
        if (id !== null && stops?.[id]) this.#camera.goTo(stops[id]);
      },
    });
    this.#bar = new RecordingBar(studio, {
      stop: () => this.#stopHere(),
      end: () => this.#record(false),
      back: () => this.#camera.element.focus(),
    });
    const pictures = new StopPictures(scene);
    this.#steps = new TourStrip(
      studio,
      this.#choice,
      {
        record: () => {
          this.#choice.choose(null);
          this.#record(true);
        },
        recordMore: () => this.#record(true),
        play: () => this.#play(this.#choice.stop),
        choose: (stop) => this.#goTo(stop),
        move: (stop, to) => this.#move(stop, to),
        duplicate: (stop) => this.#duplicate(stop),
        remove: (stop) => this.#remove(stop),
      },
      pictures,
    );
    this.#keys = h("p.st-foot-keys", { "aria-hidden": "true" }, directText(lang, "footKeys"));
    this.over = h(
      "div.st-tours-stage",
      { hidden: true },
      this.#camera.element,
      this.#keys,
      this.#bar.element,
      this.#player.element,
    );
    this.element = this.#steps.element;
    this.#camera.below = () => this.#player.below + (this.#recording ? this.#bar.element.offsetHeight : 0);
    this.#camera.steered.on(() => this.#player.lookedAround());
    this.#player.changed.on(() => {
      this.#camera.fit();
      this.#showBars();
    });
    this.#choice.changed.on(() => this.#refresh());
    session.changed.on((hall) => {
      this.#choice.follow(hall, this.#recording);
      this.#refresh();
    });
    session.renamed.on(({ map, from, to }) => {
      const [maps, tour, stops] = map;
      if (maps === "tours" && stops === "stops" && tour === this.#choice.tour && from === this.#choice.stop)
        this.#choice.choose(tour, to);
      if (maps === "tours" && map.length === 1 && from === this.#choice.tour)
        this.#choice.choose(to, this.#choice.stop);
    });
    scene.drawn.on(() => this.#recording && this.#look());
    selection.changed.on(({ single }) => {
      if (!this.#open || !single) return;
      if (single.kind === "placement") this.#camera.inspect({ placement: single.id });
      if (single.kind === "note") this.#camera.inspect({ note: single.id });
    });
  }

  /** Goes into the hall on foot. */
  open(): void {
    this.#open = true;
    this.over.hidden = false;
    this.#studio.selection.clear();
    this.#camera.open();
    this.#steps.open = true;
    this.#refresh();
    this.#camera.element.focus({ preventScroll: true });
  }

  close(): void {
    this.#open = false;
    this.#studio.session.choose(null);
    this.#player.end();
    this.#record(false);
    this.over.hidden = true;
    this.#steps.open = false;
    this.#camera.close();
  }

  /** Goes to a stop, or to the tour itself (null). */
  show(tour: string, stop: string | null): void {
    this.#choice.choose(tour, stop);
    if (stop !== null) this.#goTo(stop);
  }

  get #hall(): Hall {
    return this.#studio.session.document;
  }

  #edit(name: CommandName, next: Hall): void {
    this.#studio.session.edit(name, next);
  }

  #stop(id: string): Stop | undefined {
    return this.#hall.tours?.[this.#choice.tour ?? ""]?.stops[id];
  }

  /** The stops of the tour in their order. */
  get #order(): readonly string[] {
    return this.#hall.tours?.[this.#choice.tour ?? ""]?.stop_order ?? [];
  }

  #record(on: boolean): void {
    if (on) this.#player.end();
    this.#recording = on;
    if (!on) this.#choice.follow(this.#hall, false);
    this.#showBars();
    this.#refresh();
    this.#camera.fit();
    if (on) this.#camera.element.focus({ preventScroll: true });
  }

  #showBars(): void {
    this.#bar.element.hidden = !this.#recording;
    this.#keys.hidden = this.#recording || this.#player.touring;
    this.over.classList.toggle("st-is-recording", this.#recording);
  }

  /** The view, and what is looked at, become a stop after the present one. */
  #stopHere(): void {
    const seen = this.#camera.lookedAt;
    if (!seen) return;
    const { lang, announce } = this.#studio;
    const { tour } = this.#choice;
    const stop: Stop = { ...seen, caption: { zh: "", en: "" } };
    let at = 0;
    if (tour === null) {
      const number = (this.#hall.tour_order ?? []).length + 1;
      const title = {
        zh: directText("zh", "numberedTour", { number }),
        en: directText("en", "numberedTour", { number }),
      };
      const { hall, id } = addTour(this.#hall, title, stop);
      this.#edit("add-tour", hall);
      this.#choice.choose(id, hall.tours?.[id]?.stop_order[0]);
    } else {
      at = (this.#choice.stop === null ? this.#order.length - 1 : this.#order.indexOf(this.#choice.stop)) + 1;
      const { hall, id } = addStop(this.#hall, tour, stop, at);
      this.#edit("add-stop", hall);
      this.#choice.choose(tour, id);
    }
    const title = subjectTitle(this.#hall, stop, lang) || directText(lang, "hallView");
    announce(directText(lang, "stopAdded", { number: at + 1, title }));
  }

  #goTo(stop: string): void {
    const to = this.#stop(stop);
    if (!to) return;
    this.#player.end();
    this.#choice.choose(this.#choice.tour, stop);
    this.#camera.goTo(to);
  }

  /** From a stop on; null: from the first. */
  #play(from: string | null): void {
    if (this.#choice.tour === null) return;
    this.#record(false);
    this.#player.start(this.#choice.tour, from === null ? 0 : this.#order.indexOf(from));
  }

  #move(stop: string, to: number): void {
    const { tour } = this.#choice;
    if (tour === null) return;
    this.#edit("reorder-stops", moveStop(this.#hall, tour, stop, to));
    this.#choice.choose(tour, stop);
    this.#steps.focus(stop);
    this.#studio.announce(directText(this.#studio.lang, "moved", { number: to + 1 }));
  }

  #duplicate(stop: string): void {
    const { tour } = this.#choice;
    const copied = this.#stop(stop);
    if (tour === null || !copied) return;
    const { hall, id } = addStop(this.#hall, tour, structuredClone(copied), this.#order.indexOf(stop) + 1);
    this.#edit("add-stop", hall);
    this.#choice.choose(tour, id);
    this.#steps.focus(id);
  }

  #remove(stop: string): void {
    const { tour } = this.#choice;
    const { lang, announce } = this.#studio;
    const order = this.#order;
    if (tour === null) return;
    if (order.length < 2) {
      announce(directText(lang, "lastStop"));
      return;
    }
    this.#edit("remove-stop", removeStop(this.#hall, tour, stop));
    const at = order.indexOf(stop);
    const next = order[at + 1] ?? order[at - 1] ?? null;
    this.#choice.choose(tour, next);
    if (next !== null) this.#steps.focus(next);
    announce(directText(lang, "stopRemoved", { number: at + 1 }));
  }

  /** True if a key on the picture meant a stop or its caption. */
  #press(event: KeyboardEvent): boolean {
    if (!this.#recording || event.repeat) return false;
    if (event.code === "KeyR" || event.key === "Enter") this.#stopHere();
    else if (event.code === "KeyC") this.#bar.write();
    else return false;
    return true;
  }

  #once(key: Once, help: () => void): void {
    if (key === "help") help();
    else if (key === "entrance") this.#camera.enter();
    else if (key === "escape" && !this.#camera.stand()) {
      if (this.#player.touring) this.#player.end();
      else if (this.#recording) this.#record(false);
    }
  }

  #look(): void {
    const { tour, stop } = this.#choice;
    this.#bar.refresh(this.#camera.lookedAt ?? {}, tour, stop);
    this.over.classList.toggle("st-is-close", !this.#camera.onFoot);
  }

  /** The others see which tour or stop is worked on here. */
  #tell(): void {
    const { tour, stop } = this.#choice;
    this.#studio.session.choose(tour === null ? null : ["tours", tour, ...(stop === null ? [] : ["stops", stop])]);
  }

  #refresh(): void {
    if (!this.#open) return;
    this.#tell();
    this.#steps.refresh();
    if (this.#recording) this.#look();
    const { tour, stop } = this.#choice;
    const wanted = JSON.stringify([tour, stop, this.#recording]);
    if (wanted !== this.#shownFor) {
      this.#shownFor = wanted;
      this.#shown = this.#fieldsFor(tour, stop);
      this.side.replaceChildren(...this.#shown.map(({ element }) => element));
      this.side.scrollTop = 0;
      const name = stop === null ? "tourFields" : "stops";
      this.side.setAttribute("aria-label", directText(this.#studio.lang, name));
    }
    for (const field of this.#shown) field.refresh();
  }

  #fieldsFor(tour: string | null, stop: string | null): readonly Field[] {
    if (tour === null) {
      const hint = h(
        "p.st-hint",
        {},
        directText(this.#studio.lang, this.#recording ? "recordFirst" : "toursEmptyHint"),
      );
      return [{ element: hint, refresh: () => {} }];
    }
    if (stop === null) return tourFields(this.#studio, tour);
    const actions = {
      choose: (id: string) => this.#goTo(id),
      duplicate: (id: string) => this.#duplicate(id),
      remove: (id: string) => this.#remove(id),
      playFrom: (id: string) => this.#play(id),
      toTour: () => this.#choice.choose(tour),
    };
    return stopFields(this.#studio, this.#camera, this.#library, actions, tour, stop);
  }
}
