import type { Lang } from "../../document/text.ts";
import { h } from "../../ui/dom.ts";
import { button } from "../fields.ts";
import { roomText } from "./i18n.ts";

/** Asks before doors go that another building has not: it names them. */
export class LostDoors {
  readonly element: HTMLDialogElement;
  readonly #lang: Lang;
  readonly #said = h("p", {});
  #answer: (go: boolean) => void = () => {};

  constructor(lang: Lang) {
    this.#lang = lang;
    const end = (go: boolean) => {
      this.#answer(go);
      this.element.close();
    };
    this.element = h(
      "dialog.st-dialog",
      { "aria-label": roomText(lang, "lostDoors") },
      h("header", {}, h("h2", {}, roomText(lang, "lostDoors"))),
      this.#said,
      h(
        "footer",
        {},
        button(roomText(lang, "lostDoorsKeep"), () => end(false)),
        button(roomText(lang, "lostDoorsGo"), () => end(true), { primary: true }),
      ),
    );
    this.element.addEventListener("close", () => this.#answer(false)); // by Escape; after an answer it changes nothing
  }

  /** Whether these doors may go. */
  ask(titles: readonly string[]): Promise<boolean> {
    const names = titles.join(this.#lang === "zh" ? "、" : ", ");
    this.#said.textContent = roomText(this.#lang, "lostDoorsNamed", { names });
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.element.showModal();
    });
  }
}
