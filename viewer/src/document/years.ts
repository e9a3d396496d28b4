import type { Milestone } from "./schema.ts";
import type { Lang } from "./text.ts";

/**
 * Years as visitors read them; years before the Common Era are negative.
 *
 * Chinese: a one-character dash (GB/T 15834), no space between figures and words. English: an en dash. The era is named
 * where the last year has fewer than four figures, so that nobody takes a year for another number.
 * The server writes the same: exhibit/documents/years.py. assets/schema/cases/years.json holds both.
 */

const FIRST_WITHOUT_ERA = 1000;

type Era = "plain" | "ce" | "bce" | "bceCe";

const YEAR: Readonly<Record<Lang, Readonly<Record<Exclude<Era, "bceCe">, (year: number) => string>>>> = {
  zh: { plain: (year) => `${year}年`, ce: (year) => `公元${year}年`, bce: (year) => `公元前${year}年` },
  en: { plain: (year) => `${year}`, ce: (year) => `${year} CE`, bce: (year) => `${year} BCE` },
};

const YEARS: Readonly<Record<Lang, Readonly<Record<Era, (first: number, last: number) => string>>>> = {
  zh: {
    plain: (first, last) => `${first}—${last}年`,
    ce: (first, last) => `公元${first}—${last}年`,
    bce: (first, last) => `公元前${first}—前${last}年`,
    bceCe: (first, last) => `公元前${first}—公元${last}年`,
  },
  en: {
    plain: (first, last) => `${first}–${last}`,
    ce: (first, last) => `${first}–${last} CE`,
    bce: (first, last) => `${first}–${last} BCE`,
    bceCe: (first, last) => `${first} BCE – ${last} CE`,
  },
};

/** 公元前221年, 公元618年, 1368年; 221 BCE, 618 CE, 1368. */
export function yearText(year: number, lang: Lang): string {
  const era = year < 0 ? "bce" : year < FIRST_WITHOUT_ERA ? "ce" : "plain";
  return YEAR[lang][era](Math.abs(year));
}

/** The years from one to another, since one, or until one; an empty string if neither is known. `circa`: not exactly. */
export function periodText(first: number | undefined, last: number | undefined, lang: Lang, circa = false): string {
  const years = exactPeriod(first, last, lang);
  if (!circa) return years;
  return lang === "zh" ? `约${years}` : `c. ${years}`;
}

export function milestoneYears({ year, to_year, circa }: Milestone, lang: Lang): string {
  return periodText(year, to_year ?? year, lang, circa);
}

function exactPeriod(first: number | undefined, last: number | undefined, lang: Lang): string {
  if (first !== undefined && last !== undefined)
    return first === last ? yearText(first, lang) : span(first, last, lang);
  if (first !== undefined) return lang === "zh" ? `${yearText(first, lang)}起` : `since ${yearText(first, lang)}`;
  if (last !== undefined) return lang === "zh" ? `至${yearText(last, lang)}` : `until ${yearText(last, lang)}`;
  return "";
}

function span(first: number, last: number, lang: Lang): string {
  const era = first < 0 ? (last < 0 ? "bce" : "bceCe") : last < FIRST_WITHOUT_ERA ? "ce" : "plain";
  return YEARS[lang][era](Math.abs(first), Math.abs(last));
}
