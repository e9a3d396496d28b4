import type { Vector3 } from "three";
import type { Cartographer } from "./floor-map-controller.ts";
import type { Party } from "../app/visit-state.ts";
import { h } from "../ui/dom.ts";

const WIDE = 900; // px from which on the map is there unasked

/** The corner in which the map is, once somebody wants it: fetched and drawn then. */
export class MapCorner {
  readonly element = h("div.ly-map-corner");
  readonly #party: Party;
  readonly #go: (place: Vector3) => void;
  readonly #openExhibit: (exhibit: string) => void;
  readonly #changed: () => void;
  #open = !matchMedia("(pointer: coarse)").matches && globalThis.innerWidth >= WIDE;
  #cartographer: Cartographer | null = null;

  constructor(party: Party, go: (place: Vector3) => void, open: (exhibit: string) => void, changed: () => void) {
    this.#party = party;
    this.#go = go;
    this.#openExhibit = open;
    this.#changed = changed;
  }

  get open(): boolean {
    return this.#open;
  }

  toggle(): void {
    this.#open = !this.#open;
    this.#changed();
    void this.show();
  }

  /** The hall or the language is another one, or the map was asked for. */
  async show(): Promise<void> {
    const { visit } = this.#party;
    if (this.#cartographer) this.#cartographer.map.element.hidden = true;
    if (!this.#open || !visit?.journey) return;
    const { Cartographer } = await import("./floor-map-controller.ts");
    this.#cartographer ??= new Cartographer(this.#go, this.#openExhibit, () => this.toggle());
    const { element } = this.#cartographer.map;
    if (!element.isConnected) this.element.append(element);
    await this.#cartographer.draw(visit, this.#party.lang);
    element.hidden = !this.#open || visit !== this.#party.visit;
    this.update();
  }

  /** The eye has moved. */
  update(): void {
    const pose = this.#party.visit?.journey?.pose;
    if (pose && this.#open) this.#cartographer?.update(pose);
  }

  forget(): void {
    this.#cartographer?.forget();
    if (this.#cartographer) this.#cartographer.map.element.hidden = true;
  }
}
