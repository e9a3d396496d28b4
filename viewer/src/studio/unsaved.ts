import type { Stacks, StepArchive, UnsavedRecord } from "./step-archive.ts";
import { withStopIds } from "./stops-by-ids.ts";

/**
 * What an editor has not saved yet, and the steps that can be undone, kept in the browser: a reload or a killed tab loses nothing.
 *
 * Twice. In localStorage, because a write there is done when it returns, also in a page that is just being closed; but it holds
 * 5 MB. And in the archive (IndexedDB), which holds all steps. So localStorage has only those that the archive has not yet: a
 * record there says the whole truth together with what the archive had when it was written. It is written first, and the
 * archive keeps what came before it, so it stays true whenever the page dies. Where a whole browser dies, localStorage can be
 * seconds old; then the archive's own record is the later one. Each page has records of its own, so that two tabs do not write
 * over one another.
 */

export type KeyValueStore = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** What is kept. Without room for all: "recent", all that is not saved and the latest steps; "edits", no steps; "nothing". */
export type Kept = "all" | "recent" | "edits" | "nothing";

/** In localStorage: its steps come after so many of the archive's. */
interface StoredRecord<Name extends string> extends UnsavedRecord<Name> {
  readonly archived?: { readonly undo: number; readonly redo: number };
}

const NONE: Stacks<never> = { undo: [], redo: [] };

export class UnsavedRecords<Name extends string> {
  readonly #store: KeyValueStore;
  readonly #archive: StepArchive<Name>;
  readonly #prefix: string;
  readonly #keptChanged: () => void;
  #kept: Kept = "all";
  #archived: Stacks<Name> = NONE; // what the archive has of this page's steps
  #next: UnsavedRecord<Name> | "nothing" | null = null; // to be archived
  #archiving: Promise<void> | null = null;

  /** `owner`: whose edits of which hall, such as "7/kiln": nobody's edits are sent in another one's name. */
  constructor(store: KeyValueStore, archive: StepArchive<Name>, owner: string, keptChanged: () => void = () => {}) {
    this.#store = store;
    this.#archive = archive;
    this.#prefix = `longyao-studio/${owner}/`;
    this.#keptChanged = keptChanged;
  }

  get kept(): Kept {
    return this.#kept;
  }

  /** Keeps this page's record: at once as far as there is room, and soon in the archive. */
  write(record: UnsavedRecord<Name>): void {
    this.#say(this.#writeStore(record));
    this.#archiveSoon(record.client, record);
  }

  /** This page has nothing to keep. */
  clear(client: string): void {
    this.#store.removeItem(this.#prefix + client);
    this.#say("all");
    this.#archiveSoon(client, "nothing");
  }

  /** Resolves when the archive has what was written, or has failed. */
  async settled(): Promise<void> {
    await this.#archiving;
  }

  /** Forgets another page's record. */
  async remove(client: string): Promise<void> {
    this.#store.removeItem(this.#prefix + client);
    await this.#archive.remove(this.#prefix + client).catch(() => {}); // it can only be adopted once more, which does no harm
  }

  /** The records of all pages, the latest first. */
  async all(): Promise<UnsavedRecord<Name>[]> {
    const archived = await this.#archive.all(this.#prefix).catch(() => []);
    const found = new Map(archived.map((record) => [record.client, record]));
    for (let i = 0; i < this.#store.length; i++) {
      const key = this.#store.key(i);
      const stored = key?.startsWith(this.#prefix) ? readRecord<Name>(this.#store.getItem(key)) : null;
      const other = stored && found.get(stored.client);
      if (stored && (!other || stored.at > other.at)) found.set(stored.client, completed(stored, other ?? NONE));
    }
    return [...found.values()]
      .map((record) => ({ ...record, pending: withStopIds(record.pending) }))
      .sort((a, b) => b.at - a.at);
  }

  #writeStore(record: UnsavedRecord<Name>): Kept {
    const { undo, redo } = this.#archived;
    const archived = { undo: alike(undo, record.undo), redo: alike(redo, record.redo) };
    const steps = { undo: record.undo.slice(archived.undo), redo: record.redo.slice(archived.redo) };
    const write = (part: Partial<StoredRecord<Name>>) => {
      try {
        this.#store.setItem(this.#prefix + record.client, JSON.stringify({ ...record, archived, ...part }));
        return true;
      } catch {
        return false; // no room
      }
    };
    if (write(steps)) return "all";
    for (let most = Math.max(steps.undo.length, steps.redo.length) >> 1; most > 0; most >>= 1)
      if (write({ undo: steps.undo.slice(-most), redo: steps.redo.slice(-most) })) return "recent";
    return write({ undo: [], redo: [] }) ? "edits" : "nothing";
  }

  #archiveSoon(client: string, next: UnsavedRecord<Name> | "nothing"): void {
    this.#next = next;
    this.#archiving ??= this.#archiveAll(this.#prefix + client).finally(() => {
      this.#archiving = null;
    });
  }

  /** One write after the other; what has become old meanwhile is skipped. Never rejects. */
  async #archiveAll(key: string): Promise<void> {
    while (this.#next) {
      const next = this.#next;
      this.#next = null;
      try {
        if (next === "nothing") await this.#archive.remove(key);
        else await this.#archive.write(key, next, this.#archived);
        this.#archived = next === "nothing" ? NONE : next;
        if (!this.#next) this.#say("all");
      } catch {
        // what localStorage has taken is what is kept
      }
    }
  }

  #say(kept: Kept): void {
    if (kept === this.#kept) return;
    this.#kept = kept;
    this.#keptChanged();
  }
}

/** How many steps two stacks begin with together. */
function alike<S>(a: readonly S[], b: readonly S[]): number {
  const other = a.findIndex((step, i) => step !== b[i]);
  return other < 0 ? a.length : other;
}

function completed<Name extends string>(
  { archived, ...record }: StoredRecord<Name>,
  { undo, redo }: Stacks<Name>,
): UnsavedRecord<Name> {
  if (!archived) return record;
  return {
    ...record,
    undo: [...undo.slice(0, archived.undo), ...record.undo],
    redo: [...redo.slice(0, archived.redo), ...record.redo],
  };
}

/** null for what is no record, such as one of an older studio. */
function readRecord<Name extends string>(text: string | null): StoredRecord<Name> | null {
  try {
    const record = JSON.parse(text ?? "null") as Partial<StoredRecord<Name>> | null;
    const lists = [record?.pending, record?.refused, record?.undo, record?.redo];
    const whole = lists.every(Array.isArray) && typeof record?.client === "string" && Number.isInteger(record.version);
    return whole && typeof record?.at === "number" ? (record as StoredRecord<Name>) : null;
  } catch {
    return null;
  }
}
