import { reordered, step } from "../../document/commands/order.ts";
import { arrangeChapter, changeThing, removeThing } from "../../document/commands/story.ts";
import type { Chapter } from "../../document/schema.ts";
import { localized } from "../../document/text.ts";
import { h } from "../../ui/dom.ts";
import type { Studio } from "../context.ts";
import { type Field, iconButton, section } from "../fields.ts";
import { studioText } from "../i18n.ts";
import { boundText, set } from "../inspector-text.ts";
import { exhibitName } from "./coverage.ts";
import { directText } from "./i18n.ts";
import { optionalNumber } from "./optional-number.ts";
import { OrderedList } from "./ordered-list.ts";
import { head, isYear, removal } from "./story-parts.ts";

/** The fields of a chapter: its words, its years, its exhibits in their order. */
export function chapterFields(studio: Studio, id: string): readonly Field[] {
  const { lang, session } = studio;
  const chapter = () => session.document.chapters?.[id];
  return [
    head(studio, "chapter", directText(lang, "chapter"), () => chapter()?.title),
    boundText(studio, ["chapters", id, "title"], studioText(lang, "title"), 1),
    boundText(studio, ["chapters", id, "summary"], studioText(lang, "summary"), 4),
    years(studio, id, chapter),
    exhibits(studio, id, chapter),
    order(studio, id),
    removal(studio, () => {
      const title = localized(chapter()?.title, lang) || studioText(lang, "untitled");
      session.edit("remove-chapter", removeThing(session.document, "chapters", id));
      studio.announce(studioText(lang, "removed", { title }));
    }),
  ];
}

function years({ lang, session }: Studio, id: string, chapter: () => Chapter | undefined): Field {
  const one = (name: "from_year" | "to_year") =>
    optionalNumber({
      name: directText(lang, name === "from_year" ? "fromYear" : "toYear"),
      read: () => chapter()?.[name],
      accepts: (value) => {
        const { from_year, to_year } = chapter() ?? {};
        const [first, last] = name === "from_year" ? [value, to_year] : [from_year, value];
        return isYear(value) && (first === undefined || last === undefined || first <= last);
      },
      write: (value, group) =>
        session.edit("change-chapter", changeThing(session.document, "chapters", id, { [name]: value }), group),
    });
  const fields = [one("from_year"), one("to_year")];
  const element = section(
    directText(lang, "years"),
    h("div.st-numbers", {}, ...fields.map((field) => field.element)),
    h("p.st-hint", {}, directText(lang, "yearHint")),
  );
  return {
    element,
    refresh: () => {
      for (const field of fields) field.refresh();
    },
  };
}

function exhibits({ lang, session, selection }: Studio, id: string, chapter: () => Chapter | undefined): Field {
  const ids = () => chapter()?.placements ?? [];
  const arrange = (next: readonly string[]) =>
    session.edit("arrange-chapter", arrangeChapter(session.document, id, next));
  const list = new OrderedList(directText(lang, "chapterExhibits"), (name) => directText(lang, "takeOut", { name }), {
    move: (key, to) => arrange(reordered(ids(), [key], to)),
    remove: (key) => arrange(ids().filter((each) => each !== key)),
    choose: (key) => selection.choose({ kind: "placement", id: key }),
  });
  const more = h("select.st-select", { "aria-label": directText(lang, "addExhibit") });
  more.addEventListener("change", () => {
    if (more.value) arrange([...ids(), more.value]);
    more.value = "";
  });
  const keys = h("p.st-hint", {}, directText(lang, "orderKeys"));
  const covered = h("p.st-facts", {});
  return {
    element: section(directText(lang, "chapterExhibits"), list.element, keys, more, covered),
    refresh: () => {
      const hall = session.document;
      list.show(ids().map((key) => ({ id: key, name: exhibitName(hall, key, lang) })));
      keys.hidden = ids().length < 2;
      const others = hall.placement_order.filter((key) => !ids().includes(key));
      const options = [
        ["", directText(lang, "addExhibit")],
        ...others.map((key) => [key, exhibitName(hall, key, lang)]),
      ];
      const shown = JSON.stringify(options);
      more.hidden = others.length === 0;
      if (more.dataset.shown !== shown) {
        more.dataset.shown = shown;
        more.replaceChildren(...options.map(([value = "", name = ""]) => h("option", { value }, name)));
      }
      const told = new Set(Object.values(hall.chapters ?? {}).flatMap(({ placements }) => placements));
      const left = hall.placement_order.filter((key) => !told.has(key)).length;
      set(covered, left > 0 ? directText(lang, "inNoChapter", { count: left }) : directText(lang, "allInChapters"));
    },
  };
}

function order({ lang, session }: Studio, id: string): Field {
  const said = h("span.st-facts", {});
  const move = (by: 1 | -1) => session.edit("reorder-chapters", step(session.document, "chapter_order", id, by));
  const earlier = iconButton(studioText(lang, "earlier"), "up", () => move(-1));
  const later = iconButton(studioText(lang, "later"), "down", () => move(1));
  return {
    element: section(directText(lang, "chapterOrder"), h("div.st-row-of-buttons", {}, said, earlier, later)),
    refresh: () => {
      const ids = session.document.chapter_order ?? [];
      const at = ids.indexOf(id);
      set(said, `${at + 1} / ${ids.length}`);
      earlier.disabled = at <= 0;
      later.disabled = at < 0 || at === ids.length - 1;
    },
  };
}
