import { exhibitNumbers, noteIds } from "../../document/order.ts";
import type { Hall, Stop, Text, Tour } from "../../document/schema.ts";
import { type Lang, localized } from "../../document/text.ts";
import { readingSeconds } from "../../tour/tour-clock.ts";
import { studioText } from "../i18n.ts";
import { directText } from "./i18n.ts";

/** What is said of stops and tours in the studio. */

/** The exhibit or note that a stop is about; empty where it is a view of the hall. */
export function subjectTitle(hall: Hall, { placement, note }: Pick<Stop, "placement" | "note">, lang: Lang): string {
  const untitled = studioText(lang, "untitled");
  const owner = placement ?? hall.notes[note ?? ""]?.placement ?? null;
  const exhibit = owner === null ? "" : localized(hall.placements[owner]?.title, lang) || untitled;
  if (note === undefined) return exhibit;
  const title = localized(hall.notes[note]?.title, lang) || untitled;
  const number = noteIds(hall, hall.notes[note]?.placement ?? null).indexOf(note) + 1;
  const said = directText(lang, "noteNamed", { number, title });
  return exhibit ? `${exhibit} · ${said}` : said;
}

/** An exhibit with its number, as it is chosen from a list. */
export function exhibitName(hall: Hall, id: string, lang: Lang): string {
  const number = exhibitNumbers(hall).get(id);
  const title = localized(hall.placements[id]?.title, lang) || studioText(lang, "untitled");
  return number === undefined ? title : `${number} ${title}`;
}

/** The languages in which a text that visitors need has no words. */
export function languagesMissing(text: Text | undefined): Lang[] {
  return (["zh", "en"] as const).filter((tongue) => !text?.[tongue].trim());
}

/** What is missing of a text, as it is marked; empty if nothing is. */
export function missingWords(text: Text | undefined, lang: Lang): string {
  const missing = languagesMissing(text);
  if (missing.length === 2) return directText(lang, "noWords");
  return missing[0] ? studioText(lang, "missing", { languages: studioText(lang, missing[0]) }) : "";
}

/** How long a stop lasts, s: stated, or as long as its caption takes to read. */
export function secondsOf({ seconds, caption }: Stop, lang: Lang): number {
  return seconds ?? readingSeconds(localized(caption, lang));
}

/** A tour's length as it is said: how many stops, how long. */
export function tourLength({ stops, stop_order }: Tour, lang: Lang): string {
  const seconds = Math.round(Object.values(stops).reduce((sum, stop) => sum + secondsOf(stop, lang), 0));
  const minutes = Math.floor(seconds / 60);
  const key = minutes > 0 ? "tourMinutes" : "tourSeconds";
  return directText(lang, key, { stops: stop_order.length, minutes, seconds: minutes > 0 ? seconds % 60 : seconds });
}
