import { describe, expect, it } from "vitest";
import { hangOnWall, setDown } from "../src/document/commands/arrange.ts";
import { addFurniture, resizeFurniture } from "../src/document/commands/furniture.ts";
import { overlap, standingBox } from "../src/document/overlap.ts";
import { written } from "../src/document/paths.ts";
import { quaternionOfTurn } from "../src/document/rotation.ts";
import type { Asset, Hall, Placement, Vec3 } from "../src/document/schema.ts";
import type { Check, Surroundings } from "../src/studio/check.ts";
import { checkText, severityText } from "../src/studio/check-words.ts";
import { checks } from "../src/studio/checks.ts";
import { mendOf } from "../src/studio/mends.ts";
import { hallOf, model, placed, text } from "./halls.ts";
import { Randomness } from "./randomness.ts";

const licensed = (asset: Asset): Asset => ({ ...asset, origin: { ...asset.origin, licence: "CC0-1.0" } });
const picture = (): Asset => {
  const file = { sha256: "0".repeat(64), bytes: 1, mime: "image/webp", width: 400, height: 300 } as const;
  return licensed({
    ...model(1, 1),
    kind: "picture",
    bounds: undefined as never,
    files: { thumb: file, picture: file },
  });
};

/** A hall of which nothing is to be said. */
function finished(): Hall {
  const label = text("A label");
  return hallOf(
    {
      vase: placed("object", [2, 0, 0], { asset: "vase", label }),
      print: placed("picture", [-2, 1.5, -5 + 0.012], { asset: "print", width_m: 0.8, label }),
      foreword: placed("panel", [0, 1.5, -5 + 0.012], { width_m: 1, label }),
      tag: placed("panel", [3, 0.9, 0], { width_m: 0.3, label }),
    },
    {
      assets: {
        room: licensed({ ...model(10, 4), bounds: { min: [-5, 0, -5], max: [5, 4, 5] } }),
        vase: licensed(model(0.3, 0.6)),
        print: picture(),
      },
      summary: text("A summary"),
      notes: { one: { title: text("One"), body: text("<p>…</p>"), anchor: [0, 1, 0] } },
      note_order: ["one"],
      chapters: { fire: { title: text("Fire"), placements: [] } },
      chapter_order: ["fire"],
      timeline: { title: text("Years"), milestones: { song: { year: 960, title: text("Song") } } },
      tours: {
        short: {
          title: text("Short"),
          stops: { stop: { caption: text("Look") }, "stop-2": { caption: text("On") } },
          stop_order: ["stop", "stop-2"],
        },
      },
      tour_order: ["short"],
      zones: { kiln: { title: text("Kiln"), min: [0, 0, 0], max: [1, 1, 1] } },
      sources: { book: { title: text("Book") } },
      doors: {
        east: { title: text("East"), position: [5, 0, 0], facing_deg: -90, width_m: 1, height_m: 2, hall: "tea" },
      },
    },
  );
}

const found = (path: readonly (string | number)[], value: unknown) => checks(written(finished(), path, value));
const vase = ["placements", "vase"];

/** [id, path, thing] of each. */
const short = (all: readonly Check[]) => all.map(({ id, path, thing }) => [id, path.join("/"), thing.join("/")]);

describe("a hall", () => {
  it("of which nothing is to be said", () => {
    expect(checks(finished())).toEqual([]);
  });

  it.each<[string, (string | number)[], unknown, string, string]>([
    ["translation-missing", [...vase, "title"], { zh: "梅瓶", en: " " }, "placements/vase/title", "placements/vase"],
    ["translation-missing", ["summary"], { zh: "", en: "x" }, "summary", ""],
    ["translation-missing", ["notes", "one", "body"], { zh: "<p></p>", en: "<p>x</p>" }, "notes/one/body", "notes/one"],
    [
      "translation-missing",
      ["tours", "short", "stops", "stop-2", "caption"],
      { zh: "", en: "x" },
      "tours/short/stops/stop-2/caption",
      "tours/short",
    ],
    [
      "translation-missing",
      ["timeline", "milestones", "song", "text"],
      { zh: "宋", en: "" },
      "timeline/milestones/song/text",
      "timeline/milestones/song",
    ],
    ["translation-missing", ["timeline", "title"], { zh: "", en: "x" }, "timeline/title", "timeline"],
    ["translation-missing", ["doors", "east", "title"], { zh: "", en: "x" }, "doors/east/title", "doors/east"],
    [
      "translation-missing",
      ["assets", "vase", "origin", "source"],
      { zh: "", en: "x" },
      "assets/vase/origin/source",
      "assets/vase",
    ],
    ["title-missing", ["title"], text(""), "title", ""],
    ["title-missing", ["notes", "one", "title"], text(" "), "notes/one/title", "notes/one"],
    ["panel-empty", ["placements", "foreword", "label"], undefined, "placements/foreword/label", "placements/foreword"],
    ["alternative-missing", [...vase, "label"], text(" "), "placements/vase/label", "placements/vase"],
    ["captions-missing", ["placements", "print", "kind"], "video", "placements/print/asset", "placements/print"],
    [
      "words-missing",
      ["tours", "short", "stops", "stop", "caption"],
      text(""),
      "tours/short/stops/stop/caption",
      "tours/short",
    ],
    ["words-missing", ["zones", "kiln", "sound"], "vase", "zones/kiln/caption", "zones/kiln"],
    ["origin-missing", ["assets", "vase", "origin", "method"], "not-stated", "assets/vase/origin", "assets/vase"],
    [
      "licence-missing",
      ["assets", "vase", "origin", "licence"],
      undefined,
      "assets/vase/origin/licence",
      "assets/vase",
    ],
    ["unscaled", ["assets", "vase", "unit"], "arbitrary", "placements/vase/scale", "placements/vase"],
    ["not-life-size", [...vase, "scale"], 1.5, "placements/vase/scale", "placements/vase"],
    ["outside-room", [...vase, "translation"], [5, 0, 0], "placements/vase/translation", "placements/vase"],
    ["outside-room", [...vase, "translation"], [0, -0.2, 0], "placements/vase/translation", "placements/vase"],
    ["clash", ["placements", "tag", "translation"], [2, 0.4, 0], "placements/tag/translation", "placements/tag"],
    [
      "picture-height",
      ["placements", "print", "translation"],
      [-2, 1.6, -4.9],
      "placements/print/translation",
      "placements/print",
    ],
    ["label-height", ["placements", "tag", "translation"], [3, 1.1, 0], "placements/tag/translation", "placements/tag"],
    ["cane-height", [...vase, "translation"], [2, 1, 2], "placements/vase/translation", "placements/vase"],
    ["door-shut", ["doors", "east", "hall"], undefined, "doors/east/hall", "doors/east"],
  ])("with one thing wrong: %s at %j", (id, path, value, at, thing) => {
    const all = found(path, value);
    expect(short(all)).toEqual([[id, at, thing]]);
    const hall = written(finished(), path, value);
    for (const lang of ["zh", "en"] as const) {
      const words = checkText(hall, all[0] as Check, lang);
      expect(words).toMatch(lang === "zh" ? /[\u4e00-\u9fff].*。$/ : /^[^\u4e00-\u9fff]*( [a-z].*\.)$|^梅瓶.*\.$/);
      expect(words).not.toMatch(/[{}]|undefined/);
      expect(severityText((all[0] as Check).severity, lang)).not.toBe("");
    }
  });

  it("is told in words, errors first", () => {
    let hall = written(finished(), ["placements", "vase", "title"], { zh: "梅瓶", en: "" });
    hall = written(hall, ["placements", "tag", "translation"], [2, 0.4, 0]);
    hall = written(hall, ["title"], text(""));
    expect(
      checks(hall).map((each) => [each.severity, checkText(hall, each, "zh"), checkText(hall, each, "en")]),
    ).toEqual([
      ["error", "展厅：没有标题。", "The hall: has no title."],
      ["warning", "梅瓶：标题缺英文。", "梅瓶: the title is missing in English."],
      ["warning", "A thing与“梅瓶”重叠 16 厘米。", "A thing: stands 16 cm deep in “梅瓶”."],
    ]);
  });
});

describe("the room", () => {
  const names = (hall: Hall, room?: Surroundings) => checks(hall, room).map(({ id, thing }) => [id, thing.join("/")]);
  const plan = (rise_m: number, run_m: number) =>
    written(finished(), ["architecture", "building"], {
      walls: {},
      stairs: { ramp: { kind: "ramp", position: [0, 0], facing_deg: 0, width_m: 1, rise_m, run_m } },
    });

  it("is named with the furniture in it", () => {
    const tall = resizeFurniture(
      addFurniture(finished(), "plinth", [-2, 0, 2]).hall,
      "plinth",
      { height_m: 1.3 },
      true,
    );
    expect(names(tall)).toEqual([
      ["top-height", "furniture/plinth"],
      ["label-height", "furniture/plinth"],
    ]);
    expect(checkText(tall, checks(tall)[0] as Check, "zh")).toMatch(/^展台：台面离地 1.30 米/);
    const into = addFurniture(finished(), "bench", [2, 0, 0]).hall;
    const clash = checks(into).find(({ id }) => id === "clash") as Check;
    expect(checkText(into, clash, "en")).toMatch(/^Bench: stands \d+ cm deep in “A thing”\.$/);
  });

  it("has ramps that are too steep for wheelchairs, or for all", () => {
    const ramp = "architecture/building/stairs/ramp";
    expect(names(plan(0.5, 6))).toEqual([]);
    expect(names(plan(0.5, 5))).toEqual([["steep-ramp", ramp]]);
    expect(names(plan(0.5, 0.5))).toEqual([["ramp-too-steep", ramp]]);
    expect(checkText(plan(0.5, 5), checks(plan(0.5, 5))[0] as Check, "en")).toMatch(/^A ramp: rises 1 in 10,/);
  });

  it("says what stands in its walls", () => {
    const room = { floorBefore: () => 0, inWall: ([, id]: readonly string[]) => id === "vase", isBroken: () => false };
    expect(names(finished(), room)).toEqual([["in-wall", "placements/vase"]]);
  });
});

describe("what is known once the hall is loaded", () => {
  const files = (bytes: number, sha: string) => ({
    thumb: { sha256: sha.repeat(64), bytes, mime: "image/webp" } as const,
  });
  const near = (x: number) =>
    written(addFurniture(finished(), "plinth", [x, 0, 0]).hall, ["placements", "tag"], {
      ...finished().placements.tag,
      translation: [-4, 0.9, 3],
    } as never);

  it("is what cannot be loaded", () => {
    const room: Surroundings = {
      floorBefore: () => 0,
      inWall: () => false,
      isBroken: ([, id]) => id === "print",
    };
    const all = checks(finished(), room);
    expect(short(all)).toEqual([["broken", "placements/print/asset", "placements/print"]]);
    expect(checkText(finished(), all[0] as Check, "en")).toMatch(/^A thing: its files cannot be loaded/);
  });

  it("is what is much for a phone, told of the heaviest; what several use counts once", () => {
    let hall = written(finished(), ["assets", "vase", "files"], files(9e6, "a"));
    hall = written(hall, ["assets", "print", "files"], files(8e6, "b"));
    const [heavy, ...more] = checks(hall).filter(({ id }) => id === "heavy");
    expect(more).toEqual([]);
    expect(heavy?.thing).toEqual(["placements", "vase"]);
    expect(heavy?.megabytes?.own).toBeCloseTo(9, 6);
    expect(checkText(hall, heavy as Check, "zh")).toMatch(/^A thing：手机看完整个展厅要下载 17 MB.*占 9.0 MB。$/);
    const shared = written(hall, ["assets", "print", "files"], files(9e6, "a"));
    expect(checks(shared).filter(({ id }) => id === "heavy")).toEqual([]);
  });

  it("is the ways that a wheelchair does not get through, each told once", () => {
    const narrow = (hall: Hall) => checks(hall).filter(({ id }) => id === "narrow-way");
    expect(narrow(near(1)).map(({ thing, other }) => [thing.join("/"), other?.join("/")])).toEqual([
      ["placements/vase", "furniture/plinth"],
    ]);
    expect(narrow(near(0))).toEqual([]);
    expect(checkText(near(1), narrow(near(1))[0] as Check, "en")).toMatch(
      /^A thing: the way to “Plinth” is \d+ cm; wheelchairs need 0.9 m\.$/,
    );
  });
});

it("what can be put right at once is", () => {
  const done: unknown[] = [];
  const actions = {
    scale: (...what: unknown[]) => done.push(["scale", ...what]),
    hangAtEyeHeight: (...what: unknown[]) => done.push(["eye", ...what]),
  };
  const hall = written(
    written(finished(), [...vase, "scale"], 1.5),
    ["placements", "print", "translation"],
    [-2, 1.6, -4.9],
  );
  for (const each of checks(hall)) mendOf(each, actions)?.();
  expect(done).toEqual([
    ["scale", "vase", 1],
    ["eye", "print"],
  ]);
});

describe("heights", () => {
  it("are not told where the room has a place for it, unless that is too high for many", () => {
    const anchor = { kind: "plinth", position: [2, 0.95, 2], facing_deg: 0, width_m: 0.5, height_m: 1 } as const;
    const stands = (height: number) => {
      const hall = written(finished(), ["anchors"], { plinth: { ...anchor, position: [2, height, 2] } });
      return short(checks(written(hall, [...vase, "translation"], [2, height, 2]))).map(([id]) => id);
    };
    expect(stands(0.95)).toEqual([]);
    expect(stands(1.2)).toEqual(["stand-height"]);
    const terrace = written(
      written(finished(), ["anchors"], { plinth: { ...anchor, position: [2, 22.95, 2] } }),
      [...vase, "translation"],
      [2, 22.95, 2],
    );
    const heights = (floor: number | null) =>
      checks(terrace, {
        floorBefore: ([, id]) => (id === "vase" ? floor : 0),
        inWall: () => false,
        isBroken: () => false,
      }).filter(({ id }) => id.endsWith("-height"));
    expect(heights(22)).toEqual([]); // measured from where visitors stand
    expect(heights(null)).toEqual([]);
    expect(heights(21.5).map(({ id, metres }) => [id, metres])).toEqual([["stand-height", expect.closeTo(1.45)]]);
  });

  it("let a thing stand on another one", () => {
    const stand = placed("object", [2, 0, 2], { asset: "stand", label: text("A stand") });
    let hall = written(finished(), ["assets", "stand"], licensed(model(0.5, 0.9)));
    hall = { ...hall, placements: { ...hall.placements, stand }, placement_order: [...hall.placement_order, "stand"] };
    hall = setDown(written(hall, [...vase, "translation"], [2, 3, 2]), ["vase"], 0.9);
    expect(checks(hall)).toEqual([]);
    expect(short(checks(written(hall, [...vase, "translation"], [3, 0.9, 2]))).map(([id]) => id)).toEqual([
      "cane-height",
    ]);
  });

  it("are those that the commands give", () => {
    const hall = hangOnWall(finished(), "print", [5, 1.45, 3], [-1, 0, 0]);
    expect(checks(hall)).toEqual([]);
  });
});

describe("boxes", () => {
  it("overlap by as much as one would have to move, however they are turned", () => {
    const random = new Randomness(7);
    const assets = { box: model(1, 1, 1) };
    const box = (at: Vec3, turn: number) =>
      standingBox(
        placed("object", at, { asset: "box", rotation: quaternionOfTurn(turn) }) as Placement,
        assets,
      ) as never;
    expect(overlap(box([0, 0, 0], 0), box([0.9, 0, 0], 0))).toBeCloseTo(0.1, 9);
    expect(overlap(box([0, 0, 0], 0), box([1.1, 0, 0], 0))).toBe(0);
    expect(overlap(box([0, 0, 0], 0), box([1.15, 0, 0], 45))).toBeCloseTo(0.5 + Math.SQRT1_2 - 1.15, 9);
    expect(overlap(box([0, 0, 0], 0), box([1.05, 0, 1.05], 45))).toBe(0); // their upright boxes do overlap
    for (let i = 0; i < 50; i++) {
      const [turn, x, z] = [random.next() * 360, random.next() * 2, random.next() * 2];
      const [a, b] = [box([0, 0, 0], 20), box([x, 0, z], turn)];
      expect(overlap(a, b)).toBeCloseTo(overlap(b, a), 9);
      const depth = overlap(a, b);
      if (Math.hypot(x, z) < 0.99) expect(depth).toBeGreaterThan(0);
      if (Math.hypot(x, z) > Math.SQRT2) expect(depth).toBe(0);
    }
  });
});
