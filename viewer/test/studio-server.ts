import { withUsedAssets } from "../src/document/assets.ts";
import { apply, canonical, difference } from "../src/document/changes.ts";
import { dangling } from "../src/document/references.ts";
import type { AcceptedEdit, Asset, EditsAnswer, EditsRequest, Hall, RefusedEdit } from "../src/document/schema.ts";
import { changedBlocks, type Stacks, type StepArchive, type UnsavedRecord } from "../src/studio/step-archive.ts";
import type { Step } from "../src/studio/undo.ts";
import type { KeyValueStore } from "../src/studio/unsaved.ts";

/** A hall's draft on a server in memory: applies edits by the rules that the real one keeps (exhibit/halls/api.py). */
export class StudioServer {
  document: Hall;
  version = 1;
  /** From which version on the log tells all edits. */
  oldest = 1;
  readonly log: AcceptedEdit[] = [];
  /** Names of clients, by the last part of their ids. */
  authors: Readonly<Record<string, string>> = {};
  readonly library: ReadonlyMap<string, Asset>;
  /** What this server stores of a value that it is sent, such as sanitised rich text. */
  sanitise = (hall: Hall): Hall => hall;

  constructor(document: Hall, library: Readonly<Record<string, Asset>> = document.assets) {
    this.document = document;
    this.library = new Map(Object.entries(library));
  }

  /** As fetch: the draft, and the edits. */
  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    if (url.endsWith("/draft"))
      return new Response(JSON.stringify(this.document), { headers: { ETag: `"${this.version}"` } });
    const request = JSON.parse(String(init.body)) as EditsRequest;
    if (request.edits.some(({ id }) => !id.startsWith(request.client)))
      return new Response(JSON.stringify({ title: "edits of another client" }), { status: 400 });
    if (request.version < this.oldest || request.version > this.version)
      return new Response(JSON.stringify({ title: "stale" }), { status: 409 });
    return new Response(JSON.stringify(this.answer(request)));
  };

  answer({ client, version, edits }: EditsRequest): EditsAnswer {
    const refused: RefusedEdit[] = [];
    for (const edit of edits) {
      if (this.log.some(({ id }) => id === edit.id)) continue;
      const { document, conflicts } = apply(this.document, edit.changes);
      const broken = conflicts.length > 0 ? "" : brokenRule(document);
      if (conflicts.length > 0 || broken) {
        const message = broken || "Someone else has changed this.";
        refused.push({ id: edit.id, key: "edit_conflict", message, hint: "", conflicts: [...conflicts] });
      } else this.#keep(client, edit.id, edit.name, document);
    }
    const since = this.log.filter((edit) => edit.version > version);
    const assets = since.length > 0 ? this.document.assets : {};
    return { version: this.version, edits: structuredClone(since), assets, refused, present: [] };
  }

  /** A save at the desk. */
  save(next: Hall): void {
    const client = "00000000-0000-4000-8000-000000000000";
    this.#keep(client, `${client}-${this.version}`, "save-draft", next);
  }

  #keep(client: string, id: string, name: string, next: Hall): void {
    const kept = withUsedAssets(this.sanitise(next), this.library);
    const changes = difference(this.document, kept);
    if (changes.length === 0) return;
    this.document = kept;
    this.version += 1;
    const at = "2027-01-15T08:00:00Z";
    const author = this.authors[client.split("-").at(-1) ?? ""];
    const known = author === undefined ? {} : { author };
    this.log.push({ version: this.version, client, id, name, changes: structuredClone(changes), at, ...known });
  }
}

/** What breaks the hall's contract, as exhibit/documents/rules.py has it; empty if nothing does. */
export function brokenRule(hall: Hall): string {
  const { placements, notes, chapters = {}, tours = {} } = hall;
  const orders = {
    placement_order: placements,
    note_order: notes,
    chapter_order: chapters,
    tour_order: tours,
  } as const;
  for (const [name, things] of Object.entries(orders)) {
    const order = [...(hall[name as keyof typeof orders] ?? [])].sort();
    if (canonical(order) !== canonical(Object.keys(things).sort())) return `${name}: must name each exactly once`;
  }
  for (const { stops, stop_order } of Object.values(tours))
    if (stop_order.length === 0 || canonical([...stop_order].sort()) !== canonical(Object.keys(stops).sort()))
      return "stop_order: must name each exactly once";
  const [lost] = dangling(hall);
  if (lost) return `${lost.path.join("/")}: the hall has no ${lost.map} '${lost.id}'`;
  return "";
}

/** A browser's storage. `room`: characters that it takes. */
export class MemoryStore implements KeyValueStore {
  archive = new MemoryArchive();
  readonly #values = new Map<string, string>();
  room = Number.POSITIVE_INFINITY;

  get length(): number {
    return this.#values.size;
  }

  key(n: number): string | null {
    return [...this.#values.keys()][n] ?? null;
  }

  getItem(key: string): string | null {
    return this.#values.get(key) ?? null;
  }

  /** As it was some seconds ago: so a browser finds it that died as a whole. */
  copy(): MemoryStore {
    const copy = new MemoryStore();
    for (const [key, value] of this.#values) copy.#values.set(key, value);
    return copy;
  }

  setItem(key: string, value: string): void {
    const others = [...this.#values].filter(([name]) => name !== key).reduce((sum, [, text]) => sum + text.length, 0);
    if (others + value.length > this.room) throw new DOMException("no room", "QuotaExceededError");
    this.#values.set(key, value);
  }

  removeItem(key: string): void {
    this.#values.delete(key);
  }
}

/** A browser's storage of steps. It keeps copies of what is written, in blocks as the real one does. */
export class MemoryArchive implements StepArchive<never> {
  readonly #records = new Map<string, string>();
  readonly #blocks = new Map<string, string>();
  /** Blocks that were written. */
  writes = 0;
  /** Whether it takes nothing more. */
  full = false;

  async all(prefix: string): Promise<readonly UnsavedRecord<never>[]> {
    return [...this.#records]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, record]) => ({
        ...(JSON.parse(record) as UnsavedRecord<never>),
        undo: this.#steps(key, "undo"),
        redo: this.#steps(key, "redo"),
      }));
  }

  async write(key: string, { undo, redo, ...record }: UnsavedRecord<never>, before: Stacks<never>): Promise<void> {
    await Promise.resolve();
    if (this.full) throw new DOMException("no room", "QuotaExceededError");
    this.#records.set(key, JSON.stringify(record));
    for (const [stack, steps] of Object.entries({ undo, redo }) as [keyof Stacks, readonly Step<never>[]][])
      for (const [number, block] of changedBlocks(before[stack], steps)) {
        this.writes += 1;
        if (block) this.#blocks.set(`${key}/${stack}/${number}`, JSON.stringify(block));
        else this.#blocks.delete(`${key}/${stack}/${number}`);
      }
  }

  async remove(key: string): Promise<void> {
    this.#records.delete(key);
    for (const place of this.#blocks.keys()) if (place.startsWith(`${key}/`)) this.#blocks.delete(place);
  }

  #steps(key: string, stack: keyof Stacks): Step<never>[] {
    const steps: Step<never>[] = [];
    for (let i = 0; ; i++) {
      const block = this.#blocks.get(`${key}/${stack}/${i}`);
      if (block === undefined) return steps;
      steps.push(...(JSON.parse(block) as Step<never>[]));
    }
  }
}
