import { Signal } from "../core/signal.ts";
import type { Hall } from "../document/schema.ts";

/** What can be chosen: a placement, or a note. */
export type Kind = "placement" | "note";
export interface Thing {
  readonly kind: Kind;
  readonly id: string;
}

/** What the curator has chosen: several placements, or one note. The last one chosen leads. */
export class Selection {
  readonly changed = new Signal<Selection>();
  #things: readonly Thing[] = [];

  get things(): readonly Thing[] {
    return this.#things;
  }

  /** The ids of the chosen placements. */
  get placements(): readonly string[] {
    return this.#things.filter(({ kind }) => kind === "placement").map(({ id }) => id);
  }

  get note(): string | null {
    return this.#things.find(({ kind }) => kind === "note")?.id ?? null;
  }

  /** The only one that is chosen. */
  get single(): Thing | null {
    return this.#things.length === 1 ? (this.#things[0] as Thing) : null;
  }

  has(kind: Kind, id: string): boolean {
    return this.#things.some((thing) => thing.kind === kind && thing.id === id);
  }

  /** Chooses one thing; with `more`, placements come to those chosen already, or leave them. */
  choose(thing: Thing, more = false): void {
    if (!more || thing.kind === "note" || this.note !== null) this.#set([thing]);
    else if (this.has(thing.kind, thing.id)) this.#set(this.#things.filter(({ id }) => id !== thing.id));
    else this.#set([...this.#things, thing]);
  }

  choosePlacements(ids: readonly string[]): void {
    this.#set(ids.map((id) => ({ kind: "placement", id })));
  }

  clear(): void {
    this.#set([]);
  }

  /** What is no longer in the hall is no longer chosen. */
  follow({ placements, notes }: Hall): void {
    const left = this.#things.filter(({ kind, id }) => (kind === "placement" ? placements : notes)[id]);
    if (left.length < this.#things.length) this.#set(left);
  }

  #set(things: readonly Thing[]): void {
    const same = things.length === this.#things.length && things.every(({ kind, id }) => this.has(kind, id));
    this.#things = things;
    if (!same) this.changed.emit(this);
  }
}
