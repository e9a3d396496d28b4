import { levelsOf } from "../document/levels.ts";
import type { Hall, Text } from "../document/schema.ts";
import { DRACO, prefetch, takePrefetched } from "./prefetch.ts";

const ACCEPT = { Accept: "application/json" };

/**
 * Asks for a hall's document, then for what its room needs to stand, while the code that shows them is still on its way:
 * a slow line has no pause in between.
 */
export async function prefetchHall(src: string, media: string): Promise<void> {
  const answer = await prefetch(src, { headers: ACCEPT });
  if (!answer.ok) return; // whoever fetches the hall is told
  const { architecture, assets } = (await answer.clone().json()) as Hall;
  const room = assets[architecture.asset];
  const [first] = room ? levelsOf(room) : [];
  if (!room || !first) return;
  for (const address of Object.values(DRACO)) prefetch(address);
  for (const file of [first, room.files.collider]) if (file) prefetch(media + file.sha256);
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
  const answer = await takePrefetched(src, { signal, headers: ACCEPT });
  if (!answer.ok) throw new Error(`${src} could not be had: ${answer.status} ${answer.statusText}`);
  return (await answer.json()) as T;
}
