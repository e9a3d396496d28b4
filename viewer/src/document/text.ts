import type { Text } from "./schema.ts";

/** The languages in which a document is written. */
export type Lang = keyof Text;

/** The text in this language; in the other language if this one is blank, because some text is better than none. */
export function localized(text: Text | undefined, lang: Lang): string {
  const other = lang === "zh" ? "en" : "zh";
  return [text?.[lang], text?.[other]].find((words) => words?.trim()) ?? "";
}
