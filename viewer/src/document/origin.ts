import type { Lang } from "./text.ts";

/** What an asset's document says about where it comes from, as people read it. */

/** A licence by its usual name; an identifier that is not known stays as it is. Cases: assets/schema/cases/licences.json. */
export function licenceName(licence: string, lang: Lang): string {
  if (licence === "LicenseRef-AllRightsReserved") return lang === "zh" ? "版权所有" : "All rights reserved";
  if (licence === "CC0-1.0") return "CC0 1.0";
  return licence.replace(/^CC-(BY(?:-NC)?(?:-SA|-ND)?)-(\d\.\d)$/, "CC $1 $2");
}

/** An ISO date, of which the day or the month may be missing; whatever is no date as it is. */
export function dayText(iso: string, lang: Lang): string {
  const time = new Date(iso);
  // `Date` would read "Spring 1958" as 1 January 1958.
  if (!/^\d{4}(-\d\d){0,2}(T|$)/.test(iso) || Number.isNaN(time.getTime())) return iso;
  const known = iso.slice(0, 10).split("-").length;
  return time.toLocaleDateString(lang === "zh" ? "zh-CN" : "en-GB", {
    year: "numeric",
    ...(known > 1 ? { month: "long" } : {}),
    ...(known > 2 ? { day: "numeric" } : {}),
    timeZone: "UTC",
  });
}
