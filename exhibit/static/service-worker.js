// Keeps the exhibition working without a network. The server puts before this: VERSION, SHELL (what our pages are made of)
// and VIEWER (what a visit is made of; taken in when a hall is kept).
// Pages and documents come from the network first, files named by their content from the cache first. Nothing of the
// desk is ever kept, nor what the server says not to store.

const SHELL_CACHE = `longyao-shell-${VERSION}`;
const PAGES = "longyao-pages"; // pages by path and language, documents of halls; viewer/src/page/offline-store.ts fills it
const MEDIA = "longyao-media"; // files of kept halls
const ROOT = new URL("./", location).pathname; // of the exhibition
const TOLD = `${ROOT}service-worker/language`; // the language that the visitor reads in

self.addEventListener("install", (event) => {
  event.waitUntil(
    anyKept()
      .then((kept) => take(kept ? [...SHELL, ...VIEWER] : SHELL))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith("longyao-shell-") && name !== SHELL_CACHE))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  const { language, viewer } = event.data ?? {};
  if (language) event.waitUntil(caches.open(PAGES).then((cache) => cache.put(TOLD, new Response(language))));
  const answer = (done) => event.ports[0]?.postMessage(done);
  if (viewer)
    event.waitUntil(
      take(VIEWER).then(
        () => answer(true),
        () => answer(false),
      ),
    );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (!url.pathname.startsWith(ROOT)) return;
  const path = url.pathname.slice(ROOT.length);
  if (path.startsWith("media/")) event.respondWith(media(request));
  else if (path.startsWith("static/")) event.respondWith(ours(request));
  else if (/^api\/halls(\/[^/]+)?$/.test(path)) event.respondWith(freshDocument(request));
  else if (request.mode === "navigate" && /^($|halls\/[^/]+$)/.test(path)) event.respondWith(freshPage(request, url));
  else if (request.mode === "navigate" && !path.startsWith("desk"))
    event.respondWith(fetch(request).catch(offlinePage));
});

/** Takes files of ours in that are not here. */
async function take(paths) {
  const cache = await caches.open(SHELL_CACHE);
  const here = await Promise.all(paths.map((path) => cache.match(path)));
  await cache.addAll(paths.filter((_, i) => !here[i]).map((path) => new Request(path, { cache: "no-cache" })));
}

async function anyKept() {
  const keys = await (await caches.open(PAGES)).keys();
  return keys.some(({ url }) => new URL(url).pathname.startsWith(`${ROOT}service-worker/kept/`));
}

/** A file of ours, whose address changes with its content. */
async function ours(request) {
  return (await (await caches.open(SHELL_CACHE)).match(request)) ?? fetch(request);
}

/** A file by its content; a part of it where a part is asked for, as players do. */
async function media(request) {
  const kept = await (await caches.open(MEDIA)).match(new URL(request.url).pathname);
  if (!kept) return fetch(request);
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("Range") ?? "");
  if (!range) return kept;
  const whole = await kept.blob();
  const begin = range[1] ? Number(range[1]) : Math.max(0, whole.size - Number(range[2]));
  const end = range[1] && range[2] ? Math.min(Number(range[2]), whole.size - 1) : whole.size - 1;
  if (begin > end) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${whole.size}` } });
  const headers = new Headers(kept.headers);
  headers.set("Content-Range", `bytes ${begin}-${end}/${whole.size}`);
  headers.set("Content-Length", String(end - begin + 1));
  return new Response(whole.slice(begin, end + 1, whole.type), { status: 206, headers });
}

/** The document as it is now; where it is kept, the kept one follows. */
async function freshDocument(request) {
  const { pathname } = new URL(request.url);
  const cache = await caches.open(PAGES);
  try {
    const answer = await fetch(request);
    if (storable(answer) && (await cache.match(pathname))) await cache.put(pathname, answer.clone());
    return answer;
  } catch (lost) {
    const kept = await cache.match(pathname);
    if (kept) return kept;
    throw lost;
  }
}

/** The home page is always kept as it was last seen, a hall's page where the hall is. */
async function freshPage(request, url) {
  const cache = await caches.open(PAGES);
  try {
    const answer = await fetch(request);
    const language = answer.headers.get("Content-Language")?.slice(0, 2);
    const key = `${url.pathname}?lang=${language}`;
    if (storable(answer) && language && (url.pathname === ROOT || (await cache.match(key)))) {
      await cache.put(key, answer.clone());
    }
    return answer;
  } catch {
    const kept = await cache.match(`${url.pathname}?lang=${await languageOf(url)}`);
    return kept ?? offlinePage(url);
  }
}

async function offlinePage(url) {
  const cache = await caches.open(SHELL_CACHE);
  const language = await languageOf(url instanceof URL ? url : null);
  return (await cache.match(`${ROOT}offline?lang=${language}`)) ?? Response.error();
}

async function languageOf(url) {
  const asked = url?.searchParams.get("lang");
  if (asked === "zh" || asked === "en") return asked;
  const told = await (await caches.open(PAGES)).match(TOLD);
  return told ? told.text() : "zh";
}

function storable(answer) {
  return answer.status === 200 && !answer.redirected && !/no-store/.test(answer.headers.get("Cache-Control") ?? "");
}
