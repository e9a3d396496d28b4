import { type DeepPath, valueAt, written } from "../paths.ts";
import type { Hall, Text } from "../schema.ts";
import type { Lang } from "../text.ts";

/** Texts that a thing need not have: wholly blank they are left out. Keys of objects and maps. */
const OPTIONAL: ReadonlySet<string> = new Set(["credit", "summary", "text", "label", "caption"]);

/**
 * Writes one language of the text at a path, such as ["placements", "vase", "title"] or ["placements", "vase", "process", 0, "title"].
 * A text of a thing that is gone is not written.
 */
export function writeText(hall: Hall, path: DeepPath, lang: Lang, words: string): Hall {
  const above = path.slice(0, -1);
  if (path.length > 1 && valueAt(hall, above) === undefined) return hall;
  const before = valueAt(hall, path) as Text | undefined;
  const text: Text = { zh: "", en: "", ...before, [lang]: words };
  const blank = text.zh === "" && text.en === "";
  return written(hall, path, blank && isOptional(hall, path) ? undefined : text);
}

function isOptional(hall: Hall, path: DeepPath): boolean {
  const name = String(path.at(-1));
  if (!OPTIONAL.has(name) || (name === "summary" && path.length === 1)) return false;
  if (name !== "caption") return true;
  // A stop needs its caption; a zone needs it with a sound.
  return path[0] === "zones" && valueAt(hall, [...path.slice(0, -1), "sound"]) === undefined;
}
