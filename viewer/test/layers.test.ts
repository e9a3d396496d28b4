import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const SRC = fileURLToPath(new URL("../src", import.meta.url));

/** Which folders the files of a folder may import. README.md draws the same arrows. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  document: ["document"],
  ui: ["ui"],
  page: ["ui", "page"],
  core: ["document", "core"],
  modes: ["document", "core", "modes"],
  tools: ["document", "core", "ui", "tools"],
  audio: ["document", "core", "ui", "audio"],
  navigation: ["document", "core", "modes", "ui", "navigation"],
  tour: ["document", "core", "ui", "audio", "navigation", "tour"],
  map: ["document", "core", "ui", "navigation", "map"],
  app: ["document", "core", "modes", "tools", "ui", "audio", "navigation", "tour", "map", "app"],
  studio: ["document", "core", "ui", "navigation", "tour", "studio"],
  asset: ["document", "core", "ui", "studio", "asset"],
  "page.ts": ["ui", "page"],
  "studio.ts": ["document", "studio"],
  "asset.ts": ["document", "asset"],
  "main.ts": ["core", "navigation", "ui", "app"],
};

/** The folder of a file, or the name of an entry file. */
function folderOf(file: string): string {
  return file.split("/")[0] as string;
}

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

/** Every file that a file imports, with types and dynamic imports: paths below src. */
function importsOf(file: string): string[] {
  const source = readFileSync(join(SRC, file), "utf8");
  const paths = [...source.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+\.ts)"/g)].map((match) => match[1] as string);
  return [...new Set(paths.map((path) => relative(SRC, normalize(join(SRC, dirname(file), path)))))];
}

const graph = new Map(files.map((file) => [file, importsOf(file)]));

/** One import cycle, as the files along it; null if there is none. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const finished = new Set<string>();
  const path: string[] = [];
  const search = (file: string): string[] | null => {
    if (finished.has(file)) return null;
    const start = path.indexOf(file);
    if (start >= 0) return [...path.slice(start), file];
    path.push(file);
    for (const target of graph.get(file) ?? []) {
      const cycle = search(target);
      if (cycle) return cycle;
    }
    path.pop();
    finished.add(file);
    return null;
  };
  for (const file of graph.keys()) {
    const cycle = search(file);
    if (cycle) return cycle;
  }
  return null;
}

describe("imports", () => {
  it.each(files)("of %s follow the arrows", (file) => {
    for (const target of graph.get(file) ?? [])
      expect(MAY_IMPORT[folderOf(file)], `${file} -> ${target}`).toContain(folderOf(target));
  });

  it("form no cycle, not even of types", () => {
    expect(findCycle(graph)).toBeNull();
    // The search itself finds a cycle where there is one.
    const cyclic = new Map([
      ["a", ["b", "c"]],
      ["b", []],
      ["c", ["d"]],
      ["d", ["b", "c"]],
    ]);
    expect(findCycle(cyclic)).toEqual(["c", "d", "c"]);
  });

  it("of code that draws happen only when a hall is opened", () => {
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
    expect(reached).toContain("core/prefetch.ts");
    expect([...foreign].filter((path) => !path.endsWith("?url"))).toEqual([]);
  });
});
