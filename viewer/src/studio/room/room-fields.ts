import { changeBackground, changeLight } from "../../document/commands/hall.ts";
import type { Hall, Light } from "../../document/schema.ts";
import { localized } from "../../document/text.ts";
import { h } from "../../ui/dom.ts";
import type { Actions } from "../actions.ts";
import type { Studio } from "../context.ts";
import { type Field, section } from "../fields.ts";
import { studioText } from "../i18n.ts";
import { set } from "../inspector-text.ts";
import { roomText } from "./i18n.ts";
import type { TemplateSize } from "./room-api.ts";
import { isTemplate, type RoomPanel } from "./room-panel.ts";

const BRIGHTEST_KEY = 6;
/** As core/light.ts and core/hall.ts. */
const USUAL_KEY: NonNullable<Light["key"]> = { direction: [-0.4, -1, -0.3], intensity: 1.6, colour: "#fff4e2" };
const USUAL_BACKGROUND = "#e9e4da";

/** One drag of a slider, or one visit to a field, is one step to undo. */
let visits = 0;

/** The fields of the hall's room: its template's sizes, its light. Doors have fields of their own (direct/door-fields.ts). */
export function roomFields(studio: Studio, actions: Actions, room: RoomPanel): readonly Field[] {
  return [building(studio, room), light(studio, actions)];
}

function building({ lang }: Studio, room: RoomPanel): Field {
  const choice = h("select.st-select", { "aria-label": roomText(lang, "template") });
  choice.addEventListener("change", () => {
    if (choice.value) room.change({ template: choice.value }, `template ${++visits}`, true);
  });
  const sizes = h("div.st-sizes", {});
  const said = h("p.st-facts", { role: "status" });
  const problem = h("p.st-warning", { hidden: true, role: "alert" });
  const outside = h("p.st-warning", { hidden: true, role: "status" });
  let fields: readonly Field[] = [];
  let shown = "";
  const element = section(roomText(lang, "room"), choice, sizes, said, problem, outside);
  element.setAttribute("aria-label", roomText(lang, "room"));
  return {
    element,
    refresh: () => {
      const now = room.building;
      element.setAttribute("aria-busy", String(room.isChanging));
      const template = isTemplate(now) ? now.template : "";
      const own = roomText(lang, now === undefined ? "ownModel" : "ownPlan");
      const key = JSON.stringify([Object.keys(room.templates), template, own]);
      if (key !== shown) {
        shown = key;
        choice.replaceChildren(
          ...(template === "" ? [h("option", { value: "" }, own)] : []),
          ...Object.entries(room.templates).map(([id, { title }]) =>
            h("option", { value: id }, localized(title, lang)),
          ),
        );
        fields = (room.templates[template]?.sizes ?? []).map((size) => sizeField(room, size, lang));
        sizes.replaceChildren(...fields.map(({ element }) => element));
      }
      choice.value = template;
      for (const field of fields) field.refresh();
      set(said, room.view.element.hidden ? "" : roomText(lang, "rough"));
      said.hidden = room.view.element.hidden;
      problem.hidden = room.problem === "";
      set(problem, room.problem === "" ? "" : roomText(lang, "roomProblem", { message: room.problem }));
      const names = room.outside;
      outside.hidden = names.length === 0;
      set(
        outside,
        names.length === 0 ? "" : roomText(lang, "outside", { names: names.join(lang === "zh" ? "、" : ", ") }),
      );
    },
  };
}

/** A size as a slider and as a number. */
function sizeField(room: RoomPanel, size: TemplateSize, lang: Studio["lang"]): Field {
  const { name, least: min, most: max, step } = size;
  const unit = size.unit === "m" ? studioText(lang, "metres") : "";
  const title = localized(size.title, lang);
  let group = "";
  const begin = () => {
    group = `size ${name} ${++visits}`;
  };
  const write = (value: number) => {
    if (Number.isFinite(value) && value >= min && value <= max) room.resize(name, value, group);
  };
  const slider = h("input.st-range", {
    type: "range",
    min,
    max,
    step,
    "aria-label": title,
    onpointerdown: begin,
    onfocus: begin,
    oninput: () => write(slider.valueAsNumber),
  });
  const number = h("input.st-number", {
    type: "number",
    min,
    max,
    step,
    inputmode: "decimal",
    "aria-label": unit ? `${title} · ${unit}` : `${title} · ${roomText(lang, "number")}`,
    onfocus: begin,
    oninput: () => write(number.valueAsNumber),
    onblur: () => refresh(true),
  });
  const refresh = (all: boolean) => {
    const value = room.size(name);
    if (value === undefined) return;
    if (slider.valueAsNumber !== value) slider.value = String(value);
    if ((all || document.activeElement !== number) && number.valueAsNumber !== value) number.value = String(value);
  };
  return {
    element: h(
      "div.st-size",
      {},
      h("span.st-name", {}, title),
      slider,
      h("span.st-with-unit", {}, number, h("span.st-unit", {}, unit)),
    ),
    refresh: () => refresh(false),
  };
}

/** The key light, and the colour around the room. */
function light({ lang, session }: Studio, actions: Actions): Field {
  let group = "";
  const begin = () => {
    group = `light ${++visits}`;
  };
  const key = (): NonNullable<Light["key"]> => session.document.light?.key ?? USUAL_KEY;
  const change = (fields: Partial<NonNullable<Light["key"]>>) => {
    const next: Hall = changeLight(session.document, { key: { ...key(), ...fields } });
    actions.edit("change-light", next, group);
  };
  const strength = h("input.st-range", {
    type: "range",
    min: 0,
    max: BRIGHTEST_KEY,
    step: 0.1,
    onpointerdown: begin,
    onfocus: begin,
    oninput: () => change({ intensity: strength.valueAsNumber }),
  });
  const colour = h("input.st-colour", {
    type: "color",
    onfocus: begin,
    oninput: () => change({ colour: colour.value }),
  });
  const background = h("input.st-colour", {
    type: "color",
    onfocus: begin,
    oninput: () => actions.edit("change-background", changeBackground(session.document, background.value), group),
  });
  const field = (name: string, input: HTMLElement) => h("label.st-field", {}, h("span.st-name", {}, name), input);
  return {
    element: section(
      roomText(lang, "light"),
      h("p.st-hint", {}, roomText(lang, "lightHint")),
      field(roomText(lang, "keyStrength"), strength),
      h(
        "div.st-numbers",
        {},
        field(roomText(lang, "keyColour"), colour),
        field(roomText(lang, "background"), background),
      ),
    ),
    refresh: () => {
      strength.value = String(key().intensity);
      colour.value = key().colour;
      background.value = session.document.architecture.background ?? USUAL_BACKGROUND;
    },
  };
}
