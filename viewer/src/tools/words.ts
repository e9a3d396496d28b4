import { type Entry, teller } from "../ui/i18n.ts";

/** Every text of the tools, in both languages; fetched with them. */
export const WORDS = {
  tools: { zh: "细看工具", en: "Tools for looking closely" },
  toolFailed: { zh: "工具未能载入。", en: "The tool could not be loaded." },
  measure: { zh: "测量", en: "Measure" },
  measureHint: {
    zh: "在表面上点两处，即得其间的直线距离。端点可以拖动。",
    en: "Pick two points on the surface: the length of the straight line between them is shown. Ends can be dragged.",
  },
  measureSecond: { zh: "再点一处。", en: "Now the second point." },
  measureUnscaled: {
    zh: "未标定尺度：此模型没有比例尺，任何长度都不可信，因此不能测量。",
    en: "Not to scale: this model carries no scale, so no length of it could be trusted and none is measured.",
  },
  measureMiddle: { zh: "在画面中央取点", en: "Pick the middle of the view" },
  measureMissed: { zh: "那里没有表面。", en: "There is no surface there." },
  measureClear: { zh: "全部清除", en: "Clear all" },
  measureRemove: { zh: "清除第 {number} 段：{length}", en: "Remove {number}: {length}" },
  measureEnd: { zh: "第 {number} 段的端点", en: "End of {number}" },
  measured: { zh: "第 {number} 段：{length}", en: "Length {number}: {length}" },
  lengths: { zh: "量得的长度", en: "Lengths measured" },
} as const satisfies Record<string, Entry>;

export type WordKey = keyof typeof WORDS;

export const word = teller(WORDS);
