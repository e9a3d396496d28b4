import { h } from "../../ui/dom.ts";
import type { Studio } from "../context.ts";
import type { Field } from "../fields.ts";
import type { Thing } from "../selection.ts";
import { chapterFields } from "./chapter-fields.ts";
import { doorFields } from "./door-fields.ts";
import { DoorsShown } from "./doors.ts";
import { HallList } from "./hall-list.ts";
import { type DirectTextKey, directText } from "./i18n.ts";
import type { LibraryAsset } from "./library-choice.ts";
import { processFields } from "./process-fields.ts";
import { shapeFields } from "./shape-fields.ts";
import { sourceFields } from "./source-fields.ts";
import { StoryList } from "./story-list.ts";
import { milestoneFields, timelineFields } from "./timeline-fields.ts";

/** What a hall has and tells beside its exhibits: doors, chapters, timeline, sources. Composed: a list, outlines, fields. */
export class Story {
  /** Below the list of exhibits. */
  readonly list: HTMLElement;
  /** Lies over the picture. */
  readonly over: Element;
  readonly #studio: Studio;
  readonly #library: () => readonly LibraryAsset[];
  readonly #halls: HallList;
  readonly #things: StoryList;

  /** `library`: what the library has. */
  constructor(studio: Studio, library: () => readonly LibraryAsset[]) {
    this.#studio = studio;
    this.#library = library;
    this.#halls = new HallList(studio.root);
    this.#things = new StoryList(studio);
    this.list = this.#things.element;
    this.over = new DoorsShown(studio, this.#halls).element;
  }

  /** Follows the document. */
  refresh(): void {
    this.#things.refresh();
  }

  /** The name and the fields of a thing; null if it is none of these. */
  fields({ kind, id }: Thing): { readonly name: string; readonly fields: readonly Field[] } | null {
    const studio = this.#studio;
    const parts = (name: DirectTextKey, fields: readonly Field[]) => ({ name: directText(studio.lang, name), fields });
    if (kind === "door") return parts("door", this.#following(doorFields(studio, this.#halls, id)));
    if (kind === "chapter") return parts("chapter", chapterFields(studio, id));
    if (kind === "milestone") return parts("milestone", milestoneFields(studio, id));
    if (kind === "timeline") return parts("timeline", timelineFields(studio));
    if (kind === "source") return parts("source", sourceFields(studio, id));
    return null;
  }

  /** The other shapes and the steps of an exhibit. */
  shapes(id: string): readonly Field[] {
    return [shapeFields(this.#studio, this.#library, id), processFields(this.#studio, id)];
  }

  /** The fields, which follow the list of halls too while they are shown. */
  #following(fields: readonly Field[]): readonly Field[] {
    const mark = h("span", { hidden: true });
    const off = this.#halls.changed.on(() => {
      if (!mark.isConnected) off();
      else for (const field of fields) field.refresh();
    });
    return [...fields, { element: mark, refresh: () => {} }];
  }
}
