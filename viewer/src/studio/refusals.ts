import type { Lang } from "../document/text.ts";
import { localized, withoutMarkup } from "../document/text.ts";
import { h } from "../ui/dom.ts";
import type { Studio } from "./context.ts";
import type { Refusal } from "./edit-session.ts";
import { button } from "./fields.ts";
import { studioText } from "./i18n.ts";
import { editName, word as stateWord } from "./words.ts";

/** Shows own edits that could not be taken: somebody else was faster, or a rule forbids them. Both sides, and a choice. */
export class Refusals {
  readonly element: HTMLDialogElement;
  readonly #studio: Studio;
  #shown: Refusal | null = null;

  constructor(studio: Studio) {
    this.#studio = studio;
    this.element = h("dialog.st-dialog.st-conflict", {});
    this.element.addEventListener("cancel", (event) => event.preventDefault()); // a decision is needed
    studio.session.refused.on(() => this.next());
  }

  /** Shows the next one that is not decided. */
  next(): void {
    const { session, lang } = this.#studio;
    const refusal = session.refusals.find((each) => each !== this.#shown);
    if (this.#shown && session.refusals.includes(this.#shown)) return;
    this.#shown = refusal ?? null;
    if (!refusal) {
      this.element.close();
      return;
    }
    const decide = (mine: boolean) => {
      this.#shown = null;
      refusal.resolve(mine);
      this.next();
    };
    const name = editName(refusal.name, lang);
    const broken = refusal.conflicts.length === 0;
    const sides = refusal.conflicts
      .slice(0, 4)
      .map(({ change, current }) =>
        h(
          "div.st-sides",
          {},
          side(studioText(lang, "mine"), "to" in change ? change.to : undefined, lang),
          side(studioText(lang, "theirs"), current, lang),
        ),
      );
    this.element.replaceChildren(
      h("h2", {}, studioText(lang, broken ? "refusedTitle" : "conflictTitle")),
      h("p", {}, broken ? refusal.message : stateWord(lang, "conflict", { name })),
      broken ? h("p", {}, refusal.hint) : h("div", {}, ...sides),
      h(
        "footer",
        {},
        ...(broken
          ? [button(studioText(lang, "understood"), () => decide(false), { primary: true })]
          : [
              button(stateWord(lang, "keepTheirs"), () => decide(false)),
              button(stateWord(lang, "keepMine"), () => decide(true), { primary: true }),
            ]),
      ),
    );
    if (!this.element.open) this.element.showModal();
  }
}

function side(name: string, value: unknown, lang: Lang): HTMLElement {
  return h("div.st-side", {}, h("h3", {}, name), h("p", {}, said(value, lang)));
}

/** A value of the document as people read it. */
function said(value: unknown, lang: Lang): string {
  if (value === undefined || value === null) return studioText(lang, "gone");
  if (typeof value === "string") return withoutMarkup(value);
  if (Array.isArray(value))
    return value.map((v) => (typeof v === "number" ? Number(v.toFixed(3)).toString() : String(v))).join(", ");
  if (typeof value === "object" && "title" in value) return localized(value.title as never, lang);
  return typeof value === "object" ? "…" : String(value);
}
