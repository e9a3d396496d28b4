import type { Clock } from "../src/studio/clock.ts";
import type { Channel } from "../src/studio/open-pages.ts";

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

  /** Lets time pass until a promise is kept. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let open = true;
    const done = promise.finally(() => {
      open = false;
    });
    for (await settled(); open; ) await this.pass(100);
    return done;
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

/** The channels between the pages of one browser. A page that is gone hears nothing. */
export class Channels {
  readonly #listeners: { readonly page: Clock; readonly hear: (event: MessageEvent) => void }[] = [];

  /** A page's channel; `page` is the clock that ends with it. */
  of(page: Clock): Channel {
    return {
      postMessage: (data: unknown) => {
        for (const { page: other, hear } of this.#listeners)
          if (other !== page) other.after(1, () => hear(new MessageEvent("message", { data })));
      },
      addEventListener: (_type: string, hear: unknown) =>
        void this.#listeners.push({ page, hear: hear as (event: MessageEvent) => void }),
      close: () => {},
    };
  }
}

/** When all promises have been told that can be. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
