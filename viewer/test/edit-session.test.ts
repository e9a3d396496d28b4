import { describe, expect, it } from "vitest";
import { canonical, normal } from "../src/document/changes.ts";
import { movePlacements, placePlacement, putPlacement, removePlacements } from "../src/document/commands/placements.ts";
import { writeText } from "../src/document/commands/texts.ts";
import type { Hall } from "../src/document/schema.ts";
import type { Clock } from "../src/studio/clock.ts";
import { EditSession, type Refusal } from "../src/studio/edit-session.ts";
import type { Fetch } from "../src/studio/edits-api.ts";
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

  open(store = new MemoryStore(), fetch: Fetch = this.server.fetch, clock: Clock = this.time): Promise<EditSession> {
    const uuid = () => `00000000-0000-4000-8000-${String(++this.#clients).padStart(12, "0")}`;
    const opening = EditSession.open({
      url: "/api/halls/kiln",
      token: "t",
      owner: "1/kiln",
      store,
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
