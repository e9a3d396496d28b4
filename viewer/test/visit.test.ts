// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type HallChange, Visit } from "../src/app/visit.ts";
import type { Hall, Note } from "../src/document/schema.ts";
import { type Place, WALK } from "../src/navigation/place.ts";
import { completeJsdom } from "./browser.ts";
import { placed, text } from "./halls.ts";
import { block } from "./rooms.ts";
import { type Answers, exhibitAsset, glb, MEDIA, serve, walkable } from "./sessions.ts";

vi.mock("three", async (original) => ({
  ...(await original<typeof import("three")>()),
  WebGLRenderer: (await import("./browser.ts")).BlindRenderer,
}));

const note: Note = {
  title: text("The lip", "口沿"),
  body: text("<p>Chipped.</p>"),
  anchor: [0, 0.5, -3],
  placement: "jar",
};
const KILN: Hall = walkable(
  {
    jar: placed("object", [0, 0, -3], { asset: "jar", title: text("The jar", "罐"), label: text("A jar.") }),
    bowl: placed("object", [3, 0, -3], { asset: "bowl", title: text("The bowl", "碗") }),
  },
  {
    title: text("The kiln", "龙窑"),
    assets: { jar: exhibitAsset("jar"), bowl: exhibitAsset("bowl") },
    notes: { lip: note },
    note_order: ["lip"],
    tours: {
      short: {
        title: text("Short"),
        stops: { stop: { placement: "bowl", caption: text("The bowl.") } },
        stop_order: ["stop"],
      },
    },
    tour_order: ["short"],
    zones: { fire: { title: text("Fire"), min: [-6, 0, 3], max: [6, 4, 6], sound: "jar", caption: text("The fire") } },
    doors: {
      gate: { title: text("Gate"), position: [-5, 0, 0], facing_deg: 90, width_m: 1.6, height_m: 2.2, hall: "tea" },
      wall: { title: text("Wall"), position: [5, 0, 0], facing_deg: -90, width_m: 1.6, height_m: 2.2 },
    },
    timeline: { title: text("Years"), milestones: { a: { year: 1368, title: text("The first fire") } } },
  },
);
const TEA: Hall = walkable(
  { cup: placed("object", [0, 0, -2]) },
  {
    title: text("The tea garden", "茶园"),
    doors: {
      back: { title: text("Back"), position: [0, 0, 5], facing_deg: 180, width_m: 1.6, height_m: 2.2, hall: "kiln" },
    },
  },
);
const SERVED: Answers = {
  "/api/halls/kiln": KILN,
  "/api/halls/tea": TEA,
  "/api/halls": {
    halls: [
      { slug: "kiln", title: KILN.title },
      { slug: "tea", title: TEA.title },
    ],
  },
  [`${MEDIA}jar`]: glb(block(-0.25, 0, -0.25, 0.25, 0.5, 0.25)),
};

const BOWL: Answers = { [`${MEDIA}bowl`]: glb(block(-0.2, 0, -0.2, 0.2, 0.2, 0.2)) }; // else it cannot be loaded

let visit: Visit | null = null;

beforeEach(() => {
  completeJsdom({ webgl: true });
  document.title = "The kiln · Longyao";
});
afterEach(() => {
  visit?.close();
  visit = null;
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

async function open(place: Place = WALK, answers: Answers = SERVED) {
  serve(answers);
  const made = new Visit({ src: "/api/halls/kiln", media: MEDIA, lang: "en", place, poster: null });
  visit = made;
  const moved: Place[] = [];
  const hallChanged: HallChange[] = [];
  const failed: string[] = [];
  made.moved.on((to) => moved.push(to));
  made.hallChanged.on((change) => hallChanged.push(change));
  made.failed.on((message) => failed.push(message));
  const ready = new Promise<void>((resolve) => made.ready.on(resolve));
  await made.open();
  const dialog = document.querySelector("dialog") as HTMLDialogElement;
  const find = (selector: string) => dialog.querySelector<HTMLElement>(selector);
  const canvas = find("canvas") as HTMLElement;
  const press = (key: string, code = key, target = canvas) =>
    target.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true }));
  const button = (name: string) => {
    const all = [...dialog.querySelectorAll<HTMLElement>("button")];
    const found = all.find((one) => one.getAttribute("aria-label") === name || one.textContent?.trim() === name);
    if (!found) throw new Error(`no button "${name}"`);
    return found;
  };
  const panel = () => (find(".ly-panel")?.hidden ? null : (find("#ly-panel-title")?.textContent ?? null));
  const spoken = () => find(".ly-voice[role=status]")?.textContent;
  return { visit: made, moved, hallChanged, failed, ready, dialog, find, press, button, panel, spoken };
}

describe("a visit", () => {
  it("opens on foot at the entrance, with what the hall has in the bar", async () => {
    const { visit, ready, dialog, find, spoken } = await open();
    await ready;
    expect([visit.mode, visit.src]).toEqual(["walk", "/api/halls/kiln"]);
    expect(visit.position).toEqual([0, expect.closeTo(1.6, 6), 4]);
    expect(dialog.open).toBe(true);
    expect(find("h1")?.textContent).toBe("The kiln");
    expect(find(".ly-guide")?.querySelectorAll("button:not([hidden])")).toHaveLength(5);
    expect(spoken()).toMatch(/The kiln|fire/);
    expect([...dialog.querySelectorAll(".ly-tag")].map((tag) => tag.textContent)).toEqual(
      expect.arrayContaining(["The jar", "The bowl"]),
    );
  });

  it("opens at the place that the URL names", async () => {
    const { moved, panel, visit, find } = await open({ kind: "note", id: "lip" });
    expect(moved).toEqual([{ kind: "note", id: "lip" }]);
    expect([panel(), visit.mode]).toEqual(["The lip", "orbit"]);
    expect(find(".ly-text")?.innerHTML).toBe("<p>Chipped.</p>");
  });

  it("leads along keys to exhibits and, by Escape, step by step back out", async () => {
    const { press, panel, visit } = await open();
    let left = 0;
    visit.left.on(() => left++);
    press("n");
    expect(panel()).toBe("The jar");
    press("n");
    expect(panel()).toBe("The bowl");
    press("p");
    press("l");
    expect(panel()).toBe("List of exhibits");
    press("Escape");
    expect(panel()).toBe("The jar");
    press("Escape");
    expect([panel(), visit.mode, left]).toEqual([null, "walk", 0]);
    press("Escape");
    expect(left).toBe(1);
  });

  it("opens exhibits, notes, the timeline and tours from the list", async () => {
    const { press, button, panel, find, moved } = await open();
    press("l");
    button("The bowl").click();
    expect(panel()).toBe("The bowl");
    press("l");
    find("[data-key=timeline]")?.click();
    expect(panel()).toBe("Years");
    find("[data-key=close]")?.click();
    press("l");
    find("[data-key=tour-short]")?.click();
    expect(moved.at(-1)).toEqual({ kind: "tour", id: "short", stop: 0 });
    expect(find(".ly-tour-caption")?.textContent).toBe("The bowl.");
    press("Escape"); // leaves the tour, not the visit
    expect(moved.at(-1)).toEqual(WALK);
    expect(find(".ly-tour")?.hidden).toBe(true);
  });

  it("says everything in the other language, and keeps what is open", async () => {
    const { visit, button, panel, find, dialog } = await open({ kind: "exhibit", id: "jar" });
    const languages: string[] = [];
    visit.language.on((lang) => languages.push(lang));
    button("中文").click();
    expect(languages).toEqual(["zh"]);
    expect([panel(), find("h1")?.textContent, dialog.lang]).toEqual(["罐", "龙窑", "zh-Hans"]);
    button("English").click();
    expect([panel(), find("h1")?.textContent]).toEqual(["The jar", "The kiln"]);
  });

  it("goes through a door into the next hall and comes in by the door that leads back", async () => {
    const { visit, hallChanged, press, button, find, moved } = await open({ kind: "exhibit", id: "jar" });
    await vi.waitFor(() => expect(find("[aria-label='To the entrance'], .ly-markers")).not.toBeNull());
    press("l");
    await vi.waitFor(() => button("The tea gardenGate"));
    find("[data-key=door-gate]")?.click();
    await vi.waitFor(() => expect(hallChanged).toHaveLength(1));
    expect(hallChanged).toEqual([
      { src: "/api/halls/tea", slug: "tea", title: "The tea garden", left: "The kiln", byUrl: false },
    ]);
    expect(visit.src).toBe("/api/halls/tea");
    expect(visit.position?.[2]).toBeCloseTo(5 - 1.3, 6);
    expect(find("h1")?.textContent).toBe("The tea garden");
    expect([...(find(".ly-markers")?.querySelectorAll(".ly-tag:not(.ly-door)") ?? [])]).toHaveLength(1);
    expect(moved).toEqual([{ kind: "exhibit", id: "jar" }]); // the first hall's; on foot is where one comes in
    visit.switchTo("/api/halls/kiln", { kind: "note", id: "lip" });
    await vi.waitFor(() => expect(hallChanged[1]?.byUrl).toBe(true));
    expect(moved.at(-1)).toEqual({ kind: "note", id: "lip" });
  });

  it("stays where it is if the next hall cannot be loaded, and offers to try again", async () => {
    const { visit, failed, press, find, button, hallChanged } = await open(WALK, {
      ...SERVED,
      ...BOWL,
      "/api/halls/tea": 503,
    });
    press("l");
    find("[data-key=door-gate]")?.click();
    await vi.waitFor(() => expect(find(".ly-notice")?.hidden).toBe(false));
    expect(failed).toEqual([expect.stringContaining("503")]);
    expect(visit.src).toBe("/api/halls/kiln");
    serve(SERVED);
    button("Try again").click();
    await vi.waitFor(() => expect(hallChanged).toHaveLength(1));
    expect(find(".ly-notice")?.hidden).toBe(true);
  });

  it("says of a door that leads nowhere that it is shut", async () => {
    const { press, find, spoken, visit } = await open();
    press("l");
    find("[data-key=door-wall]")?.click();
    expect(spoken()).toBe(find(".ly-hint")?.textContent);
    expect(find(".ly-hint")?.hidden).toBe(false);
    expect(visit.src).toBe("/api/halls/kiln");
  });

  it("forgets a hall that was on its way when the URL leads elsewhere in this one", async () => {
    const { visit, hallChanged, moved } = await open();
    visit.switchTo("/api/halls/tea", WALK);
    visit.go({ kind: "exhibit", id: "bowl" });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(hallChanged).toEqual([]);
    expect([moved.at(-1), visit.src]).toEqual([{ kind: "exhibit", id: "bowl" }, "/api/halls/kiln"]);
  });

  it("tells what could not be loaded, and loads it when asked again", async () => {
    const { find, button, press } = await open();
    await vi.waitFor(() => expect(find(".ly-notice")?.hidden).toBe(false));
    expect(find(".ly-notice p")?.textContent).toContain("One exhibit");
    expect(find(".ly-tag.ly-failed")?.textContent).toBe("The bowl");
    serve({ ...SERVED, ...BOWL });
    button("Try again").click();
    await vi.waitFor(() => expect(find(".ly-tag.ly-failed")).toBeNull());
    expect(find(".ly-notice")?.hidden).toBe(true);
    press("l");
    expect(find(".ly-entry .ly-icon-warning, [data-key=exhibit--bowl] .ly-warning")).toBeNull();
  });

  it("explains that the first hall cannot be loaded, and opens it when asked again", async () => {
    const { visit, failed, find, button, ready } = await open(WALK, {});
    expect(failed).toEqual([expect.stringContaining("404")]);
    expect([visit.position, find(".ly-notice")?.hidden]).toEqual([null, false]);
    serve(SERVED);
    button("Try again").click();
    await ready;
    expect(visit.position).not.toBeNull();
  });

  it("shows the sound of the hall in the bar and in words, and turns it on and off", async () => {
    const { ready, find, button } = await open();
    await ready;
    await vi.waitFor(() => expect(find(".ly-hint")?.textContent).toBe("You hear: The fire"));
    const sound = button("Sound of the hall");
    sound.click();
    expect(sound.getAttribute("aria-pressed")).toBe("true");
    sound.click();
    expect(sound.getAttribute("aria-pressed")).toBe("false");
  });

  it("shares the place, and on foot the view", async () => {
    const { dialog, press, find, ready } = await open();
    await ready;
    await vi.waitFor(() => expect(find(".ly-hint")?.textContent).toBe("You hear: The fire"));
    const shared: string[] = [];
    vi.stubGlobal("navigator", {
      clipboard: { writeText: async (url: string) => void shared.push(new URL(url).hash) },
    });
    dialog.dispatchEvent(new Event("ly-share"));
    await vi.waitFor(() => expect(find(".ly-hint")?.textContent).toBe("The link is copied."));
    press("n");
    dialog.dispatchEvent(new Event("ly-share"));
    await vi.waitFor(() => expect(shared).toHaveLength(2));
    expect(shared).toEqual(["#view=0,1.6,4,0,1.6,2", "#exhibit=jar"]);
  });

  it("draws no frame while nothing moves", async () => {
    const { visit, ready } = await open();
    await ready;
    let before = -1;
    await vi.waitFor(() => {
      const { frames } = visit.stats;
      const still = frames === before;
      before = frames;
      expect(still).toBe(true);
    });
    expect(before).toBeGreaterThan(0);
  });

  it("leaves nothing behind when it is closed", async () => {
    const { visit, failed, moved } = await open({ kind: "tour", id: "short", stop: 0 });
    moved.length = 0;
    visit.close();
    expect(document.querySelector("dialog")).toBeNull();
    expect(document.documentElement.classList.contains("ly-visiting")).toBe(false);
    dispatchEvent(new Event("online"));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([failed, moved]).toEqual([[], []]);
  });
});
