import type { Immersion as Kind } from "../modes/xr.ts";
import type { Party } from "./visit-state.ts";
import { h } from "../ui/dom.ts";
import { tell } from "../ui/i18n.ts";
import { icon } from "../ui/icons.ts";

const REFINE_MS = 250;
const TEXTS = { "immersive-vr": "enterVr", "immersive-ar": "enterAr" } as const;

/** The way into a headset (on foot) or of an exhibit into the visitor's room (at it); absent where there is no WebXR. */
export class Immersion {
  readonly element = h("button.ly-button.ly-xr", { type: "button", hidden: true, onclick: () => void this.#go() });
  readonly #party: Party;
  readonly #done: () => void;
  readonly #failed: () => void;
  #able: readonly Kind[] = [];
  #refined = 0;

  /** `done` is called when the visitor is back before the screen. */
  constructor(party: Party, done: () => void, failed: () => void) {
    this.#party = party;
    this.#done = done;
    this.#failed = failed;
    if ("xr" in navigator) {
      void import("../modes/xr.ts")
        .then(({ immersions }) => immersions())
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
      tell(this.#party.lang, TEXTS[kind]),
    );
  }

  get #kind(): Kind | null {
    const { visit, guide } = this.#party;
    const { place } = guide;
    if (!visit?.journey) return null;
    if (place.kind === "walk") return this.#able.includes("immersive-vr") ? "immersive-vr" : null;
    if (place.kind !== "exhibit") return null;
    const exhibit = visit.hall.exhibits.get(place.id);
    // At its true size, or not at all.
    const sized = exhibit?.placement.kind === "object" && exhibit.asset?.unit === "metre" && exhibit.body;
    return sized && this.#able.includes("immersive-ar") ? "immersive-ar" : null;
  }

  async #go(): Promise<void> {
    const { stage, visit, guide } = this.#party;
    const { place } = guide;
    const kind = this.#kind;
    if (!stage || !visit?.journey || !kind) return;
    const { hall, journey } = visit;
    this.element.disabled = true;
    try {
      const { enterAr, enterVr } = await import("../modes/xr.ts");
      const exhibit = place.kind === "exhibit" ? hall.exhibits.get(place.id) : undefined;
      if (kind === "immersive-ar" && exhibit) await enterAr(stage, hall, exhibit);
      else {
        await enterVr(stage, hall, journey.walk.body, journey.walk.yaw, (eye) => {
          const now = performance.now();
          if (now - this.#refined < REFINE_MS) return;
          this.#refined = now;
          hall.refine({ ...journey.pose, eye }, now / 1000, null);
        });
        journey.walk.settle();
      }
    } catch {
      this.#failed();
    } finally {
      this.element.disabled = false;
      this.#done();
    }
  }
}
