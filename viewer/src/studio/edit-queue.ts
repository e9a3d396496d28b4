import { withUsedAssets } from "../document/assets.ts";
import { apply, difference, equal, isOrderChange, normal } from "../document/changes.ts";
import { valueAt, written } from "../document/paths.ts";
import type {
  AcceptedEdit,
  Asset,
  Change,
  Conflict,
  Edit,
  EditsAnswer,
  Hall,
  RefusedEdit,
} from "../document/schema.ts";
import { joinedTimeline, mended } from "./mending.ts";
import { type Renaming, renamings, withNewId } from "./renaming.ts";
import { combined } from "./undo.ts";

/**
 * A hall's document as one editor sees it: what the server has (the base), with this editor's edits on top of it that the server
 * has not answered yet. What others do comes below these: they are taken back, the others' are applied, and they are applied again.
 */

interface PendingEdit {
  readonly edit: Edit;
  readonly group?: string;
  /** A sent edit is never changed: the server may have it, even if no answer has come. */
  readonly sent: boolean;
}

/** Own edits that the server has refused, or that fit no more; with those that were built on them. */
export interface RefusedEdits {
  readonly edits: readonly Edit[];
  /** In the user's language; empty where the server was not asked: a conflict. */
  readonly message: string;
  readonly hint: string;
  readonly conflicts: readonly Conflict[];
  /** What this editor had of the things that these edits are about: a part of a document. */
  readonly mine: Partial<Hall>;
}

/** What an answer has brought. */
export interface Settled {
  /** How many own edits are in the base now. */
  readonly accepted: number;
  /** Own changes as they were made, and as they are kept: the server sanitises rich text, the queue mends what fits no more. */
  readonly corrected: readonly { readonly sent: readonly Change[]; readonly kept: readonly Change[] }[];
  readonly foreign: readonly AcceptedEdit[];
  readonly refused: RefusedEdits | null;
  readonly renamings: readonly Renaming[];
  /** Whether the document is another one than before. */
  readonly changed: boolean;
}

const NO_ANSWER: EditsAnswer = { version: 0, edits: [], assets: {}, refused: [], present: [] };

export class EditQueue {
  readonly #client: string;
  readonly #assets = new Map<string, Asset>();
  #base: Hall;
  #version: number;
  #document: Hall;
  #pending: PendingEdit[] = [];
  #number = 0;

  constructor(client: string, base: Hall, version: number) {
    this.#client = client;
    this.#learn(base.assets);
    this.#base = normal(base);
    this.#document = this.#base;
    this.#version = version;
  }

  /** With the edits that are not saved yet. */
  get document(): Hall {
    return this.#document;
  }

  /** Of the base. */
  get version(): number {
    return this.#version;
  }

  get pending(): readonly Edit[] {
    return this.#pending.map(({ edit }) => edit);
  }

  /** Takes in the unsaved edits of a page that is gone, before anything else. */
  adopt(edits: readonly Edit[]): void {
    const known = new Set(this.#pending.map(({ edit }) => edit.id));
    const more = edits.filter(({ id }) => !known.has(id)).map((edit) => ({ edit, sent: true }));
    this.#pending = [...more, ...this.#pending];
  }

  /** Applies changes at once, and queues them. `assets`: of those that they bring. */
  add(name: string, changes: readonly Change[], assets: Hall["assets"], group?: string): void {
    this.#learn(assets);
    const applied = apply(this.#document, changes);
    if (applied.conflicts.length > 0) throw new Error(`${name} does not fit the document that it was made for`);
    this.#document = withUsedAssets(applied.document, this.#assets);
    const last = this.#pending.at(-1);
    if (last && !last.sent && group !== undefined && last.group === group) {
      const edit = { ...last.edit, changes: combined(last.edit.changes, changes) };
      this.#pending.pop();
      if (edit.changes.length > 0) this.#pending.push({ ...last, edit });
    } else
      this.#pending.push({ edit: this.#edit(name, changes), sent: false, ...(group === undefined ? {} : { group }) });
  }

  /**
   * The oldest unsaved edits, to be sent. They stay in the queue until they are settled.
   *
   * Edits of a thing wait until the server has the thing: if its id is taken by someone else's, they would change that one. All
   * are of one client: of this page, or of one that is gone.
   */
  take(most: number): Edit[] {
    const batch: Edit[] = [];
    const added = new Set<string>();
    for (const { edit } of this.#pending.slice(0, most)) {
      if (clientOf(edit) !== clientOf(batch[0] ?? edit)) break;
      if (edit.changes.some((change) => thingsOf(change).some((thing) => added.has(thing)))) break;
      batch.push(edit);
      for (const change of edit.changes)
        if (!isOrderChange(change) && change.from === undefined) added.add(change.path.join("/"));
    }
    this.#pending = this.#pending.map((each, i) => (i < batch.length ? { ...each, sent: true } : each));
    return batch;
  }

  /** Whether there are edits that were sent, and the server alone knows what has become of them. */
  get unsettled(): boolean {
    return this.#pending.some(({ sent }) => sent);
  }

  /** Takes in the answer to a request with these edits; null if the base is not what the server has: see `rebase`. */
  settle(batch: readonly Edit[], answer: EditsAnswer): Settled | null {
    this.#learn(answer.assets);
    let base = this.#base;
    let version = this.#version;
    for (const edit of answer.edits) {
      if (edit.version <= version) continue;
      const applied = apply(base, edit.changes);
      if (applied.conflicts.length > 0 || edit.version !== version + 1) return null;
      base = applied.document;
      version = edit.version;
    }
    if (version !== answer.version) return null;
    this.#base = withUsedAssets(base, this.#assets);
    this.#version = version;
    return this.#rebuilt(batch, answer);
  }

  /** Puts the server's document in the place of the base, which is at least as new as the answer to a request, if there was one. */
  rebase(document: Hall, version: number, batch: readonly Edit[] = [], answer: EditsAnswer = NO_ANSWER): Settled {
    this.#learn(document.assets);
    this.#base = normal(document);
    this.#version = version;
    return this.#rebuilt(batch, answer);
  }

  /** Takes an edit out that the server does not even read; with what was built on it. */
  withdraw(id: string, message: string, hint: string): Settled {
    return this.#rebuilt([], { ...NO_ANSWER, refused: [{ id, key: "", message, hint, conflicts: [] }] });
  }

  /** The base with the edits that are still not saved. */
  #rebuilt(batch: readonly Edit[], answer: EditsAnswer): Settled {
    const mine = this.#document;
    const kept = new Map(answer.edits.map((edit) => [edit.id, edit]));
    const refusals = new Map(answer.refused.map((refused) => [refused.id, refused]));
    const answered = new Set(batch.map(({ id }) => id)); // accepted at an earlier request, or nothing was to do
    const corrected: { sent: readonly Change[]; kept: readonly Change[] }[] = [];
    let accepted = 0;
    const own = new Set(this.#pending.map(({ edit }) => edit.id));
    const found: Renaming[] = [];
    const refused: { edit: Edit; refusal: RefusedEdit | undefined; conflicts: readonly Conflict[] }[] = [];
    let document = this.#base;
    const pending: PendingEdit[] = [];
    let waiting = false; // for what the server alone knows: until then nothing that follows is judged
    for (const each of this.#pending) {
      const known = kept.get(each.edit.id);
      const refusal = refusals.get(each.edit.id);
      if (known) {
        accepted += 1;
        corrected.push({ sent: each.edit.changes, kept: known.changes });
      }
      if (known || (answered.has(each.edit.id) && !refusal)) continue;
      let next = found.length > 0 ? this.#renamed(each, found) : each;
      const joined = next.sent && !refusal ? null : joinedTimeline(document, next.edit.changes);
      if (joined) {
        corrected.push({ sent: next.edit.changes, kept: joined });
        next = { ...next, edit: this.#edit(next.edit.name, joined), sent: false };
      }
      let applied = apply(document, next.edit.changes);
      waiting ||= next.sent && !refusal && applied.conflicts.length > 0;
      if (waiting) {
        document = applied.document;
        pending.push(next);
        continue;
      }
      const collisions = renamings(document, next.edit.changes, applied.conflicts);
      if (collisions) {
        found.push(...collisions);
        next = this.#renamed(next, collisions);
        applied = apply(document, next.edit.changes);
      }
      const changes = next.sent && !refusal ? null : mended(document, next.edit.changes, applied);
      if (changes) {
        corrected.push({ sent: next.edit.changes, kept: changes });
        if (changes.length === 0) continue;
        next = { ...next, edit: this.#edit(next.edit.name, changes), sent: false };
        applied = apply(document, changes);
      }
      if (applied.conflicts.length === 0 && (!refusal || joined || collisions || changes)) {
        document = applied.document;
        pending.push(next);
      } else refused.push({ edit: next.edit, refusal, conflicts: applied.conflicts });
    }
    this.#pending = pending;
    const next = withUsedAssets(document, this.#assets);
    const changed = difference(mine, next).length > 0 || next.assets !== mine.assets;
    this.#document = changed ? next : mine;
    const foreign = answer.edits.filter(({ id }) => !own.has(id));
    return { accepted, corrected, foreign, refused: refusalOf(refused, mine), renamings: found, changed };
  }

  /** As another edit, because the server may know the first one by its id. */
  #renamed(each: PendingEdit, found: readonly Renaming[]): PendingEdit {
    const { edit, group } = each;
    const changes = found.reduce<readonly Change[]>(withNewId, edit.changes);
    if (equal(changes, edit.changes)) return each;
    return { edit: this.#edit(edit.name, changes), sent: false, ...(group === undefined ? {} : { group }) };
  }

  #edit(name: string, changes: readonly Change[]): Edit {
    this.#number += 1;
    return { id: `${this.#client}-${this.#number}`, name, changes: [...changes] };
  }

  #learn(assets: Hall["assets"]): void {
    for (const [id, asset] of Object.entries(assets)) this.#assets.set(id, asset);
  }
}

/** The things that a change is about, and what they are in: all beginnings of its path. */
function thingsOf(change: Change): string[] {
  const path = isOrderChange(change) ? [...change.order, change.id] : change.path;
  return path.map((_, i) => path.slice(0, i + 1).join("/"));
}

function refusalOf(
  refused: readonly { edit: Edit; refusal: RefusedEdit | undefined; conflicts: readonly Conflict[] }[],
  document: Hall,
): RefusedEdits | null {
  if (refused.length === 0) return null;
  const words = refused.find(({ refusal }) => refusal)?.refusal;
  const edits = refused.map(({ edit }) => edit);
  const conflicts = refused.flatMap((each) => each.conflicts);
  return { edits, message: words?.message ?? "", hint: words?.hint ?? "", conflicts, mine: excerpt(document, edits) };
}

/** What a document has of the things that edits are about, and its orders. */
function excerpt(document: Hall, edits: readonly Edit[]): Partial<Hall> {
  const { placement_order, note_order, chapter_order = [], tour_order = [] } = document;
  let part: Partial<Hall> = { placement_order, note_order, chapter_order, tour_order };
  for (const change of edits.flatMap(({ changes }) => changes)) {
    if (isOrderChange(change)) continue;
    const thing = change.path.slice(0, change.path[0] === "timeline" ? 3 : 2);
    const value = valueAt(document, thing);
    if (value !== undefined) part = written(part, thing, value);
  }
  return part;
}

/** The client that an edit's id begins with. */
export function clientOf({ id }: Edit): string {
  return id.slice(0, id.lastIndexOf("-"));
}
