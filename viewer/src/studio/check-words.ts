import { valueAt } from "../document/paths.ts";
import type { Hall, Text } from "../document/schema.ts";
import { localized } from "../document/text.ts";
import type { Entry, Lang } from "../ui/i18n.ts";
import type { Check, CheckId, Severity } from "./checks.ts";

/** What a curator is told by checks.ts. */
const CHECKS = {
  "title-missing": { zh: "{thing}：没有标题。", en: "{thing}: has no title." },
  "translation-missing": { zh: "{thing}：{field}缺{lang}。", en: "{thing}: {field} is missing in {lang}." },
  "panel-empty": { zh: "{thing}：说明牌上没有文字。", en: "{thing}: the text panel says nothing." },
  "alternative-missing": {
    zh: "{thing}：没有说明文字，看不见的观众只能听到标题。",
    en: "{thing}: has no label; visitors who cannot see it hear its title only.",
  },
  "captions-missing": {
    zh: "{thing}：没有字幕，听不见的观众无法了解内容。",
    en: "{thing}: has no captions for visitors who cannot hear it.",
  },
  "words-missing": { zh: "{thing}：{field}没有文字。", en: "{thing}: {field} has no words." },
  "origin-missing": {
    zh: "{thing}：没有说明来源与制作方式。",
    en: "{thing}: does not say where it comes from and how it was made.",
  },
  "licence-missing": {
    zh: "{thing}：没有授权或权利说明。",
    en: "{thing}: has neither a licence nor a statement of rights.",
  },
  unscaled: {
    zh: "{thing}：模型没有比例尺，大小只是估计。",
    en: "{thing}: the model carries no scale; its size is a guess.",
  },
  "not-life-size": { zh: "{thing}：不是实际大小。", en: "{thing}: is not shown at its true size." },
  "outside-room": { zh: "{thing}：超出了展厅范围。", en: "{thing}: reaches out of the room." },
  clash: { zh: "{thing}与“{other}”重叠 {length}。", en: "{thing}: stands {length} deep in “{other}”." },
  "picture-height": {
    zh: "{thing}：中心离地 {length}；通常为 1.45—1.50 米。",
    en: "{thing}: its middle is at {length}; usual are 1.45–1.50 m.",
  },
  "label-height": {
    zh: "{thing}：上沿离地 {length}；坐轮椅的观众和儿童便于阅读的高度不超过 1.015 米。",
    en: "{thing}: its top is at {length}; children and visitors in wheelchairs read up to 1.015 m.",
  },
  "stand-height": {
    zh: "{thing}：台面离地 {length}；坐轮椅的观众和儿童能看清的高度不超过 1.016 米。",
    en: "{thing}: stands at {length}; children and visitors in wheelchairs see what stands up to 1.016 m.",
  },
  "cane-height": {
    zh: "{thing}：悬在离地 {length} 处，盲杖探测不到（应不高于 0.686 米，或下方有台座）。",
    en: "{thing}: hangs at {length}, where a white cane does not find it (up to 0.686 m, or with a stand below).",
  },
  "door-shut": { zh: "{thing}：没有通往任何展厅，门是关着的。", en: "{thing}: leads to no hall, so it is shut." },
} as const satisfies Record<CheckId, Entry>;

const SEVERITIES: Readonly<Record<Severity, Entry>> = {
  error: { zh: "必须处理", en: "Must be put right" },
  warning: { zh: "建议处理", en: "Should be put right" },
  hint: { zh: "供参考", en: "Good to know" },
};

const FIELDS: Readonly<Record<string, Entry>> = {
  title: { zh: "标题", en: "the title" },
  label: { zh: "说明文字", en: "the label" },
  summary: { zh: "简介", en: "the summary" },
  credit: { zh: "署名", en: "the credit" },
  body: { zh: "正文", en: "the text" },
  text: { zh: "文字", en: "the text" },
  caption: { zh: "解说词", en: "the caption" },
  statement: { zh: "来源说明", en: "the statement of origin" },
  rights: { zh: "权利说明", en: "the statement of rights" },
  source: { zh: "出处", en: "the source" },
  maker: { zh: "制作者", en: "the maker" },
  warnings: { zh: "使用提示", en: "a warning" },
};

const LANGUAGES: Readonly<Record<Lang, Entry>> = {
  zh: { zh: "中文", en: "Chinese" },
  en: { zh: "英文", en: "English" },
};

const HALL: Entry = { zh: "展厅", en: "The hall" };
const UNTITLED: Entry = { zh: "（无标题）", en: "(untitled)" };

/** A check as a sentence. */
export function checkText(hall: Hall, check: Check, lang: Lang): string {
  const named = [...check.path].reverse().find((key) => typeof key === "string") as string | undefined;
  const title = (path: readonly string[]) => {
    if (path.length === 0) return HALL[lang];
    return localized(valueAt(hall, [...path, "title"]) as Text | undefined, lang) || UNTITLED[lang];
  };
  const values = {
    thing: title(check.thing),
    other: check.other ? title(["placements", check.other]) : "",
    field: FIELDS[named ?? ""]?.[lang] ?? named ?? "",
    lang: check.lang ? LANGUAGES[check.lang][lang] : "",
    length: check.metres === undefined ? "" : lengthText(check.metres, lang),
  };
  return CHECKS[check.id][lang].replaceAll(/\{(\w+)\}/g, (_, name: keyof typeof values) => values[name]);
}

export function severityText(severity: Severity, lang: Lang): string {
  return SEVERITIES[severity][lang];
}

function lengthText(metres: number, lang: Lang): string {
  if (metres >= 1) return lang === "zh" ? `${metres.toFixed(2)} 米` : `${metres.toFixed(2)} m`;
  return lang === "zh" ? `${Math.round(metres * 100)} 厘米` : `${Math.round(metres * 100)} cm`;
}
