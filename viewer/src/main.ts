import "./ui/theme.css";
import "./ui/settings.css";
import type { HallChange, Visit } from "./app/visit.ts";
import type { VisitOptions } from "./app/visit-state.ts";
import { prefetchHall } from "./core/hall-api.ts";
import { hashOf, type Place, placeOf } from "./navigation/place.ts";
import { LANGUAGE_TAG, type Lang, translate } from "./ui/i18n.ts";

/** closed: only the page is shown; loading: the visit is open and the room is loading; ready: the visitor can walk. */
export type State = "closed" | "loading" | "ready";

export interface HallEvents {
  "hall-ready": Record<string, never>;
  "exhibit-open": { readonly id: string };
  "note-open": { readonly id: string };
  "tour-stop": { readonly id: string; readonly stop: number };
  "hall-change": { readonly hall: string };
  "language-change": { readonly lang: Lang };
  error: { readonly message: string };
}

/**
 * `<longyao-hall src="/api/halls/<slug>" lang="zh" media="/media/">`: the page of a hall. On `#walk`, `#exhibit=<id>`, `#note=<id>`,
 * `#tour=<id>` or `#view=<eye,target>` it opens the visit over the page. The code that draws is loaded when the visit is first opened.
 * `thumbnail`, a small picture's URL, is shown blurred while the hall is loading, unless the page's picture is there.
 */
export class LongyaoHall extends HTMLElement {
  #visit: Visit | null = null;
  #state: State = "closed";
  #openings = 0; // counts the openings, so that an outdated one stops
  #openedByLink = false; // on this page, so that going back closes the visit
  #opener: HTMLElement | null = null;
  #pageLang: Lang = "zh";
  #followedUrl = ""; // one navigation can cause two events
  #pagePath = "";
  readonly #visited = new Map<string, string>(); // URL of the hall document by the path of the hall's page

  get state(): State {
    return this.#state;
  }

  /** "walk" on foot, "orbit" at an exhibit, a note or a stop of a tour; null while closed. */
  get mode(): "walk" | "orbit" | null {
    return this.#visit?.mode ?? null;
  }

  /** The position of the eye in the hall's frame, m; null while no hall is open. */
  get position(): readonly [number, number, number] | null {
    return this.#visit?.position ?? null;
  }

  get stats(): Visit["stats"] {
    const nothing = { frames: 0, drawCalls: 0, triangles: 0, points: 0, geometries: 0, textures: 0 };
    return this.#visit?.stats ?? { ...nothing, tiles: { points: 0, bytes: 0, loading: 0 } };
  }

  connectedCallback(): void {
    this.#pageLang = this.#lang;
    this.#pagePath = location.pathname;
    addEventListener("hashchange", this.#follow);
    addEventListener("popstate", this.#follow); // the URL changes in more than its hash
    const place = placeOf(location.hash);
    if (place) {
      postponePictures();
      void this.#open(place, false);
    } else showPage();
  }

  disconnectedCallback(): void {
    removeEventListener("hashchange", this.#follow);
    removeEventListener("popstate", this.#follow);
    this.#shut();
  }

  get #lang(): Lang {
    return this.lang.toLowerCase().startsWith("en") ? "en" : "zh";
  }

  readonly #follow = ({ type }: Event): void => {
    if (type === "hashchange" && location.href === this.#followedUrl) return; // popstate came first
    this.#followedUrl = location.href;
    const place = placeOf(location.hash);
    if (!place) this.#shut();
    else if (!this.#visit) void this.#open(place, true);
    else if (this.#srcOfUrl === absolute(this.#visit.src)) this.#visit.go(place);
    else this.#visit.switchTo(this.#srcOfUrl, place);
  };

  /** URL of the document of this page's own hall. */
  get #src(): string {
    return absolute(this.getAttribute("src") ?? "");
  }

  /** The URL prefix of files or of hall pages: the attribute, else the folder beside the hall document. */
  #beside(name: "media" | "pages"): string {
    const folder = name === "media" ? "media/" : "halls/";
    const [root] = this.#src.split("api/halls/", 1) as [string];
    return this.getAttribute(name) ?? new URL(folder, root.endsWith("/") ? root : location.origin).href;
  }

  /** Whether another host's page embeds the hall. Such a page keeps its own URL, language and cookies. */
  get #embedded(): boolean {
    return new URL(this.#src).origin !== location.origin;
  }

  /** URL of the hall document of the current page. A door may have led to the page of another hall. */
  get #srcOfUrl(): string {
    const { hall } = (history.state ?? {}) as { hall?: string };
    // A history entry that only differs in its hash has no state.
    return absolute(hall ?? this.#visited.get(location.pathname) ?? this.getAttribute("src") ?? "");
  }

  /** Opens the visit. `byLink`: a link on this page was followed. */
  async #open(place: Place, byLink: boolean): Promise<void> {
    if (this.#state !== "closed") return;
    const src = this.getAttribute("src");
    if (!src) return this.#fail("longyao-hall has no src");
    if (!document.createElement("canvas").getContext("webgl2")) {
      this.#fail(translate(this.#lang, "noWebgl"));
      return this.#explain("noWebgl");
    }
    this.#openedByLink = byLink;
    this.#opener =
      document.activeElement instanceof HTMLElement && document.activeElement !== document.body
        ? document.activeElement
        : null;
    this.#state = "loading";
    const opening = ++this.#openings;
    try {
      const prefetched = prefetchHall(src, this.#beside("media"));
      prefetched.catch(() => {}); // the visit reports the error
      const { Visit } = await import("./app/visit.ts");
      if (opening !== this.#openings || this.#state !== "loading") return; // the visitor has left meanwhile
      await this.#begin(new Visit(this.#options(src, place)));
    } catch (error) {
      this.#shut();
      this.#fail(String(error));
      this.#explain("hallFailed");
    }
  }

  #options(src: string, place: Place): VisitOptions {
    const poster = this.querySelector("img");
    const shown = poster?.complete && poster.currentSrc;
    return {
      src,
      media: this.#beside("media"),
      lang: this.#lang,
      place,
      poster: shown || this.getAttribute("thumbnail"),
    };
  }

  async #begin(visit: Visit): Promise<void> {
    this.#visit = visit;
    visit.left.on(() => this.#leave());
    visit.ready.on(() => {
      this.#state = "ready";
      this.#dispatch("hall-ready", {});
    });
    visit.moved.on((to) => {
      history.replaceState(history.state, "", hashOf(to));
      if (to.kind === "tour") this.#dispatch("tour-stop", { id: to.id, stop: to.stop + 1 });
      else if (to.kind === "exhibit" || to.kind === "note") this.#dispatch(`${to.kind}-open`, { id: to.id });
    });
    visit.hallChanged.on((change) => this.#changeHall(change));
    visit.failed.on((message) => this.#fail(message));
    visit.language.on((lang) => this.#setLanguage(lang));
    await visit.open();
  }

  /** The visitor has gone to another hall: the URL becomes that hall's page, so that reload and back lead there. */
  #changeHall({ src, slug, title, left, byUrl }: HallChange): void {
    if (!byUrl) {
      history.replaceState({ ...history.state, hall: this.#srcOfUrl }, "");
      const page = new URL(this.#embedded ? location.href : absolute(this.#beside("pages") + slug));
      page.search = location.search;
      page.hash = "#walk";
      history.pushState({ hall: absolute(src) }, "", page);
    }
    this.#visited.set(location.pathname, src);
    document.title = document.title.replace(left, title);
    this.#openedByLink = false; // going back leads to the hall before
    this.#dispatch("hall-change", { hall: slug });
  }

  /** The visitor leaves: the URL loses its hash, and `#follow` closes the visit. */
  #leave(): void {
    if (this.#openedByLink) history.back();
    else {
      history.replaceState(history.state, "", location.pathname + location.search);
      this.#shut();
    }
  }

  #shut(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#visit?.close();
    this.#visit = null;
    showPage();
    if (this.#embedded) this.lang = this.#pageLang;
    else if (this.#lang !== this.#pageLang || location.pathname !== this.#pagePath) {
      // The page below is in the other language or belongs to another hall: the server renders the right one.
      location.replace(urlIn(this.#lang, ""));
      return;
    }
    const link = this.#opener?.isConnected ? this.#opener : document.querySelector<HTMLElement>('a[href$="#walk"]');
    link?.focus();
  }

  #setLanguage(lang: Lang): void {
    this.lang = lang;
    this.#dispatch("language-change", { lang });
    if (this.#embedded) return;
    document.documentElement.lang = LANGUAGE_TAG[lang];
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not in every browser that visits
    document.cookie = `lang=${lang}; path=/; max-age=31536000; samesite=lax`;
    history.replaceState(history.state, "", urlIn(lang, location.hash));
  }

  /** Explains on the page why the visit does not open. */
  #explain(reason: "noWebgl" | "hallFailed"): void {
    showPage();
    this.querySelector(".ly-apology")?.remove();
    const apology = document.createElement("p");
    apology.className = "ly-apology";
    apology.setAttribute("role", "status");
    apology.textContent = translate(this.#lang, reason);
    this.prepend(apology);
    apology.scrollIntoView({ block: "nearest" });
  }

  #fail(message: string): void {
    this.#dispatch("error", { message });
  }

  #dispatch<K extends keyof HallEvents>(name: K, detail: HallEvents[K]): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

/** The pictures of the page whose requests were cancelled: each with the attribute that named its file, and the URL. */
let postponed: (readonly [Element, "src" | "poster", string])[] = [];

/** Cancels the requests for pictures of the page that first-paint.js hides under the visit: they would keep the hall waiting. */
function postponePictures(): void {
  if (document.documentElement.dataset.visit === undefined) return; // a page of another host, which nothing hides
  const pictures = document.querySelectorAll("main img:not([loading]), main video[poster]");
  postponed = [...pictures].map((picture) => {
    const name = picture.localName === "img" ? "src" : "poster";
    const url = picture.getAttribute(name) ?? "";
    picture.removeAttribute(name);
    return [picture, name, url];
  });
}

/** Shows the page around the hall. first-paint.js hides it for a visitor whose URL opens the visit at once. */
function showPage(): void {
  delete document.documentElement.dataset.visit;
  for (const [picture, name, url] of postponed) picture.setAttribute(name, url);
  postponed = [];
}

function absolute(url: string): string {
  return new URL(url, location.href).href;
}

/** The URL of this page in a language. */
function urlIn(lang: Lang, hash: string): string {
  const url = new URL(location.href);
  url.searchParams.set("lang", lang);
  url.hash = hash;
  return url.href;
}

declare global {
  interface HTMLElementTagNameMap {
    "longyao-hall": LongyaoHall;
  }
}

if (!customElements.get("longyao-hall")) customElements.define("longyao-hall", LongyaoHall);
