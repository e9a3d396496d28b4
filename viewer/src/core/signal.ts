/** A typed event. Listeners are called in the order in which they were added. */
export class Signal<T> {
  readonly #listeners = new Set<(value: T) => void>();

  /** Returns the function that stops listening. */
  on(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  clear(): void {
    this.#listeners.clear();
  }
}
