import type { XrMode } from "../modes/xr.ts";
import { h } from "../ui/dom.ts";
import { tell } from "../ui/i18n.ts";
import { icon } from "../ui/icons.ts";
import type { VisitState } from "./visit-state.ts";

const REFINE_MS = 250;
const TEXTS = { "immersive-vr": "enterVr", "immersive-ar": "enterAr" } as const;

/** The way into a headset (on foot) or of an exhibit into the visitor's room (at it); absent where there is no WebXR. */
export class XrButton {
  readonly element = h("button.ly-button.ly-xr", { type: "button", hidden: true, onclick: () => void this.#go() });
  readonly #state: VisitState;
  readonly #done: () => void;
  readonly #failed: () => void;
  #able: readonly XrMode[] = [];
  #refined = 0;

  /** `done` is called when the visitor is back before the screen. */
  constructor(state: VisitState, done: () => void, failed: () => void) {
    this.#state = state;
    this.#done = done;
    this.#failed = failed;
    if ("xr" in navigator) {
      void import("../modes/xr.ts")
        .then(({ xrModes }) => xrModes())
        .then((able) => {
          this.#able = able;
          this.update();
        });
    }
  }

  /** Says what can be done from here. */
  update(): void {
    const kind = this.#kind;
    this.element.hidden = kind === null;
    if (!kind) return;
    this.element.replaceChildren(
      icon(kind === "immersive-vr" ? "headset" : "room"),
      tell(this.#state.lang, TEXTS[kind]),
    );
  }

  get #kind(): XrMode | null {
    const { session, navigator } = this.#state;
    const { place } = navigator;
    if (!session?.cameraController) return null;
    if (place.kind === "walk") return this.#able.includes("immersive-vr") ? "immersive-vr" : null;
    if (place.kind !== "exhibit") return null;
    const exhibit = session.hall.exhibits.get(place.id);
    // At its true size, or not at all.
    const sized = exhibit?.placement.kind === "object" && exhibit.asset?.unit === "metre" && exhibit.body;
    return sized && this.#able.includes("immersive-ar") ? "immersive-ar" : null;
  }

  async #go(): Promise<void> {
    const { stage, session, navigator } = this.#state;
    const { place } = navigator;
    const kind = this.#kind;
    if (!stage || !session?.cameraController || !kind) return;
    const { hall, cameraController } = session;
    this.element.disabled = true;
    try {
      const { enterAr, enterVr } = await import("../modes/xr.ts");
      const exhibit = place.kind === "exhibit" ? hall.exhibits.get(place.id) : undefined;
      if (kind === "immersive-ar" && exhibit) await enterAr(stage, hall, exhibit);
      else {
        await enterVr(stage, hall, cameraController.walk.body, cameraController.walk.yaw, (eye) => {
          const now = performance.now();
          if (now - this.#refined < REFINE_MS) return;
          this.#refined = now;
          hall.refine({ ...cameraController.pose, eye }, now / 1000, null);
        });
        cameraController.walk.settle();
      }
    } catch {
      this.#failed();
    } finally {
      this.element.disabled = false;
      this.#done();
    }
  }
}
