import { isOrderChange } from "../../document/changes.ts";
import { isMap, valueAt } from "../../document/paths.ts";
import { ORDER_OF } from "../../document/references.ts";
import type { Change, Furnishing, Hall, Text } from "../../document/schema.ts";
import { type Lang, localized } from "../../document/text.ts";
import { type HistoryTextKey, historyText } from "../history/i18n.ts";
import { studioText } from "../i18n.ts";
import { furnitureName } from "../room/i18n.ts";
import { peopleText } from "./i18n.ts";

/** Which thing of a hall a change is about, and what curators call it. */

const HALL_TEXTS: readonly string[] = ["title", "summary", "credit"];
const SINGLE: readonly string[] = ["architecture", "light", "start"];

/** The path of the thing: [] for the hall's own texts, ["tours", "short", "stops", "stop-2"] for a stop. */
export function thingOf(change: Change): readonly string[] {
  if (!isOrderChange(change)) return thingAt(change.path);
  const { order, id } = change;
  if (order.at(-1) === "stop_order") return [...order.slice(0, -1), "stops", id];
  if (order.length > 1) return thingAt(order);
  const map = Object.entries(ORDER_OF).find(([, name]) => name === order[0])?.[0];
  return [map ?? (order[0] as string), id];
}

/** The thing that a path leads to or into. */
export function thingAt(path: readonly string[]): readonly string[] {
  const [part = "", , inside] = path;
  if (HALL_TEXTS.includes(part)) return [];
  if (SINGLE.includes(part)) return [part];
  if (part === "timeline") return path[1] === "milestones" ? path.slice(0, 3) : ["timeline"];
  return path.slice(0, part === "tours" && inside === "stops" ? 4 : 2);
}

/** What it is and its title, such as: Exhibit “Vase”. Of a thing that is gone `before` may know the title. */
export function thingName(hall: Hall, thing: readonly string[], lang: Lang, before: object = {}): string {
  const [part, , inside, stop] = thing;
  if (part === undefined) return peopleText(lang, "hall");
  if (part === "tours" && inside === "stops" && stop !== undefined) {
    const order = [hall, before].map((each) => valueAt(each, [...thing.slice(0, 2), "stop_order"]));
    const listed = order.find((ids): ids is string[] => Array.isArray(ids) && ids.includes(stop));
    const tour = thingName(hall, thing.slice(0, 2), lang, before);
    return peopleText(lang, "stopOf", { tour, number: (listed?.indexOf(stop) ?? 0) + 1 });
  }
  const piece = part === "furniture" ? (hall.furniture?.[thing[1] ?? ""] ?? valueAt(before, thing)) : undefined;
  if (piece) return furnitureName(thing[1] as string, piece as Furnishing, lang);
  const name = historyText(lang, (part === "timeline" && inside ? "milestones" : part) as HistoryTextKey);
  const value = valueAt(hall, thing) ?? valueAt(before, thing);
  const titled = isMap(value) && isMap(value.title);
  if (!titled || thing.length < 2) return name;
  const title = localized(value.title as unknown as Text, lang) || studioText(lang, "untitled");
  return historyText(lang, "partOf", { part: name, title });
}
