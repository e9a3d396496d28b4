import type { Vector3 } from "three";
import type { Lang } from "../document/text.ts";
import type { HallSession } from "../navigation/hall-session.ts";
import { h } from "../ui/dom.ts";
import type { FloorMapController } from "./floor-map-controller.ts";

const WIDE = 900; // px from which on the map is there unasked

/** What the map follows. */
export interface MapState {
  readonly session: HallSession | null;
  readonly lang: Lang;
}

/** The corner in which the map is, once somebody wants it: fetched and drawn then. */
export class MapPanel {
  readonly element = h("div.ly-map-corner");
  readonly #state: MapState;
  readonly #go: (place: Vector3) => void;
  readonly #openExhibit: (exhibit: string) => void;
  readonly #changed: () => void;
  #open = !matchMedia("(pointer: coarse)").matches && globalThis.innerWidth >= WIDE;
  #controller: FloorMapController | null = null;

  constructor(state: MapState, go: (place: Vector3) => void, open: (exhibit: string) => void, changed: () => void) {
    this.#state = state;
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
    const { session } = this.#state;
    if (this.#controller) this.#controller.map.element.hidden = true;
    if (!this.#open || !session?.cameraController) return;
    const { FloorMapController } = await import("./floor-map-controller.ts");
    this.#controller ??= new FloorMapController(this.#go, this.#openExhibit, () => this.toggle());
    const { element } = this.#controller.map;
    if (!element.isConnected) this.element.append(element);
    await this.#controller.draw(session, this.#state.lang);
    element.hidden = !this.#open || session !== this.#state.session;
    this.update();
  }

  /** The eye has moved. */
  update(): void {
    const pose = this.#state.session?.cameraController?.pose;
    if (pose && this.#open) this.#controller?.update(pose);
  }

  forget(): void {
    this.#controller?.forget();
    if (this.#controller) this.#controller.map.element.hidden = true;
  }
}
