import { resetSettings } from "./settings-dialog.ts";

const START = "longyao-kiosk-start";
const COUNTDOWN_S = 15;
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "scroll", "tour-stop"] as const;

/**
 * A public screen. After `seconds` without a visitor it asks, counts down and starts again at the URL and in the language with which
 * this tab was opened. Links to other hosts do nothing.
 */
export class Kiosk {
  readonly #dialog: HTMLDialogElement;
  readonly #count: HTMLElement;
  readonly #idle_s: number;
  #left = 0;
  #timer = 0;

  constructor(dialog: HTMLDialogElement, seconds: number) {
    this.#dialog = dialog;
    this.#count = dialog.querySelector("[data-count]") as HTMLElement;
    this.#idle_s = seconds;
    if (!sessionStorage.getItem(START)) sessionStorage.setItem(START, here().href);
    for (const sign of SIGNS) addEventListener(sign, () => this.#seen(), { passive: true, capture: true });
    addEventListener("click", (event) => this.#keepIn(event), { capture: true });
    dialog.addEventListener("close", () => this.#seen());
    this.#seen();
  }

  /** Called when a visitor does something: the time without a visitor starts again. */
  #seen(): void {
    if (this.#dialog.open) return; // only the button of the dialog counts
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#ask(), this.#idle_s * 1000);
  }

  #ask(): void {
    const playing = [...document.querySelectorAll<HTMLMediaElement>("video, audio")].some((media) => !media.paused);
    if (playing) {
      this.#seen();
      return;
    }
    this.#left = COUNTDOWN_S;
    this.#dialog.showModal();
    this.#tick();
  }

  #tick(): void {
    if (!this.#dialog.open) return;
    this.#count.textContent = String(this.#left);
    if (this.#left === 0) this.#begin();
    this.#left--;
    this.#timer = window.setTimeout(() => this.#tick(), 1000);
  }

  #begin(): void {
    resetSettings(document.documentElement);
    const start = sessionStorage.getItem(START) ?? here().href;
    const same = location.href.split("#")[0] === start.split("#")[0];
    location.replace(start);
    if (same) location.reload(); // a new hash alone loads nothing
  }

  #keepIn(event: Event): void {
    const link = (event.target as Element).closest?.<HTMLAnchorElement>("a[href]");
    if (link && (link.origin !== location.origin || link.target === "_blank")) event.preventDefault();
  }
}

/** The URL of the page, with its language. */
function here(): URL {
  const url = new URL(location.href);
  url.searchParams.set("lang", document.documentElement.lang.slice(0, 2));
  return url;
}
