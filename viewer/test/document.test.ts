import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  exhibitNumbers,
  milestonesInOrder,
  noteIds,
  placementsByChapter,
  variantsInOrder,
} from "../src/document/order.ts";
import type { Hall, Milestone, Placement, Text } from "../src/document/schema.ts";
import { numberedSources, sourceNumbers, sourcesOfExhibit } from "../src/document/sources.ts";
import { type Lang, localized } from "../src/document/text.ts";
import { milestoneYears, periodText, yearText } from "../src/document/years.ts";

/** What a document means, by the cases that the server keeps too (tests/exhibit/test_documents.py). */

const CASES = new URL("../../assets/schema/cases/", import.meta.url);
const LANGS: readonly Lang[] = ["zh", "en"];

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`${name}.json`, CASES), "utf8")) as T;
}

interface YearsCase extends Text {
  readonly from?: number;
  readonly to?: number;
  readonly circa?: boolean;
}

interface HallCase {
  readonly hall: Hall;
  readonly expected: {
    readonly numbers: Record<string, number>;
    readonly notes: Record<string, string[]>;
    readonly milestones: string[];
    readonly milestone_years: Record<string, Text>;
    readonly chapters: [chapter: string | null, placements: string[]][];
    readonly periods: Record<string, Text>;
    readonly variants: Record<string, string[]>;
    readonly sources: Record<string, number>;
    readonly exhibit_sources: Record<string, [number: number, source: string][]>;
  };
}

const both = (write: (lang: Lang) => string): Text => ({ zh: write("zh"), en: write("en") });

describe("years", () => {
  const { cases } = read<{ cases: YearsCase[] }>("years");
  it.each(cases)("from $from to $to (circa: $circa) are $zh and $en", ({ from, to, circa, zh, en }) => {
    if (from !== undefined && to !== undefined) {
      const milestone = { year: from, to_year: to, circa: circa ?? false } as Milestone;
      expect(both((lang) => milestoneYears(milestone, lang))).toEqual({ zh, en });
    }
    expect(both((lang) => periodText(from, to, lang, circa))).toEqual({ zh, en });
    if (!circa && from !== undefined && from === to) expect(both((lang) => yearText(from, lang))).toEqual({ zh, en });
  });
});

describe("texts", () => {
  const { cases } = read<{ cases: (Text & { text: Text })[] }>("texts");
  it.each(cases)("$text are read as $zh and $en", ({ text, zh, en }) => {
    expect(both((lang) => localized(text, lang))).toEqual({ zh, en });
  });
});

const halls = readdirSync(CASES)
  .filter((file) => file.startsWith("hall-"))
  .map((file) => file.replace(".json", ""));

describe.each(halls)("%s", (name) => {
  const { hall, expected } = read<HallCase>(name);

  it("has its exhibits, notes, milestones and chapters in order", () => {
    expect(Object.fromEntries(exhibitNumbers(hall))).toEqual(expected.numbers);
    for (const [id, notes] of Object.entries(expected.notes)) expect(noteIds(hall, id || null)).toEqual(notes);
    expect(milestonesInOrder(hall).map(([id]) => id)).toEqual(expected.milestones);
    expect(placementsByChapter(hall)).toEqual(expected.chapters);
    for (const [id, titles] of Object.entries(expected.variants)) {
      expect(variantsInOrder(hall.placements[id] as Placement).map(({ title }) => title.en)).toEqual(titles);
    }
  });

  it("writes its years", () => {
    const milestones = milestonesInOrder(hall).map(([id, each]) => [id, both((lang) => milestoneYears(each, lang))]);
    expect(Object.fromEntries(milestones)).toEqual(expected.milestone_years);
    const periods = Object.entries(hall.chapters ?? {}).map(([id, { from_year, to_year }]) => [
      id,
      both((lang) => periodText(from_year, to_year, lang)),
    ]);
    expect(Object.fromEntries(periods)).toEqual(expected.periods);
  });

  it("numbers its sources", () => {
    expect(Object.fromEntries(sourceNumbers(hall))).toEqual(expected.sources);
    for (const [id, sources] of Object.entries(expected.exhibit_sources)) {
      const cited = LANGS.map((lang) => numberedSources(hall, sourcesOfExhibit(hall, id), lang));
      for (const texts of cited) expect(texts.map((source) => [source.number, source.id])).toEqual(sources);
    }
  });
});
