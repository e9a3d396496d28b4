import { Signal } from "../../core/signal.ts";
import type { Lang } from "../../document/text.ts";
import { TourController, type TourGuide } from "../../tour/tour-controller.ts";
import { h } from "../../ui/dom.ts";
import type { Studio } from "../context.ts";
import { studioText } from "../i18n.ts";
import { directText } from "./i18n.ts";

/** Plays a tour in the studio as visitors meet it: their captions, their pace, their narration, in either language. */
export class TourPlayer {
  readonly element: HTMLElement;
  /** It has begun, ended, or covers another part of the picture. */
  readonly changed = new Signal<void>();
  readonly #controller: TourController;
  readonly #studio: Studio;
  readonly #heard: { session: TourSession; lang: Lang };
  readonly #language: HTMLButtonElement;
  #tour: string | null = null;

  /** Lives as long as the page. */
  constructor(studio: Studio, guide: TourGuide) {
    const { lang, root, session } = studio;
    this.#studio = studio;
    this.#heard = {
      session: {
        hall: {
          get document() {
            return session.document;
          },
        },
      },
      lang,
    };
    this.#controller = new TourController(this.#heard, guide, `${root}media/`, new AbortController().signal);
    this.#language = h("button.st-button.st-player-language", { type: "button", onclick: () => this.#switch() });
    this.element = h("div.st-player", { hidden: true }, this.#controller.bar.element, this.#language);
    this.#controller.changed.on(() => {
      this.element.hidden = !this.#controller.touring;
      this.changed.emit();
    });
    this.#controller.left.on(() => {
      this.#tour = null;
    });
    session.changed.on(() => this.touring && this.end()); // what would be played is no longer what is written
    this.#name();
  }

  get touring(): boolean {
    return this.#controller.touring;
  }

  /** The height that the bar covers at the foot of the picture, px. */
  get below(): number {
    return this.element.hidden ? 0 : this.#controller.bar.below;
  }

  start(tour: string, stop: number): void {
    this.#tour = tour;
    this.#controller.start(tour, stop);
    this.#controller.bar.focus();
  }

  /** The curator looks around: the tour waits. */
  lookedAround(): void {
    this.#controller.lookedAround();
  }

  end(): void {
    this.#tour = null;
    this.#controller.leave();
  }

  #switch(): void {
    this.#heard.lang = this.#heard.lang === "zh" ? "en" : "zh";
    this.#name();
    if (this.#tour !== null) this.#controller.setLanguage();
  }

  #name(): void {
    const { lang } = this.#studio;
    this.#language.textContent = directText(lang, "captionsIn", { language: studioText(lang, this.#heard.lang) });
  }
}

interface TourSession {
  readonly hall: { readonly document: Studio["session"]["document"] };
}
