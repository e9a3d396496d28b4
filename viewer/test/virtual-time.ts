import type { Clock } from "../src/studio/clock.ts";

/** Time that passes only when a test lets it, and then at once. */
export class VirtualTime implements Clock {
  #now = 1_800_000_000_000;
  #timers: { readonly at: number; readonly call: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, call: () => void): () => void {
    const timer = { at: this.#now + ms, call };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** Lets time pass. Whatever follows from what happens meanwhile, happens too. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#now = Math.max(this.#now, next.at);
      next.call();
      await settled();
    }
    this.#now = end;
  }
}

/** The timers of one page: they end with it. */
export class Page implements Clock {
  readonly #time: VirtualTime;
  #alive = true;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  now(): number {
    return this.#time.now();
  }

  after(ms: number, call: () => void): () => void {
    return this.#time.after(ms, () => {
      if (this.#alive) call();
    });
  }

  /** At once, without a last word. */
  kill(): void {
    this.#alive = false;
  }
}

/** When all promises have been told that can be. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
