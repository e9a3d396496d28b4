import type { Vector3 } from "three";
import type { HallScene } from "../core/hall.ts";
import { exhibitNumbers } from "../document/order.ts";
import type { Hall } from "../document/schema.ts";
import { type Lang, localized } from "../document/text.ts";
import { tell } from "../ui/i18n.ts";
import type { Shell } from "../ui/shell.ts";

const NEAR = 2.4; // m at which an exhibit is announced

/** Tells the visitor what goes on: what is being loaded, what failed, what is near. Says nothing twice. */
export class Announcer {
  readonly #shell: Shell;
  #spoken = 0; // percent of loading
  #failures = -1;
  #near: string | null = null;
  #welcomed = false;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** Another hall: all is to be told anew. */
  reset(): void {
    this.#spoken = 0;
    this.#failures = -1;
    this.#near = null;
    this.#shell.notice("zh", null);
  }

  opening(lang: Lang): void {
    this.#shell.notice(lang, null);
    this.#shell.loading(lang, { loaded: 0, total: 0, opening: true });
  }

  retrying(lang: Lang): void {
    this.#failures = -1;
    this.#shell.notice(lang, null);
  }

  refuse(lang: Lang): void {
    this.#shell.loading(lang, null);
    this.#shell.notice(lang, tell(lang, "hallFailed"), false);
  }

  welcome(lang: Lang, hall: Hall): void {
    if (!this.#welcomed)
      this.#shell.hint(tell(lang, matchMedia("(pointer: coarse)").matches ? "hintTouch" : "hintMouse"), 9);
    this.#welcomed = true;
    this.#shell.say(tell(lang, "entered", { title: localized(hall.title, lang), count: exhibitNumbers(hall).size }));
  }

  /** On the way through a door. */
  going(lang: Lang, title: string): void {
    this.#shell.notice(lang, null);
    this.#shell.hint(tell(lang, "goingTo", { title }), 600);
    this.#shell.say(tell(lang, "goingTo", { title }));
  }

  /** The hall behind a door cannot be had: one stays where one is. */
  turnedBack(lang: Lang, title: string, again: () => void): void {
    this.#shell.hint(null);
    this.#shell.notice(lang, tell(lang, "doorFailed", { title }), true, again);
  }

  /** What is to be heard where one has come to. */
  hear(lang: Lang, caption: string): void {
    const text = tell(lang, "youHear", { caption });
    this.#shell.hint(text, 5);
    this.#shell.say(text);
  }

  freed(lang: Lang): void {
    this.#shell.hint(tell(lang, "freed"), 4);
    this.#shell.say(tell(lang, "freed"));
  }

  shut(lang: Lang): void {
    this.#shell.hint(tell(lang, "doorIsShut"), 3);
    this.#shell.say(tell(lang, "doorIsShut"));
  }

  loading(lang: Lang, hall: HallScene, opening: boolean): void {
    if (hall.settled) {
      this.#shell.loading(lang, null);
      return;
    }
    const { loaded, total } = hall.loader;
    this.#shell.loading(lang, { loaded, total, opening });
    const quarter = total > 0 ? Math.floor((4 * loaded) / total) * 25 : 0;
    if (quarter <= this.#spoken || quarter >= 100) return;
    this.#spoken = quarter;
    this.#shell.say(tell(lang, "loadedShare", { percent: quarter }));
  }

  /** All has been asked for and answered. */
  settled(lang: Lang, failures: number): void {
    if (failures === this.#failures && !this.#shell.noticed) return; // told, read and closed
    this.#failures = failures;
    if (failures === 0) {
      this.#shell.notice(lang, null);
      if (this.#spoken < 100) this.#shell.say(tell(lang, "allLoaded"));
      this.#spoken = 100;
    } else if (failures === 1) this.#shell.notice(lang, tell(lang, "oneFailed"));
    else this.#shell.notice(lang, tell(lang, "someFailed", { count: failures }));
  }

  /** The visitor has come to a halt. */
  near(lang: Lang, hall: HallScene, eye: Vector3): void {
    let nearest: { id: string; distance: number } | null = null;
    for (const [id, exhibit] of hall.exhibits) {
      const distance = exhibit.box.distanceToPoint(eye);
      if (distance < (nearest?.distance ?? NEAR)) nearest = { id, distance };
    }
    if (nearest && nearest.id !== this.#near) {
      this.#shell.say(tell(lang, "near", { title: localized(hall.document.placements[nearest.id]?.title, lang) }));
    }
    this.#near = nearest?.id ?? null;
  }
}
