import type { Point, Spot } from "./asset-scene.ts";

/** A task for which points of the surface are picked. */
export interface Task {
  readonly name: "measure" | "face" | "plane";
  readonly count: number;
  /** Called with every new spot. */
  picked(spots: readonly Spot[]): void;
}

const STEP = 12; // px of the cross, by an arrow key
const FINE = 1;

/** Picks points of the surface by a tap, or with a cross that arrow keys move. */
export class Picking {
  task: Task | null = null;
  spots: readonly Spot[] = [];
  /** Where the cross is; null as long as the keyboard is not used. */
  cross: Point | null = null;
  readonly #pick: (at: Point) => Spot | null;
  readonly #size: () => { readonly width: number; readonly height: number };
  readonly #missed: () => void;
  readonly #changed: () => void;

  constructor(
    pick: (at: Point) => Spot | null,
    size: () => { readonly width: number; readonly height: number },
    missed: () => void,
    changed: () => void,
  ) {
    this.#pick = pick;
    this.#size = size;
    this.#missed = missed;
    this.#changed = changed;
  }

  begin(task: Task): void {
    this.task = task;
    this.spots = [];
    this.#changed();
  }

  /** Gives up, or ends: what was picked is forgotten unless it is to be kept in the picture. */
  end({ keep = false } = {}): void {
    this.task = null;
    this.cross = null;
    if (!keep) this.spots = [];
    this.#changed();
  }

  tap(at: Point): void {
    const { task } = this;
    if (!task) return;
    const spot = this.#pick(at);
    if (!spot) {
      this.#missed();
      return;
    }
    this.spots = [...this.spots, spot];
    task.picked(this.spots);
    this.#changed();
  }

  /** True if the key was for the cross. */
  press({ key, shiftKey }: { readonly key: string; readonly shiftKey: boolean }): boolean {
    if (!this.task) return false;
    const { width, height } = this.#size();
    const at = this.cross ?? { x: width / 2, y: height / 2 };
    const step = shiftKey ? FINE : STEP;
    const way = WAYS[key];
    if (key === "Escape") this.end();
    else if (key === "Enter" || key === " ") this.tap(at);
    else if (way) {
      const [x, y] = way;
      this.cross = { x: within(at.x + x * step, width), y: within(at.y + y * step, height) };
      this.#changed();
    } else return false;
    return true;
  }

  /** Shows the cross in the middle of the picture: the keyboard is used. */
  showCross(): void {
    const { width, height } = this.#size();
    this.cross ??= { x: width / 2, y: height / 2 };
    this.#changed();
  }
}

const WAYS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function within(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}
