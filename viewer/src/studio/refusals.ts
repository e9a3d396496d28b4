import { h } from "../ui/dom.ts";
import type { Studio } from "./context.ts";
import type { Refusal } from "./edit-session.ts";
import { button } from "./fields.ts";
import { studioText } from "./i18n.ts";
import { sidesOf, type ThingSides } from "./people/change-words.ts";
import { peopleText } from "./people/i18n.ts";
import { thingOf } from "./people/things.ts";
import { editName, word as stateWord } from "./words.ts";

/** Shows own edits that could not be taken: somebody else was faster, or a rule forbids them. Both sides, and a choice for each thing. */
export class Refusals {
  readonly element: HTMLDialogElement;
  readonly #studio: Studio;
  #shown: Refusal | null = null;

  constructor(studio: Studio) {
    this.#studio = studio;
    this.element = h("dialog.st-dialog.st-conflict", { "aria-labelledby": "st-conflict-title" });
    this.element.addEventListener("cancel", (event) => event.preventDefault()); // a decision is needed
    studio.session.refused.on(() => this.next());
  }

  /** Shows the next one that is not decided. */
  next(): void {
    const { session } = this.#studio;
    const refusal = session.refusals.find((each) => each !== this.#shown);
    if (this.#shown && session.refusals.includes(this.#shown)) return;
    this.#shown = refusal ?? null;
    if (!refusal) {
      this.element.close();
      return;
    }
    const parts = refusal.conflicts.length === 0 ? this.#broken(refusal) : this.#conflict(refusal);
    this.element.replaceChildren(...parts);
    if (!this.element.open) this.element.showModal();
  }

  #decide(keepMine: Parameters<Refusal["resolve"]>[0]): void {
    const refusal = this.#shown;
    this.#shown = null;
    refusal?.resolve(keepMine);
    this.next();
  }

  #broken({ message, hint }: Refusal): HTMLElement[] {
    const { lang } = this.#studio;
    return [
      h("h2", { id: "st-conflict-title" }, studioText(lang, "refusedTitle")),
      h("p", {}, message),
      h("p", {}, hint),
      h(
        "footer",
        {},
        button(studioText(lang, "understood"), () => this.#decide(false), { primary: true }),
      ),
    ];
  }

  #conflict({ name, conflicts, authors, mine }: Refusal): HTMLElement[] {
    const { lang, session } = this.#studio;
    const things = sidesOf(session.document, mine, conflicts, authors, lang);
    const several = things.length > 1;
    const chosen = new Map(things.map(({ thing }) => [thing.join("/"), true]));
    const shown = things.map((each, i) =>
      this.#sides(each, i, several, (own) => chosen.set(each.thing.join("/"), own)),
    );
    const ends = several
      ? [
          button(
            peopleText(lang, "done"),
            () => this.#decide((change) => chosen.get(thingOf(change).join("/")) ?? true),
            { primary: true },
          ),
        ]
      : [
          button(stateWord(lang, "keepTheirs"), () => this.#decide(false)),
          button(stateWord(lang, "keepMine"), () => this.#decide(true), { primary: true }),
        ];
    return [
      h("h2", { id: "st-conflict-title" }, studioText(lang, "conflictTitle")),
      h("p", {}, stateWord(lang, "conflict", { name: editName(name, lang) })),
      h("div.st-conflict-things", {}, several && h("p.st-hint", {}, peopleText(lang, "chooseEach")), ...shown),
      h("footer", {}, ...ends),
    ];
  }

  /** What either has done to a thing; with `choice` each side can be chosen. */
  #sides(
    { name, mine, theirs, author }: ThingSides,
    number: number,
    choice: boolean,
    choose: (own: boolean) => void,
  ): HTMLElement {
    const { lang } = this.#studio;
    const other = author || peopleText(lang, "someone");
    const side = (who: string, lines: readonly string[], own: boolean) => {
      const said = h("ul", {}, ...lines.map((line) => h("li", {}, line)));
      if (!choice) return h("div.st-side", {}, h("p.st-side-choice", {}, who), said);
      const radio = h("input", {
        type: "radio",
        name: `st-conflict-${number}`,
        checked: own,
        onchange: () => choose(own),
      });
      const use = peopleText(lang, own ? "useMine" : "useTheirs", { name: other });
      return h("label.st-side", {}, h("span.st-side-choice", {}, radio, use), said);
    };
    return h(
      "fieldset.st-conflict-thing",
      {},
      h("legend", {}, name),
      h("div.st-sides", {}, side(peopleText(lang, "you"), mine, true), side(other, theirs, false)),
    );
  }
}
