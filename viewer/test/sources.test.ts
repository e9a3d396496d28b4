// @vitest-environment jsdom
import { afterEach, describe, expect, it } from "vitest";
import { exhibitText, noteText } from "../src/app/exhibit-text.ts";
import { timelineText } from "../src/app/timeline-text.ts";
import type { Hall, Note } from "../src/document/schema.ts";
import { sourceNumbers } from "../src/document/sources.ts";
import { cites, sourceList } from "../src/ui/page.ts";
import { hallOf, placed, text } from "./halls.ts";

const note = (sources: string[], placement?: string): Note => ({
  title: text("Note"),
  body: text("<p>…</p>"),
  anchor: [0, 0, 0],
  ...(placement ? { placement } : {}),
  sources,
});
const source = (name: string, address?: string) => ({
  title: text(name, `《${name}》`),
  ...(address ? { address } : {}),
});

/** Told in the chapters' order: the bowl before the jar. */
const HALL: Hall = hallOf(
  {
    jar: placed("object", [0, 0, 0], { sources: ["d"] }),
    bowl: placed("object", [1, 0, 0]),
    bare: placed("object", [2, 0, 0]),
  },
  {
    notes: { all: note(["e"]), foot: note(["c", "b"], "bowl"), lid: note(["a"], "jar") },
    note_order: ["lid", "foot", "all"],
    chapters: { one: { title: text("One"), placements: ["bowl"] } },
    chapter_order: ["one"],
    timeline: {
      title: text("Years"),
      milestones: {
        later: { year: 1900, title: text("Later"), sources: ["b"] },
        first: { year: 1300, title: text("First"), sources: ["e", "f"], chapter: "one" },
      },
    },
    sources: {
      a: source("A"),
      b: source("B"),
      c: source("C", "https://c.example/book"),
      d: source("D"),
      e: source("E"),
      f: source("F"),
      spare: source("Spare"),
    },
  },
);

afterEach(() => {
  delete document.documentElement.dataset.kiosk;
});

describe("sources", () => {
  it("have the numbers of the hall's page", () => {
    expect([...sourceNumbers(HALL)].map(([id, number]) => `${number} ${id}`)).toEqual([
      "1 e", // the hall's own notes
      "2 f", // milestones, by their years
      "3 b",
      "4 c", // exhibits with their notes, by chapters
      "5 d",
      "6 a",
      "7 spare", // what nothing names
    ]);
  });

  it("are told with the exhibit, the note and the milestone that rest on them", () => {
    const input = { followedChapter: null, media: "", failed: [] };
    expect(exhibitText(HALL, "jar", input, "en")?.sources).toEqual([
      { id: "d", number: 5, title: "D", address: null },
      { id: "a", number: 6, title: "A", address: null },
    ]);
    expect(exhibitText(HALL, "bare", input, "en")?.sources).toEqual([]);
    expect(noteText(HALL, "foot", "zh")?.sources).toEqual([
      { id: "b", number: 3, title: "《B》", address: null },
      { id: "c", number: 4, title: "《C》", address: "https://c.example/book" },
    ]);
    const years = timelineText(HALL, null, "en");
    expect(years?.milestones.map(({ sources }) => sources.map(({ number }) => number))).toEqual([[1, 2], [3]]);
    expect(years?.sources.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(timelineText(HALL, "one", "en")?.sources.map(({ number }) => number)).toEqual([1, 2]);
  });

  it("are listed by their numbers, with their addresses as links", () => {
    const [heading, list] = sourceList(noteText(HALL, "foot", "en")?.sources ?? [], "en") as [Element, Element];
    expect(heading.textContent).toBe("Sources");
    expect([...list.children].map((item) => [item.getAttribute("value"), item.textContent])).toEqual([
      ["3", "B"],
      ["4", "C https://c.example/book"],
    ]);
    expect([...list.querySelectorAll("a")].map((link) => link.href)).toEqual(["https://c.example/book"]);
    expect(sourceList([], "en")).toEqual([]);
  });

  it("lead nowhere on a public screen", () => {
    document.documentElement.dataset.kiosk = "60";
    const [, list] = sourceList(noteText(HALL, "foot", "en")?.sources ?? [], "en") as [Element, Element];
    expect(list.querySelector("a")).toBeNull();
    expect(list.textContent).toContain("https://c.example/book");
  });

  it("are found from the numbers beside a milestone", () => {
    const { sources = [] } = noteText(HALL, "foot", "zh") ?? {};
    const body = document.createElement("div");
    body.className = "ly-panel-body";
    body.append(...cites(sources, "zh", "first"), ...sourceList(sources, "zh"));
    document.body.append(body);
    const [, second] = body.querySelectorAll<HTMLButtonElement>(".ly-cite button");
    expect(second?.getAttribute("aria-label")).toBe("参考文献 4");
    second?.click();
    expect(document.activeElement?.getAttribute("data-source")).toBe("c");
  });
});
