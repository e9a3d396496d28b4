import { h } from "../ui/dom.ts";
import { type IconName, icon } from "../ui/icons.ts";

/** A slider with its name and its value as text. */
export class Range {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  readonly #label = h("span");
  readonly #value = h("output");

  constructor(low: number, high: number, step: number, value: number, changed: (value: number) => void) {
    this.input = h("input", { type: "range", min: low, max: high, step, value });
    this.input.addEventListener("input", () => changed(this.value));
    this.element = h("label.ly-range", {}, this.#label, this.#value, this.input);
  }

  get value(): number {
    return Number(this.input.value);
  }

  set value(value: number) {
    this.input.value = String(value);
  }

  write(label: string, value: string): void {
    this.#label.textContent = label;
    this.#value.textContent = value;
    this.input.setAttribute("aria-valuetext", value);
  }
}

/** A button of a card; `pressed` makes it a toggle button. */
export function plain(key: string, act: () => void): HTMLButtonElement {
  return h("button.ly-button.ly-plain", { type: "button", "data-key": key, onclick: act });
}

export function write(button: HTMLElement, text: string, picture?: IconName, pressed?: boolean): void {
  button.replaceChildren(...(picture ? [icon(picture)] : []), text);
  if (pressed !== undefined) button.setAttribute("aria-pressed", String(pressed));
}
