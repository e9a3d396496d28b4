import { describe, expect, it } from "vitest";
import { type PanelInput, panelContent } from "../src/app/panel-content.ts";
import type { Asset, Hall, Placement } from "../src/document/schema.ts";
import type { Lang } from "../src/document/text.ts";
import { WALK } from "../src/navigation/place.ts";
import { hallOf, model, placed, text } from "./halls.ts";

const asset = (more: Partial<Asset> = {}): Asset => ({ ...model(0.3, 0.5, 0.2), ...more });

const HALL: Hall = hallOf(
  {
    jar: placed("object", [0, 0, 0], {
      asset: "jar",
      title: text("The jar", "罐"),
      label: text("One.\n\nTwo.\n", "一。"),
    }),
    words: placed("panel", [0, 0, 0], { title: text("Words") }),
    film: placed("video", [0, 0, 0], { asset: "film", title: text("A film") }),
    bowl: placed("object", [0, 0, 0], { asset: "bowl", scale: 2.5, title: text("The bowl") }),
  },
  {
    assets: {
      jar: asset({
        origin: {
          method: "photographs",
          statement: text("Rebuilt from photographs.", "由照片重建。"),
          photos: 120,
          made: "2024-03-09",
          software: "Longyao 0.1",
          credit: text("A museum"),
          licence: "CC-BY-4.0",
        },
        quality: { measured_share: 0.998, filled_share: 0.004, unseen_share: 0 },
      }),
      bowl: asset(),
      film: {
        ...asset(),
        kind: "video",
        files: {
          thumb: { sha256: "still", bytes: 1, mime: "image/webp" },
          video: { sha256: "film", bytes: 1, mime: "video/mp4" },
          captions: {
            zh: { sha256: "zh", bytes: 1, mime: "text/vtt" },
            en: { sha256: "en", bytes: 1, mime: "text/vtt" },
          },
        },
      } as Asset,
    },
    notes: { lip: { title: text("The lip", "口沿"), body: text("<p>Worn.</p>"), anchor: [0, 0, 0], placement: "jar" } },
    note_order: ["lip"],
    chapters: {
      fire: {
        title: text("Fire", "火"),
        summary: text("How it burnt."),
        placements: ["bowl", "jar"],
        from_year: 960,
        to_year: 1127,
      },
    },
    chapter_order: ["fire", "unknown"],
    tours: {
      short: {
        title: text("Short"),
        summary: text("In a minute"),
        stops: { stop: { caption: text("a") } },
        stop_order: ["stop"],
      },
    },
    tour_order: ["short", "unknown"],
    doors: {
      gate: { title: text("Gate"), position: [0, 0, 0], facing_deg: 0, width_m: 1, height_m: 2, hall: "tea" },
      wall: { title: text("Wall"), position: [0, 0, 0], facing_deg: 0, width_m: 1, height_m: 2 },
    },
    timeline: {
      title: text("Years"),
      milestones: {
        b: { year: 1368, title: text("Second"), chapter: "fire", placement: "jar" },
        a: { year: 960, title: text("First") },
      },
    },
  },
);

function content(more: Partial<PanelInput>, lang: Lang = "en") {
  return panelContent(
    {
      hall: HALL,
      failed: [],
      hallTitles: null,
      place: WALK,
      openPanel: null,
      lastExhibit: null,
      followedChapter: null,
      timelineChapter: null,
      media: "/media/",
      ...more,
    },
    lang,
  );
}

const exhibit = (id: string, more: Partial<PanelInput> = {}, lang: Lang = "en") => {
  const found = content({ place: { kind: "exhibit", id }, ...more }, lang);
  return found?.kind === "exhibit" ? found.exhibit : null;
};

describe("the panel", () => {
  it("is closed on foot and on a tour; help needs no hall", () => {
    expect(content({})).toBeNull();
    expect(content({ place: { kind: "tour", id: "short", stop: 0 } })).toBeNull();
    expect(content({ hall: null, openPanel: "list" })).toBeNull();
    expect(content({ hall: null, openPanel: "help" })).toEqual({ kind: "help" });
    expect(content({ place: { kind: "exhibit", id: "gone" } })).toBeNull();
    expect(content({ place: { kind: "note", id: "gone" } })).toBeNull();
  });

  it("that a button opened comes before the place's own", () => {
    const place = { kind: "exhibit", id: "jar" } as const;
    for (const openPanel of ["list", "timeline", "help"] as const)
      expect(content({ place, openPanel })?.kind).toBe(openPanel);
    expect(content({ openPanel: "timeline", hall: hallOf({}) })).toBeNull();
  });

  it("shows the milestones of all chapters, or of one", () => {
    const years = (timelineChapter: string | null) => {
      const found = content({ openPanel: "timeline", timelineChapter });
      return found?.kind === "timeline" ? found.timeline.milestones.map(({ title }) => title) : null;
    };
    expect(years(null)).toEqual(["First", "Second"]);
    expect(years("fire")).toEqual(["Second"]);
    expect(years("unknown")).toEqual(["First", "Second"]);
  });
});

describe("an exhibit in the panel", () => {
  it("has its label, what it is, where it comes from, and everything that is known of its model", () => {
    expect(exhibit("jar")).toMatchObject({
      title: "The jar",
      position: "1 of 3",
      label: ["One.", "Two."],
      stamp: null,
      recording: null,
      failed: false,
      notes: [{ id: "lip", number: 1, title: "The lip" }],
    });
    expect(exhibit("jar")?.facts.map(([, value]) => value)).toEqual(["30 × 20 × 50 cm (L × W × H)"]);
    const facts = Object.fromEntries(exhibit("jar")?.origin?.facts ?? []);
    expect(Object.values(facts)).toEqual([
      expect.stringMatching(/photograph/i),
      expect.stringContaining("120"),
      expect.stringMatching(/99%.*<1%/), // a whole is 100 %, and nothing is 0 %
      "Longyao 0.1",
      "9 March 2024",
      "A museum",
      "CC BY 4.0",
    ]);
    const zh = exhibit("jar", {}, "zh");
    expect(zh).toMatchObject({ title: "罐", label: ["一。"], position: "第 1 件，共 3 件" });
    expect(zh?.origin?.statement).toBe("由照片重建。");
    expect(zh?.origin?.facts.map(([, value]) => value)).toContain("2024年3月9日");
  });

  it("is counted in the chapter that is followed, else in the visit; a panel is not counted", () => {
    expect(exhibit("bowl")?.position).toBe("3 of 3");
    expect(exhibit("bowl", { followedChapter: "fire" })?.position).toBe("Fire · 1 of 2");
    expect(exhibit("film", { followedChapter: "fire" })?.position).toBe("2 of 3");
    expect(exhibit("words")?.position).toBe("Text panel");
  });

  it("says that it is larger than in reality, or that nobody knows its scale", () => {
    expect(exhibit("bowl")?.facts.map(([, value]) => value)).toContainEqual(expect.stringContaining("2.5"));
    const unscaled = { ...HALL, assets: { ...HALL.assets, bowl: asset({ unit: "arbitrary" }) } };
    const shown = exhibit("bowl", { hall: unscaled });
    expect(shown?.stamp?.text).toBeTruthy();
    expect([shown?.facts, shown?.origin?.facts.length]).toEqual([[], 1]);
  });

  it("plays its recording with captions in both languages", () => {
    expect(exhibit("film")?.recording).toEqual({
      kind: "video",
      src: "/media/film",
      poster: "/media/still",
      captions: { zh: "/media/zh", en: "/media/en" },
    });
  });

  it("says that it could not be loaded", () => {
    expect(exhibit("jar", { failed: ["jar"] })?.failed).toBe(true);
  });
});

describe("a note in the panel", () => {
  it("is numbered among its exhibit's, which it names", () => {
    expect(content({ place: { kind: "note", id: "lip" } })).toMatchObject({
      kind: "note",
      note: { title: "The lip", number: 1, position: "Note 1 of 1", html: "<p>Worn.</p>", exhibit: "The jar" },
    });
  });
});

describe("the list", () => {
  const list = (more: Partial<PanelInput> = {}) => {
    const found = content({ openPanel: "list", ...more });
    if (found?.kind !== "list") throw new Error("no list");
    return found.list;
  };

  it("has chapters with their years and exhibits, then what is in no chapter", () => {
    const { groups } = list({ lastExhibit: "jar", failed: ["bowl"], followedChapter: "fire" });
    expect(groups.map(({ chapter }) => chapter)).toMatchObject([
      { id: "fire", title: "Fire", years: expect.stringMatching(/960.1127/), summary: "How it burnt.", followed: true },
      null,
    ]);
    expect(groups.map(({ exhibits }) => exhibits.map(({ id, number }) => [id, number]))).toEqual([
      [
        ["bowl", 3],
        ["jar", 1],
      ],
      [
        ["words", null],
        ["film", 2],
      ],
    ]);
    const [bowl, jar] = groups[0]?.exhibits ?? [];
    expect([bowl?.failed, bowl?.current, jar?.failed, jar?.current]).toEqual([true, false, false, true]);
    expect(groups[1]?.exhibits.map(({ thumb }) => thumb)).toEqual([null, "/media/still"]);
  });

  it("has no chapters for a hall without, and no second group if all exhibits are in chapters", () => {
    const flat = hallOf({ jar: placed("object", [0, 0, 0]) } as Record<string, Placement>);
    expect(list({ hall: flat }).groups).toMatchObject([{ chapter: null, exhibits: [{ id: "jar" }] }]);
    const { jar, bowl } = HALL.placements as { jar: Placement; bowl: Placement };
    const whole = { ...HALL, placements: { jar, bowl }, placement_order: ["jar", "bowl"] };
    expect(list({ hall: whole }).groups).toHaveLength(1);
  });

  it("names tours with their lengths, the timeline, and the halls behind the doors", () => {
    const { tours, timeline, doors } = list();
    expect(tours).toEqual([{ id: "short", title: "Short", about: expect.stringMatching(/1.* · In a minute/) }]);
    expect(timeline).toBe("Years");
    expect(doors.map(({ title, hall }) => [title, hall])).toEqual([
      ["Gate", "Gate"], // nobody has said yet what is behind it
      ["Wall", null],
    ]);
    const known = list({ hallTitles: new Map([["tea", text("Tea garden")]]) });
    expect(known.doors.map(({ hall }) => hall)).toEqual(["Tea garden", null]);
    expect(list({ hallTitles: new Map() }).doors.map(({ hall }) => hall)).toEqual([null, null]);
  });
});
