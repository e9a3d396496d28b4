/** Halls that are stored completely on this device, in the caches that exhibit/static/service-worker.js serves. */

import { rootOf } from "./root.ts";

const PAGES = "longyao-pages";
const MEDIA = "longyao-media";
const PARALLEL = 3;
const LANGUAGES = ["zh", "en"] as const;

interface Asset {
  readonly files: Readonly<Record<string, unknown>>;
}
export interface HallDocument {
  readonly assets: Readonly<Record<string, Asset>>;
}
export interface Progress {
  readonly loaded: number;
  readonly total: number;
}

const ROOT = rootOf(document.documentElement);
const api = (slug: string) => `${ROOT}api/halls/${slug}`;
const page = (slug: string) => LANGUAGES.map((lang) => `${ROOT}halls/${slug}?lang=${lang}`);
const home = LANGUAGES.map((lang) => `${ROOT}?lang=${lang}`);
const marker = (slug: string) => `${ROOT}service-worker/kept/${slug}`;

/** Every file of a hall: bytes by URL. */
export function filesOf(hall: HallDocument): Map<string, number> {
  const files = new Map<string, number>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const { sha256, bytes } = value as { sha256?: unknown; bytes?: unknown };
    if (typeof sha256 === "string" && typeof bytes === "number") files.set(`${ROOT}media/${sha256}`, bytes);
    else for (const inner of Object.values(value)) visit(inner);
  };
  for (const asset of Object.values(hall.assets)) visit(asset.files);
  return files;
}

export function bytesOf(files: ReadonlyMap<string, number>): number {
  return [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** The published document of a hall. */
export async function fetchHall(slug: string, signal?: AbortSignal): Promise<HallDocument> {
  const answer = await fetch(api(slug), { signal: signal ?? null });
  if (!answer.ok) throw new Error(`${api(slug)}: ${answer.status}`);
  return (await answer.json()) as HallDocument;
}

/** Whether a hall is not stored (none), stored in an older version (outdated), or stored completely. */
export async function stateOf(slug: string, hall: HallDocument | null): Promise<"none" | "outdated" | "complete"> {
  if (!(await (await caches.open(PAGES)).match(marker(slug)))) return "none";
  if (!hall) return "complete"; // offline: the published version is unknown
  return (await missing(filesOf(hall))).size === 0 ? "complete" : "outdated";
}

async function missing(files: ReadonlyMap<string, number>): Promise<Map<string, number>> {
  const media = await caches.open(MEDIA);
  const here = new Set((await media.keys()).map((request) => new URL(request.url).pathname));
  return new Map([...files].filter(([address]) => !here.has(address)));
}

/** Whether the browser has room for so many bytes; true if it does not say. */
export async function hasRoom(bytes: number): Promise<boolean> {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  return quota === undefined || usage === undefined || quota - usage > bytes * 1.05;
}

/** Stores a hall completely: its document, its pages in both languages with their pictures, its files. Stored files are skipped. */
export async function storeHall(
  slug: string,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const viewer = storeViewer();
  const hall = await fetchHall(slug, signal);
  const files = filesOf(hall);
  const total = bytesOf(files);
  const wanted = await missing(files);
  let loaded = total - bytesOf(wanted);
  onProgress({ loaded, total });
  void navigator.storage?.persist?.();
  const [store, media] = [await caches.open(PAGES), await caches.open(MEDIA)];
  const take = async (address: string) => {
    await put(media, address, signal);
    loaded += wanted.get(address) ?? 0;
    onProgress({ loaded, total });
  };
  await inParallel([...wanted.keys()], take);
  for (const address of [...page(slug), ...home]) {
    const text = await (await put(store, address, signal)).text();
    const images = [...new DOMParser().parseFromString(text, "text/html").images];
    const pictures = await missing(new Map(images.map((image) => [image.getAttribute("src") ?? "", 0])));
    const ours = [...pictures.keys()].filter((address) => address.startsWith(`${ROOT}media/`));
    await inParallel(ours, (address) => put(media, address, signal));
  }
  for (const address of [api(slug), `${ROOT}api/halls`]) await put(store, address, signal);
  if (!(await viewer)) throw new Error("the viewer could not be stored");
  await store.put(marker(slug), new Response(JSON.stringify([...files.keys()])));
}

/** Removes a hall and the files that no other stored hall uses. */
export async function removeHall(slug: string): Promise<void> {
  const [store, media] = [await caches.open(PAGES), await caches.open(MEDIA)];
  const going = await (await caches.open(PAGES)).match(marker(slug));
  const files = new Set<string>(going ? ((await going.json()) as string[]) : []);
  for (const address of [marker(slug), api(slug), ...page(slug)]) await store.delete(address);
  for (const other of await storedHalls()) {
    const still = await store.match(marker(other));
    for (const address of still ? ((await still.json()) as string[]) : []) files.delete(address);
  }
  for (const address of files) await media.delete(address);
}

/** The slugs of the stored halls. */
export async function storedHalls(): Promise<string[]> {
  const keys = await (await caches.open(PAGES)).keys();
  return keys
    .map((request) => new URL(request.url).pathname)
    .filter((path) => path.startsWith(marker("")))
    .map((path) => path.slice(marker("").length));
}

/** Asks the service worker to store the viewer itself. */
async function storeViewer(): Promise<boolean> {
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<boolean>((done) => port1.addEventListener("message", ({ data }) => done(data === true)));
  port1.start();
  active?.postMessage({ viewer: true }, [port2]);
  return answer;
}

async function put(cache: Cache, address: string, signal: AbortSignal): Promise<Response> {
  const answer = await fetch(address, { signal, cache: "no-cache" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  await cache.put(address, answer.clone());
  return answer;
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}
