/** Runs something at most once in a while: at once, or when the while is over, so that the last request is never lost. */
export class Throttle {
  readonly #ms: number;
  readonly #run: () => void;
  #last = Number.NEGATIVE_INFINITY;
  #timer = 0;

  constructor(ms: number, run: () => void) {
    this.#ms = ms;
    this.#run = run;
  }

  request(): void {
    clearTimeout(this.#timer);
    const left = this.#last + this.#ms - performance.now();
    if (left > 0) this.#timer = setTimeout(() => this.#now(), left) as unknown as number;
    else this.#now();
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }

  #now(): void {
    this.#last = performance.now();
    this.#run();
  }
}
