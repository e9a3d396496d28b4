import { changeThing, removeThing } from "../../document/commands/story.ts";
import { references } from "../../document/references.ts";
import { localized } from "../../document/text.ts";
import { h } from "../../ui/dom.ts";
import type { Studio } from "../context.ts";
import { type Field, section } from "../fields.ts";
import { studioText } from "../i18n.ts";
import { boundText, set } from "../inspector-text.ts";
import { directText } from "./i18n.ts";
import { head, removal } from "./story-parts.ts";

let visits = 0;

/** The fields of a source: as a bibliography has it, its address, where it is cited. */
export function sourceFields(studio: Studio, id: string): readonly Field[] {
  const { lang, session } = studio;
  const source = () => session.document.sources?.[id];
  const cited = h("p.st-facts", {});
  return [
    head(studio, "source", directText(lang, "source"), () => source()?.title),
    boundText(studio, ["sources", id, "title"], directText(lang, "sourceTitle"), 3),
    address(studio, id),
    {
      element: cited,
      refresh: () => {
        const count = references(session.document).filter(
          ({ map, id: named }) => map === "sources" && named === id,
        ).length;
        set(cited, count > 0 ? directText(lang, "citedBy", { count }) : directText(lang, "citedNowhere"));
      },
    },
    removal(studio, () => {
      const title = localized(source()?.title, lang) || studioText(lang, "untitled");
      session.edit("remove-source", removeThing(session.document, "sources", id));
      studio.announce(studioText(lang, "removed", { title }));
    }),
  ];
}

/** An https address, or none; anything else is marked and not stored. */
function address({ lang, session }: Studio, id: string): Field {
  let group = "";
  const wrong = h("p.st-warning", { role: "status" }, directText(lang, "addressWrong"));
  const input = h("input", {
    type: "url",
    placeholder: "https://",
    "aria-label": directText(lang, "address"),
    onfocus: () => {
      group = `address ${++visits}`;
    },
    oninput: () => {
      const typed = input.value.trim();
      const good = typed === "" || (typed.startsWith("https://") && URL.canParse(typed));
      wrong.hidden = good;
      input.setAttribute("aria-invalid", String(!good));
      if (!good) return;
      const fields = { address: typed === "" ? undefined : typed } as { address?: string };
      session.edit("change-source", changeThing(session.document, "sources", id, fields), group);
    },
  });
  wrong.hidden = true;
  return {
    element: section(directText(lang, "address"), input, wrong),
    refresh: () => {
      const shown = session.document.sources?.[id]?.address ?? "";
      if (document.activeElement !== input) {
        input.value = shown;
        wrong.hidden = true;
        input.removeAttribute("aria-invalid");
      } else if (wrong.hidden && input.value.trim() !== shown) input.value = shown;
    },
  };
}
