import { localized } from "../document/text.ts";
import { h } from "../ui/dom.ts";
import { LANGUAGE_TAG } from "../ui/i18n.ts";
import type { Actions } from "./actions.ts";
import type { Studio } from "./context.ts";
import { button, iconButton } from "./fields.ts";
import { type Glyph, glyph } from "./glyphs.ts";
import { historyText } from "./history/i18n.ts";
import { studioText } from "./i18n.ts";
import { set } from "./inspector-text.ts";
import { editName, word as stateWord } from "./words.ts";

const KEPT = { recent: "keptRecent", edits: "keptEditsOnly", nothing: "keptNothing" } as const;

/** The bar at the top: where one is, what can be undone, whether all is saved, who else is here, and the ways on. */
export class TopBar {
  readonly element: HTMLElement;
  readonly #studio: Studio;
  readonly #undo: HTMLButtonElement;
  readonly #redo: HTMLButtonElement;
  readonly #title = h("h1", {});
  readonly #status = h("p.st-status", { role: "status" });
  readonly #people = h("p.st-people", { hidden: true });

  constructor(studio: Studio, actions: Actions, help: () => void, history: () => void, publish: () => void) {
    this.#studio = studio;
    const { lang, root, slug } = studio;
    this.#undo = h("button.st-step", { type: "button", onclick: () => actions.undo() }, glyph("undo"), h("span", {}));
    this.#redo = h("button.st-step", { type: "button", onclick: () => actions.redo() }, h("span", {}), glyph("redo"));
    const other = lang === "zh" ? "en" : "zh";
    const publishButton = button(studioText(lang, "publish"), publish, { primary: true });
    publishButton.classList.add("st-publish");
    this.element = h(
      "header.st-bar",
      {},
      h(
        "div.st-where",
        {},
        h(
          "a.st-icon-button",
          {
            href: `${root}desk/halls/${slug}`,
            "aria-label": studioText(lang, "toDesk"),
            title: studioText(lang, "toDesk"),
          },
          glyph("back"),
        ),
        this.#title,
      ),
      h("div.st-steps", {}, this.#undo, this.#redo, iconButton(historyText(lang, "history"), "history", history)),
      h(
        "div.st-ways",
        {},
        this.#people,
        this.#status,
        h(
          "a.st-link",
          { href: `?lang=${other}`, lang: LANGUAGE_TAG[other], hreflang: LANGUAGE_TAG[other] },
          studioText(lang, "otherLanguage"),
        ),
        iconButton(studioText(lang, "helpOpen"), "help", help, "?"),
        h(
          "a.st-button",
          { href: `${root}desk/halls/${slug}/preview`, target: "_blank" },
          glyph("eye"),
          h("span", {}, studioText(lang, "preview")),
        ),
        publishButton,
      ),
    );
    studio.session.statusChanged.on(() => this.refresh());
    studio.session.presentChanged.on(() => this.refresh());
    this.refresh();
  }

  refresh(): void {
    const { session, lang } = this.#studio;
    set(this.#title, localized(session.document.title, lang) || studioText(lang, "untitled"));
    const { undoName, redoName } = session;
    step(
      this.#undo,
      studioText(lang, "undoing"),
      undoName && editName(undoName, lang),
      undoName && editName(`undo-${undoName}`, lang),
      "Ctrl+Z",
    );
    step(
      this.#redo,
      studioText(lang, "redoing"),
      redoName && editName(redoName, lang),
      redoName && editName(`redo-${redoName}`, lang),
      "Ctrl+Shift+Z",
    );
    const { status, problem } = session;
    const kept = this.#keptWord();
    const state = problem
      ? problem.message
      : status === "offline"
        ? studioText(lang, "offlineShort")
        : stateWord(lang, status);
    const said = kept ? `${state} · ${stateWord(lang, "storageFull")}` : state;
    const shown = problem || kept ? "warning" : status;
    const more = [problem?.hint, status === "offline" && stateWord(lang, "offline"), kept].filter(Boolean).join("\n");
    if (this.#status.dataset.shown !== `${shown} ${said}`) {
      this.#status.dataset.shown = `${shown} ${said}`;
      this.#status.dataset.status = shown;
      this.#status.title = more;
      this.#status.replaceChildren(glyph(shown as Glyph), h("span", {}, said));
    }
    const names = [...new Set(session.present.map(({ name }) => name))]; // with several pages named once
    this.#people.hidden = names.length === 0;
    const people = studioText(lang, "alsoHere", { names: names.join(lang === "zh" ? "、" : ", ") });
    if (this.#people.dataset.shown !== people) {
      this.#people.dataset.shown = people;
      this.#people.title = people;
      const shown = h("span", { "aria-hidden": "true" }, names.join(lang === "zh" ? "、" : ", "));
      this.#people.replaceChildren(glyph("people"), shown, h("span.unseen", {}, people));
    }
  }

  /** What this browser cannot keep. */
  #keptWord(): string {
    const { session, lang } = this.#studio;
    return session.kept === "all" ? "" : stateWord(lang, KEPT[session.kept]);
  }
}

/** An undo or redo button: what it is, what it would take back, and its keys. */
function step(
  element: HTMLButtonElement,
  name: string,
  command: string | null,
  title: string | null,
  keys: string,
): void {
  element.disabled = title === null;
  element.title = `${title ?? name} (${keys})`;
  element.setAttribute("aria-label", title ?? name);
  const said = element.querySelector("span");
  if (said) set(said, command ?? name);
}
