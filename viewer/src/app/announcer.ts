import type { Vector3 } from "three";
import type { HallScene } from "../core/hall.ts";
import { exhibitNumbers } from "../document/order.ts";
import type { Hall } from "../document/schema.ts";
import { type Lang, localized } from "../document/text.ts";
import { translate } from "../ui/i18n.ts";
import type { Shell } from "../ui/shell.ts";
import type { SwitchProgress } from "./hall-switcher.ts";

const NEAR = 2.4; // m; a closer exhibit is announced

/** Announces what is loading, what has failed and which exhibit is near, on the screen and to screen readers. */
export class Announcer {
  readonly #shell: Shell;
  readonly #state: { readonly lang: Lang };
  #announcedShare = 0; // percent of the loading
  #announcedFailures = -1;
  #near: string | null = null;
  #welcomed = false;
  #switchFailed = false; // the last notice was about a hall that could not be entered

  constructor(shell: Shell, state: { readonly lang: Lang }) {
    this.#shell = shell;
    this.#state = state;
  }

  /** Another hall was entered: everything is announced again. */
  reset(): void {
    this.#announcedShare = 0;
    this.#announcedFailures = -1;
    this.#near = null;
    this.#shell.notice(this.#lang, null);
  }

  /** Announces the progress of opening a hall. */
  switching(progress: SwitchProgress): void {
    const lang = this.#lang;
    switch (progress.kind) {
      case "opening":
        this.#shell.notice(lang, null);
        this.#shell.loading(lang, { loaded: 0, total: 0, opening: true });
        break;
      case "opening-failed":
        this.#shell.loading(lang, null);
        this.#shell.notice(lang, translate(lang, "hallFailed"), false);
        break;
      case "going":
        this.#shell.notice(lang, null);
        this.#announce(translate(lang, "goingTo", { title: progress.title }), 600);
        break;
      case "going-failed":
        this.#shell.hint(null);
        this.#shell.notice(lang, translate(lang, "doorFailed", { title: progress.title }), true, progress.retry);
        this.#switchFailed = true;
        break;
      case "door-shut":
        this.#announce(translate(lang, "doorIsShut"), 3);
        break;
    }
  }

  /** The visitor has entered a hall. The hint on how to move comes only once. */
  welcome(hall: Hall): void {
    const lang = this.#lang;
    if (!this.#welcomed)
      this.#shell.hint(translate(lang, matchMedia("(pointer: coarse)").matches ? "hintTouch" : "hintMouse"), 9);
    this.#welcomed = true;
    this.#shell.say(
      translate(lang, "entered", { title: localized(hall.title, lang), count: exhibitNumbers(hall).size }),
    );
  }

  /** The sound of the zone that the visitor has come into. */
  zoneSound(caption: string): void {
    this.#announce(translate(this.#lang, "youHear", { caption }), 5);
  }

  /** The visitor was stuck and stands elsewhere now. */
  freed(): void {
    this.#announce(translate(this.#lang, "freed"), 4);
  }

  /** The WebGL context is lost, or the quality was lowered. */
  graphics(event: "contextLost" | "shownSimply"): void {
    this.#announce(translate(this.#lang, event));
  }

  /** Finer parts of a streamed model could not be loaded. */
  detailFailed(): void {
    this.#announce(translate(this.#lang, "detailFailed"), 6);
  }

  /** The share that is loaded; screen readers hear each quarter. `opening`: the room itself is not there yet. */
  loading(hall: HallScene, opening: boolean): void {
    const lang = this.#lang;
    if (hall.settled) {
      this.#shell.loading(lang, null);
      return;
    }
    const { loaded, total } = hall.loader;
    this.#shell.loading(lang, { loaded, total, opening });
    const quarter = total > 0 ? Math.floor((4 * loaded) / total) * 25 : 0;
    if (quarter <= this.#announcedShare || quarter >= 100) return;
    this.#announcedShare = quarter;
    this.#shell.say(translate(lang, "loadedShare", { percent: quarter }));
  }

  /** Every file of the first set has arrived or failed. */
  settled(failures: number): void {
    const lang = this.#lang;
    if (this.#switchFailed && this.#shell.noticed) return; // the visitor may not have read that notice yet
    this.#switchFailed = false;
    if (failures === this.#announcedFailures && !this.#shell.noticed) return; // the visitor has closed the notice
    this.#announcedFailures = failures;
    if (failures === 0) {
      this.#shell.notice(lang, null);
      if (this.#announcedShare < 100) this.#shell.say(translate(lang, "allLoaded"));
      this.#announcedShare = 100;
    } else if (failures === 1) this.#shell.notice(lang, translate(lang, "oneFailed"));
    else this.#shell.notice(lang, translate(lang, "someFailed", { count: failures }));
  }

  /** The visitor tries again: the failed files are loaded once more. */
  retrying(): void {
    this.#announcedFailures = -1;
    this.#shell.notice(this.#lang, null);
  }

  /** The visitor stands still: announces the nearest exhibit. */
  nearby(hall: HallScene, eye: Vector3): void {
    let nearest: { id: string; distance: number } | null = null;
    for (const [id, exhibit] of hall.exhibits) {
      const distance = exhibit.box.distanceToPoint(eye);
      if (distance < (nearest?.distance ?? NEAR)) nearest = { id, distance };
    }
    if (nearest && nearest.id !== this.#near) {
      const { placements } = hall.document;
      this.#shell.say(translate(this.#lang, "near", { title: localized(placements[nearest.id]?.title, this.#lang) }));
    }
    this.#near = nearest?.id ?? null;
  }

  get #lang(): Lang {
    return this.#state.lang;
  }

  #announce(text: string, seconds?: number): void {
    this.#shell.hint(text, seconds);
    this.#shell.say(text);
  }
}
