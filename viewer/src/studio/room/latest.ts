/** Requests of which only the newest counts: while one is under way, of all that follow only the last is made. */
export class Latest<T> {
  readonly #ask: (wish: T) => Promise<void>;
  #waiting: T | undefined;
  #asking: Promise<void> | null = null;

  /** `ask` never rejects. */
  constructor(ask: (wish: T) => Promise<void>) {
    this.#ask = ask;
  }

  request(wish: T): void {
    this.#waiting = wish;
    this.#asking ??= this.#work();
  }

  async #work(): Promise<void> {
    for (let wish = this.#waiting; wish !== undefined; wish = this.#waiting) {
      this.#waiting = undefined;
      await this.#ask(wish);
    }
    this.#asking = null;
  }
}
