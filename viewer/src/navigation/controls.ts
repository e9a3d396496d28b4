import { listen } from "../ui/gestures.ts";
import type { Lang } from "../ui/i18n.ts";
import { Joystick } from "../ui/joystick.ts";
import { type Held, Keys, type Once } from "../ui/keys.ts";
import { ViewButtons } from "../ui/view-buttons.ts";
import type { CameraController, Steering } from "./camera-controller.ts";

export interface ControlsActions {
  once(key: Once): void;
  tap(x: number, y: number): void;
  hover(point: { x: number; y: number } | null): void;
  /** The visitor moves the view: with the pointer, with keys, with the joystick. */
  steered(): void;
}

/** The joystick and the buttons over the picture. */
export class OnScreenControls {
  readonly joystick: Joystick;
  readonly viewButtons: ViewButtons;
  /** The actions of the buttons that are held down. */
  readonly held = new Set<Held>();

  constructor(steered: () => void) {
    this.joystick = new Joystick(this.held, steered);
    this.viewButtons = new ViewButtons(this.held, steered);
  }

  get elements(): readonly HTMLElement[] {
    return [this.joystick.element, this.viewButtons.element];
  }

  update(lang: Lang, orbiting: boolean): void {
    this.joystick.update(lang);
    this.viewButtons.update(lang, orbiting);
  }
}

/** Everything that a visitor steers with: keys, joystick, buttons, and the pointer on the canvas. */
export class Controls {
  readonly #onScreen: OnScreenControls;
  readonly #keys: Keys;
  readonly #stopListening: () => void;

  /** `isHall`: whether a key that is typed on a node is meant for the hall. */
  constructor(
    onScreen: OnScreenControls,
    dialog: HTMLElement,
    canvas: HTMLElement,
    isHall: (node: Node) => boolean,
    actions: ControlsActions,
    cameraController: () => CameraController | null,
  ) {
    this.#onScreen = onScreen;
    this.#keys = new Keys(dialog, isHall, actions.once, actions.steered);
    const steer = (move: (controller: CameraController) => void) => {
      const controller = cameraController();
      if (controller) move(controller);
      actions.steered();
    };
    this.#stopListening = listen(canvas, {
      drag: (dx, dy) => steer((controller) => controller.drag(dx, dy)),
      fling: (vx, vy) => steer((controller) => controller.fling(vx, vy)),
      tap: actions.tap,
      pinch: (factor, dx, dy) => steer((controller) => controller.zoom(factor, dx, dy)),
      wheel: (factor) => steer((controller) => controller.zoom(factor, 0, 0)),
      shift: (dx, dy) => steer((controller) => controller.zoom(1, dx, dy)),
      hover: actions.hover,
    });
  }

  /** The keys, buttons and joystick at this moment. */
  get steering(): Steering {
    const held = (...any: Held[]) => any.some((one) => this.#keys.held.has(one) || this.#onScreen.held.has(one));
    return { held, joystick: this.#onScreen.joystick.value };
  }

  stop(): void {
    this.#keys.stop();
    this.#stopListening();
  }
}
