import type { Asset } from "./schema.ts";
import { type Lang, localized } from "./text.ts";
import { periodText } from "./years.ts";

/** The facts that an asset's document states about where it comes from, as text. Cases: assets/schema/cases/origin.json. */

/** The names of the facts, which are those of the case file. */
export type FactName = "maker" | "years" | "inventory_number" | "made" | "source" | "credit" | "licence" | "rights";

export interface Fact {
  readonly name: FactName;
  readonly text: string;
}

/** The facts about the real thing that an asset shows. */
export function originalFacts({ original = {} }: Pick<Asset, "original">, lang: Lang): Fact[] {
  const { maker, year, to_year, circa, inventory_number } = original;
  return stated([
    ["maker", maker && localized(maker, lang)],
    ["years", year === undefined ? undefined : periodText(year, to_year ?? year, lang, circa)],
    ["inventory_number", inventory_number],
  ]);
}

/** The facts about the files that show it. */
export function fileFacts({ origin }: Pick<Asset, "origin">, lang: Lang): Fact[] {
  const { made, source, credit, licence, rights } = origin;
  return stated([
    ["made", made && dayText(made, lang)],
    ["source", source && localized(source, lang)],
    ["credit", credit && localized(credit, lang)],
    ["licence", licence && licenceName(licence, lang)],
    ["rights", rights && localized(rights, lang)],
  ]);
}

/** The facts that nobody has stated. Terms of use only add to a licence, or replace it. */
export function factsNotStated({ origin, original = {} }: Pick<Asset, "origin" | "original">): FactName[] {
  const known: Readonly<Record<FactName, unknown>> = {
    maker: original.maker,
    years: original.year,
    inventory_number: original.inventory_number,
    made: origin.made,
    source: origin.source,
    credit: origin.credit,
    licence: origin.licence ?? origin.rights,
    rights: true,
  };
  return (Object.keys(known) as FactName[]).filter((name) => known[name] === undefined);
}

function stated(facts: readonly (readonly [name: FactName, text: string | undefined])[]): Fact[] {
  return facts.flatMap(([name, text]) => (text === undefined ? [] : [{ name, text }]));
}

/** A licence by its usual name; an identifier that is not known stays as it is. Cases: assets/schema/cases/licences.json. */
export function licenceName(licence: string, lang: Lang): string {
  if (licence === "LicenseRef-AllRightsReserved") return lang === "zh" ? "版权所有" : "All rights reserved";
  if (licence === "CC0-1.0") return "CC0 1.0";
  return licence.replace(/^CC-(BY(?:-NC)?(?:-SA|-ND)?)-(\d\.\d)$/, "CC $1 $2");
}

/** An ISO date as text; its day or its month may be missing. A text that is no ISO date stays as it is. */
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
