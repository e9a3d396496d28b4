import { changePlatform, changeRoomLook, changeStair, usualRun } from "../../document/commands/plan.ts";
import { changeOpening, moveOpening } from "../../document/commands/plan-openings.ts";
import { lengthOf } from "../../document/commands/plan-rules.ts";
import { changeWall, changeWallLength, moveCorner, splitWall } from "../../document/commands/plan-walls.ts";
import { faceAt } from "../../document/plan.ts";
import { round } from "../../document/rounding.ts";
import type { Opening, PlanRoom, Stair, Vec2 } from "../../document/schema.ts";
import { h } from "../../ui/dom.ts";
import { button, type Field, numberField, section } from "../fields.ts";
import { boundText, set } from "../inspector-text.ts";
import { isSteep } from "../room-checks.ts";
import { choiceField } from "./choice-field.ts";
import { type PlanTextKey, planText } from "./i18n.ts";
import { CEILING_WORDS, FLOOR_WORDS, LIGHT_WORDS, OPENING_WORDS, WALL_WORDS } from "./part-names.ts";
import { cornerOf, type PlanPart, pointOf } from "./plan-choice.ts";
import type { PlanContext } from "./plan-context.ts";
import { removePart } from "./remove-part.ts";

/** The fields of a part of the plan: its measures, its look, what can be done with it. */
export function wallFields(context: PlanContext, id: string): Field[] {
  const wall = () => context.geometry.plan?.walls[id];
  return [
    numbers(
      metresField(
        context,
        "length",
        0.3,
        () => (wall() ? lengthOf(wall() as never) : null),
        (value, group) => context.edit("change-wall", changeWallLength(context.hall, id, value), group),
      ),
      metresField(
        context,
        "wallHeight",
        0.3,
        () => wall()?.height_m ?? null,
        (value, group) =>
          context.edit("change-wall", changeWall(context.hall, id, { height_m: Math.min(value, 20) }), group),
      ),
      metresField(
        context,
        "thickness",
        0.05,
        () => wall()?.thickness_m ?? null,
        (value, group) =>
          context.edit("change-wall", changeWall(context.hall, id, { thickness_m: Math.min(value, 2) }), group),
      ),
    ),
    ends(
      button(words(context, "splitWall"), () => {
        const half = wall() ? lengthOf(wall() as never) / 2 : 0;
        const { hall, id: second } = splitWall(context.hall, id, half);
        if (second) context.edit("split-wall", hall);
        else context.studio.announce(words(context, "notSplit"));
      }),
      remove(context, { kind: "wall", id }),
    ),
  ];
}

export function cornerFields(context: PlanContext, id: string): Field[] {
  const at = () => (context.geometry.plan ? cornerOf(context.geometry.plan, id) : null);
  const move = (axis: 0 | 1) => (value: number, group: string) => {
    const from = at();
    if (!from) return;
    const to: Vec2 = [...from];
    to[axis] = value;
    context.edit("move-corner", moveCorner(context.hall, from, to), group);
  };
  return [
    numbers(
      metresField(context, "across", null, () => at()?.[0] ?? null, move(0)),
      metresField(context, "along", null, () => at()?.[1] ?? null, move(1)),
    ),
  ];
}

export function openingFields(context: PlanContext, id: string): Field[] {
  const { lang } = context.studio;
  const opening = () => context.geometry.plan?.openings?.[id];
  const change = (fields: Partial<Opening>, group?: string) =>
    context.edit("change-opening", changeOpening(context.hall, id, fields), group);
  const isWindow = opening()?.kind === "window";
  const isDoor = opening()?.kind === "door";
  const fields: Field[] = [
    choiceField({
      name: planText(lang, "kind"),
      choices: (Object.keys(OPENING_WORDS) as Opening["kind"][]).map((kind) => [
        kind,
        planText(lang, OPENING_WORDS[kind]),
      ]),
      read: () => opening()?.kind ?? "door",
      write: (kind) => change({ kind: kind as Opening["kind"] }),
    }),
    numbers(
      metresField(
        context,
        "width",
        0.3,
        () => opening()?.width_m ?? null,
        (width_m, group) => change({ width_m }, group),
      ),
      metresField(
        context,
        "height",
        0.3,
        () => opening()?.height_m ?? null,
        (height_m, group) => change({ height_m }, group),
      ),
      ...(isWindow
        ? [
            metresField(
              context,
              "sill",
              0,
              () => opening()?.sill_m ?? 0,
              (sill_m, group) => change({ sill_m }, group),
            ),
          ]
        : []),
      metresField(
        context,
        "fromStart",
        0,
        () => edge(opening()),
        (value, group) => {
          const { width_m = 0 } = opening() ?? {};
          context.edit("move-opening", moveOpening(context.hall, id, round(value + width_m / 2, 4)), group);
        },
      ),
    ),
  ];
  if (isDoor) fields.push(boundText(context.studio, ["doors", id, "title"], planText(lang, "doorTitle"), 1));
  return [
    ...fields,
    ends(
      ...(isDoor
        ? [button(words(context, "leadsTo"), () => context.studio.selection.choose({ kind: "door", id }))]
        : []),
      remove(context, { kind: "opening", id }),
    ),
  ];
}

export function roomFields(context: PlanContext, id: string): Field[] {
  const { lang } = context.studio;
  const look = (): PlanRoom | undefined => {
    const { plan, faces, looks } = context.geometry;
    const face = faceAt(faces, pointOf(id));
    return face ? plan?.rooms?.[looks[faces.indexOf(face)] ?? ""] : undefined;
  };
  const choice = <K extends "floor" | "walls" | "ceiling" | "light">(
    key: K,
    name: PlanTextKey,
    kinds: Readonly<Record<NonNullable<PlanRoom[K]>, PlanTextKey>>,
  ) =>
    choiceField({
      name: planText(lang, name),
      choices: [
        ["", planText(lang, "usual")],
        ...Object.entries<PlanTextKey>(kinds).map(([value, text]) => [value, planText(lang, text)] as const),
      ],
      read: () => look()?.[key] ?? "",
      write: (value) =>
        context.edit("change-room-look", changeRoomLook(context.hall, pointOf(id), { [key]: value || undefined })),
    });
  return [
    numbers(
      choice("floor", "floor", FLOOR_WORDS),
      choice("walls", "walls", WALL_WORDS),
      choice("ceiling", "ceiling", CEILING_WORDS),
      choice("light", "light", LIGHT_WORDS),
    ),
    ends(remove(context, { kind: "room", id })),
  ];
}

export function platformFields(context: PlanContext, id: string): Field[] {
  const platform = () => context.geometry.plan?.platforms?.[id];
  const side = (axis: 0 | 1) => {
    const { min, max } = platform() ?? {};
    return min && max ? max[axis] - min[axis] : null;
  };
  const resize = (axis: 0 | 1) => (value: number, group: string) => {
    const { min, max } = platform() ?? {};
    if (!min || !max) return;
    const to: Vec2 = [...max];
    to[axis] = round(min[axis] + value, 4);
    context.edit("change-platform", changePlatform(context.hall, id, { max: to }), group);
  };
  return [
    numbers(
      metresField(context, "sizeAcross", 0.3, () => side(0), resize(0)),
      metresField(context, "sizeAlong", 0.3, () => side(1), resize(1)),
      metresField(
        context,
        "height",
        0.01,
        () => platform()?.height_m ?? null,
        (height_m, group) =>
          context.edit(
            "change-platform",
            changePlatform(context.hall, id, { height_m: Math.min(height_m, 10) }),
            group,
          ),
      ),
    ),
    ends(remove(context, { kind: "platform", id })),
  ];
}

export function stairFields(context: PlanContext, id: string): Field[] {
  const { lang } = context.studio;
  const stair = () => context.geometry.plan?.stairs?.[id];
  const change = (fields: Partial<Stair>, group?: string) =>
    context.edit("change-stair", changeStair(context.hall, id, fields), group);
  const steep = h("p.st-warning", { hidden: true }, planText(lang, "tooSteep"));
  return [
    choiceField({
      name: planText(lang, "kind"),
      choices: [
        ["steps", planText(lang, "steps")],
        ["ramp", planText(lang, "ramp")],
      ],
      read: () => stair()?.kind ?? "steps",
      write: (value) => {
        const kind = value as Stair["kind"];
        change({ kind, run_m: usualRun(kind, stair()?.rise_m ?? 0.48) });
      },
    }),
    numbers(
      metresField(
        context,
        "rise",
        0.01,
        () => stair()?.rise_m ?? null,
        (rise_m, group) => change({ rise_m: Math.min(rise_m, 10) }, group),
      ),
      metresField(
        context,
        "run",
        0.1,
        () => stair()?.run_m ?? null,
        (run_m, group) => change({ run_m: Math.min(run_m, 60) }, group),
      ),
      metresField(
        context,
        "width",
        0.5,
        () => stair()?.width_m ?? null,
        (width_m, group) => change({ width_m: Math.min(width_m, 20) }, group),
      ),
      numberField({
        name: planText(lang, "turn"),
        unit: planText(lang, "degrees"),
        step: 15,
        decimals: 1,
        read: () => stair()?.facing_deg ?? null,
        write: (facing_deg, group) => change({ facing_deg }, group),
      }),
    ),
    {
      element: steep,
      refresh: () => {
        const { kind, rise_m = 0, run_m = 1 } = stair() ?? {};
        steep.hidden = kind !== "ramp" || !isSteep(rise_m, run_m);
      },
    },
    ends(remove(context, { kind: "stair", id })),
  ];
}

/** What is said of the whole plan while nothing of it is chosen: its rooms, and measures for all walls. */
export function planFields(context: PlanContext): Field[] {
  const { lang } = context.studio;
  const facts = h("p.st-facts", {});
  const all = (key: "height_m" | "thickness_m") => (value: number, group: string) => {
    const ids = Object.keys(context.geometry.plan?.walls ?? {});
    const next = ids.reduce((hall, id) => changeWall(hall, id, { [key]: value }), context.hall);
    context.edit("change-wall", next, group);
  };
  const first = () => Object.values(context.geometry.plan?.walls ?? {})[0];
  return [
    {
      element: facts,
      refresh: () => {
        const { faces } = context.geometry;
        const area = faces.reduce((sum, face) => sum + face.area_m2, 0);
        set(facts, planText(lang, "planFacts", { rooms: faces.length, area: area.toFixed(1) }));
      },
    },
    titled(
      planText(lang, "allWalls"),
      numbers(
        metresField(context, "wallHeight", 0.3, () => first()?.height_m ?? null, all("height_m")),
        metresField(context, "thickness", 0.05, () => first()?.thickness_m ?? null, all("thickness_m")),
      ),
    ),
    { element: h("p.st-hint", {}, planText(lang, "keysHint")), refresh: () => {} },
  ];
}

export function metresField(
  context: PlanContext,
  name: PlanTextKey,
  min: number | null,
  read: () => number | null,
  write: (value: number, group: string) => unknown,
): Field {
  const { lang } = context.studio;
  return numberField({
    name: planText(lang, name),
    unit: planText(lang, "m"),
    step: 0.1,
    decimals: 2,
    ...(min === null ? {} : { min }),
    read,
    write: (value, group) => void write(value, group),
  });
}

/** Number fields in two columns. */
export function numbers(...fields: readonly Field[]): Field {
  return together(h("div.st-numbers", {}, ...fields.map(({ element }) => element)), fields);
}

export function titled(name: string, ...fields: readonly Field[]): Field {
  return together(section(name, ...fields.map(({ element }) => element)), fields);
}

/** The buttons at the end. */
export function ends(...buttons: readonly HTMLElement[]): Field {
  return { element: h("footer.st-ends", {}, ...buttons), refresh: () => {} };
}

export function remove(context: PlanContext, part: PlanPart): HTMLButtonElement {
  return button(words(context, "remove"), () => void removePart(context, part), { glyph: "bin", danger: true });
}

function together(element: HTMLElement, fields: readonly Field[]): Field {
  const refresh = () => {
    for (const field of fields) field.refresh();
  };
  return { element, refresh };
}

function edge(opening: Opening | undefined): number | null {
  return opening ? opening.at_m - opening.width_m / 2 : null;
}

function words(context: PlanContext, key: PlanTextKey): string {
  return planText(context.studio.lang, key);
}
