import { h } from "./dom.ts";
import { holdButton, name } from "./hold.ts";
import { type Lang, tell } from "./i18n.ts";
import type { Held } from "./keys.ts";

/**
 * Buttons for everything that is otherwise done by dragging: turning on foot; at an exhibit, going around it and closer (WCAG 2.5.7).
 */
export class Pad {
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
    this.element = h("div.ly-pad", { role: "group" }, this.#left, this.#right, this.#out, this.#in);
  }

  update(lang: Lang, orbiting: boolean): void {
    this.element.setAttribute("aria-label", tell(lang, "view"));
    name(this.#left, tell(lang, orbiting ? "rotateLeft" : "turnLeft"));
    name(this.#right, tell(lang, orbiting ? "rotateRight" : "turnRight"));
    name(this.#in, tell(lang, "zoomIn"));
    name(this.#out, tell(lang, "zoomOut"));
    this.#in.hidden = this.#out.hidden = !orbiting;
  }
}
