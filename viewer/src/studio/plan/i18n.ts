import { type Entry, translator } from "../../ui/i18n.ts";

/** The texts of the plan, in both languages. */
export const PLAN_CATALOGUE = {
  plan: { zh: "平面图", en: "Plan" },
  planOfHall: { zh: "展厅平面图", en: "Plan of the hall" },
  zoomIn: { zh: "放大", en: "Closer" },
  zoomOut: { zh: "缩小", en: "Farther" },
  fitPlan: { zh: "显示全部", en: "Show all of it" },
  entrance: { zh: "观众入口", en: "Visitors come in here" },
} as const satisfies Record<string, Entry>;

type Words = typeof PLAN_CATALOGUE;

/** The texts that need no values. */
export type PlanTextKey = {
  [K in keyof Words]: Words[K]["en"] extends `${string}{${string}` ? never : K;
}[keyof Words];

export const planText = translator(PLAN_CATALOGUE);
