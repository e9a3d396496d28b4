import { changeLight } from "../document/commands/hall.ts";
import { localized } from "../document/text.ts";
import { h } from "../ui/dom.ts";
import type { Actions } from "./actions.ts";
import type { Studio } from "./context.ts";
import { button, type Field, section } from "./fields.ts";
import { studioText } from "./i18n.ts";
import { boundText, set } from "./inspector-text.ts";
import { roomFields } from "./room/room-fields.ts";
import type { RoomPanel } from "./room/room-panel.ts";

const DIMMEST = 0;
const BRIGHTEST = 3;
const USUAL = 1.2; // as core/light.ts

/** The fields of the hall itself: shown while nothing is chosen. */
export function hallFields(studio: Studio, actions: Actions, room: RoomPanel): readonly Field[] {
  const { lang, session, root, slug, scene } = studio;
  const title = h("h2", {});
  const head = h("header.st-head", {}, h("div", {}, h("p.st-facts", {}, studioText(lang, "wholeHall")), title));
  let dims = 0;
  const light = h("input.st-range", {
    type: "range",
    min: DIMMEST,
    max: BRIGHTEST,
    step: 0.05,
    "aria-label": studioText(lang, "brightness"),
    onpointerdown: () => dims++,
    onfocus: () => dims++,
    oninput: () => {
      actions.edit("change-light", changeLight(session.document, { ambient: light.valueAsNumber }), `light ${dims}`);
    },
  });
  const stand = h(
    "div",
    {},
    h("p.st-hint", {}, studioText(lang, "entranceHint")),
    h(
      "div.st-row-of-buttons",
      {},
      button(
        studioText(lang, "viewEntrance"),
        () => {
          scene.camera.look(session.document.start);
          scene.invalidate();
        },
        { glyph: "entrance" },
      ),
      button(studioText(lang, "entranceSet"), () => actions.setEntrance(), { glyph: "eye" }),
    ),
  );
  const links = h(
    "footer.st-ends",
    {},
    h("a.st-link", { href: `${root}desk/halls/${slug}` }, studioText(lang, "forms")),
  );
  return [
    {
      element: head,
      refresh: () => set(title, localized(session.document.title, lang) || studioText(lang, "untitled")),
    },
    boundText(studio, ["title"], studioText(lang, "title"), 1),
    boundText(studio, ["summary"], studioText(lang, "summary"), 5),
    boundText(studio, ["credit"], studioText(lang, "credit"), 1),
    {
      element: section(studioText(lang, "brightness"), light),
      refresh: () => {
        light.value = String(session.document.light?.ambient ?? USUAL);
      },
    },
    ...roomFields(studio, actions, room),
    { element: section(studioText(lang, "entrance"), stand), refresh: () => {} },
    { element: links, refresh: () => {} },
  ];
}
