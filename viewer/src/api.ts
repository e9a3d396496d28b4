import type { Hall, Text } from "./core/schema.ts";

const ACCEPT = { Accept: "application/json" };

let early: { readonly src: string; readonly answer: Promise<Response> } | null = null;

/** Asks for a hall's document while the code that shows it is still on its way. */
export function expectHall(src: string): void {
  early = { src, answer: fetch(src, { headers: ACCEPT }) };
  early.answer.catch(() => {}); // whoever fetches the hall is told
}

/** The published hall document. Rejects with a sentence that says what is wrong. */
export async function fetchHall(src: string, signal: AbortSignal): Promise<Hall> {
  const document = await fetchJson<Partial<Hall>>(src, signal);
  if (document.schema !== "longyao:hall/1")
    throw new Error(`Not a hall document: schema is ${String(document.schema)}`);
  return document as Hall;
}

/** The titles of all halls that are open, by slug; `src` is the document of one of them. */
export async function fetchTitles(src: string, signal: AbortSignal): Promise<ReadonlyMap<string, Text>> {
  const list = src.replace(/\/[^/]+(\/draft)?$/, "");
  const { halls } = await fetchJson<{ halls: { slug: string; title: Text }[] }>(list, signal);
  return new Map(halls.map(({ slug, title }) => [slug, title]));
}

/** The name of the hall whose document has this address. */
export function slugOf(src: string): string {
  return /([^/]+?)(?:\/draft)?$/.exec(src)?.[1] ?? "";
}

/** The address of another hall's document beside this one. */
export function besideOf(src: string, slug: string): string {
  return src.replace(/[^/]+(\/draft)?$/, slug);
}

async function fetchJson<T>(src: string, signal: AbortSignal): Promise<T> {
  const expected = early?.src === src ? early.answer : null;
  early = null;
  const answer = await (expected ?? fetch(src, { signal, headers: ACCEPT }));
  if (!answer.ok) throw new Error(`${src} could not be had: ${answer.status} ${answer.statusText}`);
  return (await answer.json()) as T;
}
