import { Vector3 } from "three";
import { furnitureOwner } from "../../core/furniture-model.ts";
import { faceFurniture, placeFurniture, resizeFurniture, type Sizes } from "../../document/commands/furniture.ts";
import { carriedBy, type FurnitureKind, isOnWall } from "../../document/furniture.ts";
import { type FurnitureHint, furnitureHints, isLookedAt } from "../../document/furniture-hints.ts";
import { heightFigure, heightFigures } from "../../document/heights.ts";
import type { Furnishing, Vec3 } from "../../document/schema.ts";
import { localized } from "../../document/text.ts";
import { h } from "../../ui/dom.ts";
import type { Actions } from "../actions.ts";
import type { Studio } from "../context.ts";
import { groundBelow, type Moving } from "../drag.ts";
import { button, type Field, iconButton, numberField, section } from "../fields.ts";
import { glyph } from "../glyphs.ts";
import { studioText } from "../i18n.ts";
import { set } from "../inspector-text.ts";
import { faceField, moveByField } from "../place/move-by.ts";
import { furnitureName, type RoomTextKey, roomText } from "./i18n.ts";

type Size = keyof Sizes;

const BEFORE_M = 0.4; // from a piece's front, the floor on which its visitors stand

/** The sizes of a kind that can be chosen. */
const SIZES: Readonly<Record<FurnitureKind, readonly (readonly [Size, RoomTextKey])[]>> = {
  plinth: [
    ["width_m", "width"],
    ["depth_m", "depth"],
    ["height_m", "height"],
  ],
  platform: [
    ["width_m", "width"],
    ["depth_m", "depth"],
    ["height_m", "height"],
  ],
  vitrine: [
    ["width_m", "width"],
    ["depth_m", "depth"],
    ["height_m", "baseHeight"],
  ],
  panel: [
    ["width_m", "width"],
    ["height_m", "height"],
  ],
  standing_panel: [
    ["width_m", "width"],
    ["height_m", "faceHeight"],
  ],
  screen: [["width_m", "width"]],
  bench: [
    ["width_m", "width"],
    ["height_m", "seatHeight"],
  ],
  lamp: [
    ["width_m", "shadeWidth"],
    ["height_m", "drop"],
  ],
};

const HINTS = {
  top: "hintTop",
  case: "hintCase",
  label: "hintLabel",
  cane: "hintCane",
  middle: "hintMiddle",
} as const satisfies Readonly<Record<Exclude<FurnitureHint["id"], "clear">, string>>;

/** The fields of one piece of furniture. */
export function furnitureFields(studio: Studio, actions: Actions, id: string, kind: FurnitureKind): readonly Field[] {
  const { lang, session } = studio;
  const current = () => session.document.furniture?.[id];
  const edit =
    (name: "move-furniture" | "turn-furniture" | "resize-furniture", step: string) => (next: typeof session.document) =>
      actions.edit(name, next, step);
  const coordinate = (axis: 0 | 2, name: string) =>
    numberField({
      name,
      unit: studioText(lang, "metres"),
      step: 0.01,
      decimals: 2,
      read: () => current()?.position[axis] ?? null,
      write: (value, step) => {
        const to = [...(current()?.position ?? [0, 0, 0])] as Vec3;
        to[axis] = value;
        edit("move-furniture", step)(placeFurniture(session.document, id, to, null, actions.furniture.carry));
      },
    });
  const onWall = kind === "panel" || kind === "screen";
  const place = [
    coordinate(0, studioText(lang, "across")),
    coordinate(2, studioText(lang, "along")),
    numberField({
      name: roomText(lang, kind === "lamp" ? "hangsAt" : onWall ? "lowerEdge" : "aboveFloor"),
      unit: studioText(lang, "centimetres"),
      step: 1,
      decimals: 1,
      read: () => {
        const piece = current();
        return piece ? 100 * (piece.position[1] - floorOf(studio, id, piece)) : null;
      },
      write: (value, step) => {
        const piece = current();
        if (!piece) return;
        const [x, , z] = piece.position;
        const y = floorOf(studio, id, piece) + value / 100;
        edit("move-furniture", step)(placeFurniture(session.document, id, [x, y, z], null, actions.furniture.carry));
      },
    }),
    numberField({
      name: studioText(lang, "turn"),
      unit: studioText(lang, "degrees"),
      step: 15,
      decimals: 1,
      read: () => current()?.facing_deg ?? null,
      write: (value, step) =>
        edit("turn-furniture", step)(faceFurniture(session.document, id, value, actions.furniture.carry)),
    }),
  ];
  const sizes = SIZES[kind].map(([size, name]) =>
    numberField({
      name: roomText(lang, name),
      unit: studioText(lang, "centimetres"),
      step: 1,
      min: 2,
      decimals: 1,
      read: () => {
        const piece = current();
        return piece ? 100 * piece[size] : null;
      },
      write: (value, step) =>
        edit(
          "resize-furniture",
          step,
        )(resizeFurniture(session.document, id, { [size]: value / 100 }, actions.furniture.carry)),
    }),
  );
  return [
    head(studio, actions, id, kind),
    grouped(studioText(lang, "place"), place),
    moveByField(studio, actions, onWall),
    ...(onWall || kind === "lamp" ? [] : [faceField(studio, actions, "furniture", id)]),
    ...(sizes.length > 0 ? [grouped(studioText(lang, "size"), sizes)] : []),
    hints(studio, id),
    carried(studio, actions, id),
    {
      element: h(
        "footer.st-ends",
        {},
        button(studioText(lang, "duplicate"), () => actions.duplicate(), { glyph: "copy" }),
        button(studioText(lang, "remove"), () => actions.remove(), { glyph: "bin", danger: true }),
      ),
      refresh: () => {},
    },
  ];
}

/** The height of the floor before a piece, hall frame; where there is none, its foot. */
export function floorOf({ scene }: Studio, id: string, piece: Furnishing): number {
  const angle = (piece.facing_deg * Math.PI) / 180;
  const out = isOnWall(piece) ? BEFORE_M : 0;
  const at = new Vector3(...piece.position).add(new Vector3(out * Math.sin(angle), 0, out * Math.cos(angle)));
  const own: Moving = new Set([furnitureOwner(id)]);
  if (piece.kind === "lamp") at.y -= piece.height_m;
  return groundBelow(scene.hall.colliders, at, 0.1, own)?.y ?? piece.position[1];
}

function head({ lang, session }: Studio, actions: Actions, id: string, kind: FurnitureKind): Field {
  const title = h("h2", {});
  return {
    element: h(
      "header.st-head",
      {},
      h("span.st-head-picture", {}, glyph(kind)),
      h("div", {}, h("p.st-facts", {}, roomText(lang, "furniture")), title),
      iconButton(studioText(lang, "fit"), "fit", () => actions.fit(), "F"),
    ),
    refresh: () => {
      const piece = session.document.furniture?.[id];
      if (piece) set(title, furnitureName(id, piece, lang));
    },
  };
}

/** What good practice says of it as it stands. */
function hints(studio: Studio, id: string): Field {
  const { lang, session } = studio;
  const list = h("div.st-hints", { role: "status" });
  return {
    element: list,
    refresh: () => {
      const piece = session.document.furniture?.[id];
      if (!piece) return;
      const found = furnitureHints(session.document, id, floorOf(studio, id, piece));
      const words = found.map(({ id: hint, metres = 0 }) =>
        hint === "clear"
          ? roomText(lang, "hintClear")
          : roomText(lang, HINTS[hint], { ...heightFigures(100), length: centimetres(metres, lang) }),
      );
      const good = words.length === 0 && isLookedAt(piece);
      const key = JSON.stringify([words, good]);
      if (list.dataset.shown === key) return;
      list.dataset.shown = key;
      list.replaceChildren(
        ...words.map((text) => h("p.st-warning", {}, text)),
        ...(good ? [h("p.st-good", {}, glyph("saved"), roomText(lang, "hintsGood"))] : []),
      );
    },
  };
}

/** What stands on it, and whether that moves along. */
function carried({ lang, session }: Studio, actions: Actions, id: string): Field {
  const box = h("input", {
    type: "checkbox",
    onchange: () => {
      actions.furniture.carry = box.checked;
    },
  });
  const said = h("p.st-facts", {});
  const element = h("div.st-carry", {}, h("label.st-check", {}, box, h("span", {}, roomText(lang, "carry"))), said);
  return {
    element,
    refresh: () => {
      const hall = session.document;
      const { placements, furniture } = carriedBy(hall, [id]);
      const names = [
        ...furniture.map((other) => furnitureName(other, hall.furniture?.[other] as Furnishing, lang)),
        ...placements.map((other) => localized(hall.placements[other]?.title, lang) || studioText(lang, "untitled")),
      ];
      element.hidden = names.length === 0;
      box.checked = actions.furniture.carry;
      set(said, roomText(lang, "carries", { names: names.join(lang === "zh" ? "、" : ", ") }));
    },
  };
}

function grouped(name: string, fields: readonly Field[]): Field {
  return {
    element: section(name, h("div.st-numbers", {}, ...fields.map(({ element }) => element))),
    refresh: () => {
      for (const field of fields) field.refresh();
    },
  };
}

function centimetres(metres: number, lang: Studio["lang"]): string {
  const figure = heightFigure(metres, 100);
  return lang === "zh" ? `${figure} 厘米` : `${figure} cm`;
}
