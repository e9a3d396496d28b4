import { describe, expect, it } from "vitest";
import { canonical, difference, normal } from "../src/document/changes.ts";
import { reorder } from "../src/document/commands/order.ts";
import { movePlacements, placePlacement, putPlacement, removePlacements } from "../src/document/commands/placements.ts";
import {
  addMilestone,
  addSource,
  addStop,
  addTour,
  changeStop,
  moveStop,
  removeStop,
} from "../src/document/commands/story.ts";
import { writeText } from "../src/document/commands/texts.ts";
import { stopsInOrder } from "../src/document/order.ts";
import type { Hall, Tour } from "../src/document/schema.ts";
import type { Clock } from "../src/studio/clock.ts";
import { EditQueue } from "../src/studio/edit-queue.ts";
import { EditSession, type Refusal } from "../src/studio/edit-session.ts";
import type { Fetch } from "../src/studio/edits-api.ts";
import { thingOf } from "../src/studio/people/things.ts";
import { hallOf, model, placed, text } from "./halls.ts";
import { MemoryStore, StudioServer } from "./studio-server.ts";
import { Channels, Page, VirtualTime } from "./virtual-time.ts";

const same = (hall: Hall) => canonical(normal(hall));

function kiln(): Hall {
  const assets = { room: model(10, 4, 20), vase: model(0.3, 0.6), bowl: model(0.2, 0.1) };
  return hallOf(
    { vase: placed("object", [0, 0, 0], { asset: "vase" }), bowl: placed("object", [2, 0, 0], { asset: "bowl" }) },
    {
      assets,
      notes: { one: { title: text("One"), body: text(""), anchor: [0, 1, 0], placement: "vase" } },
      note_order: ["one"],
    },
  );
}

/** A server, and browsers that open its hall. */
class Studio {
  readonly time = new VirtualTime();
  readonly server = new StudioServer(kiln());
  readonly #channels = new Channels();
  #clients = 0;

  open(
    store = new MemoryStore(),
    fetch: Fetch = this.server.fetch,
    clock: Clock = new Page(this.time),
  ): Promise<EditSession> {
    const uuid = () => `00000000-0000-4000-8000-${String(++this.#clients).padStart(12, "0")}`;
    const opening = EditSession.open({
      url: "/api/halls/kiln",
      token: "t",
      owner: "1/kiln",
      store,
      archive: store.archive,
      fetch,
      clock,
      channel: () => this.#channels.of(clock),
      uuid,
    });
    return this.time.until(opening);
  }
}

describe("an edit", () => {
  it("shows at once, is saved in the background, and comes to the others", async () => {
    const studio = new Studio();
    const [ann, bo] = [await studio.open(), await studio.open()];
    const seen: string[] = [];
    bo.changed.on((hall) => seen.push(hall.title.en));
    ann.edit("write-title", writeText(ann.document, ["title"], "en", "Kiln"));
    expect(ann.document.title.en).toBe("Kiln");
    expect(ann.status).toBe("saving");
    await studio.time.pass(2000);
    expect(ann.status).toBe("saved");
    expect(studio.server.document.title.en).toBe("Kiln");
    expect(seen).toEqual(["Kiln"]);
    expect(bo.undoName).toBeNull();
  });

  it("of one group is one step of undo, and few edits on the server", async () => {
    const studio = new Studio();
    const session = await studio.open();
    const before = same(session.document);
    for (let i = 0; i < 50; i++) {
      session.edit("move-placement", movePlacements(session.document, ["vase"], [0.01, 0, 0]), "drag-1");
      await studio.time.pass(16);
    }
    expect(session.document.placements.vase?.translation).toEqual([0.5, 0, 0]);
    await studio.time.pass(2000);
    expect(studio.server.log.length).toBeLessThan(6);
    session.undo();
    expect(same(session.document)).toBe(before);
    await studio.time.pass(2000);
    expect(same(studio.server.document)).toBe(before);
    session.redo();
    expect(session.document.placements.vase?.translation).toEqual([0.5, 0, 0]);
  });
});

describe("undo", () => {
  it("takes back what is one's own and leaves what others did", async () => {
    const studio = new Studio();
    const [ann, bo] = [await studio.open(), await studio.open()];
    ann.edit("move-placement", placePlacement(ann.document, "vase", [1, 0, 0]));
    ann.edit("write-title", writeText(ann.document, ["placements", "vase", "title"], "en", "Vase"));
    await studio.time.pass(2000);
    bo.edit("move-placement", placePlacement(bo.document, "vase", [3, 0, 0]));
    await studio.time.pass(4000);
    expect(ann.undoName).toBe("write-title");
    ann.undo();
    expect(ann.document.placements.vase?.title.en).toBe("A thing");
    expect(ann.undoName).toBeNull(); // the place is Bo's now
    ann.undo();
    await studio.time.pass(4000);
    expect(studio.server.document.placements.vase?.translation).toEqual([3, 0, 0]);
    expect(bo.undoName).toBe("move-placement");
  });

  it("brings a removed exhibit back with all that named it", async () => {
    const studio = new Studio();
    const session = await studio.open();
    const before = same(session.document);
    session.edit("remove-placement", removePlacements(session.document, ["vase"], false));
    expect(session.document.notes.one?.placement).toBeUndefined();
    expect(Object.keys(session.document.assets).sort()).toEqual(["bowl", "room"]);
    await studio.time.pass(2000);
    session.undo();
    expect(same(session.document)).toBe(before);
    await studio.time.pass(2000);
    expect(same(studio.server.document)).toBe(before);
  });

  it("leaves a new exhibit in the hall that someone else writes about", async () => {
    const studio = new Studio();
    const [ann, bo] = [await studio.open(), await studio.open()];
    const put = putPlacement(ann.document, { id: "bowl", asset: model(0.2, 0.1) });
    ann.edit("put-placement", put.hall);
    await studio.time.pass(4000);
    bo.edit("attach-note", {
      ...bo.document,
      notes: { one: { ...bo.document.notes.one, placement: put.id } as never },
    });
    await studio.time.pass(4000);
    expect(ann.undoName).toBeNull();
    ann.undo();
    expect(ann.document.placements[put.id]).toBeDefined();
    bo.undo();
    await studio.time.pass(4000);
    expect(ann.document.notes.one?.placement).toBe("vase");
  });
});

describe("a conflict", () => {
  it("shows both sides, and either can be kept", async () => {
    const studio = new Studio();
    const [ann, bo] = [await studio.open(), await studio.open()];
    const refusals: Refusal[] = [];
    bo.refused.on((refusal) => refusals.push(refusal));
    ann.edit("write-title", writeText(ann.document, ["title"], "en", "Ann’s"));
    bo.edit("write-title", writeText(bo.document, ["title"], "en", "Bo’s"));
    await studio.time.pass(4000);
    expect([ann.document.title.en, bo.document.title.en]).toEqual(["Ann’s", "Ann’s"]);
    const [refusal] = refusals as [Refusal];
    expect(refusal.conflicts).toEqual([
      { change: { path: ["title", "en"], from: "A hall", to: "Bo’s" }, current: "Ann’s" },
    ]);
    expect(bo.refusals).toEqual([refusal]);
    refusal.resolve(true);
    expect(bo.refusals).toEqual([]);
    await studio.time.pass(4000);
    expect([ann.document.title.en, bo.document.title.en]).toEqual(["Bo’s", "Bo’s"]);
    bo.undo();
    expect(bo.document.title.en).toBe("Ann’s");
  });

  it("in several things is decided for each of them, and says who has done what came between", async () => {
    const studio = new Studio();
    studio.server.authors = { "000000000001": "林老师" };
    const [ann, bo] = [await studio.open(), await studio.open()];
    const moved = (session: EditSession, x: number) =>
      placePlacement(placePlacement(session.document, "vase", [x, 0, 0]), "bowl", [x, 0, 5]);
    ann.edit("align-placements", moved(ann, 1));
    bo.edit("align-placements", moved(bo, 3));
    await studio.time.pass(4000);
    const [refusal] = bo.refusals as [Refusal];
    expect(refusal.authors).toEqual(["林老师", "林老师"]);
    refusal.resolve((change) => thingOf(change)[1] === "bowl");
    await studio.time.pass(4000);
    const { vase, bowl } = ann.document.placements;
    expect([vase?.translation, bowl?.translation]).toEqual([
      [1, 0, 0],
      [3, 0, 5],
    ]);
    expect(bo.undoName).toBe("align-placements");
  });

  it("with a thing that is gone brings it back if one’s own side is kept", async () => {
    const studio = new Studio();
    const [ann, bo] = [await studio.open(), await studio.open()];
    ann.edit("remove-placement", removePlacements(ann.document, ["vase"], true));
    bo.edit("write-title", writeText(bo.document, ["placements", "vase", "title"], "en", "Blue vase"));
    await studio.time.pass(4000);
    expect(bo.document.placements.vase).toBeUndefined();
    bo.refusals[0]?.resolve(true);
    await studio.time.pass(4000);
    expect(ann.document.placements.vase?.title.en).toBe("Blue vase");
    expect(ann.document.placement_order).toEqual(["vase", "bowl"]);
  });

  it("of two who begin the timeline at once is none: their milestones come together, and each undoes one’s own", async () => {
    const studio = new Studio();
    const [ann, bo] = [await studio.open(), await studio.open()];
    for (const [session, name, year] of [
      [ann, "Founded", 1958],
      [bo, "Founded", 1960],
      [bo, "Closed", 1990],
    ] as const)
      session.edit("add-milestone", addMilestone(session.document, { zh: name, en: name }, year).hall);
    await studio.time.pass(6000);
    expect([ann.refusals, bo.refusals]).toEqual([[], []]);
    const years = () => Object.values(ann.document.timeline?.milestones ?? {}).map(({ year }) => year);
    expect(years().sort()).toEqual([1958, 1960, 1990]);
    expect(same(bo.document)).toBe(same(studio.server.document));
    bo.undo();
    bo.undo();
    await studio.time.pass(6000);
    expect(years()).toEqual([1958]);
  });

  it("of two who work at one tour is none: stops are moved, written, added and removed side by side", async () => {
    const studio = new Studio();
    const begun = addTour(studio.server.document, text("Round"), { caption: text("One") });
    const tour = begun.id;
    studio.server.save(
      ["Two", "Three"].reduce((hall, s) => addStop(hall, tour, { caption: text(s) }).hall, begun.hall),
    );
    const ann = await studio.open();
    const bo = await studio.open();
    const added: string[] = [];
    ann.edit("reorder-stops", moveStop(ann.document, tour, "stop-3", 0));
    ann.edit("add-stop", addStop(ann.document, tour, { caption: text("Ann’s") }).hall);
    ann.edit("remove-stop", removeStop(ann.document, tour, "stop"));
    bo.renamed.on(({ map, to }) => added.push([...map, to].join("/")));
    bo.edit("write-caption", writeText(bo.document, ["tours", tour, "stops", "stop-3", "caption"], "en", "Rewritten"));
    bo.edit("add-stop", addStop(bo.document, tour, { caption: text("Bo’s") }, 2).hall);
    bo.edit("change-stop", changeStop(bo.document, tour, "stop-4", { placement: "vase" }));
    await studio.time.pass(5000);
    expect(added).toEqual([`tours/${tour}/stops/stop-5`]);
    for (const { document, refusals } of [ann, bo]) {
      expect(refusals).toEqual([]);
      expect(same(document)).toBe(same(studio.server.document));
      const told = stopsInOrder(document.tours?.[tour] as Tour);
      expect(told.map(([, { caption, placement }]) => [caption.en, placement])).toEqual([
        ["Rewritten", undefined],
        ["Two", undefined],
        ["Bo’s", "vase"],
        ["Ann’s", undefined],
      ]);
    }
    bo.undo();
    bo.undo();
    bo.undo();
    ann.undo(); // the stop comes back to its place
    await studio.time.pass(5000);
    expect(stopsInOrder(ann.document.tours?.[tour] as Tour).map(([, { caption }]) => caption.en)).toEqual([
      "Three",
      "One",
      "Two",
      "Ann’s",
    ]);
  });

  it("of two new things with one id is none: the later one gets another", async () => {
    const studio = new Studio();
    const [ann, bo] = [await studio.open(), await studio.open()];
    const bowl = { id: "bowl", asset: model(0.2, 0.1) };
    for (const session of [ann, bo]) {
      const x = session === ann ? 3 : 4;
      const { hall, id } = putPlacement(session.document, bowl, { translation: [x, 0, 0] });
      expect(id).toBe("bowl-2");
      session.edit("put-placement", hall);
      session.edit("move-placement", placePlacement(session.document, id, [session === ann ? 1 : 2, 0, 5]));
    }
    await studio.time.pass(6000);
    expect(bo.refusals).toEqual([]);
    expect(bo.document.placements["bowl-2"]?.translation).toEqual([1, 0, 5]);
    expect(bo.document.placements["bowl-3"]?.translation).toEqual([2, 0, 5]);
    expect(same(ann.document)).toBe(same(studio.server.document));
    bo.undo();
    bo.undo();
    await studio.time.pass(6000);
    expect(ann.document.placement_order).toEqual(["vase", "bowl", "bowl-2"]);
  });
});

describe("what is not saved", () => {
  it("survives a page that is killed, and is made once", async () => {
    const studio = new Studio();
    const store = new MemoryStore();
    let answers = true;
    const page = new Page(studio.time);
    const fetch: Fetch = async (url, init) => {
      const answer = await studio.server.fetch(url, init);
      if (!answers) throw new TypeError("the line is cut");
      return answer;
    };
    const session = await studio.open(store, fetch, page);
    session.edit("move-placement", movePlacements(session.document, ["vase"], [1, 0, 0]));
    await studio.time.pass(2000);
    answers = false; // the server gets this one, the page never hears of it
    session.edit("move-placement", movePlacements(session.document, ["vase"], [1, 0, 0]));
    await studio.time.pass(1000);
    expect(session.status).toBe("offline");
    session.edit("write-title", writeText(session.document, ["title"], "en", "Kiln"));
    await studio.time.pass(1000);
    page.kill();
    const again = await studio.open(store);
    await studio.time.pass(10_000);
    expect(again.refusals).toEqual([]);
    expect(again.status).toBe("saved");
    expect(studio.server.document.placements.vase?.translation).toEqual([2, 0, 0]);
    expect(studio.server.document.title.en).toBe("Kiln");
    expect(again.undoName).toBe("write-title");
    again.undo();
    again.undo();
    again.undo();
    expect(same(again.document)).toBe(same(kiln()));
  });
});

describe("undo after a reload", () => {
  it("knows every step that the server has, whenever the page died", async () => {
    const studio = new Studio();
    const store = new MemoryStore();
    for (let ms = 0; ms < 1000; ms += 50) {
      const page = new Page(studio.time);
      const session = await studio.open(store, studio.server.fetch, page);
      session.edit("write-title", writeText(session.document, ["title"], "en", `After ${ms} ms`));
      await studio.time.pass(ms);
      page.kill();
    }
    const again = await studio.open(store);
    while (again.undoName) again.undo();
    expect(same(again.document)).toBe(same(kiln()));
  });

  it("knows what others have moved meanwhile", async () => {
    const studio = new Studio();
    const store = new MemoryStore();
    const ann = await studio.open(store);
    ann.edit("reorder-placements", reorder(ann.document, "placement_order", ["bowl"], 0));
    ann.edit("write-title", writeText(ann.document, ["title"], "en", "Kiln"));
    await studio.time.pass(2000);
    ann.close();
    const bo = await studio.open();
    bo.edit("reorder-placements", reorder(bo.document, "placement_order", ["bowl"], 1));
    bo.edit("reorder-placements", reorder(bo.document, "placement_order", ["bowl"], 0));
    await studio.time.pass(4000);
    const again = await studio.open(store);
    expect(again.undoName).toBe("write-title");
    again.undo();
    expect(again.undoName).toBeNull(); // the bowl stands where Bo wants it, though it is where Ann had put it
    again.redo();
    expect(again.document.title.en).toBe("Kiln");
  });
});

describe("the line to the server", () => {
  it("never gets another edit under an id that it may know", async () => {
    const studio = new Studio();
    const session = await studio.open(new MemoryStore(), async (url, init) => {
      const answer = await studio.server.fetch(url, init);
      await new Promise<void>((resolve) => studio.time.after(2000, resolve));
      return answer;
    });
    for (let i = 0; i < 5; i++) {
      session.edit("move-placement", movePlacements(session.document, ["vase"], [1, 0, 0]), "drag");
      await studio.time.pass(600);
    }
    await studio.time.pass(10_000);
    expect(studio.server.document.placements.vase?.translation).toEqual([5, 0, 0]);
    session.undo();
    expect(session.document.placements.vase?.translation).toEqual([0, 0, 0]);
  });

  it("is tried again at longer and longer intervals, and at once when asked", async () => {
    const studio = new Studio();
    const tries: number[] = [];
    let down = false;
    const session = await studio.open(new MemoryStore(), async (url, init) => {
      if (!down) return studio.server.fetch(url, init);
      tries.push(studio.time.now());
      throw new TypeError("no network");
    });
    down = true;
    session.edit("write-title", writeText(session.document, ["title"], "en", "Kiln"));
    await studio.time.pass(100_000);
    const waits = tries.slice(1).map((at, i) => at - (tries[i] as number));
    expect(waits.slice(0, 5)).toEqual([1000, 2000, 4000, 8000, 16_000]);
    expect(Math.max(...waits)).toBe(30_000);
    expect(session.status).toBe("offline");
    down = false;
    session.retry();
    await studio.time.pass(10);
    expect([session.status, studio.server.document.title.en]).toEqual(["saved", "Kiln"]);
  });

  it("can refuse everything, which is said, and nothing is lost", async () => {
    const studio = new Studio();
    let signedIn = true;
    const session = await studio.open(new MemoryStore(), async (url, init) => {
      if (signedIn) return studio.server.fetch(url, init);
      return new Response(JSON.stringify({ title: "Please sign in.", detail: "Then it is saved." }), { status: 401 });
    });
    signedIn = false;
    session.edit("write-title", writeText(session.document, ["title"], "en", "Kiln"));
    await studio.time.pass(1000);
    expect(session.problem).toEqual({ status: 401, message: "Please sign in.", hint: "Then it is saved." });
    expect([session.status, session.document.title.en]).toEqual(["saving", "Kiln"]);
    signedIn = true;
    session.retry();
    await studio.time.pass(1000);
    expect([session.status, session.problem]).toEqual(["saved", null]);
  });

  it("finds the one edit that the server does not read; the others are saved", async () => {
    const studio = new Studio();
    const session = await studio.open(new MemoryStore(), async (url, init) => {
      const bad = String(init.body).includes("poison");
      return bad
        ? new Response(JSON.stringify({ title: "Unreadable." }), { status: 400 })
        : studio.server.fetch(url, init);
    });
    for (const name of ["one", "two", "poison", "four", "five"])
      session.edit("add-source", addSource(session.document, { zh: name, en: name }).hall);
    await studio.time.pass(30_000);
    expect(Object.keys(studio.server.document.sources ?? {})).toEqual(["one", "two", "four", "five"]);
    expect(session.refusals.map(({ message, edits }) => [message, edits.length])).toEqual([["Unreadable.", 1]]);
    expect([session.status, session.problem]).toEqual(["saved", null]);
    expect(session.document.sources?.poison).toBeUndefined();
  });

  it("rests while the page is not seen, after what is unsaved", async () => {
    const studio = new Studio();
    let requests = 0;
    const session = await studio.open(new MemoryStore(), (url, init) => {
      requests += 1;
      return studio.server.fetch(url, init);
    });
    session.edit("write-title", writeText(session.document, ["title"], "en", "Kiln"));
    session.show(false);
    await studio.time.pass(1000);
    expect(studio.server.document.title.en).toBe("Kiln");
    const before = requests;
    await studio.time.pass(600_000);
    expect(requests).toBe(before);
    session.show(true);
    await studio.time.pass(10_000);
    expect(requests - before).toBeGreaterThan(5);
    session.close();
    await studio.time.pass(10_000);
    const after = requests;
    await studio.time.pass(10_000);
    expect(requests).toBe(after);
  });
});

describe("what the server makes of an edit", () => {
  it("counts: rich text comes back sanitised, and can still be undone", async () => {
    const studio = new Studio();
    studio.server.sanitise = (hall) => JSON.parse(JSON.stringify(hall).replaceAll("<script>", "")) as Hall;
    const session = await studio.open();
    session.edit("write-body", writeText(session.document, ["notes", "one", "body"], "en", "<script>White"));
    await studio.time.pass(2000);
    expect(session.document.notes.one?.body.en).toBe("White");
    expect(session.undoName).toBe("write-body");
    session.undo();
    expect(session.document.notes.one?.body.en).toBe("");
    session.redo();
    await studio.time.pass(2000);
    expect(studio.server.document.notes.one?.body.en).toBe("White");
  });

  it("with a jump in its versions, the document is fetched anew under what is unsaved", async () => {
    const studio = new Studio();
    const session = await studio.open();
    studio.server.document = writeText(studio.server.document, ["title"], "zh", "窑");
    studio.server.version += 3; // saved by something that keeps no log
    session.edit("write-title", writeText(session.document, ["title"], "en", "Kiln"));
    await studio.time.pass(4000);
    expect(session.document.title).toEqual({ zh: "窑", en: "Kiln" });
    expect(same(session.document)).toBe(same(studio.server.document));
    expect(session.version).toBe(studio.server.version);
  });
});

describe("the browser's storage", () => {
  it("keeps the edits, if need be without the steps to undo, and says so", async () => {
    const studio = new Studio();
    const store = new MemoryStore();
    const offline: Fetch = (url, init) =>
      url.endsWith("/draft") ? studio.server.fetch(url, init) : Promise.reject(new TypeError("no network"));
    const page = new Page(studio.time);
    const session = await studio.open(store, offline, page);
    store.archive.full = true;
    for (let i = 0; i < 8; i++) {
      session.edit("move-placement", placePlacement(session.document, "vase", [i + 1, 0, 0]), "drag");
      session.edit("write-title", writeText(session.document, ["title"], "en", `Kiln ${i}`), "title");
    }
    await studio.time.pass(500);
    const said = new Set([session.kept]);
    for (store.room = 5000; store.room > 0 && session.kept !== "edits"; store.room -= 50) {
      session.show(false); // keeps all at once
      said.add(session.kept);
    }
    expect([...said]).toEqual(["all", "recent", "edits"]);
    const { document } = session;
    page.kill();
    const again = await studio.open(store);
    expect(same(again.document)).toBe(same(document));
    expect(again.undoName).toBeNull();
    store.room = 0;
    again.edit("write-title", writeText(again.document, ["title"], "en", "Kiln"));
    await studio.time.pass(500);
    expect(again.kept).toBe("nothing");
    expect(again.status).toBe("saved");
  });

  it("keeps every step, however many, and writes only those that are new", async () => {
    const studio = new Studio();
    const store = new MemoryStore();
    let page = new Page(studio.time);
    let session = await studio.open(store, studio.server.fetch, page);
    store.room = 20_000; // far less than all steps take
    const move = (x: number) =>
      session.edit("move-placement", placePlacement(session.document, "vase", [x / 100, 0, 0]));
    for (let x = 1; x <= 1000; x++) move(x);
    await studio.time.pass(10_000);
    const before = store.archive.writes;
    move(1001);
    await studio.time.pass(10_000);
    expect(store.archive.writes - before).toBeLessThan(4); // a block before its answer, perhaps once more after it
    for (let reload = 0; reload < 2; reload++) {
      page.kill();
      page = new Page(studio.time);
      session = await studio.open(store, studio.server.fetch, page);
      expect(session.kept).toBe("all");
    }
    let steps = 0;
    for (; session.undoName; steps++) session.undo();
    expect(steps).toBe(1001);
    expect(same(session.document)).toBe(same(kiln()));
    await studio.time.pass(100_000);
    page.kill();
    session = await studio.open(store);
    for (; session.redoName; steps--) session.redo();
    expect(steps).toBe(0);
    expect(session.document.placements.vase?.translation).toEqual([10.01, 0, 0]);
  });

  it("is told by the archive where the whole browser dies, whose other storage is seconds old then", async () => {
    const studio = new Studio();
    const store = new MemoryStore();
    const page = new Page(studio.time);
    const offline: Fetch = (url, init) =>
      url.endsWith("/draft") ? studio.server.fetch(url, init) : Promise.reject(new TypeError("no network"));
    const session = await studio.open(store, offline, page);
    session.edit("write-title", writeText(session.document, ["title"], "en", "Kiln"));
    await studio.time.pass(1000);
    const old = store.copy();
    old.archive = store.archive;
    session.edit("write-title", writeText(session.document, ["title"], "zh", "窑"));
    await studio.time.pass(1000);
    page.kill();
    const again = await studio.open(old);
    await studio.time.pass(2000);
    expect(studio.server.document.title).toEqual({ zh: "窑", en: "Kiln" });
    again.undo();
    again.undo();
    expect(same(again.document)).toBe(same(kiln()));
  });

  it("of two open tabs keeps both apart", async () => {
    const studio = new Studio();
    const store = new MemoryStore();
    const one = await studio.open(store);
    one.edit("write-title", writeText(one.document, ["title"], "en", "One"));
    await studio.time.pass(2000);
    const two = await studio.open(store);
    expect([one.undoName, two.undoName]).toEqual(["write-title", null]);
    one.close();
    const three = await studio.open(store);
    expect(three.undoName).toBe("write-title");
  });

  it("keeps what was refused until it is decided", async () => {
    const studio = new Studio();
    const store = new MemoryStore();
    const [ann, bo] = [await studio.open(store), await studio.open()];
    bo.edit("write-title", writeText(bo.document, ["title"], "en", "Bo’s"));
    await studio.time.pass(300);
    ann.edit("write-title", writeText(ann.document, ["title"], "en", "Ann’s"));
    await studio.time.pass(1000);
    expect(ann.refusals.length).toBe(1);
    ann.close();
    const again = await studio.open(store);
    expect(again.refusals.map(({ name, conflicts }) => [name, conflicts[0]?.current])).toEqual([
      ["write-title", "Bo’s"],
    ]);
    again.refusals[0]?.resolve(true);
    await studio.time.pass(1000);
    expect(studio.server.document.title.en).toBe("Ann’s");
  });
});

describe("edits that came to the server without an answer", () => {
  it("are known by their ids, whichever request brought them", () => {
    const first = kiln();
    const queue = new EditQueue("c", first, 1);
    const server = new StudioServer(first);
    for (const x of [1, 2, 3]) {
      const next = placePlacement(queue.document, "vase", [x, 0, 0]);
      queue.add("move-placement", difference(queue.document, next), next.assets);
    }
    server.answer({ client: "c", version: 1, edits: queue.take(3) }); // lost
    const batch = queue.take(1);
    const settled = queue.settle(batch, server.answer({ client: "c", version: 1, edits: batch }));
    expect(settled).toMatchObject({ accepted: 3, refused: null, changed: false });
    expect(queue.pending).toEqual([]);
    expect(queue.document.placements.vase?.translation).toEqual([3, 0, 0]);
  });
});
