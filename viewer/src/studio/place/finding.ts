import { scaleWarning } from "../../document/commands/placements.ts";
import { isMap } from "../../document/paths.ts";
import type { Hall, Note, Placement } from "../../document/schema.ts";
import { isBlank, type Lang, missingIn, withoutMarkup } from "../../document/text.ts";
import { textsIn } from "../checks.ts";

/** What the list of the hall's things can be narrowed to. */
export const FILTERS = ["lacksEn", "lacksZh", "unscaled", "noLabel", "onlyLocked"] as const;
export type Filter = (typeof FILTERS)[number];

type Thing = Placement | Note | Pick<Hall, "title" | "summary" | "credit">;

const LACKS: Partial<Record<Filter, Lang>> = { lacksEn: "en", lacksZh: "zh" };
// Things are never altered: what is found in one holds for as long as it is there.
const lacking = new WeakMap<Thing, ReadonlySet<Lang>>();

/** Whether a filter shows a thing of the hall. */
export function passes(filter: Filter, thing: Thing, hall: Hall): boolean {
  const language = LACKS[filter];
  if (language) return lacks(thing).has(language);
  if (!("translation" in thing)) return false;
  if (filter === "unscaled") return scaleWarning(thing, hall.assets) === "unscaled";
  if (filter === "noLabel") return isBlank(thing.label?.zh) && isBlank(thing.label?.en);
  return thing.locked === true;
}

/** How many things of the hall each filter shows. */
export function countsOf(hall: Hall): Readonly<Record<Filter, number>> {
  const things: Thing[] = [hallTexts(hall), ...Object.values(hall.placements), ...Object.values(hall.notes)];
  const count = (filter: Filter) => things.filter((thing) => passes(filter, thing, hall)).length;
  return Object.fromEntries(FILTERS.map((filter) => [filter, count(filter)])) as Record<Filter, number>;
}

/** The hall's own texts, as a thing. */
export function hallTexts({ title, summary, credit }: Hall): Thing {
  return credit ? { title, summary, credit } : { title, summary };
}

/** Whether all these words are somewhere in a thing: its texts in both languages, its asset, its sources. */
export function mentions(words: string, thing: Thing, hall: Hall): boolean {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return true;
  const asset = "asset" in thing && thing.asset ? hall.assets[thing.asset] : undefined;
  const sources = "sources" in thing ? (thing.sources ?? []).map((id) => hall.sources?.[id]?.title) : [];
  const texts = [...textsIn(thing, []).map(({ text }) => text), asset?.title, asset?.origin.statement, ...sources];
  const all = texts.map((text) => (text ? `${withoutMarkup(text.zh)} ${withoutMarkup(text.en)}` : "")).join(" ");
  const found = `${all} ${"asset" in thing ? (thing.asset ?? "") : ""}`.toLowerCase();
  return wanted.every((word) => found.includes(word));
}

/** The languages in which some text of a thing is missing that is there in the other one. */
function lacks(thing: Thing): ReadonlySet<Lang> {
  const known = isMap(thing) ? lacking.get(thing) : undefined;
  if (known) return known;
  const found = new Set(missingIn(textsIn(thing, []).map(({ text }) => text)));
  lacking.set(thing, found);
  return found;
}
