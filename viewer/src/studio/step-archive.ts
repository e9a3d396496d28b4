import type { Edit } from "../document/schema.ts";
import type { RefusedEdits } from "./edit-queue.ts";
import type { Step } from "./undo.ts";

/**
 * All steps that an editor can undo and do again, kept in the browser's IndexedDB, which has no limit but the disk's.
 *
 * Steps lie there in blocks, so that one more step writes one block and not all of them.
 */

export interface Stacks<Name extends string = string> {
  readonly undo: readonly Step<Name>[];
  readonly redo: readonly Step<Name>[];
}

/** What a page keeps for the one that comes after it. */
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

export interface StepArchive<Name extends string = string> {
  /** Whatever pages have kept under a prefix. */
  all(prefix: string): Promise<readonly UnsavedRecord<Name>[]>;
  /** Keeps a page's record under a key; `before`: the steps that are kept there. All or nothing. */
  write(key: string, record: UnsavedRecord<Name>, before: Stacks<Name>): Promise<void>;
  remove(key: string): Promise<void>;
}

export const BLOCK = 64; // steps
const DATABASE = "longyao-studio";
const RECORDS = "records";
const BLOCKS = "blocks";
const LAST = "\uffff"; // after every key that begins alike

/** Blocks of one stack to be written, or to be removed (null), by their numbers. */
export function changedBlocks<S>(before: readonly S[], after: readonly S[]): Map<number, readonly S[] | null> {
  const changed = new Map<number, readonly S[] | null>();
  for (let at = 0; at < Math.max(before.length, after.length); at += BLOCK) {
    const block = after.slice(at, at + BLOCK);
    const held = before.slice(at, at + BLOCK);
    const same = block.length === held.length && block.every((step, i) => step === held[i]);
    if (!same) changed.set(at / BLOCK, block.length > 0 ? block : null);
  }
  return changed;
}

export class BrowserArchive<Name extends string> implements StepArchive<Name> {
  #opening: Promise<IDBDatabase> | null = null;

  async all(prefix: string): Promise<readonly UnsavedRecord<Name>[]> {
    const transaction = (await this.#database()).transaction([RECORDS, BLOCKS]);
    const range = IDBKeyRange.bound(prefix, prefix + LAST);
    const [records, keys, blocks] = await Promise.all([
      answer<UnsavedRecord<Name>[]>(transaction.objectStore(RECORDS).getAll(range)),
      answer<IDBValidKey[]>(transaction.objectStore(BLOCKS).getAllKeys(range)),
      answer<Step<Name>[][]>(transaction.objectStore(BLOCKS).getAll(range)),
    ]);
    const steps = ({ client }: UnsavedRecord<Name>, stack: keyof Stacks) =>
      blocks.filter((_, i) => String(keys[i]).startsWith(`${prefix}${client}/${stack}/`)).flat();
    return records.map((record) => ({ ...record, undo: steps(record, "undo"), redo: steps(record, "redo") }));
  }

  async write(key: string, { undo, redo, ...record }: UnsavedRecord<Name>, before: Stacks<Name>): Promise<void> {
    const transaction = (await this.#database()).transaction([RECORDS, BLOCKS], "readwrite", { durability: "strict" });
    const done = completed(transaction);
    transaction.objectStore(RECORDS).put(record, key);
    const store = transaction.objectStore(BLOCKS);
    for (const [stack, steps] of Object.entries({ undo, redo }) as [keyof Stacks, readonly Step<Name>[]][])
      for (const [number, block] of changedBlocks(before[stack], steps)) {
        const place = `${key}/${stack}/${String(number).padStart(8, "0")}`;
        if (block) store.put(block, place);
        else store.delete(place);
      }
    await done;
  }

  async remove(key: string): Promise<void> {
    const transaction = (await this.#database()).transaction([RECORDS, BLOCKS], "readwrite");
    const done = completed(transaction);
    transaction.objectStore(RECORDS).delete(key);
    transaction.objectStore(BLOCKS).delete(IDBKeyRange.bound(`${key}/`, `${key}/${LAST}`));
    await done;
  }

  #database(): Promise<IDBDatabase> {
    this.#opening ??= new Promise((resolve, reject) => {
      const opening = indexedDB.open(DATABASE, 1); // throws where the user allows no storage
      opening.onupgradeneeded = () => {
        for (const name of [RECORDS, BLOCKS]) opening.result.createObjectStore(name);
      };
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    return this.#opening;
  }
}

function answer<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error);
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}
