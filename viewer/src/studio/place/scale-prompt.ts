import { localized } from "../../document/text.ts";
import { h } from "../../ui/dom.ts";
import type { Actions } from "../actions.ts";
import type { Studio } from "../context.ts";
import { button } from "../fields.ts";
import { glyph } from "../glyphs.ts";
import { studioText } from "../i18n.ts";
import { placeText } from "./i18n.ts";

/** Says over the picture that a thing which was put there, or given a size, has no scale, and where it gets one. */
export class ScalePrompt {
  readonly element = h("div.st-scale-prompt", { role: "status" });
  readonly #studio: Studio;
  #of: string | null = null;

  constructor(studio: Studio, actions: Actions) {
    this.#studio = studio;
    this.element.hidden = true;
    actions.guessed.on((id) => this.#show(id));
    studio.selection.changed.on(() => studio.selection.single?.id !== this.#of && this.#hide());
    studio.session.changed.on(({ placements }) => this.#of !== null && !placements[this.#of] && this.#hide());
  }

  #show(id: string): void {
    if (this.#of === id) return;
    this.#of = id;
    const { session, lang } = this.#studio;
    const title = localized(session.document.placements[id]?.title, lang) || studioText(lang, "untitled");
    this.element.replaceChildren(
      glyph("warning"),
      h("p", {}, placeText(lang, "noScale", { title })),
      scaleLink(this.#studio, id),
      button(placeText(lang, "noScaleLeave"), () => this.#hide(), { quiet: true }),
    );
    this.element.hidden = false;
  }

  #hide(): void {
    this.#of = null;
    this.element.hidden = true;
  }
}

/** The way to where a thing's scale is set, in a page of its own: the hall stays open, and hears of it. */
export function scaleLink({ session, root, lang }: Studio, id: string): HTMLAnchorElement {
  const asset = session.document.placements[id]?.asset ?? "";
  return h(
    "a.st-link",
    { href: `${root}desk/assets/${asset}#asset-view`, target: "_blank", rel: "noopener" },
    placeText(lang, "setScale"),
  );
}
