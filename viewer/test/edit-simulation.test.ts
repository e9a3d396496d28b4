import { describe, expect, it } from "vitest";
import { apply, applyOne, canonical, difference, isOrderChange, normal } from "../src/document/changes.ts";
import { addSource } from "../src/document/commands/story.ts";
import type { EditsRequest, Hall } from "../src/document/schema.ts";
import { EditSession } from "../src/studio/edit-session.ts";
import { randomEdit, storyHall } from "./random-commands.ts";
import { Randomness } from "./randomness.ts";
import { brokenRule, MemoryStore, StudioServer } from "./studio-server.ts";
import { Channels, Page, VirtualTime } from "./virtual-time.ts";

/** Two curators at once, on a bad line, with tabs that are killed: whatever happens, nothing that was made is lost. */

const KEPT_AFTER_MS = 1000; // what was made earlier survives the death of its tab

/** A line to the server on which everything that can go wrong goes wrong, until it is calm. */
class Line {
  readonly #server: StudioServer;
  readonly #time: VirtualTime;
  readonly #random: Randomness;
  calm = false;

  constructor(server: StudioServer, time: VirtualTime, random: Randomness) {
    this.#server = server;
    this.#time = time;
    this.#random = random;
  }

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    await this.#wait();
    if (this.#fails(0.08)) throw new TypeError("the request was lost");
    if (this.#fails(0.04)) return new Response("{}", { status: 503 });
    const request = init.body === undefined ? null : (JSON.parse(String(init.body)) as EditsRequest);
    if (request && request.edits.length > 2) return new Response("{}", { status: 413 });
    const answer = await this.#server.fetch(url, init);
    await this.#wait();
    if (this.#fails(0.08)) throw new TypeError("the answer was lost");
    return answer;
  };

  #fails(probability: number): boolean {
    return this.#random.chance(probability) && !this.calm;
  }

  /** Some requests come only after the page has given them up. */
  #wait(): Promise<void> {
    const ms = this.#random.below(this.#fails(0.02) ? 40_000 : 700);
    return new Promise((resolve) => this.#time.after(ms, resolve));
  }
}

/** One curator at one computer: pages come and go, the browser's storage stays. */
class Curator {
  readonly whose: string;
  readonly clients = new Set<string>();
  /** Things that only this curator makes and takes away, each with the moment when it was made. */
  readonly marks = new Map<string, number>();
  readonly #name: string;
  readonly #time: VirtualTime;
  readonly #line: Line;
  readonly #random: Randomness;
  readonly #store = new MemoryStore();
  readonly #channels = new Channels();
  #page: Page | null = null;
  #session: EditSession | null = null;
  #made = 0;

  constructor(name: string, whose: string, time: VirtualTime, line: Line, random: Randomness) {
    this.#name = name;
    this.whose = whose;
    this.#time = time;
    this.#line = line;
    this.#random = random;
  }

  get session(): EditSession {
    return this.#session as EditSession;
  }

  async open(): Promise<void> {
    for (;;) {
      const page = new Page(this.#time);
      const client = `0000000${this.#name}-0000-4000-8000-${String(this.clients.size).padStart(12, "0")}`;
      this.clients.add(client);
      const opening = EditSession.open({
        url: "/api/halls/kiln",
        token: "t",
        owner: this.#name,
        store: this.#store,
        archive: this.#store.archive,
        clock: page,
        fetch: this.#line.fetch,
        channel: () => this.#channels.of(page),
        uuid: () => client,
      }).catch(() => null);
      const session = await this.#time.until(opening);
      if (!session) continue;
      [this.#page, this.#session] = [page, session];
      return;
    }
  }

  edit(): void {
    const { name, next } = randomEdit(this.#random, this.session.document, this.whose);
    this.session.edit(name, next, this.#random.chance(0.3) ? `group-${this.#random.below(3)}` : undefined);
  }

  mark(): void {
    const words = `s ${this.#name} ${++this.#made}`;
    const { hall, id } = addSource(this.session.document, { zh: words, en: words });
    this.session.edit("add-source", hall);
    this.marks.set(id, this.#time.now());
  }

  /** Undo and redo take marks away and bring them back. */
  step(which: "undo" | "redo"): void {
    const before = this.#markedIn(this.session.document);
    this.session[which]();
    const after = this.#markedIn(this.session.document);
    for (const id of before) if (!after.has(id)) this.marks.delete(id);
    for (const id of after) if (!before.has(id)) this.marks.set(id, this.#time.now());
  }

  resolve(): void {
    this.#random.of(this.session.refusals)?.resolve(this.#random.chance(0.5));
  }

  /** Ends the page: in order, or by force, when the last moment's work is lost. */
  async leave(inOrder: boolean): Promise<void> {
    this.#store.archive.full = this.#random.chance(0.2);
    const now = this.#time.now();
    if (inOrder) this.session.close();
    else for (const [id, at] of this.marks) if (now - at < KEPT_AFTER_MS) this.marks.delete(id);
    this.#page?.kill();
    await this.#time.pass(this.#random.below(8000));
    await this.open();
  }

  #markedIn(hall: Hall): Set<string> {
    return new Set(Object.keys(hall.sources ?? {}).filter((id) => id.startsWith(`s-${this.#name}-`)));
  }
}

class Simulation {
  readonly random: Randomness;
  readonly time = new VirtualTime();
  readonly server = new StudioServer(storyHall());
  readonly line: Line;
  readonly ann: Curator;
  readonly bo: Curator;

  constructor(seed: number, annEdits: string, boEdits: string) {
    this.random = new Randomness(seed);
    this.line = new Line(this.server, this.time, this.random);
    this.ann = new Curator("1", annEdits, this.time, this.line, this.random);
    this.bo = new Curator("2", boEdits, this.time, this.line, this.random);
  }

  async run(steps: number, act: (curator: Curator) => Promise<void>): Promise<void> {
    for (const curator of [this.ann, this.bo]) await curator.open();
    for (let i = 0; i < steps; i++) {
      await this.time.pass(this.random.below(this.random.chance(0.1) ? 6000 : 500));
      const curator = this.random.chance(0.5) ? this.ann : this.bo;
      if (curator.whose !== "") await act(curator);
    }
    await this.settle();
  }

  /** The line is good again: everything comes to its place. */
  async settle(): Promise<void> {
    this.line.calm = true;
    await this.time.pass(120_000);
    for (const { session } of [this.ann, this.bo]) expect([session.status, session.problem]).toEqual(["saved", null]);
  }

  /** What must hold whenever everything has come to its place. */
  check(): void {
    const { document, log } = this.server;
    for (const { session } of [this.ann, this.bo]) expect(canonical(session.document)).toBe(canonical(document));
    expect(brokenRule(document)).toBe("");
    expect(new Set(log.map(({ id }) => id)).size).toBe(log.length);
    const replayed = log.reduce((hall, { changes }) => apply(hall, changes).document, storyHall());
    expect(canonical({ ...replayed, assets: {} })).toBe(canonical({ ...document, assets: {} }));
  }
}

const SEEDS = [1, 2, 3];

describe("two curators on a bad line", () => {
  it.each(SEEDS)("end with one document, and nothing is lost (seed %d)", async (seed) => {
    const simulation = new Simulation(seed, "ab", "ab");
    const { random, server } = simulation;
    await simulation.run(150, async (curator) => {
      const dice = random.next();
      if (dice < 0.6) curator.edit();
      else if (dice < 0.7) curator.mark();
      else if (dice < 0.8) curator.step("undo");
      else if (dice < 0.85) curator.step("redo");
      else if (dice < 0.92) curator.resolve();
      else if (dice < 0.93) server.oldest = server.version;
      else if (dice < 0.95) server.save(randomEdit(random, server.document, "ab").next);
      else await curator.leave(random.chance(0.3));
    });
    simulation.check();
    expect(server.log.length).toBeGreaterThan(40);
    for (const { marks } of [simulation.ann, simulation.bo])
      for (const id of marks.keys()) expect(Object.keys(server.document.sources ?? {})).toContain(id);
  });

  it.each(SEEDS)(
    "who keep apart: what one undoes leaves what the other alone would have made (seed %d)",
    async (seed) => {
      const simulation = new Simulation(seed, "a", "b");
      const { ann, bo, random, server, time } = simulation;
      await simulation.run(120, async (curator) => {
        const dice = random.next();
        if (dice < 0.75) curator.edit();
        else if (dice < 0.85) curator.step("undo");
        else if (dice < 0.92) curator.step("redo");
        else {
          await time.pass(KEPT_AFTER_MS);
          await curator.leave(random.chance(0.3));
        }
      });
      simulation.check();
      expect([ann.session.refusals, bo.session.refusals]).toEqual([[], []]);
      while (ann.session.undoName) ann.session.undo();
      await simulation.settle();
      simulation.check();
      const bos = server.log.filter(({ client }) => bo.clients.has(client));
      const alone = bos
        .flatMap(({ changes }) => changes)
        .reduce((hall, change) => {
          const next = applyOne(hall, change);
          if (!isOrderChange(change)) expect([change, next === null]).toEqual([change, false]);
          return next ? normal(next) : hall; // an order can be changed by moving the other one's things
        }, storyHall());
      // Where something new stands in an order is told by its neighbour, which can be Ann's and be gone.
      expect(canonical(unordered(server.document))).toBe(canonical(unordered(alone)));
    },
  );

  it.each(SEEDS)("of whom one only looks on: undoing everything leaves the hall as it was (seed %d)", async (seed) => {
    const simulation = new Simulation(seed, "ab", "");
    const { ann, random, server, time } = simulation;
    await simulation.run(200, async (curator) => {
      const dice = random.next();
      if (dice < 0.8) curator.edit();
      else if (dice < 0.9) curator.step("undo");
      else if (dice < 0.95) curator.step("redo");
      else {
        await time.pass(KEPT_AFTER_MS);
        await curator.leave(random.chance(0.3));
      }
    });
    expect(server.log.length).toBeGreaterThan(30);
    while (ann.session.undoName) ann.session.undo();
    await simulation.settle();
    simulation.check();
    expect(difference(server.document, storyHall())).toEqual([]);
    expect(canonical(normal(server.document))).toBe(canonical(normal(storyHall())));
  });
});

function unordered(hall: Hall): unknown {
  const { placement_order, note_order, chapter_order = [], tour_order = [], assets: _, ...rest } = hall;
  return {
    ...rest,
    orders: [placement_order, note_order, chapter_order, tour_order].map((order) => [...order].sort()),
  };
}
