import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { exhibitText } from "../src/app/exhibit-text.ts";
import {
  dayText,
  type FactName,
  factsNotStated,
  fileFacts,
  licenceName,
  originalFacts,
} from "../src/document/origin.ts";
import type { Asset, Text } from "../src/document/schema.ts";
import { translate } from "../src/ui/i18n.ts";
import { FACT_LABELS } from "../src/ui/origin-labels.ts";
import { hallOf, model, placed, text } from "./halls.ts";

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../assets/schema/cases/${name}.json`, import.meta.url), "utf8")) as T;
}

interface OriginCase extends Pick<Asset, "origin" | "original"> {
  readonly about: string;
  readonly facts: Record<"zh" | "en", [name: FactName, text: string][]>;
  readonly not_stated: FactName[];
}

const LICENCES = read<{ licence: string; name: Text }[]>("licences");
const ORIGIN = read<{ labels: Record<FactName, Text>; cases: OriginCase[] }>("origin");

describe("where an asset comes from", () => {
  it.each(LICENCES)("names the licence $licence", ({ licence, name }) => {
    expect({ zh: licenceName(licence, "zh"), en: licenceName(licence, "en") }).toEqual(name);
  });

  it.each(ORIGIN.cases)("is read the same as on the server where $about", (asset) => {
    for (const lang of ["zh", "en"] as const) {
      const facts = [...originalFacts(asset, lang), ...fileFacts(asset, lang)];
      expect(facts.map(({ name, text }) => [name, text])).toEqual(asset.facts[lang]);
    }
    expect(factsNotStated(asset)).toEqual(asset.not_stated);
  });

  it("has facts with the labels of the server's page", () => {
    const labels = Object.entries(FACT_LABELS).map(([name, key]) => [
      name,
      { zh: translate("zh", key), en: translate("en", key) },
    ]);
    expect(Object.fromEntries(labels)).toEqual(ORIGIN.labels);
  });

  it.each([
    ["2024-05-18T09:30:00+00:00", "2024年5月18日", "18 May 2024"],
    ["2024-05-18", "2024年5月18日", "18 May 2024"],
    ["2024-05", "2024年5月", "May 2024"],
    ["2024", "2024年", "2024"],
    ["spring", "spring", "spring"],
    ["Spring 1958", "Spring 1958", "Spring 1958"],
  ])("says no more of the date %s than is known", (iso, zh, en) => {
    expect([dayText(iso, "zh"), dayText(iso, "en")]).toEqual([zh, en]);
  });

  it("tells all that was said of it, and of a method that nobody stated just that", () => {
    const hall = hallOf({ jar: { ...placed("object", [0, 0, 0]), asset: "jar" } });
    const jar: Asset = {
      ...model(1, 1),
      origin: {
        method: "not-stated",
        statement: text("Nobody said."),
        source: text("An archive"),
        licence: "CC-BY-NC-4.0",
        rights: text("For schools"),
      },
      original: { maker: text("He Chaozong"), year: 1600, to_year: 1640, circa: true, inventory_number: "D-17" },
    };
    const shown = { ...hall, assets: { ...hall.assets, jar } };
    const panel = exhibitText(shown, "jar", { followedChapter: null, media: "", failed: [] }, "en");
    expect(Object.fromEntries(panel?.facts ?? [])).toMatchObject({
      Maker: "He Chaozong",
      Date: "c. 1600–1640",
      "Inventory number": "D-17",
    });
    const told = Object.fromEntries(panel?.origin?.facts ?? []);
    expect(told).toMatchObject({
      "How it was made": "Not stated",
      Source: "An archive",
      Licence: "CC BY-NC 4.0",
      "Terms of use": "For schools",
    });
    expect(Object.keys(told)).not.toContain("Date made");
  });
});
