import { Signal } from "../core/signal.ts";
import { difference, equal } from "../document/changes.ts";
import type { CommandName } from "../document/commands/names.ts";
import type { Change, Conflict, Edit, EditsAnswer, Hall, PresentEditor } from "../document/schema.ts";
import { type Clock, orAborted } from "./clock.ts";
import { forced } from "./conflicts.ts";
import { clientOf, EditQueue, type RefusedEdits, type Settled } from "./edit-queue.ts";
import { EditsApi, Refused } from "./edits-api.ts";
import { LastAuthors } from "./last-authors.ts";
import { OpenPages } from "./open-pages.ts";
import { type Renaming, withNewId } from "./renaming.ts";
import { type SessionOptions, withBrowser } from "./session-options.ts";
import { UndoStacks } from "./undo.ts";
import { type Kept, UnsavedRecords } from "./unsaved.ts";

/** saved: the server has everything. saving: it will soon. offline: it cannot be reached; the edits are kept in this browser. */
export type Status = "saved" | "saving" | "offline";

/** Why the server takes nothing: signed out, no permission, hall deleted, a failure of its own. In the user's language. */
export interface Problem {
  readonly status: number;
  readonly message: string;
  readonly hint: string;
}

/** Own edits that were not taken. The document is without them; `resolve(true)` makes them all the same, as a new edit. */
export interface Refusal {
  readonly name: CommandName;
  readonly edits: readonly Edit[];
  /** The server's words; empty where someone else's edit has come between. */
  readonly message: string;
  readonly hint: string;
  /** What does not fit: what this editor wanted, and what is there. */
  readonly conflicts: readonly Conflict[];
  /** Whose edit came between, of each conflict; empty where it is not known. */
  readonly authors: readonly string[];
  /** What this editor had of the things that these edits are about. */
  readonly mine: Partial<Hall>;
  /** `keepMine`: all of one's own side, nothing of it, or some of the changes. */
  resolve(keepMine: boolean | ((change: Change) => boolean)): void;
}

const SEND_AFTER_MS = 250; // so that edits of one movement go together
const POLL_MS = 1500;
const KEEP_AFTER_MS = 400;
const ARCHIVE_MS = 1000; // at most so long edits wait until the browser has kept them
const GIVE_UP_MS = 20_000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;
const MOST_OPENING_FAILURES = 6; // one after the other
const MOST_EDITS = 200;

/**
 * A curator's editing of one hall: own edits show at once and are saved in the background, the others' come in between.
 *
 * Nothing is lost: edits stay in the queue until the server has answered them, and in the browser's storage until then. An edit
 * whose answer was lost is sent again under its own id, so it is made once.
 */
export class EditSession {
  /** The document is another one: after every edit of one's own or of another, undone or done again. */
  readonly changed = new Signal<Hall>();
  readonly statusChanged = new Signal<void>();
  /** What this editor has just changed. */
  readonly edited = new Signal<readonly Change[]>();
  /** One more of the `refusals`. */
  readonly refused = new Signal<Refusal>();
  /** A new thing has got another id, because someone else's had the first one. */
  readonly renamed = new Signal<Renaming>();
  readonly presentChanged = new Signal<readonly PresentEditor[]>();

  readonly #api: EditsApi;
  readonly #queue: EditQueue;
  readonly #pages: OpenPages;
  readonly #steps = new UndoStacks<CommandName>();
  readonly #records: UnsavedRecords<CommandName>;
  readonly #clock: Clock;
  readonly #client: string;
  readonly #clients: Set<string>; // this page, and those whose edits it has taken over
  #since: number;
  readonly #authors = new LastAuthors();
  #refusals: readonly (Refusal & RefusedEdits)[] = [];
  #chosen: string[] | null = null;
  #present: readonly PresentEditor[] = [];
  #problem: Problem | null = null;
  #reached = true;
  #failure: unknown = null;
  #failures = 0;
  #most = MOST_EDITS;
  #asking: AbortController | null = null;
  #visible = true;
  #opening = false;
  #closed = false;
  #cancelSend: (() => void) | null = null;
  #sendAt = Number.POSITIVE_INFINITY;
  #cancelKeep: (() => void) | null = null;
  #names: { readonly document: Hall; readonly undo: CommandName | null; readonly redo: CommandName | null } | null =
    null;

  /** Opens a hall's draft, with what a page that was closed or killed has left unsaved. Rejects as EditsApi.draft. */
  static async open(options: SessionOptions): Promise<EditSession> {
    const { url, token, owner, store, archive, fetch, channel, clock, uuid } = withBrowser(options);
    const api = new EditsApi(url, token, fetch);
    const client = uuid();
    const { document, version } = await api.draft(new AbortController().signal);
    const session: EditSession = new EditSession(
      api,
      new EditQueue(client, document, version),
      new UnsavedRecords(store, archive, owner, () => session.statusChanged.emit()),
      new OpenPages(channel(`longyao-studio/${owner}`), clock, client),
      clock,
      client,
    );
    await session.#adoptUnsaved();
    session.#plan(POLL_MS);
    return session;
  }

  private constructor(
    api: EditsApi,
    queue: EditQueue,
    records: UnsavedRecords<CommandName>,
    pages: OpenPages,
    clock: Clock,
    client: string,
  ) {
    this.#api = api;
    this.#queue = queue;
    this.#since = queue.version;
    this.#records = records;
    this.#clock = clock;
    this.#client = client;
    this.#clients = new Set([client]);
    this.#pages = pages;
  }

  get document(): Hall {
    return this.#queue.document;
  }

  /** Of the draft on the server, without the edits that are not saved. */
  get version(): number {
    return this.#queue.version;
  }

  /** Names this page among the editors. */
  get client(): string {
    return this.#client;
  }

  get status(): Status {
    if (!this.#reached) return "offline";
    return this.#queue.pending.length > 0 ? "saving" : "saved";
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** What this browser keeps for the next page. */
  get kept(): Kept {
    return this.#records.kept;
  }

  /** Own edits that were not taken, and of which the editor has not decided yet; also those of before a reload. */
  get refusals(): readonly Refusal[] {
    return this.#refusals;
  }

  /** The others in the studio now. */
  get present(): readonly PresentEditor[] {
    return this.#present;
  }

  /** Makes the next document the current one. Edits of one group (a drag; typing in one field) are one step of undo. */
  edit(name: CommandName, next: Hall, group?: string): void {
    const changes = difference(this.document, next);
    if (changes.length === 0) return;
    this.#queue.add(name, changes, next.assets, group);
    this.#steps.record({ name, changes, ...(group === undefined ? {} : { group }) });
    this.#edited(changes);
  }

  undo(): void {
    const step = this.#steps.undo(this.document);
    if (step) this.#queue.add(`undo-${step.name}`, step.changes, {});
    this.#edited(step?.changes);
  }

  redo(): void {
    const step = this.#steps.redo(this.document);
    if (step) this.#queue.add(`redo-${step.name}`, step.changes, {});
    this.#edited(step?.changes);
  }

  /** The name of what `undo` would take back; null if there is nothing. */
  get undoName(): CommandName | null {
    return this.#stepNames().undo;
  }

  get redoName(): CommandName | null {
    return this.#stepNames().redo;
  }

  /** Tells the others which thing is chosen here: its path, such as ["placements", "vase"]. */
  choose(path: readonly string[] | null): void {
    if (equal(path, this.#chosen)) return;
    this.#chosen = path && [...path];
    this.#plan(SEND_AFTER_MS);
  }

  /** Tries at once: the network is back, the user has signed in again, or wants to know. */
  retry(): void {
    this.#failures = 0;
    this.#plan(0);
  }

  /** Whether the page is seen. A page that is not seen saves what it has and then asks no more. */
  show(visible: boolean): void {
    this.#visible = visible;
    if (!visible) this.#keep();
    this.#plan(0);
  }

  /** Keeps what is not saved, for the next page, and sends it without waiting for the answer. */
  close(): void {
    if (this.#closed) return;
    this.#end();
    this.#keep();
    const edits = this.#queue.take(this.#most);
    const request = { client: edits[0] ? clientOf(edits[0]) : this.#client, version: this.#since, edits };
    if (edits.length > 0) this.#api.exchange(request, new AbortController().signal).catch(() => {}); // the next page asks again
    const { changed, edited, statusChanged, refused, renamed, presentChanged } = this;
    for (const signal of [changed, edited, statusChanged, refused, renamed, presentChanged]) signal.clear();
  }

  #end(): void {
    this.#closed = true;
    this.#cancelSend?.();
    this.#cancelKeep?.();
    this.#pages.close();
  }

  #edited(changes: readonly Change[] = []): void {
    if (this.#failures === 0) this.#plan(SEND_AFTER_MS);
    this.#keepSoon();
    this.changed.emit(this.document);
    if (changes.length > 0) this.edited.emit(changes);
    this.statusChanged.emit();
  }

  #stepNames() {
    const document = this.document;
    if (this.#names?.document !== document)
      this.#names = { document, undo: this.#steps.undoName(document), redo: this.#steps.redoName(document) };
    return this.#names;
  }

  /** Asks the server in some ms, or earlier if that was planned already. */
  #plan(ms: number): void {
    const at = this.#clock.now() + ms;
    if (this.#opening || this.#closed || at >= this.#sendAt) return;
    this.#cancelSend?.();
    this.#sendAt = at;
    this.#cancelSend = this.#clock.after(ms, () => {
      this.#sendAt = Number.POSITIVE_INFINITY;
      if (this.#asking) return; // the answer plans the next one
      void this.#exchange();
    });
  }

  /**
   * Takes over what pages that are gone have left unsaved. What has become of these edits only the server knows: they may have come
   * to it before the page was gone. So it is asked from their version on, before anything else happens.
   */
  async #adoptUnsaved(): Promise<void> {
    const records = await this.#records.all();
    const open = await this.#pages.among(records.filter(({ closed }) => !closed).map(({ client }) => client));
    const left = records.filter(({ client }) => !open.has(client));
    if (left.length === 0) return;
    this.#opening = true;
    for (const { client, pending, refused, undo, redo, version } of left) {
      this.#clients.add(client);
      this.#since = Math.min(this.#since, version);
      this.#queue.adopt(pending);
      for (const edit of pending) this.#clients.add(clientOf(edit));
      this.#refusals = [...this.#refusals, ...refused.map((each) => this.#refusal(each))];
      this.#steps.adopt(undo, redo);
    }
    do {
      await this.#exchange();
      if (this.#failure) await new Promise<void>((resolve) => this.#clock.after(FIRST_RETRY_MS, resolve));
    } while ((this.#failure || this.#queue.unsettled) && this.#failures < MOST_OPENING_FAILURES);
    this.#opening = false;
    if (this.#failure) this.#end(); // the next page goes on from here
    this.#keep();
    await this.#records.settled(); // not before all is here, what is there goes
    await Promise.all(left.map(({ client }) => this.#records.remove(client)));
    if (this.#records.kept !== "all") this.#keep(); // there was no room for both
    if (this.#failure) throw this.#failure;
  }

  /** One request and its answer. Never rejects. */
  async #exchange(): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    const cancel = this.#clock.after(GIVE_UP_MS, () => asking.abort());
    const batch = this.#queue.take(this.#most);
    try {
      if (batch.length > 0) await this.#keepFirst();
      if (this.#closed) return;
      const chosen = this.#chosen ? { chosen: this.#chosen } : {};
      const client = batch[0] ? clientOf(batch[0]) : this.#client;
      const request = { client, version: this.#since, edits: batch, ...chosen };
      const answer = await orAborted(this.#api.exchange(request, asking.signal), asking.signal).catch(nullIfStale);
      const settled = answer && this.#queue.settle(batch, answer);
      const known = settled ?? (await this.#reload(asking.signal, answer ? batch : [], answer ?? undefined));
      if (!this.#closed) this.#answered(known, answer?.present);
    } catch (error) {
      if (this.#closed) return;
      this.#failed(error, batch);
    } finally {
      cancel();
      this.#asking = null;
      this.statusChanged.emit();
      this.#planNext();
    }
  }

  /** The server's document, where its edits do not lead to it from what this page has. */
  async #reload(signal: AbortSignal, batch: readonly Edit[], answer: EditsAnswer | undefined): Promise<Settled> {
    const { document, version } = await orAborted(this.#api.draft(signal), signal);
    return this.#queue.rebase(document, version, batch, answer);
  }

  #answered(settled: Settled, editors: readonly PresentEditor[] | undefined): void {
    this.#reached = true;
    this.#problem = null;
    this.#failure = null;
    this.#failures = 0;
    this.#since = this.#queue.version;
    this.#most = Math.min(2 * this.#most, MOST_EDITS);
    this.#take(settled);
    const present = editors?.filter(({ client }) => !this.#clients.has(client)) ?? this.#present;
    if (equal(present, this.#present)) return;
    this.#present = present;
    this.presentChanged.emit(present);
  }

  #take(settled: Settled): void {
    for (const { sent, kept } of settled.corrected) this.#steps.correct(sent, kept);
    for (const edit of settled.foreign) {
      this.#steps.forgetMoves(edit.changes);
      this.#authors.learn(edit);
    }
    for (const renaming of settled.renamings) {
      this.#steps.rewrite((changes) => withNewId(changes, renaming));
      this.renamed.emit(renaming);
    }
    if (settled.accepted + settled.foreign.length > 0 || settled.refused || settled.changed) this.#keepSoon();
    this.#names = null;
    if (settled.changed) this.changed.emit(this.document);
    if (settled.refused) {
      const refusal = this.#refusal(settled.refused);
      this.#refusals = [...this.#refusals, refusal];
      this.refused.emit(refusal);
    }
  }

  #refusal(refused: RefusedEdits): Refusal & RefusedEdits {
    const name = refused.edits[0]?.name.replace(/^(undo|redo)-/, "") as CommandName;
    const refusal = {
      authors: refused.conflicts.map(({ change }) => this.#authors.of(change)),
      ...refused, // of before a reload with the authors that were known then
      name,
      resolve: (keepMine: boolean | ((change: Change) => boolean)) => {
        if (!this.#refusals.includes(refusal)) return; // that is decided
        this.#refusals = this.#refusals.filter((each) => each !== refusal);
        const kept = typeof keepMine === "boolean" ? () => keepMine : keepMine;
        const edits = refused.edits.map((edit) => ({ ...edit, changes: edit.changes.filter(kept) }));
        if (edits.some(({ changes }) => changes.length > 0))
          this.edit(name, forced(this.document, edits, refused.mine));
        this.#keepSoon();
      },
    };
    return refusal;
  }

  #failed(error: unknown, batch: readonly Edit[]): void {
    this.#failure = error;
    this.#failures += 1;
    if (!(error instanceof Refused)) {
      this.#reached = false;
      return;
    }
    const { status, message, hint } = error;
    this.#reached = true;
    this.#problem = { status, message, hint };
    const unread = error.isUnread;
    if (unread && batch.length === 1) {
      this.#problem = null;
      this.#failure = null;
      this.#failures = 0;
      this.#take(this.#queue.withdraw((batch[0] as Edit).id, message, hint));
    } else if (unread || status >= 500) this.#most = Math.max(1, Math.floor(batch.length / 2));
  }

  #planNext(): void {
    const waiting = this.#queue.pending.length > 0;
    if (this.#failures > 0) {
      const wait = Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LAST_RETRY_MS);
      this.#plan(wait);
    } else if (waiting) this.#plan(SEND_AFTER_MS);
    else if (this.#visible) this.#plan(POLL_MS);
  }

  /**
   * The server gets nothing that this browser has not kept: a step that is made, but of which the next page knows nothing, would
   * stand in the way of undoing all that is below it.
   */
  async #keepFirst(): Promise<void> {
    this.#keep();
    const late = new Promise<void>((resolve) => this.#clock.after(ARCHIVE_MS, resolve));
    await Promise.race([this.#records.settled(), late]);
  }

  #keepSoon(): void {
    this.#cancelKeep ??= this.#clock.after(KEEP_AFTER_MS, () => this.#keep());
  }

  #keep(): void {
    if (this.#opening) return; // what the pages that are gone have kept is still there
    this.#cancelKeep?.();
    this.#cancelKeep = null;
    const { undoSteps: undo, redoSteps: redo } = this.#steps;
    const pending = this.#queue.pending;
    const refused = this.#refusals.map(({ name: _name, resolve: _resolve, ...each }) => each);
    if (pending.length + refused.length + undo.length + redo.length === 0) {
      this.#records.clear(this.#client);
      return;
    }
    this.#records.write({
      client: this.#client,
      version: this.#since,
      pending,
      refused,
      undo,
      redo,
      at: this.#clock.now(),
      closed: this.#closed,
    });
  }
}

/** The server's log does not reach back to what this page has; none of its edits has been made. */
function nullIfStale(error: unknown): null {
  if (error instanceof Refused && error.isStale) return null;
  throw error;
}
