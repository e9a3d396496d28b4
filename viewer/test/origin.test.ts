import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { exhibitText } from "../src/app/exhibit-text.ts";
import { dayText, licenceName } from "../src/document/origin.ts";
import type { Asset, Text } from "../src/document/schema.ts";
import { hallOf, model, placed, text } from "./halls.ts";

const CASES = new URL("../../assets/schema/cases/licences.json", import.meta.url);
const LICENCES = JSON.parse(readFileSync(CASES, "utf8")) as { licence: string; name: Text }[];

describe("where an asset comes from", () => {
  it.each(LICENCES)("names the licence $licence", ({ licence, name }) => {
    expect({ zh: licenceName(licence, "zh"), en: licenceName(licence, "en") }).toEqual(name);
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
    const facts =
      exhibitText(shown, "jar", { followedChapter: null, media: "", failed: [] }, "en")?.origin?.facts ?? [];
    const told = Object.fromEntries(facts);
    expect(told).toMatchObject({
      Maker: "He Chaozong",
      Date: "c. 1600–1640",
      "Inventory number": "D-17",
      "How it was made": "Not stated",
      Source: "An archive",
      Licence: "CC BY-NC 4.0",
      "Terms of use": "For schools",
    });
    expect(Object.keys(told)).not.toContain("Made");
  });
});
