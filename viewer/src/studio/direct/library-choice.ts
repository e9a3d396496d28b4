import type { Asset, Hall } from "../../document/schema.ts";
import { type Lang, localized } from "../../document/text.ts";
import { h } from "../../ui/dom.ts";

/** An asset with its id in the library. */
export interface LibraryAsset {
  readonly id: string;
  readonly asset: Asset;
}

/** A list to choose one asset from: those of the library and those that the hall has already. */
export class LibraryChoice {
  readonly element: HTMLSelectElement;
  readonly #assets: () => readonly LibraryAsset[];
  readonly #suits: (asset: Asset) => boolean;
  readonly #none: string;
  readonly #lang: Lang;
  #offered: readonly LibraryAsset[] = [];

  /** `none`: the words for choosing nothing. */
  constructor(
    name: string,
    none: string,
    lang: Lang,
    assets: () => readonly LibraryAsset[],
    suits: (asset: Asset) => boolean,
    choose: (chosen: LibraryAsset | null) => void,
  ) {
    this.#assets = assets;
    this.#suits = suits;
    this.#none = none;
    this.#lang = lang;
    this.element = h("select.st-select", { "aria-label": name });
    this.element.addEventListener("change", () =>
      choose(this.#offered.find(({ id }) => id === this.element.value) ?? null),
    );
  }

  get isEmpty(): boolean {
    return this.#offered.length === 0;
  }

  refresh(hall: Hall, chosen: string | undefined): void {
    const known = new Map(Object.entries(hall.assets));
    for (const { id, asset } of this.#assets()) known.set(id, asset);
    this.#offered = [...known].filter(([, asset]) => this.#suits(asset)).map(([id, asset]) => ({ id, asset }));
    const options = [
      ["", this.#none],
      ...this.#offered.map(({ id, asset }) => [id, localized(asset.title, this.#lang) || id]),
    ];
    const key = JSON.stringify(options);
    if (this.element.dataset.shown !== key) {
      this.element.dataset.shown = key;
      this.element.replaceChildren(...options.map(([value = "", name = ""]) => h("option", { value }, name)));
    }
    this.element.value = chosen ?? "";
  }
}
