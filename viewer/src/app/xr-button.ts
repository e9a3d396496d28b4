import { Signal } from "../core/signal.ts";
import type { XrMode } from "../modes/xr.ts";
import type { Navigator } from "../navigation/navigator.ts";
import { h } from "../ui/dom.ts";
import { translate } from "../ui/i18n.ts";
import { icon } from "../ui/icons.ts";
import type { VisitState } from "./visit-state.ts";

const REFINE_MS = 250;
const TEXTS = { "immersive-vr": "enterVr", "immersive-ar": "enterAr" } as const;

/**
 * On foot, the button into a headset (VR); at an exhibit, the button that puts the exhibit into the visitor's own room (AR).
 * It is hidden where the browser has no WebXR.
 */
export class XrButton {
  readonly element = h("button.ly-button.ly-xr", { type: "button", hidden: true, onclick: () => void this.#enter() });
  /** The visitor is back at the screen. */
  readonly ended = new Signal<void>();
  readonly failed = new Signal<void>();
  readonly #state: VisitState;
  readonly #navigator: Navigator;
  #supported: readonly XrMode[] = [];
  #refined = 0;

  constructor(state: VisitState, navigator: Navigator) {
    this.#state = state;
    this.#navigator = navigator;
    if ("xr" in globalThis.navigator) {
      void import("../modes/xr.ts")
        .then(({ xrModes }) => xrModes())
        .then((supported) => {
          this.#supported = supported;
          this.update();
        });
    }
  }

  /** Shows the button that suits the visitor's place. */
  update(): void {
    const mode = this.#mode;
    this.element.hidden = mode === null;
    if (!mode) return;
    this.element.replaceChildren(
      icon(mode === "immersive-vr" ? "headset" : "room"),
      translate(this.#state.lang, TEXTS[mode]),
    );
  }

  get #mode(): XrMode | null {
    const { session } = this.#state;
    const { place } = this.#navigator;
    if (!session?.cameraController) return null;
    if (place.kind === "walk") return this.#supported.includes("immersive-vr") ? "immersive-vr" : null;
    if (place.kind !== "exhibit") return null;
    const exhibit = session.hall.exhibits.get(place.id);
    // An exhibit stands in the visitor's room at its true size, or not at all.
    const sized = exhibit?.placement.kind === "object" && exhibit.asset?.unit === "metre" && exhibit.body;
    return sized && this.#supported.includes("immersive-ar") ? "immersive-ar" : null;
  }

  async #enter(): Promise<void> {
    const { viewport, session } = this.#state;
    const { place } = this.#navigator;
    const mode = this.#mode;
    if (!viewport || !session?.cameraController || !mode) return;
    const { hall, cameraController } = session;
    this.element.disabled = true;
    try {
      const { enterAr, enterVr } = await import("../modes/xr.ts");
      const exhibit = place.kind === "exhibit" ? hall.exhibits.get(place.id) : undefined;
      if (mode === "immersive-ar" && exhibit) await enterAr(viewport, hall, exhibit);
      else {
        await enterVr(viewport, hall, cameraController.walk.body, cameraController.walk.yaw, (eye) => {
          const now = performance.now();
          if (now - this.#refined < REFINE_MS) return;
          this.#refined = now;
          hall.refine({ ...cameraController.pose, eye }, now / 1000, null);
        });
        cameraController.walk.settle();
      }
    } catch {
      this.failed.emit();
    } finally {
      this.element.disabled = false;
      this.ended.emit();
    }
  }
}
