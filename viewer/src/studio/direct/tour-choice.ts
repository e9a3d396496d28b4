import { Signal } from "../../core/signal.ts";
import type { Hall } from "../../document/schema.ts";

/** Which tour and which of its stops the curator works on. */
export class TourChoice {
  readonly changed = new Signal<void>();
  #hall: Hall;
  #tour: string | null = null;
  #stop: string | null = null;

  constructor(hall: Hall) {
    this.#hall = hall;
    this.#tour = hall.tour_order?.[0] ?? null;
  }

  /** The id of the tour; null: the hall has none, or a new one is about to be recorded. */
  get tour(): string | null {
    return this.#tour;
  }

  /** The id of the stop; null: the tour itself. */
  get stop(): string | null {
    return this.#stop;
  }

  choose(tour: string | null, stop: string | null = null): void {
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
    const order = before.tours?.[this.#tour as string]?.stop_order ?? [];
    this.choose(this.#tour, this.#stop === null ? null : stayed(this.#stop, order, tour.stop_order));
  }
}

/** The stop; the one in its place where it is gone. */
function stayed(stop: string, before: readonly string[], now: readonly string[]): string | null {
  return now.includes(stop) ? stop : (now[Math.min(before.indexOf(stop), now.length - 1)] ?? null);
}
