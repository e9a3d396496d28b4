import { step } from "../../document/commands/order.ts";
import { removeThing } from "../../document/commands/story.ts";
import { localized } from "../../document/text.ts";
import { h } from "../../ui/dom.ts";
import type { Studio } from "../context.ts";
import { button, type Field, iconButton, section } from "../fields.ts";
import { studioText } from "../i18n.ts";
import { boundText, set } from "../inspector-text.ts";
import { tourLength } from "./coverage.ts";
import { directText } from "./i18n.ts";

/** The fields of a tour itself. */
export function tourFields(studio: Studio, tour: string): readonly Field[] {
  const { lang, session, announce } = studio;
  const title = h("h2", {});
  const length = h("p.st-facts", {});
  const place = h("span.st-facts", {});
  const reorder = (by: 1 | -1) => session.edit("reorder-tours", step(session.document, "tour_order", tour, by));
  const earlier = iconButton(directText(lang, "tourEarlier"), "up", () => reorder(-1));
  const later = iconButton(directText(lang, "tourLater"), "down", () => reorder(1));
  const order = section(studioText(lang, "order"), h("div.st-row-of-buttons", {}, place, earlier, later));
  const remove = () => {
    const removed = localized(session.document.tours?.[tour]?.title, lang) || studioText(lang, "untitled");
    session.edit("remove-tour", removeThing(session.document, "tours", tour));
    announce(studioText(lang, "removed", { title: removed }));
  };
  return [
    {
      element: h("header.st-head", {}, h("div", {}, length, title)),
      refresh: () => {
        const document = session.document.tours?.[tour];
        set(title, localized(document?.title, lang) || studioText(lang, "untitled"));
        set(length, document ? tourLength(document, lang) : "");
      },
    },
    boundText(studio, ["tours", tour, "title"], studioText(lang, "title"), 1),
    boundText(studio, ["tours", tour, "summary"], studioText(lang, "summary"), 4),
    {
      element: order,
      refresh: () => {
        const ids = session.document.tour_order ?? [];
        const at = ids.indexOf(tour);
        order.hidden = ids.length < 2;
        set(place, `${at + 1} / ${ids.length}`);
        earlier.disabled = at <= 0;
        later.disabled = at < 0 || at === ids.length - 1;
      },
    },
    {
      element: h("footer.st-ends", {}, button(directText(lang, "removeTour"), remove, { glyph: "bin", danger: true })),
      refresh: () => {},
    },
  ];
}
