import { changeThing, hangTimeline, removeThing } from "../../document/commands/story.ts";
import { milestonesInOrder } from "../../document/order.ts";
import { freeAnchors } from "../../document/places.ts";
import type { Milestone } from "../../document/schema.ts";
import { localized } from "../../document/text.ts";
import { milestoneYears } from "../../document/years.ts";
import { h } from "../../ui/dom.ts";
import type { Studio } from "../context.ts";
import { button, type Field, section } from "../fields.ts";
import { studioText } from "../i18n.ts";
import { boundText } from "../inspector-text.ts";
import { placeName } from "../place/place-names.ts";
import { exhibitName } from "./coverage.ts";
import { directText } from "./i18n.ts";
import { optionalNumber } from "./optional-number.ts";
import { citations, head, isYear, removal } from "./story-parts.ts";

/** The fields of the timeline: its title, the panel that it hangs on, its milestones by their years. */
export function timelineFields(studio: Studio): readonly Field[] {
  const { lang, session, selection } = studio;
  const choice = h("select.st-select", { "aria-label": directText(lang, "hangOn") });
  choice.addEventListener("change", () =>
    session.edit("hang-timeline", hangTimeline(session.document, choice.value || null)),
  );
  const list = h("div.st-own-notes", {});
  return [
    head(studio, "years", directText(lang, "timeline"), () => session.document.timeline?.title),
    boundText(studio, ["timeline", "title"], studioText(lang, "title"), 1),
    {
      element: section(directText(lang, "hangOn"), choice, h("p.st-hint", {}, directText(lang, "hangHint"))),
      refresh: () => {
        const { anchors = {}, timeline } = session.document;
        const own = timeline?.anchor;
        const free = freeAnchors(session.document).filter((id) =>
          ["panel", "screen"].includes(anchors[id]?.kind ?? ""),
        );
        const ids = [...(own === undefined ? [] : [own]), ...free.filter((id) => id !== own)];
        const named = ids.map((id) => {
          const { width_m, height_m } = anchors[id] ?? { width_m: 0, height_m: 0 };
          const size = {
            name: placeName(session.document, id, lang),
            width: width_m.toFixed(1),
            height: height_m.toFixed(1),
          };
          return [id, directText(lang, "boardName", size)];
        });
        fill(choice, [["", directText(lang, "hangNowhere")], ...named], own ?? "");
      },
    },
    {
      element: section(directText(lang, "milestones"), list),
      refresh: () => {
        const rows = milestonesInOrder(session.document).map(([id, milestone]) => {
          const title = localized(milestone.title, lang) || studioText(lang, "untitled");
          return [id, `${milestoneYears(milestone, lang)} ${title}`] as const;
        });
        const shown = JSON.stringify(rows);
        if (list.dataset.shown === shown) return;
        list.dataset.shown = shown;
        list.replaceChildren(
          ...rows.map(([id, name]) =>
            button(name, () => selection.choose({ kind: "milestone", id }), { glyph: "years", quiet: true }),
          ),
        );
      },
    },
  ];
}

/** The fields of a milestone. */
export function milestoneFields(studio: Studio, id: string): readonly Field[] {
  const { lang, session } = studio;
  const path = ["timeline", "milestones", id];
  const milestone = () => session.document.timeline?.milestones[id];
  return [
    head(studio, "years", directText(lang, "milestone"), () => milestone()?.title),
    boundText(studio, [...path, "title"], studioText(lang, "title"), 1),
    years(studio, id, milestone),
    boundText(studio, [...path, "text"], directText(lang, "milestoneText"), 4),
    link(studio, id, milestone, "placement"),
    link(studio, id, milestone, "chapter"),
    citations(studio, path),
    removal(studio, () => {
      const title = localized(milestone()?.title, lang) || studioText(lang, "untitled");
      session.edit("remove-milestone", removeThing(session.document, "milestones", id));
      studio.announce(studioText(lang, "removed", { title }));
    }),
  ];
}

function years({ lang, session }: Studio, id: string, milestone: () => Milestone | undefined): Field {
  const change = (fields: Partial<Milestone>, group?: string) =>
    session.edit("change-milestone", changeThing(session.document, "milestones", id, fields), group);
  const first = optionalNumber({
    name: directText(lang, "year"),
    read: () => milestone()?.year,
    accepts: (value) => isYear(value) && value <= (milestone()?.to_year ?? Number.POSITIVE_INFINITY),
    write: (year, group) => year !== undefined && change({ year }, group),
  });
  const last = optionalNumber({
    name: directText(lang, "toYear"),
    read: () => milestone()?.to_year,
    accepts: (value) => isYear(value) && value >= (milestone()?.year ?? value),
    write: (to_year, group) => change({ to_year } as Partial<Milestone>, group),
  });
  const circa = h("input", { type: "checkbox" });
  circa.addEventListener("change", () => change({ circa: circa.checked || undefined } as Partial<Milestone>));
  return {
    element: section(
      directText(lang, "years"),
      h("div.st-numbers", {}, first.element, last.element),
      h("label.st-check", {}, circa, h("span", {}, directText(lang, "circa"))),
      h("p.st-hint", {}, directText(lang, "yearHint")),
    ),
    refresh: () => {
      first.refresh();
      last.refresh();
      circa.checked = milestone()?.circa ?? false;
    },
  };
}

/** The exhibit or the chapter that a milestone leads to. */
function link(
  { lang, session }: Studio,
  id: string,
  milestone: () => Milestone | undefined,
  to: "placement" | "chapter",
): Field {
  const name = directText(lang, to === "placement" ? "milestoneExhibit" : "milestoneChapter");
  const choice = h("select.st-select", { "aria-label": name });
  choice.addEventListener("change", () => {
    const fields = { [to]: choice.value || undefined } as Partial<Milestone>;
    session.edit("change-milestone", changeThing(session.document, "milestones", id, fields));
  });
  const element = section(name, choice);
  return {
    element,
    refresh: () => {
      const hall = session.document;
      const ids = to === "placement" ? hall.placement_order : (hall.chapter_order ?? []);
      const named = ids.map((key) => [
        key,
        to === "placement"
          ? exhibitName(hall, key, lang)
          : localized(hall.chapters?.[key]?.title, lang) || studioText(lang, "untitled"),
      ]);
      element.hidden = ids.length === 0;
      fill(choice, [["", directText(lang, "none")], ...named], milestone()?.[to] ?? "");
    },
  };
}

/** Fills a list of choices, and shows the chosen one. */
function fill(choice: HTMLSelectElement, options: readonly (readonly string[])[], chosen: string): void {
  const shown = JSON.stringify(options);
  if (choice.dataset.shown !== shown) {
    choice.dataset.shown = shown;
    choice.replaceChildren(...options.map(([value = "", name = ""]) => h("option", { value }, name)));
  }
  choice.value = chosen;
}
