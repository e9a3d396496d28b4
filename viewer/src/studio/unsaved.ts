import type { Edit } from "../document/schema.ts";
import type { RefusedEdits } from "./edit-queue.ts";
import type { Step } from "./undo.ts";

/**
 * What an editor has not saved yet, and the steps that it can undo, kept in the browser: a reload or a killed tab loses nothing.
 *
 * In localStorage, not in IndexedDB: a write there is done when it returns, also in a page that is just being closed, and it
 * needs no library. A record takes some 100 kB of the 5 MB. If there is no room, the steps that can be undone go first, never
 * the edits. Each page has a record of its own, so that two tabs do not write over one another.
 */

export type KeyValueStore = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

export interface UnsavedRecord<Name extends string = string> {
  readonly client: string;
  /** Of the draft that the edits build on. */
  readonly version: number;
  readonly pending: readonly Edit[];
  /** Refused edits of which the editor has not decided yet. */
  readonly refused: readonly RefusedEdits[];
  readonly undo: readonly Step<Name>[];
  readonly redo: readonly Step<Name>[];
  /** When it was written, ms since 1970. */
  readonly at: number;
  /** Whether its page was closed in order. */
  readonly closed: boolean;
}

export class UnsavedRecords<Name extends string> {
  readonly #store: KeyValueStore;
  readonly #prefix: string;

  /** `owner`: whose edits of which hall, such as "7/kiln": nobody's edits are sent in another one's name. */
  constructor(store: KeyValueStore, owner: string) {
    this.#store = store;
    this.#prefix = `longyao-studio/${owner}/`;
  }

  /** Says what was kept: without room for all, the edits alone; nothing where the user allows no storage. */
  write(record: UnsavedRecord<Name>): "all" | "edits" | "nothing" {
    const write = (part: Partial<UnsavedRecord<Name>>) =>
      this.#store.setItem(this.#prefix + record.client, JSON.stringify({ ...record, ...part }));
    try {
      write({});
      return "all";
    } catch {
      try {
        write({ undo: [], redo: [] });
        return "edits";
      } catch {
        return "nothing";
      }
    }
  }

  remove(client: string): void {
    this.#store.removeItem(this.#prefix + client);
  }

  /** The records of all pages, the latest first. */
  all(): UnsavedRecord<Name>[] {
    const records: UnsavedRecord<Name>[] = [];
    for (let i = 0; i < this.#store.length; i++) {
      const key = this.#store.key(i);
      if (!key?.startsWith(this.#prefix)) continue;
      const record = readRecord<Name>(this.#store.getItem(key));
      if (record) records.push(record);
    }
    return records.sort((a, b) => b.at - a.at);
  }
}

/** null for what is no record, such as one of an older studio. */
function readRecord<Name extends string>(text: string | null): UnsavedRecord<Name> | null {
  try {
    const record = JSON.parse(text ?? "null") as Partial<UnsavedRecord<Name>> | null;
    const lists = [record?.pending, record?.refused, record?.undo, record?.redo];
    const whole = lists.every(Array.isArray) && typeof record?.client === "string" && Number.isInteger(record.version);
    return whole && typeof record?.at === "number" ? (record as UnsavedRecord<Name>) : null;
  } catch {
    return null;
  }
}
