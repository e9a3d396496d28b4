import { Signal } from "../core/signal.ts";
import { valueAt } from "../document/paths.ts";
import type { Hall } from "../document/schema.ts";

/** What can be chosen, and in which map of the document it is. The timeline is no map's: its id is its key. */
export const MAPS = {
  placement: ["placements"],
  note: ["notes"],
  furniture: ["furniture"],
  door: ["doors"],
  chapter: ["chapters"],
  milestone: ["timeline", "milestones"],
  timeline: [],
  source: ["sources"],
} as const satisfies Record<string, readonly string[]>;

export type Kind = keyof typeof MAPS;
export interface Thing {
  readonly kind: Kind;
  readonly id: string;
}

/** The kind of the things of a map; null if they cannot be chosen. */
export function kindOf(map: readonly string[]): Kind | null {
  const found = Object.entries(MAPS).find(([, path]) => path.length > 0 && path.join("/") === map.join("/"));
  return (found?.[0] as Kind | undefined) ?? null;
}

/** Where a thing is in the document. */
export function pathOf({ kind, id }: Thing): string[] {
  return [...MAPS[kind], id];
}

/** Kinds of which several can be chosen at once. */
const SEVERAL: readonly Kind[] = ["placement", "furniture"];

/**
 * What the curator has chosen: several placements, several pieces of furniture, or one other thing. The last one chosen leads. Placements of
 * one group are chosen together; one of them alone by choosing it once more.
 */
export class Selection {
  readonly changed = new Signal<Selection>();
  readonly #together: (ids: readonly string[]) => readonly string[];
  #things: readonly Thing[] = [];

  /** `together`: placements with all that are in their groups. */
  constructor(together: (ids: readonly string[]) => readonly string[] = (ids) => ids) {
    this.#together = together;
  }

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
    const group = thing.kind === "placement" ? this.#together([thing.id]) : [thing.id];
    const all = [...group.filter((id) => id !== thing.id), thing.id].map((id) => ({ ...thing, id }));
    const others = this.#things.filter(({ id }) => !group.includes(id));
    const apart = this.#things.some(({ kind }) => kind !== thing.kind);
    if (!more || !SEVERAL.includes(thing.kind) || apart) {
      const isWhole = group.length > 1 && others.length === 0 && group.every((id) => this.has("placement", id));
      this.#set(isWhole ? [thing] : all);
    } else this.#set(this.has(thing.kind, thing.id) ? others : [...others, ...all]);
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
  follow(hall: Hall): void {
    const left = this.#things.filter((thing) => valueAt(hall, pathOf(thing)) !== undefined);
    if (left.length < this.#things.length) this.#set(left);
  }

  #set(things: readonly Thing[]): void {
    const same = things.length === this.#things.length && things.every(({ kind, id }) => this.has(kind, id));
    this.#things = things;
    if (!same) this.changed.emit(this);
  }
}
