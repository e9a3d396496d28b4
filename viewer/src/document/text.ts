import type { Text } from "./schema.ts";

/** A text in this language, or in the other one where it was not written: better read in part than not at all. */
export function said(text: Text | undefined, lang: keyof Text): string {
  if (!text) return "";
  return text[lang].trim() === "" ? text[lang === "zh" ? "en" : "zh"] : text[lang];
}
