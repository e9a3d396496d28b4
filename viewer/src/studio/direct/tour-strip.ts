import { stopsInOrder } from "../../document/order.ts";
import type { Stop, Tour } from "../../document/schema.ts";
import { localized } from "../../document/text.ts";
import { h } from "../../ui/dom.ts";
import type { Studio } from "../context.ts";
import { button } from "../fields.ts";
import { studioText } from "../i18n.ts";
import { set } from "../inspector-text.ts";
import { missingWords, secondsOf, subjectTitle, tourLength } from "./coverage.ts";
import { directText } from "./i18n.ts";
import type { StopPictures } from "./stop-pictures.ts";
import type { TourChoice } from "./tour-choice.ts";

export interface StripActions {
  record(): void;
  recordMore(): void;
  play(): void;
  choose(stop: string): void;
  /** To an index, from 0. */
  move(stop: string, to: number): void;
  duplicate(stop: string): void;
  remove(stop: string): void;
}

const NEW = ""; // the value of "new tour" in the list of tours

/** The strip below the picture: the tours, and the steps of the one that is edited, each with a picture of its view. */
export class TourStrip {
  readonly element: HTMLElement;
  readonly #studio: Studio;
  readonly #choice: TourChoice;
  readonly #actions: StripActions;
  readonly #pictures: StopPictures;
  readonly #tours: HTMLSelectElement;
  readonly #length = h("span.st-facts", {});
  readonly #play: HTMLButtonElement;
  readonly #more: HTMLButtonElement;
  readonly #list = h("ol.st-stops");
  #shown = "";
  #dragged: string | null = null;
  #open = false;

  constructor(studio: Studio, choice: TourChoice, actions: StripActions, pictures: StopPictures) {
    this.#studio = studio;
    this.#choice = choice;
    this.#actions = actions;
    this.#pictures = pictures;
    const { lang } = studio;
    this.#tours = h("select.st-select", { "aria-label": directText(lang, "tourChosen") });
    this.#tours.addEventListener("change", () => choice.choose(this.#tours.value || null));
    this.#play = button(directText(lang, "play"), actions.play, { glyph: "play" });
    this.#more = button(directText(lang, "recordMore"), actions.recordMore, { glyph: "pin" });
    this.#more.title = directText(lang, "recordMoreName");
    const record = button(directText(lang, "record"), actions.record, { glyph: "record" });
    this.element = h(
      "section.st-tours",
      { "aria-label": directText(lang, "tours") },
      h("div.st-tours-head", {}, this.#tours, this.#length, this.#play, this.#more, record),
      this.#list,
    );
    this.#list.addEventListener("keydown", (event) => this.#key(event));
    this.#list.addEventListener("dragover", (event) => this.#over(event));
    this.#list.addEventListener("dragleave", () => this.#mark(null));
    this.#list.addEventListener("drop", (event) => this.#drop(event));
  }

  /** Pictures are drawn only while the strip is seen. */
  set open(open: boolean) {
    this.#open = open;
    if (!open) this.#pictures.show([]);
    this.#shown = "";
  }

  /** Follows the document and the choice. */
  refresh(): void {
    if (!this.#open) return;
    const { session, lang } = this.#studio;
    const hall = session.document;
    const id = this.#choice.tour;
    const tour = id === null ? undefined : hall.tours?.[id];
    this.#listTours();
    set(this.#length, tour ? tourLength(tour, lang) : "");
    this.#play.hidden = this.#more.hidden = !tour;
    const wanted = JSON.stringify([
      id,
      tour && stopsInOrder(tour).map(([key, stop]) => [key, stop, subjectTitle(hall, stop, lang)]),
    ]);
    if (wanted !== this.#shown) {
      this.#shown = wanted;
      this.#write(id, tour);
    }
    for (const card of this.#cards) {
      const chosen = stopOf(card) === this.#choice.stop;
      if (chosen && card.getAttribute("aria-current") !== "step")
        card.scrollIntoView({ block: "nearest", inline: "nearest" });
      if (chosen) card.setAttribute("aria-current", "step");
      else card.removeAttribute("aria-current");
    }
  }

  /** Moves the keyboard to a step. */
  focus(stop: string): void {
    this.#cards.find((card) => stopOf(card) === stop)?.focus();
  }

  get #cards(): readonly HTMLButtonElement[] {
    return [...this.#list.querySelectorAll("button")];
  }

  #listTours(): void {
    const { session, lang } = this.#studio;
    const hall = session.document;
    const ids = hall.tour_order ?? [];
    const options = ids.map((id) => [id, localized(hall.tours?.[id]?.title, lang) || studioText(lang, "untitled")]);
    if (this.#choice.tour === null) options.push([NEW, directText(lang, "newTour")]);
    const key = JSON.stringify(options);
    if (this.#tours.dataset.shown !== key) {
      this.#tours.dataset.shown = key;
      this.#tours.replaceChildren(...options.map(([value = "", name = ""]) => h("option", { value }, name)));
    }
    this.#tours.value = this.#choice.tour ?? NEW;
    this.#tours.hidden = ids.length === 0;
  }

  #write(id: string | null, tour: Tour | undefined): void {
    const { lang } = this.#studio;
    const before = this.#cards;
    const focused = before.indexOf(document.activeElement as HTMLButtonElement);
    if (!tour) {
      this.#pictures.show([]);
      this.#list.replaceChildren(
        h(
          "li.st-tours-empty",
          {},
          id === null && h("h3", {}, directText(lang, "toursEmpty")),
          h("p", {}, directText(lang, "toursEmptyHint")),
        ),
      );
      return;
    }
    const stops = stopsInOrder(tour);
    const cards = stops.map(([stop, about], i) => this.#card(stop, about, i));
    this.#list.replaceChildren(...cards.map(({ element }) => element));
    this.#pictures.show(cards.map(({ holder, about }) => ({ holder, stop: about })));
    if (focused < 0) return;
    const same = stops.find(([stop]) => stop === stopOf(before[focused] as HTMLElement));
    const [stop] = same ?? stops[Math.min(focused, stops.length - 1)] ?? [];
    if (stop !== undefined) this.focus(stop);
  }

  #card(id: string, stop: Stop, i: number) {
    const { session, lang } = this.#studio;
    const title = subjectTitle(session.document, stop, lang) || directText(lang, "hallView");
    const holder = h("span.st-stop-picture", {});
    const lacks = missingWords(stop.caption, lang);
    const seconds = Math.round(secondsOf(stop, lang));
    const card = h(
      "button.st-stop",
      { type: "button", onclick: () => this.#actions.choose(id), title: directText(lang, "stripKeys") },
      holder,
      h("span.st-stop-number", {}, String(i + 1)),
      h("span.st-stop-title", {}, title),
      h("span.st-stop-caption", {}, localized(stop.caption, lang)),
      h(
        "span.st-stop-facts",
        {},
        h("span", {}, directText(lang, "seconds", { seconds })),
        lacks !== "" && h("span.st-lacks", {}, lacks),
      ),
    );
    const element = h("li", { draggable: "true", "data-stop": id }, card);
    element.addEventListener("dragstart", (event) => {
      this.#dragged = id;
      event.dataTransfer?.setData("text/plain", title);
      if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
    });
    element.addEventListener("dragend", () => {
      this.#dragged = null;
      this.#mark(null);
    });
    return { element, holder, about: stop };
  }

  #key(event: KeyboardEvent): void {
    const cards = this.#cards;
    const at = cards.indexOf(event.target as HTMLButtonElement);
    if (at < 0) return;
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
    const { move, duplicate, remove } = this.#actions;
    const stop = stopOf(cards[at] as HTMLElement);
    if (by !== 0 && event.altKey) {
      if (cards[at + by]) move(stop, at + by);
    } else if (by !== 0) cards[at + by]?.focus();
    else if (event.key === "Delete" || event.key === "Backspace") remove(stop);
    else if (event.key.toLowerCase() === "d" && (event.ctrlKey || event.metaKey)) duplicate(stop);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** The place between steps that the pointer is at: the number of steps before it. */
  #gap(event: DragEvent): number {
    const middles = [...this.#list.children].map((item) => {
      const { left, width } = item.getBoundingClientRect();
      return left + width / 2;
    });
    return middles.filter((middle) => middle < event.clientX).length;
  }

  #over(event: DragEvent): void {
    if (this.#dragged === null) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "move";
    this.#mark(this.#gap(event));
  }

  #mark(gap: number | null): void {
    const items = [...this.#list.children];
    for (const [i, item] of items.entries()) {
      item.classList.toggle("st-gap-before", gap === i);
      item.classList.toggle("st-gap-after", gap === items.length && i === items.length - 1);
    }
  }

  #drop(event: DragEvent): void {
    const dragged = this.#dragged;
    if (dragged === null) return;
    event.preventDefault();
    const from = this.#cards.findIndex((card) => stopOf(card) === dragged);
    const gap = this.#gap(event);
    this.#dragged = null;
    this.#mark(null);
    const to = gap > from ? gap - 1 : gap;
    if (to !== from) this.#actions.move(dragged, to);
  }
}

/** The stop of a card. */
function stopOf(card: HTMLElement): string {
  return card.closest("li")?.dataset.stop ?? "";
}
