import { Signal } from "../core/signal.ts";
import { h } from "../ui/dom.ts";
import type { Actions } from "./actions.ts";
import type { Studio } from "./context.ts";
import { button, iconButton } from "./fields.ts";
import type { Glyph } from "./glyphs.ts";
import { type StudioTextKey, studioText } from "./i18n.ts";
import type { Notes } from "./notes.ts";
import type { Snapping } from "./snapping.ts";
import type { Side } from "./studio-camera.ts";

const VIEWS: readonly (readonly [StudioTextKey, Glyph, Side | "entrance"])[] = [
  ["viewInside", "inside", "inside"],
  ["viewAbove", "above", "above"],
  ["viewFront", "front", "front"],
  ["viewSide", "side", "right"],
  ["viewEntrance", "entrance", "entrance"],
];

/** The buttons over the picture: what the pointer does, and from where one looks. */
export class SceneTools {
  readonly element: HTMLElement;
  /** The curator looks from the entrance. */
  readonly entered = new Signal<void>();
  readonly #studio: Studio;
  readonly #move: HTMLButtonElement;
  readonly #pin: HTMLButtonElement;
  readonly #hint: HTMLElement;

  constructor(studio: Studio, actions: Actions, notes: Notes, snapping: Snapping) {
    this.#studio = studio;
    const { lang } = studio;
    this.#move = toggle(
      iconButton(studioText(lang, "toolMove"), "move", () => notes.end(), "Esc"),
      true,
    );
    this.#pin = toggle(
      iconButton(studioText(lang, "toolNote"), "pin", () => notes.begin(), "P"),
      false,
    );
    const snap = toggle(
      iconButton(studioText(lang, "snapping"), "magnet", () => {
        snapping.on = !snapping.on;
        snap.setAttribute("aria-pressed", String(snapping.on));
      }),
      true,
    );
    this.#hint = h(
      "div.st-pin-hint",
      { hidden: true, role: "status" },
      h("p", {}, studioText(lang, "noteHint")),
      button(studioText(lang, "noteMiddle"), () => notes.pinInMiddle()),
    );
    this.element = h(
      "div.st-over-picture",
      {},
      h("div.st-tools", { role: "group", "aria-label": studioText(lang, "tools") }, this.#move, this.#pin, snap),
      h(
        "div.st-views",
        { role: "group", "aria-label": studioText(lang, "views") },
        ...VIEWS.map(([name, drawn], i) =>
          iconButton(studioText(lang, name), drawn, () => this.look((i + 1) as 1 | 2 | 3 | 4 | 5), String(i + 1)),
        ),
        iconButton(studioText(lang, "fit"), "fit", () => actions.fit(), "F"),
      ),
      this.#hint,
    );
  }

  /** Looks from the n-th of the views. */
  look(number: 1 | 2 | 3 | 4 | 5): void {
    const { scene, session } = this.#studio;
    const side = (VIEWS[number - 1] as (typeof VIEWS)[number])[2];
    if (side === "entrance") {
      scene.camera.look(session.document.start);
      this.entered.emit();
    } else scene.look(side);
    scene.invalidate();
  }

  /** Shows which tool is taken. */
  show(pinning: boolean): void {
    this.#move.setAttribute("aria-pressed", String(!pinning));
    this.#pin.setAttribute("aria-pressed", String(pinning));
    this.#hint.hidden = !pinning;
  }
}

function toggle(button: HTMLButtonElement, on: boolean): HTMLButtonElement {
  button.setAttribute("aria-pressed", String(on));
  return button;
}
