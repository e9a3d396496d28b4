import { distance, faceAt, type PlanFace } from "../../document/plan.ts";
import type { Opening, PlanRoom } from "../../document/schema.ts";
import { type Lang, localized } from "../../document/text.ts";
import { type PlanTextKey, planText } from "./i18n.ts";
import { cornerOf, type PlanPart, pointOf } from "./plan-choice.ts";
import type { PlanContext } from "./plan-context.ts";

/** What parts of a plan are called, for the eye and for screen readers. */

export const OPENING_WORDS: Readonly<Record<Opening["kind"], PlanTextKey>> = {
  door: "door",
  passage: "passage",
  window: "window",
};
export const FLOOR_WORDS: Readonly<Record<NonNullable<PlanRoom["floor"]>, PlanTextKey>> = {
  oak: "floorOak",
  granite: "floorGranite",
  brick: "floorBrick",
  paving: "floorPaving",
  concrete: "floorConcrete",
};
export const WALL_WORDS: Readonly<Record<NonNullable<PlanRoom["walls"]>, PlanTextKey>> = {
  white: "wallsWhite",
  grey: "wallsGrey",
  dark: "wallsDark",
  brick: "wallsBrick",
  stone: "wallsStone",
  earth: "wallsEarth",
};
export const CEILING_WORDS: Readonly<Record<NonNullable<PlanRoom["ceiling"]>, PlanTextKey>> = {
  white: "ceilingWhite",
  timber: "ceilingTimber",
  skylight: "ceilingSkylight",
  open: "ceilingOpen",
};
export const LIGHT_WORDS: Readonly<Record<NonNullable<PlanRoom["light"]>, PlanTextKey>> = {
  even: "lightEven",
  spots: "lightSpots",
  dim: "lightDim",
};

export function areaText(face: PlanFace, lang: Lang): string {
  return planText(lang, "area", { area: face.area_m2.toFixed(1) });
}

/** How a room looks, in few words; empty if it is as usual. */
export function lookText(look: PlanRoom | undefined, lang: Lang): string {
  if (!look) return "";
  const keys = [
    look.floor && FLOOR_WORDS[look.floor],
    look.walls && WALL_WORDS[look.walls],
    look.ceiling && CEILING_WORDS[look.ceiling],
    look.light && LIGHT_WORDS[look.light],
  ].filter((key) => key !== undefined);
  return keys.map((key) => planText(lang, key)).join(lang === "zh" ? "、" : ", ");
}

/** What a part is, with its size. */
export function partName({ hall, geometry, studio }: PlanContext, { kind, id }: PlanPart): string {
  const { lang } = studio;
  const { plan, faces, looks } = geometry;
  const unit = planText(lang, "m");
  const size = (...values: number[]) => `${values.map((value) => value.toFixed(2)).join(" × ")} ${unit}`;
  if (kind === "start") return planText(lang, "entrance");
  if (kind === "zone") {
    const zone = hall.zones?.[id];
    return `${planText(lang, "zone")} · ${localized(zone?.title, lang)}`;
  }
  if (kind === "wall") {
    const wall = plan?.walls[id];
    return `${planText(lang, "wall")} ${wall ? size(distance(wall.from, wall.to)) : ""}`;
  }
  if (kind === "corner") {
    const at = plan && cornerOf(plan, id);
    return planText(lang, "cornerAt", { x: (at?.[0] ?? 0).toFixed(2), z: (at?.[1] ?? 0).toFixed(2) });
  }
  if (kind === "opening") {
    const opening = plan?.openings?.[id];
    return opening ? `${planText(lang, OPENING_WORDS[opening.kind])} ${size(opening.width_m, opening.height_m)}` : "";
  }
  if (kind === "platform") {
    const platform = plan?.platforms?.[id];
    if (!platform) return "";
    const { min, max, height_m } = platform;
    return `${planText(lang, "platform")} ${size(max[0] - min[0], max[1] - min[1], height_m)}`;
  }
  if (kind === "stair") {
    const stair = plan?.stairs?.[id];
    return stair ? `${planText(lang, stair.kind)} ${size(stair.width_m, stair.run_m)}` : "";
  }
  const face = faceAt(faces, pointOf(id));
  const index = face ? faces.indexOf(face) : -1;
  const look = lookText(plan?.rooms?.[looks[index] ?? ""], lang);
  return face ? [planText(lang, "room"), areaText(face, lang), look].filter((each) => each).join(" · ") : "";
}
