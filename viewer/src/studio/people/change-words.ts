import { equal, isOrderChange } from "../../document/changes.ts";
import { isMap, type Values, valueAt } from "../../document/paths.ts";
import { turnOf } from "../../document/rotation.ts";
import type { Change, Conflict, Hall, Quaternion, Text, Vec3 } from "../../document/schema.ts";
import { type Lang, localized, withoutMarkup } from "../../document/text.ts";
import { fieldName, peopleText } from "./i18n.ts";
import { thingAt, thingName, thingOf } from "./things.ts";

/** Conflicts in words and numbers that a curator understands: of each thing what one has done, and what the other has. */

export interface ThingSides {
  readonly thing: readonly string[];
  readonly name: string;
  readonly mine: readonly string[];
  readonly theirs: readonly string[];
  /** Whose edit came between; empty where nobody knows. */
  readonly author: string;
}

const POINTS: readonly string[] = ["translation", "position", "anchor", "min", "max"];
/** Fields that name another part of the hall, and its map. */
const NAMING: Readonly<Record<string, readonly string[]>> = {
  placement: ["placements"],
  note: ["notes"],
  chapter: ["chapters"],
  asset: ["assets"],
  picture: ["assets"],
  sound: ["assets"],
};

/** `authors`: of each conflict. `mine`: what this editor had, where things have gone. */
export function sidesOf(
  hall: Hall,
  mine: object,
  conflicts: readonly Conflict[],
  authors: readonly string[],
  lang: Lang,
): ThingSides[] {
  const found = new Map<string, { thing: readonly string[]; mine: string[]; theirs: string[]; author: string }>();
  for (const [i, { change, current }] of conflicts.entries()) {
    const thing = thingOf(change);
    const key = thing.join("/");
    const sides = found.get(key) ?? { thing, mine: [], theirs: [], author: "" };
    sides.mine.push(...changeWords(hall, change, lang));
    sides.theirs.push(...theirWords(hall, thing, change, current, lang));
    sides.author ||= authors[i] ?? "";
    found.set(key, sides);
  }
  return [...found.values()].map(({ thing, mine: own, theirs, author }) => ({
    thing,
    name: thingName(hall, thing, lang, mine),
    mine: [...new Set(own)],
    theirs: [...new Set(theirs)],
    author,
  }));
}

/** What a change does, a sentence for each value. */
function changeWords(hall: Hall, change: Change, lang: Lang): string[] {
  if (!isOrderChange(change)) return valueWords(hall, change.path, change.from, change.to, lang);
  if (change.to === undefined) return [peopleText(lang, "removed")];
  if (change.to === null) return [peopleText(lang, "first")];
  const title = titleAt(hall, [...thingOf(change).slice(0, -1), change.to], lang);
  return [peopleText(lang, "after", { title })];
}

function theirWords(hall: Hall, thing: readonly string[], change: Change, current: unknown, lang: Lang): string[] {
  if (thing.length > 0 && valueAt(hall, thing) === undefined) return [peopleText(lang, "gone")];
  if (isOrderChange(change)) return [peopleText(lang, "asBefore")];
  return valueWords(hall, change.path, change.from, current, lang);
}

function valueWords(hall: Hall, path: readonly string[], from: unknown, to: unknown, lang: Lang): string[] {
  const key = path.at(-1) ?? "";
  const whole = path.length > 0 && thingAt(path).length === path.length && path.length > 1;
  if (equal(from, to)) return [peopleText(lang, "asBefore")];
  if (to === undefined && whole) return [peopleText(lang, "removed")];
  if (from === undefined && whole) return [peopleText(lang, "added")];
  if (key === "view" || path.includes("view")) return [peopleText(lang, "otherView")];
  if (key === "zh" || key === "en") return [textWords(path.at(-2) ?? "", key, to, lang)];
  if (isText(to)) {
    const tongues = (["zh", "en"] as const).filter((tongue) => to[tongue] !== (isText(from) ? from[tongue] : ""));
    return tongues.map((tongue) => textWords(key, tongue, to[tongue], lang));
  }
  if (isMap(from) && isMap(to))
    return [...new Set([...Object.keys(from), ...Object.keys(to)])]
      .filter((each) => !equal(from[each], to[each]))
      .flatMap((each) => valueWords(hall, [...path, each], from[each], to[each], lang));
  if (key === "locked") return [peopleText(lang, to === undefined ? "unlocked" : "locked")];
  const field = fieldName(key, lang);
  if (to === undefined) return [peopleText(lang, "fieldRemoved", { field })];
  if (POINTS.includes(key) && isPoint(to)) return [pointWords(from, to, lang)];
  if (key === "rotation") return [peopleText(lang, "turnedTo", { degrees: figure(turnOf(to as Quaternion), 0) })];
  if (typeof to === "number") return [numberWords(key, to, lang)];
  const map = NAMING[key];
  if (typeof to !== "string") return [peopleText(lang, "fieldChanged", { field })];
  return [peopleText(lang, "value", { field, value: map ? titleAt(hall, [...map, to], lang) : to })];
}

function textWords(key: string, tongue: Lang, to: unknown, lang: Lang): string {
  const words = typeof to === "string" && withoutMarkup(to).trim() ? withoutMarkup(to) : peopleText(lang, "noWords");
  return peopleText(lang, "words", { field: fieldName(key, lang), language: peopleText(lang, tongue), words });
}

function pointWords(from: unknown, [x, y, z]: Vec3, lang: Lang): string {
  const to = peopleText(lang, "movedTo", { across: figure(x), along: figure(z), height: figure(y) });
  if (!isPoint(from)) return to;
  return to + peopleText(lang, "movedBy", { metres: figure(Math.hypot(x - from[0], y - from[1], z - from[2])) });
}

function numberWords(key: string, to: number, lang: Lang): string {
  if (key === "scale") return peopleText(lang, "scaledTo", { factor: figure(to) });
  if (key === "facing_deg") return peopleText(lang, "turnedTo", { degrees: figure(to, 0) });
  const field = fieldName(key, lang);
  if (key.endsWith("_m")) return peopleText(lang, "measure", { field, metres: figure(to) });
  return peopleText(lang, "value", { field, value: Number(to.toFixed(2)) });
}

function titleAt(hall: Hall, path: readonly string[], lang: Lang): string {
  const thing = valueAt(hall, path);
  const title = isMap(thing) ? (thing.title as Text | undefined) : undefined;
  return localized(title, lang) || (title ? peopleText(lang, "noWords") : thingName(hall, path, lang));
}

function figure(value: number, digits = 2): string {
  return (Number(value.toFixed(digits)) + 0).toFixed(digits).replace("-", "−");
}

function isPoint(value: unknown): value is Vec3 {
  return Array.isArray(value) && value.length === 3 && value.every((each) => typeof each === "number");
}

function isText(value: unknown): value is Text & Values {
  return isMap(value) && typeof value.zh === "string" && typeof value.en === "string";
}
