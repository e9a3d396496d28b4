import type { Lang } from "../document/text.ts";
import { listen } from "../ui/gestures.ts";
import { type Held, Keys, type Once } from "../ui/keys.ts";
import { Pad } from "../ui/pad.ts";
import { Stick } from "../ui/stick.ts";
import type { CameraController, Hands } from "./camera-controller.ts";

export interface ControlsActions {
  once(key: Once): void;
  tap(x: number, y: number): void;
  hover(point: { x: number; y: number } | null): void;
  /** The visitor steers: by hand, by keys held, by the stick. */
  steered(): void;
}

/** All that a visitor steers with: keys, stick, buttons, and the pointer on the canvas. */
export class Controls {
  readonly stick: Stick;
  readonly pad: Pad;
  readonly #held = new Set<Held>(); // by buttons
  readonly #actions: ControlsActions;
  readonly #stop = new AbortController();
  #keys: Keys | null = null;

  constructor(actions: ControlsActions) {
    this.#actions = actions;
    this.stick = new Stick(this.#held, () => actions.steered());
    this.pad = new Pad(this.#held, () => actions.steered());
  }

  /** What is held down now. */
  get hands(): Hands {
    const held = (...any: Held[]) => any.some((one) => this.#keys?.held.has(one) || this.#held.has(one));
    return { held, stick: this.stick.value };
  }

  /** `isHall` tells whether keys typed on a node are meant for the hall. */
  attach(
    dialog: HTMLElement,
    canvas: HTMLElement,
    isHall: (node: Node) => boolean,
    cameraController: () => CameraController | null,
  ): void {
    this.#keys = new Keys(dialog, isHall, this.#actions.once, this.#actions.steered);
    const steered = (_done: unknown) => this.#actions.steered();
    const stop = listen(canvas, {
      drag: (dx, dy) => steered(cameraController()?.drag(dx, dy)),
      fling: (vx, vy) => steered(cameraController()?.fling(vx, vy)),
      tap: this.#actions.tap,
      pinch: (factor, dx, dy) => steered(cameraController()?.zoom(factor, dx, dy)),
      wheel: (factor) => steered(cameraController()?.zoom(factor, 0, 0)),
      shift: (dx, dy) => steered(cameraController()?.zoom(1, dx, dy)),
      hover: this.#actions.hover,
    });
    this.#stop.signal.addEventListener("abort", stop);
  }

  update(lang: Lang, orbiting: boolean): void {
    this.stick.update(lang);
    this.pad.update(lang, orbiting);
  }

  stop(): void {
    this.#keys?.stop();
    this.#stop.abort();
  }
}
