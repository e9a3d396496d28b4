import { levelsOf } from "../document/levels.ts";
import type { Hall, Text } from "../document/schema.ts";
import { DRACO, prefetch, takePrefetched } from "./prefetch.ts";

const ACCEPT = { Accept: "application/json" };

/**
 * Requests a hall document and then the files of the room, while the code that shows them is still loading: a slow line never stands
 * idle.
 */
export async function prefetchHall(src: string, media: string): Promise<void> {
  const answer = await prefetch(src, { headers: ACCEPT });
  if (!answer.ok) return; // `fetchHall` reports the error
  const hall = (await answer.clone().json()) as Hall;
  const room = hall.assets[hall.architecture.asset];
  const [first] = room ? levelsOf(room) : [];
  if (!room || !first) return;
  for (const address of Object.values(DRACO)) prefetch(address);
  for (const file of [first, room.files.collider]) if (file) prefetch(media + file.sha256);
}

/** Fetches a hall document. Rejects with an error that says what is wrong. */
export async function fetchHall(src: string, signal: AbortSignal): Promise<Hall> {
  const document = await fetchJson<Partial<Hall>>(src, signal);
  if (document.schema !== "longyao:hall/1")
    throw new Error(`Not a hall document: schema is ${String(document.schema)}`);
  return document as Hall;
}

/** Fetches the titles of all published halls, by slug. `src` is the URL of one hall document. */
export async function fetchTitles(src: string, signal: AbortSignal): Promise<ReadonlyMap<string, Text>> {
  const list = src.replace(/\/[^/]+(\/draft)?$/, "");
  const { halls } = await fetchJson<{ halls: { slug: string; title: Text }[] }>(list, signal);
  return new Map(halls.map(({ slug, title }) => [slug, title]));
}

/** The slug of the hall whose document has this URL. */
export function slugOf(src: string): string {
  return /([^/]+?)(?:\/draft)?$/.exec(src)?.[1] ?? "";
}

/** The URL of another hall's document on the same server. */
export function besideOf(src: string, slug: string): string {
  return src.replace(/[^/]+(\/draft)?$/, slug);
}

async function fetchJson<T>(src: string, signal: AbortSignal): Promise<T> {
  const answer = await takePrefetched(src, { signal, headers: ACCEPT });
  if (!answer.ok) throw new Error(`${src} could not be had: ${answer.status} ${answer.statusText}`);
  return (await answer.json()) as T;
}
