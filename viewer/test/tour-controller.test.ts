// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Asset, Hall } from "../src/document/schema.ts";
import type { Lang } from "../src/document/text.ts";
import { Navigator } from "../src/navigation/navigator.ts";
import { readingSeconds } from "../src/tour/tour-clock.ts";
import { TourController } from "../src/tour/tour-controller.ts";
import { completeJsdom } from "./browser.ts";
import { placed, text } from "./halls.ts";
import { MEDIA, openSession, walkable } from "./sessions.ts";

const narration: Asset = {
  schema: "longyao:asset/1",
  kind: "audio",
  title: text("Narration"),
  unit: "metre",
  files: {
    thumb: { sha256: "t", bytes: 1, mime: "image/webp" },
    audio: { sha256: "spoken", bytes: 1, mime: "audio/mp4" },
  },
  origin: { method: "recording", statement: text("Recorded.") },
} as Asset;

const HALL: Hall = walkable(
  { jar: placed("object", [-3, 0, -3]), bowl: placed("object", [3, 0, -3]) },
  {
    assets: { spoken: narration },
    tours: {
      short: {
        title: text("Short", "短"),
        stops: {
          stop: { placement: "jar", caption: text("The jar.", "罐。"), seconds: 9 },
          "stop-2": { placement: "bowl", caption: text("The bowl.", "碗。") },
          "stop-3": { caption: text("All of it.", "全部。"), narration: { zh: "spoken", en: "spoken" } },
        },
        stop_order: ["stop", "stop-2", "stop-3"],
      },
      other: { title: text("Other"), stops: { stop: { caption: text("Only this.") } }, stop_order: ["stop"] },
    },
    tour_order: ["short", "other"],
  },
);

beforeEach(() => {
  completeJsdom();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function tourIn(hall: Hall) {
  const session = await openSession(hall);
  const state: { session: typeof session; lang: Lang } = { session, lang: "en" };
  const navigator = new Navigator(state);
  const abort = new AbortController();
  const tour = new TourController(state, navigator, MEDIA, abort.signal);
  navigator.arrived.on(({ place }) => place.kind !== "tour" && tour.wandered());
  let left = 0;
  tour.left.on(() => left++);
  const stops = () => (navigator.place.kind === "tour" ? navigator.place.stop : null);
  const bar = () => tour.bar.element;
  const words = (part: string) => bar().querySelector(`.ly-tour-${part}`)?.textContent ?? "";
  const button = (name: string) => {
    const found = [...bar().querySelectorAll("button")].find((one) => one.getAttribute("aria-label") === name);
    if (!found) throw new Error(`no button ${name}`);
    return found;
  };
  vi.useFakeTimers();
  return { tour, navigator, state, abort, stops, bar, words, button, left: () => left };
}

describe("a guided tour", () => {
  it("leads from stop to stop: as long as the document says, else as long as the caption takes to read", async () => {
    const { tour, stops, words } = await tourIn(HALL);
    expect(tour.start("none")).toBe(false);
    expect(tour.touring).toBe(false);
    expect(tour.start("short")).toBe(true);
    expect([stops(), words("caption"), words("where")]).toEqual([0, "The jar.", "Stop 1 of 3"]);
    vi.advanceTimersByTime(8_999);
    expect(stops()).toBe(0);
    vi.advanceTimersByTime(1);
    expect([stops(), words("caption")]).toEqual([1, "The bowl."]);
    vi.advanceTimersByTime(1000 * readingSeconds("The bowl.") - 1);
    expect(stops()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(stops()).toBe(2);
  });

  it("waits while the visitor looks around, then leads back to its stop and plays it from the start", async () => {
    const { tour, stops, button } = await tourIn(HALL);
    tour.start("short");
    vi.advanceTimersByTime(6_000);
    tour.lookedAround();
    vi.advanceTimersByTime(60_000);
    expect(stops()).toBe(0);
    button("Go on with the tour").click();
    vi.advanceTimersByTime(8_999);
    expect(stops()).toBe(0);
    vi.advanceTimersByTime(1);
    expect(stops()).toBe(1);
  });

  it("waits for a visitor who has gone elsewhere, and leads them back to its stop", async () => {
    const { tour, navigator, stops, bar } = await tourIn(HALL);
    tour.start("short", 1);
    navigator.toExhibit("jar", false);
    vi.advanceTimersByTime(60_000);
    expect(stops()).toBeNull();
    expect(tour.touring).toBe(true);
    const rejoin = bar().querySelector<HTMLButtonElement>(".ly-tour-away button");
    expect(rejoin?.textContent).toBe("Rejoin the tour · stop 2");
    rejoin?.click();
    expect(stops()).toBe(1);
  });

  it("keeps the pace of a visitor who steps through it paused", async () => {
    const { tour, stops } = await tourIn(HALL);
    tour.start("short");
    tour.lookedAround();
    tour.step(1);
    vi.advanceTimersByTime(60_000);
    expect(stops()).toBe(1);
    tour.step(-1);
    expect(stops()).toBe(0);
  });

  it("plays a narration to its end, then goes on after a second", async () => {
    const playing: HTMLAudioElement[] = [];
    vi.spyOn(HTMLMediaElement.prototype, "play").mockImplementation(async function play(this: HTMLMediaElement) {
      playing.push(this as HTMLAudioElement);
    });
    const { tour, stops, words } = await tourIn(HALL);
    tour.start("short", 2);
    vi.advanceTimersByTime(600_000);
    expect(stops()).toBe(2);
    expect(new URL(playing[0]?.src ?? "").pathname).toBe("/media/spoken");
    expect(words("caption")).toBe("All of it.");
    playing[0]?.dispatchEvent(new Event("ended"));
    vi.advanceTimersByTime(1_000);
    expect(words("caption")).toContain("(The tour ends here.)");
    expect(tour.touring).toBe(true); // until the visitor leaves it
  });

  it("leaves time to read if the narration cannot be played, or is turned off", async () => {
    const rejected = vi.spyOn(HTMLMediaElement.prototype, "play").mockRejectedValue(new Error("click first"));
    const { tour, button, words } = await tourIn(HALL);
    tour.start("short", 2);
    await vi.advanceTimersByTimeAsync(1000 * readingSeconds("All of it."));
    expect(words("caption")).toContain("(The tour ends here.)");
    tour.start("short", 2);
    button("Narration").click();
    expect(button("Narration").getAttribute("aria-pressed")).toBe("false");
    rejected.mockResolvedValue(undefined);
    vi.advanceTimersByTime(1000 * readingSeconds("All of it."));
    expect(words("caption")).toContain("(The tour ends here.)");
  });

  it("starts the stop again in the other language", async () => {
    const { tour, state, stops, words } = await tourIn(HALL);
    tour.start("short");
    vi.advanceTimersByTime(8_000);
    state.lang = "zh";
    tour.setLanguage();
    expect([words("caption"), words("where")]).toEqual(["罐。", "第 1 站，共 3 站"]);
    vi.advanceTimersByTime(8_999);
    expect(stops()).toBe(0);
  });

  it("pauses when the page is hidden", async () => {
    const { tour, stops } = await tourIn(HALL);
    tour.start("short");
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    document.dispatchEvent(new Event("visibilitychange"));
    hidden.mockRestore();
    vi.advanceTimersByTime(60_000);
    expect(stops()).toBe(0);
  });

  it("ends when another tour starts, when the visitor leaves it, and when the visit ends", async () => {
    const { tour, stops, bar, left, abort, words } = await tourIn(HALL);
    tour.start("short");
    tour.start("other");
    expect(words("caption")).toBe("Only this.");
    vi.advanceTimersByTime(1000 * readingSeconds("Only this."));
    expect(stops()).toBe(0);
    expect(left()).toBe(0);
    tour.leave();
    expect([left(), tour.touring, bar().hidden]).toEqual([1, false, true]);
    tour.start("short");
    abort.abort();
    vi.advanceTimersByTime(60_000);
    expect([tour.touring, stops()]).toEqual([false, 0]);
  });
});
