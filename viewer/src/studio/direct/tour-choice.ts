import { Signal } from "../../core/signal.ts";
import { equal } from "../../document/changes.ts";
import type { Hall, Stop, Tour } from "../../document/schema.ts";

/** Which tour and which of its stops the curator works on. It follows a stop that is moved, by this editor or another. */
export class TourChoice {
  readonly changed = new Signal<void>();
  #hall: Hall;
  #tour: string | null = null;
  #stop: number | null = null;

  constructor(hall: Hall) {
    this.#hall = hall;
    this.#tour = hall.tour_order?.[0] ?? null;
  }

  /** The id of the tour; null: the hall has none, or a new one is about to be recorded. */
  get tour(): string | null {
    return this.#tour;
  }

  /** The index of the stop, from 0; null: the tour itself. */
  get stop(): number | null {
    return this.#stop;
  }

  choose(tour: string | null, stop: number | null = null): void {
    if (tour === this.#tour && stop === this.#stop) return;
    this.#tour = tour;
    this.#stop = stop;
    this.changed.emit();
  }

  /** Takes the next document. `recording`: a tour that is gone is to be recorded anew, so no other one takes its place. */
  follow(hall: Hall, recording: boolean): void {
    const before = this.#hall;
    this.#hall = hall;
    const tour = this.#tour === null ? undefined : hall.tours?.[this.#tour];
    if (!tour) {
      if (recording && this.#tour === null) return;
      this.choose(recording ? null : (hall.tour_order?.[0] ?? null));
      return;
    }
    const stops = before.tours?.[this.#tour as string]?.stops ?? [];
    this.choose(this.#tour, this.#stop === null ? null : followedStop(stops, tour, this.#stop));
  }
}

/** Where a stop is in the next document; the one in its place where it is gone or was changed. */
function followedStop(before: readonly Stop[], { stops }: Tour, at: number): number {
  const differing = stops.filter((each, i) => !equal(each, before[i])).length;
  if (before.length === stops.length && differing <= 1) return at;
  const found = stops.findIndex((each) => equal(each, before[at]));
  return found >= 0 ? found : Math.min(at, stops.length - 1);
}
