import { Signal } from "../../core/signal.ts";
import type { HallTitles } from "../../document/doors.ts";
import type { Text } from "../../document/schema.ts";

/** A hall at the desk, to which a door can lead. */
export interface OtherHall {
  readonly slug: string;
  readonly title: Text;
  /** SHA-256 of its picture. */
  readonly picture: string;
  readonly published: boolean;
}

/** The halls at the desk: fetched once, when they are first needed. */
export class HallList {
  readonly changed = new Signal<void>();
  /** null: not known yet. */
  halls: readonly OtherHall[] | null = null;
  /** They could not be fetched. */
  failed = false;
  readonly #root: string;
  #asked = false;

  constructor(root: string) {
    this.#root = root;
  }

  /** The titles of the halls that visitors can go to. */
  get titles(): HallTitles {
    return (
      this.halls && new Map(this.halls.filter(({ published }) => published).map(({ slug, title }) => [slug, title]))
    );
  }

  /** Fetches them if nobody has yet, or if that failed. Never rejects. */
  async load(): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    this.failed = false;
    try {
      const answer = await fetch(`${this.#root}api/drafts`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      this.halls = ((await answer.json()) as { halls: OtherHall[] }).halls;
    } catch {
      this.#asked = false;
      this.failed = true;
    }
    this.changed.emit();
  }
}
