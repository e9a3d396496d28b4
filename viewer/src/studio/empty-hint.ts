import type { Lang } from "../document/text.ts";
import { h } from "../ui/dom.ts";
import { studioText } from "./i18n.ts";

/** What a curator reads in a hall in which nothing stands yet. */
export function emptyHint(lang: Lang): HTMLElement {
  return h(
    "div.st-empty",
    { hidden: true },
    h("h2", {}, studioText(lang, "emptyTitle")),
    h(
      "ol",
      {},
      h("li", {}, studioText(lang, "emptyOne")),
      h("li", {}, studioText(lang, "emptyTwo")),
      h("li", {}, studioText(lang, "emptyThree")),
    ),
  );
}
