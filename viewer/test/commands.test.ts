import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { canonical, difference } from "../src/document/changes.ts";
import { leadDoor } from "../src/document/commands/hall.ts";
import { addNote, moveNote, removeNotes, saveNoteView } from "../src/document/commands/notes.ts";
import { reorder, step } from "../src/document/commands/order.ts";
import {
  type Added,
  duplicatePlacements,
  movePlacements,
  putAtAnchor,
  putPlacement,
  removePlacements,
  scaleWarning,
  turnPlacements,
} from "../src/document/commands/placements.ts";
import { effectsOfNote, effectsOfPlacement } from "../src/document/commands/removal.ts";
import {
  addChapter,
  addMilestone,
  addSource,
  addStop,
  addTour,
  changeThing,
  hangTimeline,
  moveStop,
  narrateStop,
  type Part,
  pointStop,
  removeStop,
  removeThing,
} from "../src/document/commands/story.ts";
import { writeText } from "../src/document/commands/texts.ts";
import { stopsInOrder } from "../src/document/order.ts";
import { written } from "../src/document/paths.ts";
import { freeAnchors } from "../src/document/places.ts";
import { round, significant } from "../src/document/rounding.ts";
import type { Asset, Change, Hall, Milestone, Source, Text, Tour } from "../src/document/schema.ts";
import { brokenRule } from "./studio-server.ts";

interface Cases {
  readonly hall: Hall;
  readonly library: Readonly<Record<string, Asset>>;
  readonly commands: readonly {
    readonly about: string;
    readonly command: string;
    readonly arguments: readonly never[];
    readonly id?: string;
    readonly changes: readonly Change[];
  }[];
  readonly effects: readonly { readonly map: string; readonly id: string; readonly effects: unknown }[];
  readonly free_anchors: readonly string[];
}

const CASES = JSON.parse(
  readFileSync(new URL("../../assets/schema/cases/commands.json", import.meta.url), "utf8"),
) as Cases;
const HALL = CASES.hall;

/** A new thing as the desk's forms give it whole. */
function addThing(hall: Hall, part: Part, values: Text & Milestone & Tour & Source): Added {
  if (part === "chapters") return addChapter(hall, values.title);
  if (part === "milestones") return addMilestone(hall, values.title, values.year);
  if (part === "tours") return addTour(hall, values.title);
  return addSource(hall, values.title, values.address);
}

const COMMANDS: Readonly<Record<string, (hall: Hall, ...values: never[]) => Hall | Added>> = {
  "put-placement": (hall, id: string | null, anchor?: string) =>
    putPlacement(hall, id === null ? null : { id, asset: CASES.library[id] as Asset }, anchor ? { anchor } : null),
  "put-at-anchor": putAtAnchor,
  "remove-placement": (hall, id: string, withNotes: boolean) => removePlacements(hall, [id], withNotes),
  "add-note": addNote,
  "remove-note": (hall, id: string) => removeNotes(hall, [id]),
  step,
  "add-thing": addThing,
  "remove-thing": removeThing,
  "hang-timeline": hangTimeline,
};

/** Numbers to a nanometre: the two languages' sines may differ in the last bit. */
function toNanometres(value: unknown): unknown {
  if (typeof value === "number") return Number(value.toFixed(9));
  if (Array.isArray(value)) return value.map(toNanometres);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toNanometres(each)]));
}

describe("the commands that the desk has too", () => {
  it.each(CASES.commands)("$about", ({ command, arguments: values, id, changes }) => {
    const kept = canonical(HALL);
    const result = (COMMANDS[command] as (hall: Hall, ...values: never[]) => Hall | Added)(HALL, ...values);
    const [hall, added] = "hall" in result ? [result.hall, result.id] : [result, undefined];
    expect(added).toBe(id);
    expect(canonical(toNanometres(difference(HALL, hall)))).toBe(canonical(toNanometres(changes)));
    expect(brokenRule(hall)).toBe("");
    expect(canonical(HALL)).toBe(kept);
  });

  it.each(CASES.effects)("tell what a removal of $id changes", ({ map, id, effects }) => {
    const found = map === "notes" ? effectsOfNote(HALL, id) : effectsOfPlacement(HALL, id);
    expect(found.map(({ part, title, number }) => [part, title.en, number])).toEqual(effects);
  });

  it("know which anchors are free", () => {
    expect(freeAnchors(HALL)).toEqual(CASES.free_anchors);
  });

  it("round as Python does: ties to even, never -0", () => {
    expect([0.125, 0.375, -0.125, 2.5, 1.005, -0.001].map((v) => round(v, 2))).toEqual([0.12, 0.38, -0.12, 2.5, 1, 0]);
    expect(round(0.5, 0)).toBe(0);
    expect([1 / 64, 1 / 8, 0.123456, 123456, 99999.5].map((v) => significant(v, 4))).toEqual([
      0.01562, 0.125, 0.1235, 123500, 100000,
    ]);
  });
});

describe("placements", () => {
  it("move together, and what does not move keeps its digits", () => {
    const hall = written(HALL, ["placements", "vase", "translation"], [1.23456789, 0.9, -3]);
    const next = movePlacements(hall, ["vase", "panel", "nobody"], [0, 0.1, -0.25]);
    expect(next.placements.vase?.translation).toEqual([1.23456789, 1, -3.25]);
    expect(next.placements.panel?.translation).toEqual([0, 1.65, -8.138]);
    expect(next.placements.drawing).toBe(hall.placements.drawing);
  });

  it("turn about a point as one body, and back", () => {
    const there = turnPlacements(HALL, ["vase", "drawing"], 90, [0, 0, 0]);
    expect(there.placements.vase?.translation).toEqual([-3, 0.9, -2]);
    expect(there.placements.drawing?.translation).toEqual([-2.25, 1.6, -1.5]);
    const back = turnPlacements(there, ["vase", "drawing"], -90, [0, 0, 0]);
    expect(toNanometres(back)).toEqual(toNanometres(HALL));
  });

  it("are copied behind their originals, in their chapters too", () => {
    const { hall, ids } = duplicatePlacements(HALL, ["vase", "panel"]);
    expect(ids).toEqual(["vase-2", "panel-2"]);
    expect(hall.placement_order).toEqual(["panel", "panel-2", "vase", "vase-2", "drawing"]);
    expect(hall.chapters?.kiln?.placements).toEqual(["drawing", "vase", "vase-2"]);
    expect(hall.placements["vase-2"]?.translation).toEqual([2.5, 0.9, -2.5]);
    expect(brokenRule(hall)).toBe("");
  });

  it("say whether their size is true", () => {
    const { hall } = putPlacement(HALL, { id: "scan", asset: CASES.library.scan as Asset });
    const vase = HALL.placements.vase as never as Hall["placements"][string];
    expect(scaleWarning(hall.placements.scan as never, hall.assets)).toBe("unscaled");
    expect(scaleWarning(vase, hall.assets)).toBeNull();
    expect(scaleWarning({ ...vase, scale: 2 }, hall.assets)).toBe("not-life-size");
  });
});

describe("texts", () => {
  it("are written by language, and optional ones leave when they are blank", () => {
    const path = ["placements", "drawing", "label"];
    const written = writeText(HALL, path, "zh", "清代");
    expect(written.placements.drawing?.label).toEqual({ zh: "清代", en: "" });
    expect(writeText(written, path, "zh", "")).toEqual(HALL);
    expect(writeText(HALL, ["summary"], "en", "").summary).toEqual({ zh: "", en: "" });
    const stop = writeText(HALL, ["tours", "short", "stops", "stop-2", "caption"], "en", "Look closer");
    expect(stop.tours?.short?.stops["stop-2"]?.caption.en).toBe("Look closer");
    expect(difference(HALL, writeText(HALL, ["placements", "gone", "title"], "en", "x"))).toEqual([]);
  });
});

describe("notes, tours, orders and doors", () => {
  it("are pinned and moved", () => {
    const view = { position: [1, 1.6, 2], target: [1, 1, 0] } as const;
    const pin = {
      anchor: [1.00004, 1, 0.5],
      view: { position: [...view.position], target: [...view.target] },
    } as const;
    const { hall, id } = addNote(HALL, "panel", { zh: "", en: "Ink" }, pin as never);
    expect(hall.notes[id]).toEqual({
      title: { zh: "", en: "Ink" },
      body: { zh: "", en: "" },
      anchor: [1, 1, 0.5],
      view,
      placement: "panel",
    });
    expect(moveNote(hall, id, [0, 2, 0]).notes[id]?.anchor).toEqual([0, 2, 0]);
    expect(saveNoteView(hall, id, null).notes[id]?.view).toBeUndefined();
  });

  it("keep the last stop of a tour", () => {
    const told = ({ tours }: Hall) => tours?.short && stopsInOrder(tours.short).map(([, { caption }]) => caption.en);
    let { hall, id } = addStop(HALL, "short", { caption: { zh: "始", en: "Begin" } }, 0);
    expect(told(hall)).toEqual(["Begin", "Look", "Glaze", "Again"]);
    hall = moveStop(hall, "short", id, 2);
    expect(told(hall)).toEqual(["Look", "Glaze", "Begin", "Again"]);
    for (const stop of [id, "stop", "stop-2", "stop-3"]) hall = removeStop(hall, "short", stop);
    expect(told(hall)).toEqual(["Again"]);
  });

  it("point a stop at an exhibit or a note, never at both", () => {
    const hall = pointStop(HALL, "short", "stop", { placement: "vase" });
    expect(hall.tours?.short?.stops.stop).toMatchObject({ placement: "vase", caption: { en: "Look" } });
    expect(hall.tours?.short?.stops.stop).not.toHaveProperty("note");
    const bare = pointStop(hall, "short", "stop", {}).tours?.short?.stops.stop ?? {};
    expect([Object.hasOwn(bare, "placement"), Object.hasOwn(bare, "note")]).toEqual([false, false]);
  });

  it("give a stop a recording in each language, and take it away", () => {
    const recording = (id: string) => ({ id, asset: CASES.library.scan as Asset });
    const told = narrateStop(HALL, "short", "stop-2", "zh", recording("spoken-zh"));
    const both = narrateStop(told, "short", "stop-2", "en", recording("spoken-en"));
    expect(both.tours?.short?.stops["stop-2"]?.narration).toEqual({ zh: "spoken-zh", en: "spoken-en" });
    expect(Object.keys(both.assets)).toEqual(expect.arrayContaining(["spoken-zh", "spoken-en"]));
    const silent = narrateStop(narrateStop(both, "short", "stop-2", "zh", null), "short", "stop-2", "en", null);
    expect(difference(HALL, silent)).toEqual([]);
  });

  it("move several ids at once", () => {
    expect(reorder(HALL, "placement_order", ["drawing", "panel"], 1).placement_order).toEqual([
      "vase",
      "panel",
      "drawing",
    ]);
  });

  it("lead to a hall or to none", () => {
    const title = { zh: "东门", en: "East" };
    const doors = {
      east: { title, position: [6, 0, 0] as [number, number, number], facing_deg: -90, width_m: 1, height_m: 2 },
    };
    const hall = { ...HALL, doors };
    expect(leadDoor(hall, "east", "tea").doors?.east?.hall).toBe("tea");
    expect(leadDoor(leadDoor(hall, "east", "tea"), "east", null)).toEqual(hall);
  });

  it("leave fields out that are taken away", () => {
    const hall = changeThing(HALL, "chapters", "clay", { from_year: 960, to_year: undefined } as never);
    expect(hall.chapters?.clay).toEqual({ ...HALL.chapters?.clay, from_year: 960 });
    expect(changeThing(hall, "chapters", "clay", { from_year: undefined } as never)).toEqual(HALL);
    expect(changeThing(HALL, "chapters", "gone", { from_year: 1 })).toBe(HALL);
  });
});
