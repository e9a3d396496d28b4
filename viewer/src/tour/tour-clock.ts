import { Signal } from "../core/signal.ts";

/**
 * playing: the next stop begins by itself; paused: the tour waits at its stop; away: the visitor has gone elsewhere, and the
 * tour waits until they rejoin; over: the last stop is finished.
 */
export type TourState = "playing" | "paused" | "away" | "over";

const ZH_PER_S = 4.6; // Han characters read per second, with a look at the exhibit
const EN_PER_S = 2.7; // words
const ARRIVING_S = 2.2; // the flight to the stop, during which nobody reads
const SHORTEST_S = 5;

/** The time that a caption takes to read, s. */
export function readingSeconds(caption: string): number {
  const han = caption.match(/[\u3400-\u9fff]/g)?.length ?? 0;
  const words = caption.match(/[A-Za-z0-9\u00c0-\u024f]+/g)?.length ?? 0;
  return Math.max(SHORTEST_S, ARRIVING_S + han / ZH_PER_S + words / EN_PER_S);
}

/** Which stop a guided tour is at, and when the next stop begins. Knows nothing of the camera and of texts. */
export class TourClock {
  /** The tour is at another stop or in another state. */
  readonly changed = new Signal<void>();
  readonly count: number;
  #at = 0;
  #state: TourState = "paused";
  #left = 0; // s, the time that is left of this stop
  #since = 0; // ms, when this time began to run
  #timer = 0;

  constructor(count: number) {
    this.count = count;
  }

  /** The index of the stop, from 0. */
  get at(): number {
    return this.#at;
  }

  get state(): TourState {
    return this.#state;
  }

  /** Seconds until the next stop. */
  get left(): number {
    return this.#timer ? Math.max(0, this.#left - (performance.now() - this.#since) / 1000) : this.#left;
  }

  /** Goes to a stop and plays it. An index out of range becomes the nearest stop. */
  go(stop: number): void {
    this.#halt();
    this.#at = Math.min(Math.max(stop, 0), this.count - 1);
    this.#left = 0;
    this.#set("playing");
  }

  /** Goes to the next stop; after the last stop the tour is over. */
  next(): void {
    if (this.#at + 1 < this.count) this.go(this.#at + 1);
    else this.#end();
  }

  previous(): void {
    this.go(this.#at - 1);
  }

  /** This stop lasts so many seconds from now on. */
  lasts(seconds: number): void {
    this.#halt();
    this.#left = seconds;
    if (this.#state === "playing") this.#run();
  }

  /** The clock stands still until `lasts` is called: a narration plays. */
  waits(): void {
    this.#halt();
    this.#left = 0;
  }

  pause(): void {
    if (this.#state !== "playing") return;
    this.#halt();
    this.#set("paused");
  }

  /** The visitor has gone somewhere else. */
  wander(): void {
    if (this.#state === "away") return;
    this.#halt();
    this.#set("away");
  }

  /** Goes on at the same stop; after the end, from the first stop. */
  resume(): void {
    if (this.#state === "playing") return;
    if (this.#state === "over") this.go(0);
    else {
      this.#set("playing");
      if (this.#left > 0) this.#run();
    }
  }

  stop(): void {
    this.#halt();
    this.changed.clear();
  }

  #run(): void {
    this.#since = performance.now();
    this.#timer = setTimeout(() => this.next(), this.#left * 1000) as unknown as number;
  }

  #halt(): void {
    if (!this.#timer) return;
    this.#left = this.left;
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  #end(): void {
    this.#halt();
    this.#left = 0;
    this.#set("over");
  }

  #set(state: TourState): void {
    this.#state = state;
    this.changed.emit();
  }
}
