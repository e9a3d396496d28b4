import type { Lang } from "./text.ts";

/** Years as a visitor reads them. A year before Christ is negative. */

/** One year, or a span of years: 前221–前206年, 221–206 BC. */
export function yearsText(from: number, to: number | undefined, lang: Lang, circa = false): string {
  const text = to === undefined || to === from ? one(from, lang) : span(from, to, lang);
  return circa ? `${lang === "zh" ? "约" : "c. "}${text}` : text;
}

/** A span of years which may be open at one end; an empty string if both ends are open. */
export function eraText(from: number | undefined, to: number | undefined, lang: Lang): string {
  if (from !== undefined && to !== undefined) return yearsText(from, to, lang);
  if (from !== undefined) return lang === "zh" ? `${one(from, lang)}起` : `from ${one(from, lang)}`;
  if (to !== undefined) return lang === "zh" ? `至${one(to, lang)}` : `until ${one(to, lang)}`;
  return "";
}

function one(year: number, lang: Lang): string {
  return lang === "zh" ? `${bare(year)}年` : year < 0 ? `${-year} BC` : String(year);
}

function span(from: number, to: number, lang: Lang): string {
  if (lang === "zh") return `${bare(from)}–${bare(to)}年`;
  if (to < 0) return `${-from}–${-to} BC`;
  return from < 0 ? `${-from} BC – AD ${to}` : `${from}–${to}`;
}

function bare(year: number): string {
  return year < 0 ? `前${-year}` : String(year);
}
