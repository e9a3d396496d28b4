import type { Vector3 } from "three";
import { Signal } from "../core/signal.ts";
import type { Lang } from "../document/text.ts";
import type { HallSession } from "../navigation/hall-session.ts";
import { h } from "../ui/dom.ts";
import type { FloorMapController } from "./floor-map-controller.ts";

/** The state of the visit that the map shows. */
export interface MapState {
  readonly session: HallSession | null;
  readonly lang: Lang;
}

/** The corner of the screen where the floor plan is. The code that draws it is loaded when it is first opened. */
export class MapPanel {
  readonly element = h("div.ly-map-corner");
  /** The map was opened or closed. */
  readonly toggled = new Signal<void>();
  /** A point on the floor was chosen, hall frame. */
  readonly placeChosen = new Signal<Vector3>();
  readonly exhibitChosen = new Signal<string>();
  readonly #state: MapState;
  #open = false;
  #controller: FloorMapController | null = null;

  constructor(state: MapState) {
    this.#state = state;
  }

  get open(): boolean {
    return this.#open;
  }

  toggle(): void {
    this.#open = !this.#open;
    this.toggled.emit();
    void this.show();
  }

  /** Draws the map anew: the hall or the language has changed, or the map was opened. */
  async show(): Promise<void> {
    const { session } = this.#state;
    if (this.#controller) this.#controller.map.element.hidden = true;
    if (!this.#open || !session?.cameraController) return;
    const { FloorMapController } = await import("./floor-map-controller.ts");
    this.#controller ??= this.#connect(new FloorMapController());
    const { element } = this.#controller.map;
    await this.#controller.draw(session, this.#state.lang);
    element.hidden = !this.#open || session !== this.#state.session;
    this.update();
  }

  /** The eye has moved. */
  update(): void {
    const pose = this.#state.session?.cameraController?.pose;
    if (pose && this.#open) this.#controller?.update(pose);
  }

  /** Another hall was entered. */
  forget(): void {
    this.#controller?.forget();
    if (this.#controller) this.#controller.map.element.hidden = true;
  }

  #connect(controller: FloorMapController): FloorMapController {
    controller.placeChosen.on((point) => this.placeChosen.emit(point));
    controller.exhibitChosen.on((id) => this.exhibitChosen.emit(id));
    controller.closed.on(() => this.toggle());
    this.element.append(controller.map.element);
    return controller;
  }
}
