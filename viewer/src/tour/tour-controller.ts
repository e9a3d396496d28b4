import { Narrator } from "../audio/narrator.ts";
import type { Hall, Tour as TourDocument } from "../document/schema.ts";
import { type Lang, localized } from "../document/text.ts";
import type { Navigator } from "../navigation/navigator.ts";
import { TourBar, type TourText } from "../ui/tourbar.ts";
import { readingSeconds, Tour } from "./tour-clock.ts";

const BREATH_S = 1; // between what was said and the way on

export interface TourControllerActions {
  hall(): Hall | null;
  lang(): Lang;
  media: string;
  /** The tour's state is another one, and the bar covers another part of the picture. */
  changed(): void;
  /** The tour has come to its end by the visitor's wish. */
  left(): void;
}

/** Leads a visitor along a guided tour: stop by stop, saying what there is to say, waiting for who looks around. */
export class TourController {
  readonly bar: TourBar;
  readonly #navigator: Navigator;
  readonly #actions: TourControllerActions;
  readonly #narrator: Narrator;
  #tour: { readonly id: string; readonly document: TourDocument; readonly clock: Tour } | null = null;
  #told: string | null = null; // stop and language that is being told

  constructor(navigator: Navigator, actions: TourControllerActions, signal: AbortSignal) {
    this.#navigator = navigator;
    this.#actions = actions;
    this.#narrator = new Narrator(() => this.show(), signal);
    this.bar = new TourBar({
      previous: () => this.step(-1),
      next: () => this.step(1),
      toggle: () => (this.#tour?.clock.state === "playing" ? this.#tour.clock.pause() : this.rejoin()),
      rejoin: () => this.rejoin(),
      voice: () => this.#toggleVoice(),
      leave: () => this.leave(),
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.#tour?.clock.pause(), { signal });
    signal.addEventListener("abort", () => this.end());
  }

  /** A tour is on, here or waiting. */
  get touring(): boolean {
    return this.#tour !== null;
  }

  /** Begins a tour at a stop (from 0), or goes to another stop of it; false if the hall has no such tour. */
  start(id: string, stop = 0): boolean {
    const document = this.#actions.hall()?.tours?.[id];
    if (!document) return false;
    if (this.#tour?.id !== id) {
      this.end();
      const clock = new Tour(document.stops.length);
      this.#tour = { id, document, clock };
      clock.changed.on(() => this.#changed());
    }
    this.#tour?.clock.go(stop);
    return true;
  }

  step(by: 1 | -1): void {
    const clock = this.#tour?.clock;
    const paused = clock?.state === "paused";
    if (by > 0) clock?.next();
    else clock?.previous();
    if (paused) clock?.pause(); // whoever goes at their own pace keeps it
  }

  /** The visitor looks around at the stop. */
  lookedAround(): void {
    this.#tour?.clock.pause();
  }

  /** The visitor has gone somewhere else by themselves. */
  wandered(): void {
    this.#tour?.clock.wander();
  }

  /** Comes back to the stop and goes on. */
  rejoin(): void {
    this.#told = null;
    this.#tour?.clock.resume();
  }

  /** Ends the tour; the visitor is left where they are. */
  leave(): void {
    this.end();
    this.#actions.left();
  }

  end(): void {
    this.#tour?.clock.stop();
    this.#tour = null;
    this.#told = null;
    this.#narrator.stop();
    this.show();
  }

  show(): void {
    this.bar.show(this.#text(), this.#actions.lang());
    this.#actions.changed();
  }

  /** In the other language: what is being said begins anew. */
  setLanguage(): void {
    if (this.#tour?.clock.state === "playing") this.#tell();
    else this.#told = null;
    this.show();
  }

  #changed(): void {
    if (!this.#tour) return;
    const { id, clock } = this.#tour;
    if (clock.state === "playing") {
      const here = `${id} ${clock.at}`;
      if (this.#told !== here) {
        this.#told = here;
        this.show(); // first, so that the eye knows what the bar covers
        this.#navigator.toStop(id, clock.at);
        this.#tell();
        return;
      }
    } else this.#narrator.stop();
    this.show();
  }

  /** Says the caption, or leaves time to read it. */
  #tell(): void {
    const tour = this.#tour;
    const stop = tour?.document.stops[tour.clock.at];
    if (!tour || !stop) return;
    const { clock } = tour;
    const lang = this.#actions.lang();
    const caption = localized(stop.caption, lang);
    const read = () => clock.lasts(stop.seconds ?? readingSeconds(caption));
    clock.waits();
    const speaks = this.#narrator.say(caption, this.#recording(), lang, (done) =>
      done ? clock.lasts(BREATH_S) : read(),
    );
    if (!speaks) read();
  }

  #toggleVoice(): void {
    const { on } = this.#narrator;
    const speaker = this.#narrator.speaker(this.#recording(), this.#actions.lang());
    if (!speaker) return;
    on[speaker] = !on[speaker];
    if (this.#tour?.clock.state === "playing") this.#tell();
    this.show();
  }

  #recording(): string | null {
    const hall = this.#actions.hall();
    const tour = this.#tour;
    const asset = tour?.document.stops[tour.clock.at]?.narration?.[this.#actions.lang()];
    const file = asset ? hall?.assets[asset]?.files.audio : undefined;
    return file ? this.#actions.media + file.sha256 : null;
  }

  #text(): TourText | null {
    const tour = this.#tour;
    if (!tour) return null;
    const lang = this.#actions.lang();
    const { clock, document } = tour;
    const speaker = this.#narrator.speaker(this.#recording(), lang);
    return {
      title: localized(document.title, lang),
      stop: clock.at + 1,
      count: clock.count,
      caption: localized(document.stops[clock.at]?.caption, lang),
      state: clock.state,
      voice: speaker && { kind: speaker, on: this.#narrator.on[speaker] },
    };
  }
}
