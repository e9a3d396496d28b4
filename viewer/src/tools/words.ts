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
  section: { zh: "剖切", en: "Section" },
  sectionX: { zh: "左右", en: "Left–right" },
  sectionY: { zh: "上下", en: "Top–bottom" },
  sectionZ: { zh: "前后", en: "Front–back" },
  sectionFlip: { zh: "换一侧", en: "Other side" },
  sectionAt: { zh: "切面位置", en: "Cut at" },
  sectionClosed: {
    zh: "斜纹处是模型表面围成的范围；实物的内部并未测量。",
    en: "Hatched is what the model’s surface encloses; the inside of the real thing was not measured.",
  },
  sectionOpen: {
    zh: "这一表面并未封闭：斜纹处是表面的背面，不是切开的实体。",
    en: "This surface is not closed: hatched is its reverse, not a cut through something solid.",
  },
  light: { zh: "侧光", en: "Raking light" },
  lightFrom: { zh: "光的方向", en: "Direction of the light" },
  lightHeight: { zh: "光的高度", en: "Height of the light" },
  lightSides: {
    zh: "上|右上|右|右下|下|左下|左|左上",
    en: "above|upper right|right|lower right|below|lower left|left|upper left",
  },
  lightDome: { zh: "拖动光点，光便从那一侧照来", en: "Drag the point: the light comes from there" },
  lightShape: { zh: "只看形状", en: "Shape only" },
  evidence: { zh: "证据", en: "Evidence" },
  evidenceMany: { zh: "6 张及以上照片测得", en: "Measured by 6 photographs or more" },
  evidenceSome: { zh: "3–5 张照片测得", en: "Measured by 3 to 5" },
  evidenceFew: { zh: "仅 2 张照片测得", en: "Measured by only 2" },
  evidenceFilled: { zh: "推算补全，没有照片测得", en: "Filled in by calculation, measured by none" },
  evidenceModelled: { zh: "人工建模，未经测量", en: "Modelled by hand, not measured" },
  evidenceUnknown: { zh: "此模型没有记录测量依据", en: "This model does not record what measured it" },
  evidenceUnseen: {
    zh: "另有 {percent}% 的颜色没有照片拍到，由周围推得。",
    en: "The colour of {percent}% was seen by no photograph and comes from the surroundings.",
  },
  evidenceHow: { zh: "依据", en: "How" },
  evidenceWhen: { zh: "时间", en: "When" },
  evidenceWho: { zh: "提供", en: "Who" },
  evidencePhotos: { zh: "{method}，{count} 张", en: "{method}, {count} of them" },
  evidenceSharp: {
    zh: "照片对位误差 {pixels} 像素",
    en: "photographs agree to {pixels} pixels",
  },
} as const satisfies Record<string, Entry>;

export type WordKey = keyof typeof WORDS;

export const word = teller(WORDS);
