import { Narrator } from "../audio/narrator.ts";
import { Signal } from "../core/signal.ts";
import type { Hall, Stop, Tour } from "../document/schema.ts";
import { type Lang, localized } from "../document/text.ts";
import { TourBar, type TourText } from "../ui/tourbar.ts";
import { readingSeconds, TourClock } from "./tour-clock.ts";

const PAUSE_AFTER_NARRATION_S = 1;

/** The state of the visit that a tour depends on. */
export interface TourState {
  /** The open hall. */
  readonly session: { readonly hall: { readonly document: Hall } } | null;
  readonly lang: Lang;
}

/** Leads the eye to a stop, from 0, of a tour. */
export interface TourGuide {
  toStop(tour: string, stop: number): void;
}

/** Leads the visitor along a guided tour, stop by stop. It waits while the visitor looks around. */
export class TourController {
  readonly bar: TourBar;
  /** The tour has started, ended or changed its state, and the bar may cover another part of the picture. */
  readonly changed = new Signal<void>();
  /** The visitor has left the tour. */
  readonly left = new Signal<void>();
  readonly #state: TourState;
  readonly #guide: TourGuide;
  readonly #media: string;
  readonly #narrator: Narrator;
  #tour: { readonly id: string; readonly document: Tour; readonly clock: TourClock } | null = null;
  #shownStop: string | null = null; // the tour and the stop that the visitor was led to

  /** `media` is the URL prefix of the files. Aborting `signal` ends the tour. */
  constructor(state: TourState, guide: TourGuide, media: string, signal: AbortSignal) {
    this.#state = state;
    this.#guide = guide;
    this.#media = media;
    this.#narrator = new Narrator(() => this.show(), signal);
    this.bar = new TourBar({
      previous: () => this.step(-1),
      next: () => this.step(1),
      toggle: () => (this.#tour?.clock.state === "playing" ? this.#tour.clock.pause() : this.rejoin()),
      rejoin: () => this.rejoin(),
      voice: () => this.#toggleNarrator(),
      leave: () => this.leave(),
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.#tour?.clock.pause(), { signal });
    signal.addEventListener("abort", () => this.end());
  }

  /** Whether a tour is on, even if it is paused. */
  get touring(): boolean {
    return this.#tour !== null;
  }

  /** Starts a tour at a stop (from 0), or goes to another stop of the same tour; false if the hall has no such tour. */
  start(id: string, stop = 0): boolean {
    const document = this.#state.session?.hall.document.tours?.[id];
    if (!document) return false;
    if (this.#tour?.id !== id) {
      this.end();
      const clock = new TourClock(document.stop_order.length);
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
    if (paused) clock?.pause(); // a visitor who steps through a paused tour keeps their own pace
  }

  /** The visitor looks around at the stop: the tour pauses. */
  lookedAround(): void {
    this.#tour?.clock.pause();
  }

  /** The visitor has gone somewhere else: the tour waits. */
  wandered(): void {
    this.#tour?.clock.wander();
  }

  /** Leads the visitor back to the stop and goes on. */
  rejoin(): void {
    this.#shownStop = null;
    this.#tour?.clock.resume();
  }

  /** Ends the tour; the visitor stays where they are. */
  leave(): void {
    this.end();
    this.left.emit();
  }

  end(): void {
    this.#tour?.clock.stop();
    this.#tour = null;
    this.#shownStop = null;
    this.#narrator.stop();
    this.show();
  }

  show(): void {
    this.bar.show(this.#text(), this.#state.lang);
    this.changed.emit();
  }

  /** The language was switched: the narration of the stop starts again in the other language. */
  setLanguage(): void {
    if (this.#tour?.clock.state === "playing") this.#narrate();
    else this.#shownStop = null;
    this.show();
  }

  #changed(): void {
    if (!this.#tour) return;
    const { id, clock } = this.#tour;
    if (clock.state === "playing") {
      const stop = `${id} ${clock.at}`;
      if (this.#shownStop !== stop) {
        this.#shownStop = stop;
        this.show(); // before the eye moves: the bar covers a part of the picture
        this.#guide.toStop(id, clock.at);
        this.#narrate();
        return;
      }
    } else this.#narrator.stop();
    this.show();
  }

  get #stop(): Stop | undefined {
    if (!this.#tour) return undefined;
    const { document, clock } = this.#tour;
    return document.stops[document.stop_order[clock.at] ?? ""];
  }

  /** Reads the caption aloud, or gives the visitor the time to read it. */
  #narrate(): void {
    const stop = this.#stop;
    if (!this.#tour || !stop) return;
    const { clock } = this.#tour;
    const { lang } = this.#state;
    const caption = localized(stop.caption, lang);
    const giveTimeToRead = () => clock.lasts(stop.seconds ?? readingSeconds(caption));
    clock.waits();
    const speaks = this.#narrator.say(caption, this.#recording(), lang, (finished) =>
      finished ? clock.lasts(PAUSE_AFTER_NARRATION_S) : giveTimeToRead(),
    );
    if (!speaks) giveTimeToRead();
  }

  #toggleNarrator(): void {
    const { on } = this.#narrator;
    const speaker = this.#narrator.speaker(this.#recording(), this.#state.lang);
    if (!speaker) return;
    on[speaker] = !on[speaker];
    if (this.#tour?.clock.state === "playing") this.#narrate();
    this.show();
  }

  /** URL of the narration of this stop; null if there is none. */
  #recording(): string | null {
    const assets = this.#state.session?.hall.document.assets;
    const asset = this.#stop?.narration?.[this.#state.lang];
    const file = asset ? assets?.[asset]?.files.audio : undefined;
    return file ? this.#media + file.sha256 : null;
  }

  #text(): TourText | null {
    if (!this.#tour) return null;
    const { lang } = this.#state;
    const { clock, document } = this.#tour;
    const speaker = this.#narrator.speaker(this.#recording(), lang);
    return {
      title: localized(document.title, lang),
      stop: clock.at + 1,
      count: clock.count,
      caption: localized(this.#stop?.caption, lang),
      state: clock.state,
      voice: speaker && { kind: speaker, on: this.#narrator.on[speaker] },
    };
  }
}
