import { h, moveTo, setLabel } from "./dom.ts";
import { holdButton } from "./hold-button.ts";
import { type Lang, translate } from "./i18n.ts";
import type { Held } from "./keys.ts";

type Way = "forward" | "backward" | "left" | "right";

const REACH = 46; // px, the farthest that the knob moves
const DEAD = 0.14;

/**
 * The joystick for the left thumb. It can be dragged, or its four buttons can be pressed: a screen reader cannot drag.
 * The style sheet shows it where the main pointer is a finger.
 */
export class Joystick {
  readonly element: HTMLElement;
  /** The position of the thumb, -1..1 to the right and ahead. */
  readonly value = { aside: 0, ahead: 0 };
  readonly #buttons: Readonly<Record<Way, HTMLButtonElement>>;

  constructor(held: Set<Held>, changed: () => void) {
    const knob = h("span.ly-knob");
    this.#buttons = {
      forward: holdButton("up", "ahead", held, changed),
      left: holdButton("previous", "left", held, changed),
      right: holdButton("next", "right", held, changed),
      backward: holdButton("down", "back", held, changed),
    };
    for (const [place, button] of Object.entries(this.#buttons)) button.classList.add(`ly-joystick-${place}`);
    this.element = h("div.ly-joystick", { role: "group" }, knob, ...Object.values(this.#buttons));

    let thumb: number | null = null;
    const follow = (event: PointerEvent) => {
      const box = this.element.getBoundingClientRect();
      const x = event.clientX - (box.left + box.width / 2);
      const y = event.clientY - (box.top + box.height / 2);
      const length = Math.hypot(x, y);
      const share = Math.min(1, length / REACH);
      const speed = share < DEAD ? 0 : (share - DEAD) / (1 - DEAD);
      this.value.aside = length ? (x / length) * speed : 0;
      this.value.ahead = length ? (-y / length) * speed : 0;
      moveTo(knob, length ? (x / length) * share * REACH : 0, length ? (y / length) * share * REACH : 0);
      changed();
    };
    const end = (event: PointerEvent) => {
      if (event.pointerId !== thumb) return;
      thumb = null;
      this.value.aside = this.value.ahead = 0;
      moveTo(knob, 0, 0);
      this.element.classList.remove("ly-held");
    };
    this.element.addEventListener(
      "pointerdown",
      (event) => {
        event.preventDefault();
        event.stopPropagation(); // a thumb steers the joystick, even on its buttons
        thumb = event.pointerId;
        this.element.setPointerCapture(thumb);
        this.element.classList.add("ly-held");
        follow(event);
      },
      { capture: true },
    );
    this.element.addEventListener("pointermove", (event) => event.pointerId === thumb && follow(event));
    for (const type of ["pointerup", "pointercancel", "lostpointercapture"] as const)
      this.element.addEventListener(type, end);
  }

  update(lang: Lang): void {
    this.element.setAttribute("aria-label", translate(lang, "joystick"));
    for (const [key, button] of Object.entries(this.#buttons)) setLabel(button, translate(lang, key as Way));
  }
}
