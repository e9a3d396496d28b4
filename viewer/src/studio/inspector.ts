import type { Along, Edge } from "../document/commands/arrange.ts";
import { placePlacement, resizePlacement, scaleWarning, turnPlacement } from "../document/commands/placements.ts";
import { ownBounds } from "../document/extent.ts";
import { exhibitNumbers, noteIds } from "../document/order.ts";
import type { DeepPath } from "../document/paths.ts";
import { turnOf } from "../document/rotation.ts";
import type { Hall, Placement, PlacementKind, Vec3 } from "../document/schema.ts";
import { localized } from "../document/text.ts";
import { h } from "../ui/dom.ts";
import type { Actions } from "./actions.ts";
import type { Studio } from "./context.ts";
import type { Story } from "./direct/story.ts";
import { citations } from "./direct/story-parts.ts";
import { button, type Field, iconButton, numberField, section } from "./fields.ts";
import { glyph } from "./glyphs.ts";
import { hallFields } from "./hall-inspector.ts";
import { type StudioTextKey, studioText } from "./i18n.ts";
import { boundText, set } from "./inspector-text.ts";
import { noteFields } from "./note-inspector.ts";
import type { Notes } from "./notes.ts";
import { faceField, moveByField } from "./place/move-by.ts";
import type { MoveMarks } from "./place/move-marks.ts";
import { putOnField } from "./place/put-on.ts";
import { rowField } from "./place/row-field.ts";
import { scaleLink } from "./place/scale-prompt.ts";
import { togetherField } from "./place/together.ts";
import { furnitureFields } from "./room/furniture-inspector.ts";
import { furnitureName } from "./room/i18n.ts";
import type { RoomPanel } from "./room/room-panel.ts";

export const KIND_WORDS: Readonly<Record<PlacementKind, StudioTextKey>> = {
  object: "kindObject",
  picture: "kindPicture",
  panel: "kindPanel",
  video: "kindVideo",
  audio: "kindAudio",
};

/** The right side: what is known of what is chosen, and can be written, measured and moved by numbers. */
export class Inspector {
  readonly element: HTMLElement;
  readonly #studio: Studio;
  readonly #actions: Actions;
  readonly #notes: Notes;
  readonly #room: RoomPanel;
  readonly #story: Story;
  readonly #marks: MoveMarks;
  #fields: readonly Field[] = [];
  #shown = "";

  constructor(studio: Studio, actions: Actions, notes: Notes, room: RoomPanel, story: Story, marks: MoveMarks) {
    this.#studio = studio;
    this.#actions = actions;
    this.#notes = notes;
    this.#room = room;
    this.#story = story;
    this.#marks = marks;
    this.element = h("aside.st-inspector", {});
    studio.selection.changed.on(() => this.refresh());
    room.changed.on(() => this.refresh());
  }

  /** Follows the document and the choice. The fields are made anew only for something else. */
  refresh(): void {
    const { selection, session } = this.#studio;
    const { single, things } = selection;
    const hall = session.document;
    const placement = single?.kind === "placement" ? hall.placements[single.id] : undefined;
    const wanted = JSON.stringify([
      things,
      placement?.kind,
      placement?.asset,
      placement ? noteIds(hall, single?.id ?? null) : null,
    ]);
    if (wanted !== this.#shown) {
      this.#shown = wanted;
      this.#show(hall);
    }
    for (const field of this.#fields) field.refresh();
  }

  #show(hall: Hall): void {
    const { single, things } = this.#studio.selection;
    const { lang } = this.#studio;
    let parts: { readonly name: string; readonly fields: readonly Field[] };
    if (things.length > 1)
      parts = { name: studioText(lang, "several", { count: things.length }), fields: this.#several() };
    else if (single?.kind === "note")
      parts = { name: studioText(lang, "note"), fields: noteFields(this.#studio, this.#notes, single.id) };
    else if (single?.kind === "furniture") parts = this.#furniture(single.id, hall);
    else if (single && single.kind !== "placement") parts = this.#story.fields(single) ?? { name: "", fields: [] };
    else if (single && hall.placements[single.id])
      parts = this.#placement(single.id, hall.placements[single.id] as Placement);
    else parts = { name: studioText(lang, "hall"), fields: hallFields(this.#studio, this.#actions, this.#room) };
    this.#fields = parts.fields;
    this.element.setAttribute("aria-label", parts.name);
    this.element.replaceChildren(...parts.fields.map(({ element }) => element));
    requestAnimationFrame(() => this.element.scrollTo(0, 0)); // the page is laid out then anyway
  }

  #furniture(id: string, hall: Hall): { name: string; fields: readonly Field[] } {
    const piece = hall.furniture?.[id];
    if (!piece) return { name: studioText(this.#studio.lang, "hall"), fields: [] };
    const fields = furnitureFields(this.#studio, this.#actions, id, piece.kind);
    return { name: furnitureName(id, piece, this.#studio.lang), fields: fields.toSpliced(2, 0, this.#marks.field()) };
  }

  #placement(id: string, placement: Placement): { name: string; fields: readonly Field[] } {
    const { lang, session } = this.#studio;
    const current = () => session.document.placements[id];
    const name = studioText(lang, KIND_WORDS[placement.kind]);
    const isObject = placement.kind === "object";
    const label = studioText(lang, isObject ? "label" : placement.kind === "panel" ? "panelText" : "label");
    return {
      name,
      fields: [
        this.#head(id, placement),
        this.#text(["placements", id, "title"], studioText(lang, "title"), 1),
        this.#text(["placements", id, "label"], label, placement.kind === "panel" ? 7 : 4),
        group(studioText(lang, "place"), "st-numbers", [
          this.#coordinate(id, 0, studioText(lang, "across")),
          this.#coordinate(id, 2, studioText(lang, "along")),
          numberField({
            name: studioText(lang, isObject ? "height" : "centreHeight"),
            unit: studioText(lang, "centimetres"),
            step: 1,
            decimals: 1,
            read: () => scaled(this.#actions.heightOf(id) ?? current()?.translation[1] ?? null, 100),
            write: (value, step) => {
              const [x, y, z] = current()?.translation ?? [0, 0, 0];
              const height = this.#actions.heightOf(id) ?? y;
              this.#actions.edit(
                "move-placement",
                placePlacement(session.document, id, [x, y + value / 100 - height, z]),
                step,
              );
            },
          }),
          numberField({
            name: studioText(lang, "turn"),
            unit: studioText(lang, "degrees"),
            step: 15,
            decimals: 1,
            read: () => (current() ? turnOf((current() as Placement).rotation) : null),
            write: (value, step) =>
              this.#actions.edit("turn-placement", turnPlacement(session.document, id, value), step),
          }),
        ]),
        this.#places(id, placement),
        this.#marks.field(),
        isObject ? this.#objectSize(id) : this.#boardSize(id),
        togetherField(this.#studio, this.#actions),
        this.#order(id),
        this.#ownNotes(id),
        ...(isObject ? this.#story.shapes(id) : []),
        citations(this.#studio, ["placements", id]),
        this.#ends(id),
      ],
    };
  }

  /** What it is: its picture, kind, number. */
  #head(id: string, { kind, asset }: Placement): Field {
    const { lang, session, root } = this.#studio;
    const file = asset ? session.document.assets[asset]?.files.thumb : undefined;
    const picture = h(
      "span.st-head-picture",
      {},
      file ? h("img", { src: `${root}media/${file.sha256}`, alt: "" }) : glyph(kind),
    );
    const title = h("h2", {});
    const facts = h("p.st-facts", {});
    const element = h(
      "header.st-head",
      {},
      picture,
      h("div", {}, facts, title),
      iconButton(studioText(lang, "fit"), "fit", () => this.#actions.fit(), "F"),
    );
    return {
      element,
      refresh: () => {
        const placement = session.document.placements[id];
        const number = exhibitNumbers(session.document).get(id);
        set(title, localized(placement?.title, lang) || studioText(lang, "untitled"));
        set(facts, `${studioText(lang, KIND_WORDS[kind])}${number === undefined ? "" : ` ${number}`}`);
      },
    };
  }

  #text(path: DeepPath, name: string, rows: number): Field {
    return boundText(this.#studio, path, name, rows);
  }

  #coordinate(id: string, axis: 0 | 2, name: string): Field {
    const { lang, session } = this.#studio;
    const at = () => session.document.placements[id]?.translation;
    return numberField({
      name,
      unit: studioText(lang, "metres"),
      step: 0.01,
      decimals: 2,
      read: () => at()?.[axis] ?? null,
      write: (value, step) => {
        const to = [...(at() ?? [0, 0, 0])] as Vec3;
        to[axis] = value;
        this.#actions.edit("move-placement", placePlacement(session.document, id, to), step);
      },
    });
  }

  /** What brings it to a place by itself. */
  #places(id: string, { kind }: Placement): Field {
    const { lang } = this.#studio;
    const straight =
      kind === "object"
        ? button(studioText(lang, "onFloor"), () => this.#actions.putOnFloor(id), { glyph: "floor" })
        : button(studioText(lang, "eyeHeight"), () => this.#actions.hangAtEyeHeight(id), { glyph: "level" });
    const places = putOnField(this.#studio, this.#actions, id);
    const by = moveByField(this.#studio, this.#actions, kind !== "object");
    const face = kind === "object" ? faceField(this.#studio, this.#actions, "placement", id) : null;
    const ways = h("div.st-row-of-buttons", {}, straight, places.element, face?.element ?? "");
    return {
      element: h("div.st-ways-to-move", {}, by.element, ways),
      refresh: () => {
        by.refresh();
        places.refresh();
        face?.refresh();
      },
    };
  }

  #objectSize(id: string): Field {
    const { lang, session } = this.#studio;
    const current = () => session.document.placements[id];
    const size = (placement: Placement | undefined): Vec3 | null => {
      const box = placement && ownBounds(placement, session.document.assets);
      return box ? ([0, 1, 2].map((i) => 100 * ((box.max[i] as number) - (box.min[i] as number))) as Vec3) : null;
    };
    const said = h("p.st-facts", {});
    const warning = h("p.st-warning", { hidden: true });
    const back = button(studioText(lang, "lifeSize"), () => this.#actions.scale(id, 1));
    const toScale = scaleLink(this.#studio, id);
    const height = numberField({
      name: studioText(lang, "tall"),
      unit: studioText(lang, "centimetres"),
      step: 1,
      min: 0.1,
      decimals: 1,
      read: () => size(current())?.[1] ?? null,
      write: (value, step) => {
        const placement = current();
        const now = size(placement)?.[1];
        if (placement && now) this.#actions.scale(id, (placement.scale * value) / now, step);
      },
    });
    const element = section(studioText(lang, "size"), said, warning, toScale, height.element, back);
    return {
      element,
      refresh: () => {
        const placement = current();
        if (!placement) return;
        const [width, tall, depth] = size(placement) ?? [0, 0, 0];
        const kind = scaleWarning(placement, session.document.assets);
        const measures = { width: figure(width), height: figure(tall), depth: figure(depth) };
        said.hidden = kind === "unscaled";
        set(said, width > 0 ? studioText(lang, "measures", measures) : "");
        warning.hidden = kind === null;
        set(warning, kind === "unscaled" ? studioText(lang, "unscaled") : kind ? studioText(lang, "notLifeSize") : "");
        toScale.hidden = kind !== "unscaled";
        back.hidden = kind !== "not-life-size";
        height.element.hidden = kind === null;
        height.refresh();
      },
    };
  }

  #boardSize(id: string): Field {
    const { lang, session } = this.#studio;
    const width = numberField({
      name: studioText(lang, "width"),
      unit: studioText(lang, "centimetres"),
      step: 1,
      min: 1,
      decimals: 1,
      read: () => scaled(session.document.placements[id]?.width_m ?? null, 100),
      write: (value, step) =>
        this.#actions.edit("resize-placement", resizePlacement(session.document, id, value / 100), step),
    });
    return {
      element: section(studioText(lang, "size"), h("div.st-numbers", {}, width.element)),
      refresh: width.refresh,
    };
  }

  #order(id: string): Field {
    const { lang, session } = this.#studio;
    const earlier = iconButton(studioText(lang, "earlier"), "up", () => this.#actions.reorder(id, -1));
    const later = iconButton(studioText(lang, "later"), "down", () => this.#actions.reorder(id, 1));
    const said = h("span.st-facts", {});
    return {
      element: section(studioText(lang, "order"), h("div.st-row-of-buttons", {}, said, earlier, later)),
      refresh: () => {
        const order = session.document.placement_order;
        const at = order.indexOf(id);
        set(said, `${at + 1} / ${order.length}`);
        earlier.disabled = at <= 0;
        later.disabled = at < 0 || at === order.length - 1;
      },
    };
  }

  #ownNotes(id: string): Field {
    const { lang, session, selection } = this.#studio;
    const list = h("div.st-own-notes", {});
    const pin = button(studioText(lang, "toolNote"), () => this.#notes.begin(), { glyph: "pin" });
    return {
      element: section(studioText(lang, "notesHere"), list, pin),
      refresh: () => {
        const notes = noteIds(session.document, id);
        const names = notes.map(
          (note) => localized(session.document.notes[note]?.title, lang) || studioText(lang, "untitled"),
        );
        if (list.dataset.shown === JSON.stringify(names)) return;
        list.dataset.shown = JSON.stringify(names);
        list.replaceChildren(
          ...notes.map((note, i) =>
            button(names[i] as string, () => selection.choose({ kind: "note", id: note }), {
              glyph: "pin",
              quiet: true,
            }),
          ),
        );
      },
    };
  }

  #ends(id: string): Field {
    const { lang, root, slug } = this.#studio;
    const element = h(
      "footer.st-ends",
      {},
      button(studioText(lang, "duplicate"), () => this.#actions.duplicate(), { glyph: "copy" }),
      button(studioText(lang, "remove"), () => this.#actions.remove(), { glyph: "bin", danger: true }),
      h("a.st-link", { href: `${root}desk/halls/${slug}/placements/${id}` }, studioText(lang, "more")),
    );
    return { element, refresh: () => {} };
  }

  #several(): readonly Field[] {
    const { lang, selection } = this.#studio;
    const exhibits = selection.placements.length > 0;
    const said = h("h2", {});
    const align = (name: StudioTextKey, edge: Edge) => button(studioText(lang, name), () => this.#actions.align(edge));
    const distribute = (name: StudioTextKey, along: Along) =>
      button(studioText(lang, name), () => this.#actions.distribute(along));
    const head = h(
      "header.st-head",
      {},
      h("div", {}, said),
      iconButton(studioText(lang, "fit"), "fit", () => this.#actions.fit(), "F"),
    );
    const element = h(
      "div.st-arranging",
      {},
      section(
        studioText(lang, "align"),
        h(
          "div.st-grid-of-buttons",
          {},
          align("alignLeft", "left"),
          align("alignCentre", "centre"),
          align("alignRight", "right"),
          align("alignFront", "front"),
          align("alignMiddle", "middle"),
          align("alignBack", "back"),
          align("alignTop", "top"),
          align("alignBottom", "bottom"),
          distribute("distributeX", "across"),
          distribute("distributeZ", "deep"),
        ),
      ),
    );
    const ends = h(
      "footer.st-ends",
      {},
      button(studioText(lang, "duplicate"), () => this.#actions.duplicate(), { glyph: "copy" }),
      button(studioText(lang, "remove"), () => this.#actions.remove(), { glyph: "bin", danger: true }),
    );
    const refresh = () => set(said, studioText(lang, "several", { count: selection.things.length }));
    return [
      { element: head, refresh },
      moveByField(this.#studio, this.#actions, false),
      rowField(this.#studio, this.#actions),
      togetherField(this.#studio, this.#actions),
      ...(exhibits ? [{ element, refresh: () => {} }] : []),
      { element: ends, refresh: () => {} },
    ];
  }
}

/** Fields under one heading. */
function group(name: string, kind: string, fields: readonly Field[]): Field {
  const element = section(name, h(`div.${kind}` as "div", {}, ...fields.map(({ element }) => element)));
  const refresh = () => {
    for (const field of fields) field.refresh();
  };
  return { element, refresh };
}

function scaled(value: number | null, by: number): number | null {
  return value === null ? null : value * by;
}

/** Three digits are enough for a size in centimetres. */
function figure(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
