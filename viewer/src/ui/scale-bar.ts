import { h } from "./dom.ts";

/** A bar of a round length, at the scale of what the visitor looks at. */
export class ScaleBar {
  readonly element = h("div.ly-scale-bar", { hidden: true, "aria-hidden": "true" });
  readonly #text = h("span");
  readonly #line = h("i");

  constructor() {
    this.element.append(this.#text, this.#line);
  }

  /** `width` in CSS pixels, `x` its left end, `y` its lower edge; null: nothing of known size is looked at. */
  show(bar: { readonly text: string; readonly width: number; readonly x: number; readonly y: number } | null): void {
    this.element.hidden = bar === null;
    if (!bar) return;
    if (this.#text.textContent !== bar.text) this.#text.textContent = bar.text;
    this.#line.style.width = `${bar.width.toFixed(1)}px`;
    this.element.style.transform = `translate(${bar.x.toFixed(1)}px, ${bar.y.toFixed(1)}px) translateY(-100%)`;
  }
}
