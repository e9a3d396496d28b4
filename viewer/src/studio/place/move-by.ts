import { faceFurniture } from "../../document/commands/furniture.ts";
import { turnPlacement } from "../../document/commands/placements.ts";
import type { Vec3 } from "../../document/schema.ts";
import { localized } from "../../document/text.ts";
import { h } from "../../ui/dom.ts";
import type { Actions } from "../actions.ts";
import type { Studio } from "../context.ts";
import { type Field, iconButton, numberField } from "../fields.ts";
import { studioText } from "../i18n.ts";
import { placeText } from "./i18n.ts";

let step_cm = 10; // the last one that was typed serves everything

/** Moves what is chosen by a typed distance, to the four sides as the picture shows them. Boards: along their wall, up and down. */
export function moveByField({ lang }: Studio, actions: Actions, onWall: boolean): Field {
  const distance = numberField({
    name: placeText(lang, "moveBy"),
    unit: placeText(lang, "cm"),
    step: 1,
    min: 0.1,
    decimals: 1,
    read: () => step_cm,
    write: (value) => {
      step_cm = value;
      name();
    },
  });
  const sides = [
    ["arrow_left", "moveLeft", -1, 0],
    ["arrow_right", "moveRight", 1, 0],
    ["arrow_up", onWall ? "moveUp" : "moveAway", 0, -1],
    ["arrow_down", onWall ? "moveDown" : "moveNear", 0, 1],
  ] as const;
  const buttons = sides.map(([drawn, , right, near]) =>
    iconButton("", drawn, () => actions.nudge((right * step_cm) / 100, (near * step_cm) / 100, 0)),
  );
  const name = () => {
    for (const [i, button] of buttons.entries()) {
      const length = placeText(lang, "centimetres", { number: step_cm });
      const said = placeText(lang, sides[i]?.[1] ?? "moveLeft", { length });
      button.title = said;
      button.setAttribute("aria-label", said);
    }
  };
  name();
  return {
    element: h("div.st-move-by", {}, distance.element, h("div.st-sides-of", {}, ...buttons)),
    refresh: distance.refresh,
  };
}

/** Turns a thing that stands towards a door, the entrance, or whoever looks at it now. */
export function faceField(studio: Studio, actions: Actions, kind: "placement" | "furniture", id: string): Field {
  const { lang, session, scene } = studio;
  const targets = (): { readonly key: string; readonly name: string; readonly at: Readonly<Vec3> }[] => {
    const { doors = {}, start } = session.document;
    const { x, y, z } = scene.camera.camera.position;
    return [
      ...Object.entries(doors).map(([door, { title, position }]) => {
        const said = localized(title, lang) || studioText(lang, "untitled");
        return { key: `door ${door}`, name: placeText(lang, "faceDoor", { title: said }), at: position };
      }),
      { key: "entrance", name: placeText(lang, "faceEntrance"), at: start.position },
      { key: "view", name: placeText(lang, "faceView"), at: [x, y, z] },
    ];
  };
  const face = ([x, , z]: Readonly<Vec3>) => {
    const hall = session.document;
    const own = kind === "placement" ? hall.placements[id]?.translation : hall.furniture?.[id]?.position;
    if (!own) return;
    const turn_deg = Math.round((Math.atan2(x - own[0], z - own[2]) * 1800) / Math.PI) / 10;
    if (kind === "placement") actions.edit("turn-placement", turnPlacement(hall, id, turn_deg));
    else actions.edit("turn-furniture", faceFurniture(hall, id, turn_deg, actions.furniture.carry));
  };
  const element = h("select.st-select", {
    "aria-label": placeText(lang, "faces"),
    onchange: () => {
      const target = targets().find(({ key }) => key === element.value);
      element.value = "";
      if (target) face(target.at);
    },
  });
  const refresh = () => {
    const options = targets().map(({ key, name }) => ({ key, name }));
    const shown = JSON.stringify(options);
    if (document.activeElement === element || element.dataset.shown === shown) return;
    element.dataset.shown = shown;
    element.replaceChildren(
      h("option", { value: "" }, placeText(lang, "face")),
      ...options.map(({ key, name }) => h("option", { value: key }, name)),
    );
  };
  return { element, refresh };
}
