import type { Stop } from "../../document/schema.ts";
import { h } from "../../ui/dom.ts";
import type { Studio } from "../context.ts";
import { button, type Field } from "../fields.ts";
import { boundText, set } from "../inspector-text.ts";
import { subjectTitle } from "./coverage.ts";
import { directText } from "./i18n.ts";

/** The bar over the picture while a tour is recorded: what is looked at, one button for a stop, the last stop's caption. */
export class RecordingBar {
  readonly element: HTMLElement;
  readonly #studio: Studio;
  readonly #subject = h("p.st-looking-at", {});
  readonly #hint = h("p.st-hint", {});
  readonly #words = h("div.st-recording-words");
  readonly #stop: HTMLButtonElement;
  #caption: Field | null = null;
  #shown = "";

  /** `back`: the focus returns to the picture. */
  constructor(studio: Studio, actions: { stop(): void; end(): void; back(): void }) {
    this.#studio = studio;
    const { lang } = studio;
    this.#stop = button(directText(lang, "stopHere"), actions.stop, { primary: true });
    this.#stop.append(h("kbd", { "aria-hidden": "true" }, "R"));
    const end = button(directText(lang, "recordEnd"), actions.end);
    this.element = h(
      "section.st-recording",
      { "aria-label": directText(lang, "record"), hidden: true },
      h(
        "div.st-recording-row",
        {},
        h("span.st-recording-dot", { "aria-hidden": "true" }),
        this.#subject,
        this.#stop,
        end,
      ),
      this.#hint,
      this.#words,
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      actions.back();
    });
  }

  /** Follows what is looked at, and the stop that was recorded last (null: none yet). */
  refresh(subject: Pick<Stop, "placement" | "note">, tour: string | null, stop: string | null): void {
    const { session, lang } = this.#studio;
    const title = subjectTitle(session.document, subject, lang);
    set(this.#subject, title ? directText(lang, "lookingAt", { title }) : directText(lang, "lookingAtHall"));
    set(this.#hint, directText(lang, tour === null || stop === null ? "recordFirst" : "recordNext"));
    const wanted = tour === null || stop === null ? "" : `${tour} ${stop}`;
    if (wanted !== this.#shown) {
      this.#shown = wanted;
      this.#caption =
        tour === null || stop === null
          ? null
          : boundText(this.#studio, ["tours", tour, "stops", stop, "caption"], this.#added(tour, stop), 2);
      this.#words.replaceChildren(...(this.#caption ? [this.#caption.element] : []));
    }
    this.#caption?.refresh();
  }

  /** The keyboard goes to the caption, in the page's language. */
  write(): void {
    this.#words.querySelectorAll("textarea")[this.#studio.lang === "zh" ? 0 : 1]?.focus();
  }

  #added(tour: string, stop: string): string {
    const { session, lang } = this.#studio;
    const { stops, stop_order = [] } = session.document.tours?.[tour] ?? {};
    const title = (stops?.[stop] && subjectTitle(session.document, stops[stop], lang)) || directText(lang, "hallView");
    return directText(lang, "stopAdded", { number: stop_order.indexOf(stop) + 1, title });
  }
}
