import { Signal } from "../core/signal.ts";
import type { Hall } from "../document/schema.ts";

/** What can be chosen: a placement, a note, or a piece of furniture. */
export type Kind = "placement" | "note" | "furniture";
export interface Thing {
  readonly kind: Kind;
  readonly id: string;
}

/** What the curator has chosen: several placements, several pieces of furniture, or one note. The last one chosen leads. */
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

  /** The ids of the chosen pieces of furniture. */
  get furniture(): readonly string[] {
    return this.#things.filter(({ kind }) => kind === "furniture").map(({ id }) => id);
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

  /** Chooses one thing; with `more`, it comes to those of its kind that are chosen already, or leaves them. */
  choose(thing: Thing, more = false): void {
    const apart = this.#things.some(({ kind }) => kind !== thing.kind);
    if (!more || thing.kind === "note" || apart) this.#set([thing]);
    else if (this.has(thing.kind, thing.id)) this.#set(this.#things.filter(({ id }) => id !== thing.id));
    else this.#set([...this.#things, thing]);
  }

  choosePlacements(ids: readonly string[]): void {
    this.#set(ids.map((id) => ({ kind: "placement", id })));
  }

  chooseFurniture(ids: readonly string[]): void {
    this.#set(ids.map((id) => ({ kind: "furniture", id })));
  }

  clear(): void {
    this.#set([]);
  }

  /** What is no longer in the hall is no longer chosen. */
  follow({ placements, notes, furniture = {} }: Hall): void {
    const maps = { placement: placements, note: notes, furniture };
    const left = this.#things.filter(({ kind, id }) => maps[kind][id]);
    if (left.length < this.#things.length) this.#set(left);
  }

  #set(things: readonly Thing[]): void {
    const same = things.length === this.#things.length && things.every(({ kind, id }) => this.has(kind, id));
    this.#things = things;
    if (!same) this.changed.emit(this);
  }
}
