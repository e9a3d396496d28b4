import { putAt } from "../document/places.ts";
import type { Asset } from "../document/schema.ts";
import { localized } from "../document/text.ts";
import { h } from "../ui/dom.ts";
import type { Actions } from "./actions.ts";
import type { Studio } from "./context.ts";
import { button, iconButton } from "./fields.ts";
import { draggedItem, ghostOf } from "./ghost.ts";
import type { Gizmo } from "./gizmo.ts";
import { glyph } from "./glyphs.ts";
import { type StudioTextKey, studioText } from "./i18n.ts";
import { isOfSort, type LibraryItem, type Spot, wordsOf } from "./library-item.ts";
import type { Dimensions } from "./place/dimensions.ts";
import type { Dragged, FreePlaces } from "./place/free-places.ts";
import { floorBefore } from "./place/wall-spot.ts";

const KIND_NAMES = {
  model: "kindModels",
  cloud: "kindClouds",
  splat: "kindSplats",
  picture: "kindPictures",
  video: "kindVideos",
  audio: "kindSounds",
} as const satisfies Readonly<Record<Asset["kind"], StudioTextKey>>;
const KINDS = Object.keys(KIND_NAMES) as Asset["kind"][];

interface Entry {
  readonly item: LibraryItem;
  readonly element: HTMLElement;
  readonly words: string;
}

/** What the library has, in a strip below the picture: to be dragged into the hall, or put there by a button. */
export class LibraryStrip {
  readonly element: HTMLElement;
  readonly #studio: Studio;
  readonly #actions: Actions;
  readonly #gizmo: Gizmo;
  readonly #places: FreePlaces;
  readonly #dimensions: Dimensions;
  readonly #items = h("ul.st-items");
  readonly #search: HTMLInputElement;
  readonly #only: HTMLSelectElement;
  readonly #nothing: HTMLElement;
  #entries: Entry[] = [];
  #dragged: LibraryItem | undefined;

  constructor(studio: Studio, actions: Actions, gizmo: Gizmo, places: FreePlaces, dimensions: Dimensions) {
    this.#studio = studio;
    this.#actions = actions;
    this.#gizmo = gizmo;
    this.#places = places;
    this.#dimensions = dimensions;
    const { lang, root } = studio;
    this.#search = h("input.st-search", {
      type: "search",
      placeholder: studioText(lang, "libraryFind"),
      "aria-label": studioText(lang, "libraryFind"),
      oninput: () => this.#filter(),
    });
    this.#nothing = h("li.st-none", { hidden: true }, studioText(lang, "nothingFound"));
    this.#only = h("select.st-only", { "aria-label": studioText(lang, "libraryOnly"), onchange: () => this.#filter() });
    this.element = h("section.st-library", { "aria-label": studioText(lang, "library") });
    this.element.append(
      h(
        "div.st-library-head",
        {},
        h("h2", {}, studioText(lang, "library")),
        h("span.st-searching", {}, glyph("search"), this.#search),
        this.#only,
        h("a.st-link", { href: `${root}desk/assets/new` }, studioText(lang, "libraryAdd")),
        foldButton(this.element, studioText(lang, "libraryHide"), studioText(lang, "libraryShow")),
      ),
      this.#items,
    );
    const { canvas } = studio.scene;
    canvas.addEventListener("dragover", (event) => this.#over(event));
    canvas.addEventListener("dragleave", () => this.#ghost(null));
    canvas.addEventListener("drop", (event) => this.#drop(event));
  }

  /** What the library has; nothing until it is loaded. */
  get assets(): readonly { readonly id: string; readonly asset: Asset }[] {
    return this.#entries.flatMap(({ item }) => item ?? []);
  }

  /** Fetches what the library has. */
  async load(): Promise<void> {
    const answer = await fetch(`${this.#studio.root}api/assets`, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const { assets } = (await answer.json()) as { assets: { id: string; document: Asset }[] };
    this.#entries = [this.#entry(null), ...assets.map(({ id, document }) => this.#entry({ id, asset: document }))];
    this.#items.replaceChildren(...this.#entries.map(({ element }) => element), this.#nothing);
    this.#offer();
    if (assets.length === 0) this.#items.append(h("li.st-none", {}, studioText(this.#studio.lang, "libraryEmpty")));
    this.refresh();
  }

  /** How many of each are in the hall. */
  refresh(): void {
    const { session, lang } = this.#studio;
    const counts = new Map<string, number>();
    for (const { asset } of Object.values(session.document.placements))
      if (asset) counts.set(asset, (counts.get(asset) ?? 0) + 1);
    for (const { item, element } of this.#entries) {
      const count = item ? (counts.get(item.id) ?? 0) : 0;
      const said = element.querySelector(".st-count");
      const text = count > 0 ? studioText(lang, "inHall", { count }) : "";
      if (said && said.textContent !== text) said.textContent = text;
    }
  }

  #entry(item: LibraryItem): Entry {
    const { lang, root } = this.#studio;
    const name = item ? localized(item.asset.title, lang) : studioText(lang, "textPanel");
    const picture = item
      ? h("img", { src: `${root}media/${item.asset.files.thumb.sha256}`, alt: "", loading: "lazy", draggable: "false" })
      : glyph("panel");
    const put = button(studioText(lang, "placeHere"), () => {
      this.#actions.putHere(item);
      this.#studio.scene.canvas.focus();
    });
    put.setAttribute("aria-label", studioText(lang, "placeThis", { title: name }));
    const unscaled = item?.asset.unit === "arbitrary" && item.asset.bounds !== undefined;
    const element = h(
      "li.st-item",
      { draggable: "true", title: name },
      h("span.st-item-picture", {}, picture),
      h("span.st-item-name", {}, name),
      h(
        "span.st-item-facts",
        {},
        h("span.st-count", {}),
        unscaled && h("span.st-unscaled", {}, studioText(lang, "unscaledShort")),
      ),
      put,
    );
    element.addEventListener("dragstart", (event) => {
      this.#dragged = item;
      event.dataTransfer?.setData("text/plain", name);
      if (event.dataTransfer) event.dataTransfer.effectAllowed = "copy";
    });
    element.addEventListener("dragend", () => {
      this.#dragged = undefined;
      this.#ghost(null);
      this.#places.end();
    });
    const words = (item ? wordsOf(item) : name).toLowerCase();
    return { item, element, words };
  }

  /** Offers the kinds and tags that the library has. */
  #offer(): void {
    const { lang } = this.#studio;
    const assets = this.assets.map(({ asset }) => asset);
    const kinds = KINDS.filter((kind) => assets.some((asset) => asset.kind === kind));
    const tags = [...new Set(assets.flatMap((asset) => asset.tags ?? []))].sort();
    this.#only.replaceChildren(
      h("option", { value: "" }, studioText(lang, "libraryAll")),
      ...kinds.map((kind) => h("option", { value: `kind:${kind}` }, studioText(lang, KIND_NAMES[kind]))),
    );
    if (tags.length > 0)
      this.#only.append(
        h(
          "optgroup",
          { label: studioText(lang, "tags") },
          ...tags.map((tag) => h("option", { value: `tag:${tag}` }, tag)),
        ),
      );
  }

  #filter(): void {
    const wanted = this.#search.value.trim().toLowerCase();
    const only = this.#only.value;
    let shown = 0;
    for (const { item, element, words } of this.#entries) {
      element.hidden = !words.includes(wanted) || !isOfSort(item, only);
      if (!element.hidden) shown++;
    }
    this.#nothing.hidden = shown > 0;
  }

  #over(event: DragEvent): void {
    if (this.#dragged === undefined) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
    const ray = this.#ray(event);
    const dragged = draggedItem(this.#dragged);
    const anchor = this.#places.follow(dragged, ray, event.altKey);
    const spot = anchor ? null : this.#actions.spotAlong(this.#dragged, ray, event.altKey);
    const placement = anchor
      ? putAt(dragged.placement, anchor, dragged.assets)
      : { ...dragged.placement, ...(spot ?? {}) };
    this.#ghost(anchor || spot ? ghostOf({ ...dragged, placement }, placement) : null);
    this.#measure(spot, { ...dragged, placement });
  }

  #measure(spot: Spot | null, { placement, assets }: Dragged): void {
    const { session, scene } = this.#studio;
    if (!spot || placement.kind === "object") this.#dimensions.hide();
    else
      this.#dimensions.show(session.document, null, placement, floorBefore(scene.hall.colliders, spot), {
        ...session.document.assets,
        ...assets,
      });
  }

  #drop(event: DragEvent): void {
    const item = this.#dragged;
    if (item === undefined) return;
    event.preventDefault();
    this.#ghost(null);
    const ray = this.#ray(event);
    const anchor = this.#places.follow(draggedItem(item), ray, event.altKey) && this.#places.held;
    this.#places.end();
    if (anchor !== null) this.#actions.put(item, { anchor });
    else if (!this.#actions.putAlong(item, ray, event.altKey)) this.#actions.putHere(item);
    this.#studio.scene.canvas.focus();
  }

  #ghost(points: Gizmo["ghost"]): void {
    this.#gizmo.ghost = points;
    if (!points) this.#dimensions.hide();
    this.#studio.scene.invalidate();
  }

  #ray(event: DragEvent) {
    const box = this.#studio.scene.canvas.getBoundingClientRect();
    return this.#studio.scene.ray({ x: event.clientX - box.left, y: event.clientY - box.top });
  }
}

/** Folds a strip away, so that the picture is larger. */
export function foldButton(strip: HTMLElement, hide: string, show: string): HTMLButtonElement {
  const fold = iconButton(hide, "down", () => {
    const folded = strip.classList.toggle("st-folded");
    const name = folded ? show : hide;
    fold.setAttribute("aria-label", name);
    fold.title = name;
    fold.setAttribute("aria-expanded", String(!folded));
    fold.replaceChildren(glyph(folded ? "up" : "down"));
  });
  fold.setAttribute("aria-expanded", "true");
  return fold;
}
