import type { CommandName } from "../../document/commands/names.ts";
import type { Added } from "../../document/commands/placements.ts";
import { addChapter, addMilestone, addSource } from "../../document/commands/story.ts";
import { byId, milestonesInOrder } from "../../document/order.ts";
import type { Hall, Text } from "../../document/schema.ts";
import { sourceNumbers } from "../../document/sources.ts";
import { localized, missingIn } from "../../document/text.ts";
import { milestoneYears, periodText } from "../../document/years.ts";
import { h } from "../../ui/dom.ts";
import type { Studio } from "../context.ts";
import { iconButton } from "../fields.ts";
import { type Glyph, glyph } from "../glyphs.ts";
import { studioText } from "../i18n.ts";
import type { Kind, Thing } from "../selection.ts";
import { type DirectTextKey, directText } from "./i18n.ts";

type Section = "doors" | "chapters" | "timeline" | "sources";

interface Row {
  readonly thing: Thing;
  readonly title: Text;
  readonly texts: readonly (Text | undefined)[];
  readonly facts: string;
}

const NO_TITLE: Text = { zh: "", en: "" };
const GLYPHS: Partial<Record<Kind, Glyph>> = {
  door: "doorway",
  chapter: "chapter",
  milestone: "years",
  timeline: "panel",
  source: "source",
};

/** Below the list of exhibits: what else a hall has and tells. Each section folds, and a new thing is added where it belongs. */
export class StoryList {
  readonly element: HTMLElement;
  readonly #studio: Studio;
  readonly #open = new Set<Section>();
  #shown = "";

  constructor(studio: Studio) {
    this.#studio = studio;
    this.element = h("section.st-story", { "aria-label": directText(studio.lang, "story") });
    studio.selection.changed.on(({ single }) => {
      const section = single && SECTION_OF[single.kind];
      if (section) this.#open.add(section);
      this.refresh();
    });
    this.element.addEventListener("keydown", (event) => this.#keys(event));
  }

  /** Follows the document and the choice. */
  refresh(): void {
    const { session, selection } = this.#studio;
    const hall = session.document;
    const sections = SECTIONS.map((section) => ({ section, rows: this.#rows(hall, section) })).filter(
      ({ section, rows }) => section !== "doors" || rows.length > 0, // doors are the room's
    );
    const key = JSON.stringify([sections, [...this.#open]]);
    if (key !== this.#shown) {
      this.#shown = key;
      const focused = (document.activeElement as HTMLElement | null)?.dataset.focus;
      const held = this.element.contains(document.activeElement) ? focused : undefined;
      this.element.replaceChildren(...sections.flatMap(({ section, rows }) => this.#section(section, rows)));
      if (held) this.element.querySelector<HTMLElement>(`[data-focus="${held}"]`)?.focus();
    }
    for (const row of this.element.querySelectorAll<HTMLElement>(".st-row")) {
      const { kind, id = "" } = row.dataset as { kind: Kind; id?: string };
      row.setAttribute("aria-pressed", String(selection.has(kind, id)));
    }
  }

  #rows(hall: Hall, section: Section): Row[] {
    const { lang } = this.#studio;
    if (section === "doors")
      return byId(hall.doors).map(([id, { title, hall: to }]) => ({
        thing: { kind: "door", id },
        title,
        texts: [title],
        facts: to === undefined ? directText(lang, "doorShut") : "",
      }));
    if (section === "chapters")
      return (hall.chapter_order ?? []).flatMap((id): Row[] => {
        const chapter = hall.chapters?.[id];
        if (!chapter) return [];
        const { title, summary, from_year, to_year, placements } = chapter;
        const years = periodText(from_year, to_year, lang);
        const count = directText(lang, "exhibitCount", { count: placements.length });
        const facts = [years, count].filter(Boolean).join(" · ");
        return [{ thing: { kind: "chapter", id }, title, texts: [title, summary], facts }];
      });
    if (section === "timeline") {
      const milestones = milestonesInOrder(hall).map(([id, milestone]): Row => {
        const { title, text } = milestone;
        return {
          thing: { kind: "milestone", id },
          title,
          texts: [title, text],
          facts: milestoneYears(milestone, lang),
        };
      });
      const { timeline } = hall;
      if (!timeline) return milestones;
      const facts = directText(lang, timeline.anchor === undefined ? "notHung" : "hung");
      const own: Row = {
        thing: { kind: "timeline", id: "timeline" },
        title: timeline.title,
        texts: [timeline.title],
        facts,
      };
      return [own, ...milestones];
    }
    const numbers = sourceNumbers(hall);
    return byId(hall.sources)
      .map(
        ([id, { title }]): Row => ({
          thing: { kind: "source", id },
          title,
          texts: [title],
          facts: `[${numbers.get(id)}]`,
        }),
      )
      .sort((a, b) => (numbers.get(a.thing.id) ?? 0) - (numbers.get(b.thing.id) ?? 0));
  }

  #section(section: Section, rows: readonly Row[]): HTMLElement[] {
    const { lang } = this.#studio;
    const open = this.#open.has(section);
    const fold = h(
      "button.st-fold",
      {
        type: "button",
        "aria-expanded": String(open),
        "data-focus": section,
        onclick: () => {
          if (!this.#open.delete(section)) this.#open.add(section);
          this.refresh();
        },
      },
      glyph(open ? "up" : "down"),
      h("span", {}, directText(lang, section)),
      h("span.st-facts", {}, String(rows.filter(({ thing }) => thing.kind !== "timeline").length)),
    );
    const adder = ADDERS[section];
    const add =
      adder && iconButton(directText(lang, adder.word), "plus", () => this.#add(section, adder.name, adder.add));
    const head = h("h3.st-fold-head", {}, fold, add ?? null);
    return open ? [head, ...rows.map((row) => this.#row(row))] : [head];
  }

  #row({ thing: { kind, id }, title, texts, facts }: Row): HTMLElement {
    const { lang, selection } = this.#studio;
    const missing = missingIn(texts);
    const languages = missing.map((tongue) => studioText(lang, tongue)).join(lang === "zh" ? "、" : ", ");
    return h(
      "button.st-row",
      {
        type: "button",
        "data-kind": kind,
        "data-id": id,
        "data-focus": `${kind}-${id}`,
        onclick: () => selection.choose({ kind, id }),
      },
      h("span.st-thumb", {}, glyph(GLYPHS[kind] ?? "text")),
      h(
        "span.st-what",
        {},
        h("span.st-title", {}, localized(title, lang) || studioText(lang, "untitled")),
        facts !== "" && h("span.st-kind", {}, facts),
      ),
      missing.length > 0 && h("span.st-lacks", {}, studioText(lang, "missing", { languages })),
    );
  }

  #add(section: Section, name: CommandName, add: (hall: Hall) => Added): void {
    const { session, selection } = this.#studio;
    const { hall, id } = add(session.document);
    this.#open.add(section);
    session.edit(name, hall);
    selection.choose({ kind: KIND_OF[section], id });
    document.querySelector<HTMLElement>(".st-inspector:not([hidden]) input[type=text]")?.focus();
  }

  #keys(event: KeyboardEvent): void {
    const rows = [...this.element.querySelectorAll<HTMLElement>("[data-focus]")];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (at < 0 || by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    rows[at + by]?.focus();
  }
}

const SECTIONS: readonly Section[] = ["doors", "chapters", "timeline", "sources"];
const SECTION_OF: Partial<Record<Kind, Section>> = {
  door: "doors",
  chapter: "chapters",
  milestone: "timeline",
  timeline: "timeline",
  source: "sources",
};
const KIND_OF: Readonly<Record<Section, Kind>> = {
  doors: "door",
  chapters: "chapter",
  timeline: "milestone",
  sources: "source",
};
const ADDERS: Partial<
  Record<Section, { readonly word: DirectTextKey; readonly name: CommandName; add(hall: Hall): Added }>
> = {
  chapters: { word: "addChapter", name: "add-chapter", add: (hall) => addChapter(hall, { ...NO_TITLE }) },
  timeline: {
    word: "addMilestone",
    name: "add-milestone",
    add: (hall) => addMilestone(hall, { ...NO_TITLE }, milestonesInOrder(hall).at(-1)?.[1].year ?? 1900),
  },
  sources: { word: "addSource", name: "add-source", add: (hall) => addSource(hall, { ...NO_TITLE }) },
};
