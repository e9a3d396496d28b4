import type { Text } from "./schema.ts";

/** The languages in which a document is written. */
export type Lang = keyof Text;

/** The text in this language; in the other language if this one is blank, because some text is better than none. */
export function localized(text: Text | undefined, lang: Lang): string {
  const other = lang === "zh" ? "en" : "zh";
  return [text?.[lang], text?.[other]].find((words) => words?.trim()) ?? "";
}

/** Rich text without its markup. */
export function withoutMarkup(html: string): string {
  return html.replace(/<[^>]*>/g, "");
}

/** Whether a text, plain or rich, says nothing. */
export function isBlank(words: string | undefined): boolean {
  return withoutMarkup(words ?? "").trim() === "";
}

/** The languages in which one of these texts is missing that is there in the other one. */
export function missingIn(texts: readonly (Text | undefined)[]): Lang[] {
  const lacks = (tongue: Lang, other: Lang) =>
    texts.some((text) => text !== undefined && isBlank(text[tongue]) && !isBlank(text[other]));
  return [...(lacks("zh", "en") ? (["zh"] as const) : []), ...(lacks("en", "zh") ? (["en"] as const) : [])];
}
