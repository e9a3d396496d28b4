import { h, setLabel } from "./dom.ts";
import { holdButton } from "./hold-button.ts";
import { type Lang, translate } from "./i18n.ts";
import type { Held } from "./keys.ts";

/**
 * Buttons for everything that dragging does (WCAG 2.5.7): turning the view on foot; at an exhibit, going around it, closer and farther.
 */
export class ViewButtons {
  readonly element: HTMLElement;
  readonly #left: HTMLButtonElement;
  readonly #right: HTMLButtonElement;
  readonly #in: HTMLButtonElement;
  readonly #out: HTMLButtonElement;

  constructor(held: Set<Held>, changed: () => void) {
    this.#left = holdButton("turnLeft", "turnLeft", held, changed);
    this.#right = holdButton("turnRight", "turnRight", held, changed);
    this.#in = holdButton("plus", "in", held, changed);
    this.#out = holdButton("minus", "out", held, changed);
    this.element = h("div.ly-view-buttons", { role: "group" }, this.#left, this.#right, this.#out, this.#in);
  }

  update(lang: Lang, orbiting: boolean): void {
    this.element.setAttribute("aria-label", translate(lang, "view"));
    setLabel(this.#left, translate(lang, orbiting ? "rotateLeft" : "turnLeft"));
    setLabel(this.#right, translate(lang, orbiting ? "rotateRight" : "turnRight"));
    setLabel(this.#in, translate(lang, "zoomIn"));
    setLabel(this.#out, translate(lang, "zoomOut"));
    this.#in.hidden = this.#out.hidden = !orbiting;
  }
}
