import { leadDoor } from "../../document/commands/hall.ts";
import { localized } from "../../document/text.ts";
import { h } from "../../ui/dom.ts";
import type { Studio } from "../context.ts";
import { button, type Field, iconButton, section } from "../fields.ts";
import { glyph } from "../glyphs.ts";
import { studioText } from "../i18n.ts";
import { boundText, set } from "../inspector-text.ts";
import { viewOfDoor } from "./doors.ts";
import type { HallList } from "./hall-list.ts";
import { directText } from "./i18n.ts";

/** The fields of a door: its title, and the hall to which it leads, picked from all halls at the desk. */
export function doorFields(studio: Studio, halls: HallList, id: string): readonly Field[] {
  const { lang, session, scene } = studio;
  void halls.load();
  const title = h("h2", {});
  const see = () => {
    const door = session.document.doors?.[id];
    if (door) scene.camera.look(viewOfDoor(door));
    scene.invalidate();
  };
  const head = h(
    "header.st-head",
    {},
    h("span.st-head-picture", {}, glyph("doorway")),
    h("div", {}, h("p.st-facts", {}, directText(lang, "door")), title),
    iconButton(studioText(lang, "fit"), "fit", see, "F"),
  );
  return [
    {
      element: head,
      refresh: () => set(title, localized(session.document.doors?.[id]?.title, lang) || studioText(lang, "untitled")),
    },
    boundText(studio, ["doors", id, "title"], studioText(lang, "title"), 1),
    ways(studio, halls, id),
  ];
}

/** The halls as cards of one radio group; the first leads nowhere. */
function ways(studio: Studio, halls: HallList, id: string): Field {
  const { lang, session, root, slug } = studio;
  const list = h("div.st-ways-on", { role: "radiogroup", "aria-label": directText(lang, "leadsTo") });
  const said = h("p.st-hint", { role: "status" });
  const again = button(studioText(lang, "tryAgain"), () => void halls.load());
  let shown = "";
  const card = (value: string, name: string, facts: string, picture: Node) => {
    const radio = h("input", { type: "radio", name: `door-${id}`, value });
    radio.addEventListener("change", () =>
      session.edit("lead-door", leadDoor(session.document, id, value === "" ? null : value)),
    );
    return h(
      "label.st-way",
      {},
      radio,
      h("span.st-way-picture", {}, picture),
      h("span.st-way-name", {}, name, facts !== "" && h("span.st-facts", {}, facts)),
    );
  };
  const refresh = () => {
    const to = session.document.doors?.[id]?.hall;
    const others = (halls.halls ?? []).filter((hall) => hall.slug !== slug);
    const lost = to !== undefined && halls.halls !== null && !others.some((hall) => hall.slug === to) ? to : null;
    const key = JSON.stringify([others, lost]);
    if (key !== shown) {
      shown = key;
      list.replaceChildren(
        card("", directText(lang, "leadsNowhere"), directText(lang, "leadsNowhereHint"), glyph("close")),
        ...others.map((hall) =>
          card(
            hall.slug,
            localized(hall.title, lang) || studioText(lang, "untitled"),
            hall.published ? "" : directText(lang, "notPublished"),
            h("img", { src: `${root}media/${hall.picture}`, alt: "", loading: "lazy" }),
          ),
        ),
        ...(lost === null ? [] : [card(lost, lost, directText(lang, "hallGone"), glyph("warning"))]),
      );
    }
    for (const radio of list.querySelectorAll("input")) radio.checked = radio.value === (to ?? "");
    const alone = halls.halls !== null && others.length === 0;
    const state = halls.failed ? "hallsFailed" : halls.halls === null ? "hallsLoading" : alone ? "noOtherHall" : null;
    said.hidden = state === null;
    set(said, state ? directText(lang, state) : "");
    again.hidden = !halls.failed;
  };
  return { element: section(directText(lang, "leadsTo"), list, said, again), refresh };
}
