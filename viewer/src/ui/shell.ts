import { byPointer, h, setLabel } from "./dom.ts";
import { LANGUAGE_TAG, type Lang, translate } from "./i18n.ts";
import { icon } from "./icons.ts";
import { PageActions } from "./page-actions.ts";

export interface ShellActions {
  leave(): void;
  list(byPointer: boolean): void;
  help(byPointer: boolean): void;
  tour(byPointer: boolean): void;
  map(): void;
  sound(): void;
  language(): void;
  turnExhibit(by: 1 | -1): void;
  retry(): void;
}

/** The progress of loading, in bytes. */
export interface Loading {
  readonly loaded: number;
  readonly total: number;
  readonly opening: boolean; // the room itself is not there yet
}

const MB = 1e6;

/** The dialog of the visit: canvas, bar, messages, and the live region for screen readers. */
export class Shell {
  readonly dialog: HTMLDialogElement;
  readonly canvas = h("canvas.ly-canvas", { tabindex: 0, role: "application", "aria-describedby": "ly-canvas-help" });
  readonly #title = h("h1.ly-title");
  readonly #list: HTMLButtonElement;
  readonly #listText = h("span.ly-wide-only");
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #help: HTMLButtonElement;
  readonly #tour: HTMLButtonElement;
  readonly #map: HTMLButtonElement;
  readonly #sound: HTMLButtonElement;
  readonly #language: HTMLButtonElement;
  readonly #close: HTMLButtonElement;
  readonly #pageActions = new PageActions();
  readonly #progress = h("div.ly-progress", {
    role: "progressbar",
    "aria-valuemin": 0,
    "aria-valuemax": 100,
    hidden: true,
  });
  readonly #fill = h("span.ly-progress-fill");
  readonly #progressText = h("span.ly-progress-text");
  readonly #notice = h("div.ly-notice", { role: "alert", hidden: true });
  readonly #hint = h("p.ly-hint", { hidden: true });
  readonly #voice = h("p.ly-voice", { role: "status", "aria-live": "polite" });
  readonly #canvasHelp = h("p.ly-voice", { id: "ly-canvas-help" });
  readonly #backdrop = h("div.ly-backdrop", { "aria-hidden": "true" });
  readonly #actions: ShellActions;
  #hintTimer = 0;

  /** `inside` goes between the canvas and the bar, in this order. */
  constructor(actions: ShellActions, inside: readonly HTMLElement[]) {
    this.#actions = actions;
    const button = (act: (event: MouseEvent) => void, ...children: (Node | string)[]) =>
      h("button.ly-button", { type: "button", onclick: act }, ...children);
    this.#list = button((event) => actions.list(byPointer(event)), icon("list"), this.#listText);
    this.#previous = button(() => actions.turnExhibit(-1), icon("previous"));
    this.#next = button(() => actions.turnExhibit(1), icon("next"));
    for (const turning of [this.#previous, this.#next]) turning.classList.add("ly-turning");
    this.#tour = button((event) => actions.tour(byPointer(event)));
    this.#map = button(() => actions.map(), icon("map"));
    this.#sound = button(() => actions.sound());
    this.#help = button((event) => actions.help(byPointer(event)), icon("help"));
    this.#language = button(() => actions.language());
    this.#language.classList.add("ly-language");
    this.#close = button(() => actions.leave(), icon("close"));
    this.#close.classList.add("ly-close");
    this.#progress.append(this.#progressText, h("span.ly-progress-track", {}, this.#fill));
    const bar = h(
      "header.ly-bar",
      {},
      this.#title,
      h("div.ly-group.ly-guide", {}, this.#previous, this.#list, this.#next, this.#tour, this.#map),
      this.#pageActions.element,
      h("div.ly-group", {}, this.#sound, this.#language, this.#help, this.#close),
    );
    this.dialog = h(
      "dialog.ly-visit",
      { oncancel: (event: Event) => this.#cancel(event) },
      this.#backdrop,
      bar,
      this.canvas,
      ...inside,
      this.#hint,
      this.#progress,
      this.#notice,
      this.#voice,
      this.#canvasHelp,
    );
  }

  /** Opens the dialog over the whole page. `poster` is shown until the first frame. */
  open(poster: string | null): void {
    if (poster) this.#backdrop.append(h("img.ly-poster", { src: poster, alt: "" }));
    // No focus ring before the first key: browsers draw one around an element that gets the focus while the page loads.
    const { dialog } = this;
    dialog.classList.toggle("ly-keyless", !document.activeElement?.matches(":focus-visible"));
    // Keys that steer need no ring around the picture: only those that move the focus do.
    dialog.addEventListener("keydown", ({ key, target }) => {
      if (key === "Tab") dialog.classList.remove("ly-keyless");
      else if (target === this.canvas) dialog.classList.add("ly-keyless");
    });
    dialog.showModal();
    document.documentElement.classList.add("ly-visiting");
    this.canvas.focus({ preventScroll: true });
  }

  /** The first frame is drawn: removes the poster or the veil over the canvas. */
  reveal(): void {
    this.dialog.classList.add("ly-revealed");
    this.dialog.classList.remove("ly-veiled");
  }

  /** Covers the canvas while the visitor goes to another hall. */
  veil(): void {
    this.dialog.classList.add("ly-veiled");
  }

  close(): void {
    clearTimeout(this.#hintTimer);
    document.documentElement.classList.remove("ly-visiting");
    this.dialog.close();
    this.dialog.remove();
  }

  texts(lang: Lang, hall: string): void {
    this.dialog.lang = LANGUAGE_TAG[lang];
    this.dialog.setAttribute("aria-label", hall);
    this.#title.textContent = hall;
    this.canvas.setAttribute("aria-label", translate(lang, "canvas", { title: hall }));
    this.#canvasHelp.textContent = translate(lang, "canvasHelp");
    this.#listText.textContent = translate(lang, "exhibits");
    setLabel(this.#list, translate(lang, "exhibitList"));
    setLabel(this.#previous, translate(lang, "previousExhibit"));
    setLabel(this.#next, translate(lang, "nextExhibit"));
    setLabel(this.#help, translate(lang, "help"));
    this.#pageActions.texts(lang);
    this.#tour.textContent = translate(lang, "tourWord");
    this.#tour.title = translate(lang, "tourStart");
    setLabel(this.#map, translate(lang, "map"));
    setLabel(this.#sound, translate(lang, "sound"));
    setLabel(this.#close, translate(lang, "close"));
    this.#language.textContent = translate(lang, "switchLanguage");
    this.#language.title = translate(lang, "switchLanguage");
    this.#language.lang = LANGUAGE_TAG[lang === "zh" ? "en" : "zh"];
  }

  /** Shows the buttons for the parts that this hall has (guided tours, sounds), and which of them are pressed. */
  offer(offer: { tours: boolean; touring: boolean; map: boolean; sounds: boolean; sounding: boolean }): void {
    this.#tour.hidden = !offer.tours;
    this.#tour.setAttribute("aria-pressed", String(offer.touring));
    this.#map.setAttribute("aria-pressed", String(offer.map));
    this.#sound.hidden = !offer.sounds;
    this.#sound.setAttribute("aria-pressed", String(offer.sounding));
    this.#sound.replaceChildren(icon(offer.sounding ? "sound" : "silent"));
  }

  /** The tour's bar is at the foot of the picture. */
  touring(touring: boolean): void {
    this.dialog.classList.toggle("ly-touring", touring);
  }

  /** Whether a panel is open; `aside` is the panel that a button of the bar has opened. */
  panelled(aside: string | null, any: boolean): void {
    this.#list.setAttribute("aria-expanded", String(aside === "list"));
    this.#help.setAttribute("aria-expanded", String(aside === "help"));
    this.dialog.classList.toggle("ly-with-panel", any);
  }

  /** The height of the panel when it is a sheet, for the elements above it. */
  sheet(height: number): void {
    this.dialog.style.setProperty("--ly-sheet", `${Math.round(height)}px`);
  }

  /** Whether the visitor is in orbit around an exhibit, which needs other controls. */
  orbiting(orbiting: boolean): void {
    this.dialog.classList.toggle("ly-orbiting", orbiting);
  }

  /** Whether the pointer is over something that can be clicked. */
  over(anything: boolean): void {
    this.canvas.classList.toggle("ly-clickable", anything);
  }

  loading(lang: Lang, loading: Loading | null): void {
    this.#progress.hidden = loading === null;
    if (!loading) return;
    const share = loading.total > 0 ? loading.loaded / loading.total : 0;
    const text = translate(lang, loading.opening ? "loadingHall" : "loadingExhibits");
    const bytes = translate(lang, "loadedBytes", {
      loaded: (loading.loaded / MB).toFixed(1),
      total: (loading.total / MB).toFixed(1),
    });
    this.#progressText.textContent = `${text}  ${bytes}`;
    this.#fill.style.transform = `scaleX(${share.toFixed(4)})`;
    this.#progress.setAttribute("aria-label", text);
    this.#progress.setAttribute("aria-valuenow", String(Math.floor(share * 100)));
    this.#progress.setAttribute("aria-valuetext", bytes);
  }

  get noticed(): boolean {
    return !this.#notice.hidden;
  }

  /** Shows an error in a card, with a button that calls `again`; null closes the card. */
  notice(lang: Lang, text: string | null, closable = true, again = () => this.#actions.retry()): void {
    this.#notice.hidden = text === null;
    this.#notice.replaceChildren();
    if (text === null) return;
    const retry = h("button.ly-button.ly-strong", { type: "button", onclick: () => again() }, translate(lang, "retry"));
    this.#notice.append(icon("warning"), h("p", {}, text), retry);
    if (!closable) return;
    const close = h("button.ly-button", { type: "button", onclick: () => this.notice(lang, null) }, icon("close"));
    setLabel(close, translate(lang, "closePanel"));
    this.#notice.append(close);
  }

  /** Shows a line of text for a while. */
  hint(text: string | null, seconds = 7): void {
    clearTimeout(this.#hintTimer);
    this.#hint.hidden = text === null;
    this.#hint.textContent = text;
    if (text !== null) this.#hintTimer = window.setTimeout(() => this.hint(null), seconds * 1000);
  }

  /** A text for screen readers. */
  say(text: string): void {
    this.#voice.textContent = text;
  }

  #cancel(event: Event): void {
    event.preventDefault(); // after the system's back gesture, the visit closes itself
    this.#actions.leave();
  }
}
