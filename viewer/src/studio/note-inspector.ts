import { localized } from "../document/text.ts";
import { h } from "../ui/dom.ts";
import type { Studio } from "./context.ts";
import { citations } from "./direct/story-parts.ts";
import { button, type Field, iconButton, section } from "./fields.ts";
import { glyph } from "./glyphs.ts";
import { studioText } from "./i18n.ts";
import { boundText, set } from "./inspector-text.ts";
import type { Notes } from "./notes.ts";
import { richField } from "./rich-field.ts";

/** The fields of a note: its words, what it belongs to, and from where it is looked at. */
export function noteFields(studio: Studio, notes: Notes, id: string): readonly Field[] {
  const { lang, session } = studio;
  const title = h("h2", {});
  const head = h(
    "header.st-head",
    {},
    h("span.st-head-picture", {}, glyph("pin")),
    h("div", {}, h("p.st-facts", {}, studioText(lang, "note")), title),
    iconButton(studioText(lang, "seeView"), "eye", () => notes.see(id), "F"),
  );
  const owner = h("select.st-select", { "aria-label": studioText(lang, "belongsTo") });
  owner.addEventListener("change", () => notes.attach(id, owner.value || null));
  const view = h(
    "div.st-row-of-buttons",
    {},
    button(studioText(lang, "saveView"), () => notes.saveView(id), { glyph: "eye" }),
  );
  return [
    {
      element: head,
      refresh: () => set(title, localized(session.document.notes[id]?.title, lang) || studioText(lang, "untitled")),
    },
    boundText(studio, ["notes", id, "title"], studioText(lang, "title"), 1),
    richField(studio, ["notes", id, "body"], studioText(lang, "body")),
    {
      element: section(studioText(lang, "belongsTo"), owner),
      refresh: () => {
        const hall = session.document;
        const options = [
          { value: "", name: studioText(lang, "wholeHall") },
          ...hall.placement_order.map((key) => ({
            value: key,
            name: localized(hall.placements[key]?.title, lang) || studioText(lang, "untitled"),
          })),
        ];
        const key = JSON.stringify(options);
        if (owner.dataset.shown !== key) {
          owner.dataset.shown = key;
          owner.replaceChildren(...options.map(({ value, name }) => h("option", { value }, name)));
        }
        owner.value = hall.notes[id]?.placement ?? "";
      },
    },
    { element: view, refresh: () => {} },
    citations(studio, ["notes", id]),
    {
      element: h(
        "footer.st-ends",
        {},
        button(studioText(lang, "remove"), () => notes.remove(id), { glyph: "bin", danger: true }),
      ),
      refresh: () => {},
    },
  ];
}
