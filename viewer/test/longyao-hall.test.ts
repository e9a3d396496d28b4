// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Hall } from "../src/document/schema.ts";
import { LongyaoHall } from "../src/main.ts";
import { completeJsdom } from "./browser.ts";
import { placed, text } from "./halls.ts";
import { serve, walkable } from "./sessions.ts";

vi.mock("three", async (original) => ({
  ...(await original<typeof import("three")>()),
  WebGLRenderer: (await import("./browser.ts")).BlindRenderer,
}));

const HALL: Hall = walkable(
  { words: placed("panel", [0, 1.5, -3], { title: text("Words") }) },
  {
    title: text("The kiln", "龙窑"),
    tours: {
      short: {
        title: text("Short"),
        stops: { stop: { caption: text("a") }, "stop-2": { caption: text("b") } },
        stop_order: ["stop", "stop-2"],
      },
    },
    tour_order: ["short"],
    doors: {
      gate: { title: text("Gate"), position: [-5, 0, 0], facing_deg: 90, width_m: 1.6, height_m: 2.2, hall: "tea" },
    },
  },
);
const TEA = { ...HALL, title: text("The tea garden"), tours: {}, tour_order: [] };
const SERVED = { "/api/halls/kiln": HALL, "/api/halls/tea": TEA };

const events: [name: string, detail: unknown][] = [];
const NAMES = [
  "hall-ready",
  "exhibit-open",
  "note-open",
  "tour-stop",
  "hall-change",
  "language-change",
  "error",
] as const;

beforeEach(() => {
  completeJsdom({ webgl: true });
  serve(SERVED);
  events.length = 0;
  document.title = "The kiln · Longyao";
  history.replaceState(null, "", "/halls/kiln?lang=en");
  document.documentElement.dataset.visit = "";
});
afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

/** The element on a page, as the server writes it. */
function page(attributes: Record<string, string> = {}): LongyaoHall {
  const hall = new LongyaoHall();
  for (const [name, value] of Object.entries({ src: "/api/halls/kiln", lang: "en", ...attributes }))
    hall.setAttribute(name, value);
  for (const name of NAMES) hall.addEventListener(name, (event) => events.push([name, (event as CustomEvent).detail]));
  document.body.append(hall);
  return hall;
}

async function ready(hall: LongyaoHall): Promise<LongyaoHall> {
  await vi.waitFor(() => expect(hall.state).toBe("ready"));
  return hall;
}

async function goTo(hash: string): Promise<void> {
  const changed = new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
  location.hash = hash;
  await changed;
}

describe("<longyao-hall>", () => {
  it("leaves the page as it is until the URL asks for the visit", async () => {
    const hall = page();
    expect([hall.state, hall.mode, hall.position, hall.stats.frames]).toEqual(["closed", null, null, 0]);
    expect(document.documentElement.dataset.visit).toBeUndefined(); // the page is shown
    await goTo("#something");
    expect(hall.state).toBe("closed");
    await goTo("#walk");
    await ready(hall);
    expect([hall.mode, document.querySelector("dialog")?.open]).toEqual(["walk", true]);
    expect(events).toEqual([["hall-ready", {}]]);
  });

  it("opens at once where the URL leads, tells where the visitor is, and follows the URL", async () => {
    history.replaceState(null, "", "/halls/kiln?lang=en#exhibit=words");
    const hall = await ready(page());
    expect(hall.mode).toBe("orbit");
    await goTo("#tour=short&stop=2");
    expect(events.filter(([name]) => name !== "hall-ready")).toEqual([
      ["exhibit-open", { id: "words" }],
      ["tour-stop", { id: "short", stop: 2 }],
    ]);
    document
      .querySelector("dialog canvas")
      ?.dispatchEvent(new KeyboardEvent("keydown", { key: "p", code: "KeyP", bubbles: true }));
    expect(location.hash).toBe("#tour=short");
  });

  it("closes when the visitor leaves, and gives the focus back to the link that opened it", async () => {
    const link = document.createElement("a");
    link.href = "#walk";
    document.body.append(link);
    const hall = page();
    link.focus();
    await goTo("#walk");
    await ready(hall);
    const left = new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
    document.querySelector<HTMLElement>("dialog .ly-close")?.click();
    await left; // the visit was opened by a link: leaving goes back
    expect([hall.state, location.hash, document.querySelector("dialog")]).toEqual(["closed", "", null]);
    expect(document.activeElement).toBe(link);
  });

  it("leaves a visit that the URL opened without going back to another page", async () => {
    history.replaceState(null, "", "/halls/kiln?lang=en#walk");
    const entries = history.length;
    const hall = await ready(page());
    document.querySelector<HTMLElement>("dialog .ly-close")?.click();
    expect([hall.state, location.hash, history.length]).toEqual(["closed", "", entries]);
  });

  it("makes the page of the next hall the current one when the visitor goes through a door", async () => {
    history.replaceState(null, "", "/halls/kiln?lang=en#walk");
    const hall = await ready(page());
    document
      .querySelector("dialog canvas")
      ?.dispatchEvent(new KeyboardEvent("keydown", { key: "l", code: "KeyL", bubbles: true }));
    document.querySelector<HTMLElement>("[data-key=door-gate]")?.click();
    await vi.waitFor(() => expect(events).toContainEqual(["hall-change", { hall: "tea" }]));
    expect([location.pathname, location.search, location.hash]).toEqual(["/halls/tea", "?lang=en", "#walk"]);
    expect(document.title).toBe("The tea garden · Longyao");
    const back = new Promise((resolve) => addEventListener("popstate", resolve, { once: true }));
    history.back();
    await back;
    await vi.waitFor(() => expect(events.filter(([name]) => name === "hall-change")).toHaveLength(2));
    expect([location.pathname, document.title, hall.state]).toEqual(["/halls/kiln", "The kiln · Longyao", "ready"]);
  });

  it("switches the language of the page with that of the visit", async () => {
    history.replaceState(null, "", "/halls/kiln?lang=en#walk");
    const hall = await ready(page());
    document.querySelector<HTMLElement>("dialog .ly-language")?.click();
    expect(events).toContainEqual(["language-change", { lang: "zh" }]);
    expect([hall.lang, document.documentElement.lang, location.search]).toEqual(["zh", "zh-Hans", "?lang=zh"]);
    expect(document.cookie).toContain("lang=zh");
  });

  it("keeps URL, language and cookies of another host's page that embeds it", async () => {
    document.documentElement.lang = "de";
    const fetched = serve({
      "https://museum.example/api/halls/kiln": HALL,
      "https://museum.example/api/halls/tea": TEA,
      "https://museum.example/media/room": await (await fetch("/media/room")).arrayBuffer(),
    });
    history.replaceState(null, "", "/article#walk");
    const hall = await ready(page({ src: "https://museum.example/api/halls/kiln" }));
    expect(fetched).toContain("https://museum.example/media/room"); // beside the document
    document.querySelector<HTMLElement>("dialog .ly-language")?.click();
    expect([hall.lang, document.documentElement.lang, location.search]).toEqual(["zh", "de", ""]);
    document
      .querySelector("dialog canvas")
      ?.dispatchEvent(new KeyboardEvent("keydown", { key: "l", code: "KeyL", bubbles: true }));
    document.querySelector<HTMLElement>("[data-key=door-gate]")?.click();
    await vi.waitFor(() => expect(events).toContainEqual(["hall-change", { hall: "tea" }]));
    expect(location.pathname).toBe("/article");
  });

  it("says on the page why the visit does not open", async () => {
    completeJsdom({ webgl: false });
    history.replaceState(null, "", "/halls/kiln?lang=en#walk");
    const hall = page();
    expect(hall.state).toBe("closed");
    expect(hall.querySelector(".ly-apology")?.getAttribute("role")).toBe("status");
    expect(events).toEqual([["error", { message: hall.querySelector(".ly-apology")?.textContent }]]);
    hall.remove();
    events.length = 0;
    completeJsdom({ webgl: true });
    const bare = new LongyaoHall();
    bare.addEventListener("error", (event) => events.push(["error", (event as unknown as CustomEvent).detail]));
    document.body.append(bare);
    expect(events).toEqual([["error", { message: "longyao-hall has no src" }]]);
  });

  it("leaves nothing behind when it is taken off the page", async () => {
    history.replaceState(null, "", "/halls/kiln?lang=en#walk");
    const hall = await ready(page());
    hall.remove();
    expect([hall.state, document.querySelector("dialog")]).toEqual(["closed", null]);
    await goTo("#exhibit=words");
    expect(hall.state).toBe("closed");
  });
});
