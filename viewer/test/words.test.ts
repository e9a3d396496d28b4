import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** One term for each idea: what texts say instead of these words. The texts of all three sides, and of the demonstration's halls. */
const INSTEAD: readonly (readonly [wrong: RegExp, right: string])[] = [
  [/时间轴/, "年表"],
  [/篇章/, "章"],
  [/并置|对照(?!片| assets|「)/, "对比"],
  [/(?<!实测)证据/, "实测依据"],
  [/取来/, "载入"],
  [/As the system has it/, "Same as this device"],
  [/\bBringing the\b/, "Loading the"],
  [/W × D × H|width, depth, height|width, height, depth/, "L × W × H"],
  [/宽 \{\w+\} × 深/, "长 × 宽 × 高"],
];
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const below = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
const CATALOGUES = [
  ...below("viewer/src").filter((file) => file.endsWith("i18n.ts")),
  ...below("exhibit").filter((file) => /texts.*\.json$/.test(file) && !file.includes("static")),
  "recon/texts.json",
  "recon/record/texts.json",
  ...below("assets/demo/halls").filter((file) => file.endsWith(".json")),
];

describe("the words of", () => {
  it.each(CATALOGUES)("%s are the terms that the house has chosen", (file) => {
    for (const [i, line] of readFileSync(join(ROOT, file), "utf8").split("\n").entries())
      for (const [wrong, right] of INSTEAD) expect(line, `${file}:${i + 1} say ${right}`).not.toMatch(wrong);
  });
});
