import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { TOOL_CATALOGUE } from "../src/tools/i18n.ts";
import { CATALOGUE, type Entry, type StringKey, translate } from "../src/ui/i18n.ts";

const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
// Each folder of the studio has a catalogue of its own.
const STUDIO = Object.entries(
  import.meta.glob<Readonly<Record<string, unknown>>>("../src/studio/**/i18n.ts", { eager: true }),
).flatMap(([file, exported]) =>
  Object.entries(exported).flatMap(([name, catalogue]): [string, Readonly<Record<string, Entry>>][] =>
    name.endsWith("_CATALOGUE") ? [[`${name} of ${file}`, catalogue as Readonly<Record<string, Entry>>]] : [],
  ),
);
const SRC = fileURLToPath(new URL("../src", import.meta.url));

describe.each([["the catalogue", CATALOGUE], ["the tools' catalogue", TOOL_CATALOGUE], ...STUDIO])(
  "%s",
  (_, catalogue) => {
    it.each(Object.entries(catalogue))("says %s in both languages with the same values", (key, { zh, en }) => {
      expect(zh.trim()).not.toBe("");
      expect(en.trim()).not.toBe("");
      expect(holes(zh)).toEqual(holes(en));
      if (key === "switchLanguage" || key === "otherLanguage") return; // each names the other
      expect(en).not.toMatch(/[\u3400-\u9fff]/);
      const said = zh.replaceAll(/\{\w+\}/g, "").replaceAll(/[\s\d/×%.]|MB/g, "");
      if (said !== "") expect(zh).toMatch(/[\u3400-\u9fff]/);
    });

    it("holds nothing that nobody says", () => {
      const source = readdirSync(SRC, { recursive: true, encoding: "utf8" })
        .filter((other) => other.endsWith(".ts") && !other.endsWith("i18n.ts"))
        .map((other) => readFileSync(join(SRC, other), "utf8"))
        .join("\n");
      const keys = Object.keys(catalogue).filter((key) => !new RegExp(`\\b${key}\\b`).test(source));
      expect(keys).toEqual([]);
    });
  },
);

describe("a text", () => {
  it("fills in values", () => {
    expect(translate("en", "position", { number: 3, count: 12 })).toBe("3 of 12");
    expect(translate("zh", "position", { number: 3, count: 12 })).toBe("第 3 件，共 12 件");
    expect(translate("en", "close" satisfies StringKey)).toBe("Leave the hall");
  });
});
