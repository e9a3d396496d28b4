import type { Change } from "../../document/schema.ts";
import { h } from "../../ui/dom.ts";
import type { Studio } from "../context.ts";
import { button } from "../fields.ts";
import { peopleText } from "./i18n.ts";
import { thingAt, thingName, thingOf } from "./things.ts";

/**
 * Says at once when somebody edits what another curator has chosen: who, and what. It hinders nobody, and is said once for as long
 * as the other one stays there.
 */
export class SoftLocks {
  readonly element: HTMLElement;
  readonly #studio: Studio;
  readonly #words = h("p", { role: "status" });
  readonly #told = new Set<string>();
  #shown = "";

  constructor(studio: Studio) {
    this.#studio = studio;
    const close = button(peopleText(studio.lang, "understood"), () => this.#hide());
    this.element = h("div.st-also-here", {}, this.#words, close);
    this.#hide();
    studio.session.edited.on((changes) => this.#follow(changes));
    studio.session.presentChanged.on(() => this.#forget());
  }

  #follow(changes: readonly Change[]): void {
    const { session, lang } = this.#studio;
    for (const { client, name, chosen } of session.present) {
      if (!chosen) continue;
      const thing = thingAt(chosen);
      const key = keyOf(client, thing);
      if (this.#told.has(key) || !changes.some((change) => isSame(thingOf(change), thing))) continue;
      this.#told.add(key);
      this.#shown = key;
      this.#words.textContent = peopleText(lang, "alsoHere", { name, thing: thingName(session.document, thing, lang) });
      this.element.classList.add("st-shown");
    }
  }

  /** Who has left a thing can be met there again. */
  #forget(): void {
    const there = new Set(
      this.#studio.session.present.map(({ client, chosen }) => keyOf(client, thingAt(chosen ?? []))),
    );
    for (const key of this.#told) if (!there.has(key)) this.#told.delete(key);
    if (!there.has(this.#shown)) this.#hide();
  }

  #hide(): void {
    this.#shown = "";
    this.#words.textContent = ""; // the place itself stays: only so is what comes into it read out
    this.element.classList.remove("st-shown");
  }
}

function keyOf(client: string, thing: readonly string[]): string {
  return [client, ...thing].join("/");
}

/** The same thing, or one is a part of the other: a stop of a tour. */
function isSame(a: readonly string[], b: readonly string[]): boolean {
  const depth = Math.min(a.length, b.length);
  return depth > 0 && a.slice(0, depth).join("/") === b.slice(0, depth).join("/");
}
