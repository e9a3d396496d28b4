import type { Text } from "./schema.ts";

/** The languages in which a document is written. */
export type Lang = keyof Text;

/** The text in this language; in the other language if this one is empty, because some text is better than none. */
export function localized(text: Text | undefined, lang: Lang): string {
  if (!text) return "";
  return text[lang].trim() === "" ? text[lang === "zh" ? "en" : "zh"] : text[lang];
}
