import { h, setLabel } from "./dom.ts";
import { type Lang, translate } from "./i18n.ts";
import { icon } from "./icons.ts";

/** The content of the bar, ready to read in one language. */
export interface TourText {
  readonly title: string;
  readonly stop: number; // from 1
  readonly count: number;
  readonly caption: string;
  readonly state: "playing" | "paused" | "away" | "over";
  /** Whether the caption is read aloud; null if nothing can read it. */
  readonly voice: { readonly kind: "narration" | "speech"; readonly on: boolean } | null;
}

export interface TourActions {
  previous(): void;
  next(): void;
  /** Pauses the tour or continues it; after the end, starts it again. */
  toggle(): void;
  rejoin(): void;
  voice(): void;
  leave(): void;
}

/**
 * The bar of a guided tour at the foot of the picture: caption, next and previous stop. While the visitor is elsewhere, it is a button
 * that leads back to the tour.
 */
export class TourBar {
  readonly element = h("section.ly-tour", { hidden: true });
  readonly #title = h("p.ly-tour-title");
  readonly #caption = h("p.ly-tour-caption", { role: "status", "aria-live": "polite" });
  readonly #dots = h("span.ly-tour-dots", { "aria-hidden": "true" });
  readonly #previous: HTMLButtonElement;
  readonly #play: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #voice: HTMLButtonElement;
  readonly #leave: HTMLButtonElement;
  readonly #rejoin: HTMLButtonElement;
  readonly #open: HTMLElement;
  readonly #away: HTMLElement;

  constructor(actions: TourActions) {
    const button = (act: () => void, ...children: Node[]) =>
      h("button.ly-button", { type: "button", onclick: act }, ...children);
    this.#previous = button(actions.previous, icon("previous"));
    this.#play = button(actions.toggle);
    this.#play.classList.add("ly-strong", "ly-tour-play");
    this.#next = button(actions.next, icon("next"));
    this.#voice = button(actions.voice);
    this.#leave = button(actions.leave, icon("close"));
    this.#rejoin = button(actions.rejoin);
    this.#rejoin.classList.add("ly-strong");
    const leaveAway = button(actions.leave, icon("close"));
    this.#open = h(
      "div.ly-tour-open",
      {},
      h("header", {}, this.#title, this.#voice, this.#leave),
      this.#caption,
      h("footer", {}, this.#previous, this.#play, this.#next, this.#dots),
    );
    this.#away = h("div.ly-tour-away", {}, this.#rejoin, leaveAway);
    this.element.append(this.#open, this.#away);
  }

  /** The height that the bar covers at the foot of the picture, px. */
  get below(): number {
    return this.element.hidden || this.#open.hidden ? 0 : this.#open.getBoundingClientRect().height;
  }

  focus(): void {
    this.#play.focus({ preventScroll: true });
  }

  show(tour: TourText | null, lang: Lang): void {
    this.element.hidden = tour === null;
    if (!tour) {
      this.#caption.textContent = "";
      return;
    }
    const away = tour.state === "away";
    const held = this.element.contains(document.activeElement);
    this.#open.hidden = away;
    this.#away.hidden = !away;
    this.element.setAttribute("aria-label", `${translate(lang, "tour")}: ${tour.title}`);
    const where = translate(lang, "tourStop", { stop: tour.stop, count: tour.count });
    this.#title.replaceChildren(h("span", {}, tour.title), h("span.ly-tour-where", {}, where));
    const over = tour.state === "over" ? translate(lang, "tourOver") : "";
    const caption = over ? `${tour.caption} ${over}` : tour.caption;
    if (!away && this.#caption.textContent !== caption) this.#caption.textContent = caption;
    const playing = tour.state === "playing";
    this.#play.replaceChildren(icon(playing ? "pause" : "play"));
    setLabel(this.#play, translate(lang, playing ? "tourPause" : over ? "tourAgain" : "tourResume"));
    setLabel(this.#previous, translate(lang, "tourPrevious"));
    setLabel(this.#next, translate(lang, "tourNext"));
    this.#previous.disabled = tour.stop === 1;
    this.#next.disabled = tour.stop === tour.count;
    for (const leave of this.element.querySelectorAll<HTMLButtonElement>(
      "header button:last-child, .ly-tour-away > :last-child",
    ))
      setLabel(leave, translate(lang, "tourLeave"));
    this.#rejoin.replaceChildren(icon("play"), translate(lang, "tourRejoin", { stop: tour.stop }));
    this.#dots.replaceChildren(...Array.from({ length: tour.count }, (_, i) => h(i < tour.stop ? "i.ly-done" : "i")));
    this.#voice.hidden = tour.voice === null;
    if (tour.voice) {
      this.#voice.setAttribute("aria-pressed", String(tour.voice.on));
      this.#voice.replaceChildren(icon(tour.voice.on ? "sound" : "silent"));
      setLabel(this.#voice, translate(lang, tour.voice.kind === "narration" ? "tourNarration" : "tourAloud"));
    }
    // The focused button may be hidden now.
    if (held && !this.element.contains(document.activeElement)) (away ? this.#rejoin : this.#play).focus();
  }
}
