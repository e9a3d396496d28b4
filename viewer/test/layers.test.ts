import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** core <- {modes, tools} <- visitor <- main; ui <- {tools, visitor}; page -> ui; core and ui do not know each other. */

const SRC = fileURLToPath(new URL("../src", import.meta.url));
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: ["core"],
  modes: ["core", "modes"],
  tools: ["core", "ui", "tools"],
  ui: ["ui"],
  page: ["ui", "page"],
  visitor: ["core", "modes", "tools", "ui", "visitor"],
  main: ["core", "modes", "ui", "visitor", "main"],
};

function layerOf(file: string): string {
  const [first = "", second] = file.split("/");
  if (second !== undefined) return first;
  return first === "main.ts" ? "main" : first === "page.ts" ? "page" : "visitor"; // what lies beside visitor.ts is part of it
}

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

describe("imports", () => {
  it.each(files)("of %s follow the arrows", (file) => {
    const source = readFileSync(join(SRC, file), "utf8");
    const imported = [...source.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map((match) => match[1] as string);
    for (const path of imported.filter((path) => path.endsWith(".ts"))) {
      const target = relative(SRC, normalize(join(SRC, dirname(file), path)));
      expect(MAY_IMPORT[layerOf(file)], `${file} -> ${target}`).toContain(layerOf(target));
    }
  });

  it("bring what draws only when a hall is opened", () => {
    const reached = new Set<string>();
    const foreign = new Set<string>();
    const reach = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      const source = readFileSync(join(SRC, file), "utf8");
      for (const [, path = ""] of source.matchAll(/^(?:import|export) (?!type)(?:[^;"=]* from )?"([^"]+)"/gm)) {
        if (path.endsWith(".ts")) reach(normalize(join(dirname(file), path)));
        else if (!path.startsWith(".")) foreign.add(path);
      }
    };
    for (const entry of ["main.ts", "page.ts"]) reach(entry);
    expect(reached).toContain("core/early.ts");
    expect([...foreign].filter((path) => !path.endsWith("?url"))).toEqual([]);
  });
});
