import { Signal } from "../../core/signal.ts";
import type { CommandName } from "../../document/commands/names.ts";
import type { Lang } from "../../document/text.ts";
import { h } from "../../ui/dom.ts";
import { iconButton } from "../fields.ts";
import { glyph } from "../glyphs.ts";
import type { KeyValueStore } from "../unsaved.ts";
import { learnText } from "./i18n.ts";

export type Step = "put" | "move" | "write" | "look" | "publish";

const STEPS: readonly Step[] = ["put", "move", "write", "look", "publish"];
const HOW = { put: "putHow", move: "moveHow", write: "writeHow", look: "lookHow", publish: "publishHow" } as const;
/** The part of the studio that a step is about. */
const ABOUT: Readonly<Record<Step, string>> = {
  put: ".st-strips",
  move: ".st-canvas",
  write: ".st-inspector",
  look: ".st-views",
  publish: ".st-publish",
};
const PUT: readonly CommandName[] = ["put-placement", "add-furniture", "duplicate-placement"];
const MOVE: readonly CommandName[] = [
  "move-placement",
  "turn-placement",
  "put-at-anchor",
  "hang-on-wall",
  "move-furniture",
  "turn-furniture",
];

interface Kept {
  readonly done: readonly Step[];
  readonly closed: boolean;
}

/** The first steps of a curator: five, beside what they are about, each ticked when it is done. The browser remembers them. */
export class Guide {
  readonly element: HTMLElement;
  /** It was opened or closed. */
  readonly changed = new Signal<void>();
  readonly #list = h("ol", {});
  readonly #lang: Lang;
  readonly #root: () => HTMLElement;
  readonly #store: KeyValueStore;
  readonly #key: string;
  #done: ReadonlySet<Step>;
  #open: boolean;

  /** `account`: whose steps they are; `root`: the studio, in which the part that a step is about is marked. */
  constructor(lang: Lang, account: string, store: KeyValueStore, root: () => HTMLElement) {
    this.#lang = lang;
    this.#root = root;
    this.#store = store;
    this.#key = `longyao-first-steps/${account}`;
    const { done, closed } = this.#kept();
    this.#done = new Set(done);
    this.#open = !closed;
    this.element = h(
      "section.st-first-steps",
      { "aria-label": learnText(lang, "firstSteps") },
      h(
        "header",
        {},
        h("h2", {}, learnText(lang, "firstSteps")),
        iconButton(learnText(lang, "skip"), "close", () => this.#show(false)),
      ),
      this.#list,
    );
  }

  get open(): boolean {
    return this.#open;
  }

  /** Shows what is left; if nothing is, all of it anew. */
  again(): void {
    if (this.#done.size === STEPS.length) this.#done = new Set();
    this.#show(true);
  }

  /** The curator has made an edit. */
  edited(name: CommandName | null): void {
    if (name === null) return;
    if (PUT.includes(name)) this.did("put");
    if (MOVE.includes(name)) this.did("move");
    if (name.startsWith("write-")) this.did("write");
  }

  did(step: Step): void {
    if (!this.#open || this.#done.has(step)) return;
    this.#done = new Set([...this.#done, step]);
    this.#keep();
    this.refresh();
  }

  refresh(): void {
    const lang = this.#lang;
    this.element.hidden = !this.#open;
    const next = this.#open ? STEPS.find((step) => !this.#done.has(step)) : undefined;
    for (const marked of this.#root().querySelectorAll(".st-guided")) marked.classList.remove("st-guided");
    if (next) this.#root().querySelector(ABOUT[next])?.classList.add("st-guided");
    this.#list.replaceChildren(
      ...STEPS.map((step) => {
        const done = this.#done.has(step);
        return h(
          "li",
          { "data-done": done ? "" : null, "aria-current": step === next ? "step" : null },
          done ? glyph("saved") : null,
          h("strong", {}, learnText(lang, step)),
          done ? h("span.unseen", {}, learnText(lang, "stepDone")) : null,
          step === next ? h("p", {}, learnText(lang, HOW[step])) : null,
        );
      }),
      ...(next || !this.#open
        ? []
        : [h("li.st-first-steps-end", {}, h("p", { role: "status" }, learnText(lang, "allDone")))]),
    );
  }

  #show(open: boolean): void {
    this.#open = open;
    this.#keep();
    this.refresh();
    this.changed.emit();
  }

  #kept(): Kept {
    try {
      const kept = JSON.parse(this.#store.getItem(this.#key) ?? "null") as Kept | null;
      return { done: STEPS.filter((step) => kept?.done.includes(step)), closed: kept?.closed === true };
    } catch {
      return { done: [], closed: false };
    }
  }

  #keep(): void {
    try {
      this.#store.setItem(this.#key, JSON.stringify({ done: [...this.#done], closed: !this.#open } satisfies Kept));
    } catch {
      // The browser keeps nothing: the steps are shown again next time.
    }
  }
}
