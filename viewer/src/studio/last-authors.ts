import { isOrderChange } from "../document/changes.ts";
import type { AcceptedEdit, Change } from "../document/schema.ts";

const MOST = 2000;

/** Who of the others has last changed what, so that a conflict can say a name. */
export class LastAuthors {
  readonly #names = new Map<string, string>();

  learn({ changes, author = "" }: AcceptedEdit): void {
    for (const change of changes) {
      const key = keyOf(change);
      this.#names.delete(key); // the latest comes last
      this.#names.set(key, author);
    }
    for (const key of this.#names.keys()) {
      if (this.#names.size <= MOST) return;
      this.#names.delete(key);
    }
  }

  /** Of the same value, of what it is in, or of a part of it; empty where nobody is known. */
  of(change: Change): string {
    const key = keyOf(change);
    const own = this.#names.get(key);
    if (own !== undefined) return own;
    const near = [...this.#names].reverse();
    return near.find(([other]) => key.startsWith(`${other}/`) || other.startsWith(`${key}/`))?.[1] ?? "";
  }
}

function keyOf(change: Change): string {
  return (isOrderChange(change) ? [...change.order, change.id] : change.path).join("/");
}
