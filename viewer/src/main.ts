import "./ui/theme.css";
import "./ui/look.css";
import type { Crossing, Visit, VisitOptions } from "./app/visit.ts";
import { prefetchHall } from "./core/hall-api.ts";
import type { Stats } from "./core/stage.ts";
import { hashOf, type Place, placeOf } from "./navigation/place.ts";
import { LANGUAGE_TAG, type Lang, tell } from "./ui/i18n.ts";

/** closed: the page is just the page; loading: the visit is open and the room on its way; ready: one can walk. */
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
 * `<longyao-hall src="/api/halls/<slug>" lang="zh" media="/media/">`: the hall's page, and on `#walk`, `#exhibit=<id>`,
 * `#note=<id>`, `#tour=<id>` or `#view=<eye,target>` the visit itself over it. All that draws is fetched when it is first opened.
 */
export class LongyaoHall extends HTMLElement {
  #visit: Visit | null = null;
  #state: State = "closed";
  #opening = 0;
  #cameByLink = false;
  #opener: HTMLElement | null = null;
  #pageLang: Lang = "zh";
  #followed = "";
  #pagePath = "";
  readonly #entered = new Map<string, string>(); // documents of halls that were entered, by their pages' paths

  get state(): State {
    return this.#state;
  }

  /** "walk" on foot, "orbit" at an exhibit or note; null while closed. */
  get mode(): "walk" | "orbit" | null {
    return this.#visit?.mode ?? null;
  }

  /** The eye in the hall's frame, metres; null while no hall is open. */
  get position(): readonly [number, number, number] | null {
    return this.#visit?.position ?? null;
  }

  get stats(): Stats {
    return this.#visit?.stats ?? { frames: 0, drawCalls: 0, triangles: 0, geometries: 0, textures: 0 };
  }

  connectedCallback(): void {
    this.#pageLang = this.#lang;
    this.#pagePath = location.pathname;
    addEventListener("hashchange", this.#follow);
    addEventListener("popstate", this.#follow); // going back to an address that differs in more than the hash
    const place = placeOf(location.hash);
    if (place) void this.#open(place, false);
    else showPage();
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
    if (type === "hashchange" && location.href === this.#followed) return; // its popstate came first
    this.#followed = location.href;
    const place = placeOf(location.hash);
    if (!place) this.#shut();
    else if (!this.#visit) void this.#open(place, true);
    else if (this.#srcOfAddress === absolute(this.#visit.src)) this.#visit.go(place);
    else this.#visit.cross(this.#srcOfAddress, place);
  };

  /** Where its hall's document is. */
  get #src(): string {
    return absolute(this.getAttribute("src") ?? "");
  }

  /** What `name` says, else what lies beside the hall's document: the address before a file or a page, with its slash. */
  #beside(name: "media" | "pages"): string {
    const folder = name === "media" ? "media/" : "halls/";
    const [root] = this.#src.split("api/halls/", 1) as [string];
    return this.getAttribute(name) ?? new URL(folder, root.endsWith("/") ? root : location.origin).href;
  }

  /** Whether the page is another host's, whose address, language and cookies are its own. */
  get #embedded(): boolean {
    return new URL(this.#src).origin !== location.origin;
  }

  /** The document of the hall that the page's address is of: its own, or one that doors led to. */
  get #srcOfAddress(): string {
    const { hall } = (history.state ?? {}) as { hall?: string };
    // What only the hash was changed of has no state.
    return absolute(hall ?? this.#entered.get(location.pathname) ?? this.getAttribute("src") ?? "");
  }

  async #open(place: Place, byLink: boolean): Promise<void> {
    if (this.#state !== "closed") return;
    const src = this.getAttribute("src");
    if (!src) return this.#fail("longyao-hall has no src");
    if (!document.createElement("canvas").getContext("webgl2")) {
      this.#fail(tell(this.#lang, "noWebgl"));
      return this.#explain("noWebgl");
    }
    this.#cameByLink = byLink;
    this.#opener =
      document.activeElement instanceof HTMLElement && document.activeElement !== document.body
        ? document.activeElement
        : null;
    this.#state = "loading";
    const opening = ++this.#opening;
    try {
      const prefetched = prefetchHall(src, this.#beside("media"));
      prefetched.catch(() => {}); // the visitor is told
      const { Visit } = await import("./app/visit.ts");
      if (opening !== this.#opening || this.#state !== "loading") return; // left again meanwhile
      await this.#begin(new Visit(this.#options(src, place)));
    } catch (error) {
      this.#shut();
      this.#fail(String(error));
      this.#explain("hallFailed");
    }
  }

  #options(src: string, place: Place): VisitOptions {
    const poster = this.querySelector("img");
    return {
      src,
      media: this.#beside("media"),
      lang: this.#lang,
      place,
      poster: poster?.currentSrc || poster?.src || null,
    };
  }

  async #begin(visit: Visit): Promise<void> {
    this.#visit = visit;
    visit.left.on(() => this.#leave());
    visit.ready.on(() => {
      this.#state = "ready";
      this.#tell("hall-ready", {});
    });
    visit.moved.on((to) => {
      history.replaceState(history.state, "", hashOf(to));
      if (to.kind === "tour") this.#tell("tour-stop", { id: to.id, stop: to.stop + 1 });
      else if (to.kind === "exhibit" || to.kind === "note") this.#tell(`${to.kind}-open`, { id: to.id });
    });
    visit.crossed.on((crossing) => this.#cross(crossing));
    visit.failed.on((message) => this.#fail(message));
    visit.language.on((lang) => this.#speak(lang));
    await visit.open();
  }

  /** The visitor has gone through a door: the address is now that hall's page, so that reload and back find it. */
  #cross({ src, slug, title, left, byAddress }: Crossing): void {
    if (!byAddress) {
      history.replaceState({ ...history.state, hall: this.#srcOfAddress }, "");
      const page = new URL(this.#embedded ? location.href : absolute(this.#beside("pages") + slug));
      page.search = location.search;
      page.hash = "#walk";
      history.pushState({ hall: absolute(src) }, "", page);
    }
    this.#entered.set(location.pathname, src);
    document.title = document.title.replace(left, title);
    this.#cameByLink = false; // the way back leads through the door again
    this.#tell("hall-change", { hall: slug });
  }

  /** The visitor leaves: the address goes back to the page's own, and the rest follows from that. */
  #leave(): void {
    if (this.#cameByLink) history.back();
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
      // The page behind was written in the other language or is another hall's: have the server write it.
      location.replace(address(this.#lang, ""));
      return;
    }
    const link = this.#opener?.isConnected ? this.#opener : document.querySelector<HTMLElement>('a[href$="#walk"]');
    link?.focus();
  }

  #speak(lang: Lang): void {
    this.lang = lang;
    this.#tell("language-change", { lang });
    if (this.#embedded) return;
    document.documentElement.lang = LANGUAGE_TAG[lang];
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not in every browser that visits
    document.cookie = `lang=${lang}; path=/; max-age=31536000; samesite=lax`;
    history.replaceState(history.state, "", address(lang, location.hash));
  }

  /** Says on the page why the visit does not begin. */
  #explain(why: "noWebgl" | "hallFailed"): void {
    showPage();
    this.querySelector(".ly-apology")?.remove();
    const words = document.createElement("p");
    words.className = "ly-apology";
    words.setAttribute("role", "status");
    words.textContent = tell(this.#lang, why);
    this.prepend(words);
    words.scrollIntoView({ block: "nearest" });
  }

  #fail(message: string): void {
    this.#tell("error", { message });
  }

  #tell<K extends keyof HallEvents>(name: K, detail: HallEvents[K]): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

/** The page around the hall, which look.js leaves out for those who come straight into the visit. */
function showPage(): void {
  delete document.documentElement.dataset.visit;
}

function absolute(address: string): string {
  return new URL(address, location.href).href;
}

/** This page's address in a language. */
function address(lang: Lang, hash: string): string {
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
