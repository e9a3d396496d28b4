import { heightFigures } from "../document/heights.ts";
import { valueAt } from "../document/paths.ts";
import type { Hall, Text } from "../document/schema.ts";
import { localized } from "../document/text.ts";
import type { Entry, Lang } from "../ui/i18n.ts";
import type { Check, CheckId, Severity } from "./check.ts";
import { placeName } from "./place/place-names.ts";
import { furnitureName } from "./room/i18n.ts";

/** What a curator is told by checks.ts. */
const CHECKS = {
  "title-missing": { zh: "{thing}：没有标题。", en: "{thing}: has no title." },
  "translation-missing": { zh: "{thing}：{field}缺{lang}。", en: "{thing}: {field} is missing in {lang}." },
  "panel-empty": { zh: "{thing}：展板上没有文字。", en: "{thing}: the text panel says nothing." },
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
  unreachable: {
    zh: "{thing}：从入口走不到能看见它的地方。",
    en: "{thing}: no way leads from the entrance to where it can be seen.",
  },
  broken: {
    zh: "{thing}：文件无法载入，观众也看不到它。请到素材页面更换文件。",
    en: "{thing}: its files cannot be loaded, and visitors will not see it either. Replace them on the asset’s page.",
  },
  heavy: {
    zh: "{thing}：手机看完整个展厅要下载 {all}（宜在 16 MB 以内），其中它最重，占 {own}。",
    en: "{thing}: the heaviest of what a phone loads for this hall, {own} of {all}; up to 16 MB is good.",
  },
  "narrow-way": {
    zh: "{thing}：与“{other}”之间只有 {length}，轮椅过不去；通道宜宽 {clear_way} 米。",
    en: "{thing}: the way to “{other}” is {length}; wheelchairs need {clear_way} m.",
  },
  clash: { zh: "{thing}与“{other}”重叠 {length}。", en: "{thing}: stands {length} deep in “{other}”." },
  "in-wall": { zh: "{thing}：有一部分在墙或柱子里。", en: "{thing}: stands partly in a wall or a column." },
  "picture-height": {
    zh: "{thing}：中心离地 {length}；通常为 {picture_centre} 米。",
    en: "{thing}: its middle is at {length}; usual are {picture_centre} m.",
  },
  "label-height": {
    zh: "{thing}：上沿离地 {length}；坐轮椅的观众和儿童便于阅读的高度不超过 {label_rail_top} 米。",
    en: "{thing}: its top is at {length}; children and visitors in wheelchairs read up to {label_rail_top} m.",
  },
  "stand-height": {
    zh: "{thing}：台面离地 {length}；坐轮椅的观众和儿童能看清的高度不超过 {case_most} 米。",
    en: "{thing}: stands at {length}; children and visitors in wheelchairs see what stands up to {case_most} m.",
  },
  "cane-height": {
    zh: "{thing}：悬在离地 {length} 处，盲杖探测不到（应不高于 {cane} 米，或下方有台座）。",
    en: "{thing}: hangs at {length}, where a white cane does not find it (up to {cane} m, or with a stand below).",
  },
  "top-height": {
    zh: "{thing}：台面离地 {length}；坐轮椅的观众和儿童能看清的高度不超过 {case_most} 米。",
    en: "{thing}: its top is at {length}; children and visitors in wheelchairs see what stands up to {case_most} m.",
  },
  "case-height": {
    zh: "{thing}：台座高 {length}；可绕行的展柜宜为 {case_top} 米。",
    en: "{thing}: its base is {length} high; usual for a case that one walks around are {case_top} m.",
  },
  "board-height": {
    zh: "{thing}：中心离地 {length}；通常为 {picture_centre} 米。",
    en: "{thing}: its middle is at {length}; usual are {picture_centre} m.",
  },
  "no-clear-floor": {
    zh: "{thing}：前面没有 76 × 122 厘米的空地，轮椅停不下。",
    en: "{thing}: has no clear floor of 76 × 122 cm before it, where a wheelchair could stop.",
  },
  "steep-ramp": {
    zh: "{thing}：坡度为 1:{number}，轮椅难以通行；不宜超过 1:12。",
    en: "{thing}: rises 1 in {number}, too steep for a wheelchair; at most 1 in 12.",
  },
  "ramp-too-steep": {
    zh: "{thing}：坡度为 1:{number}，观众走不上去；不能超过 40 度。",
    en: "{thing}: rises 1 in {number}; visitors cannot walk up more than 40 degrees.",
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

/** What a thing without a title is called. */
const UNTITLED: Readonly<Record<string, Entry>> = {
  placements: { zh: "无标题的展品", en: "An exhibit without a title" },
  notes: { zh: "无标题的注释", en: "A note without a title" },
  chapters: { zh: "无标题的章", en: "A chapter without a title" },
  timeline: { zh: "年表", en: "The timeline" },
  milestones: { zh: "无标题的大事", en: "A milestone without a title" },
  tours: { zh: "无标题的导览", en: "A tour without a title" },
  zones: { zh: "无标题的区域", en: "A zone without a title" },
  sources: { zh: "无标题的参考文献", en: "A source without a title" },
  doors: { zh: "无标题的门", en: "A door without a title" },
  assets: { zh: "无标题的素材", en: "An asset without a title" },
  stairs: { zh: "坡道", en: "A ramp" },
};

/** A check as a sentence. */
export function checkText(hall: Hall, check: Check, lang: Lang): string {
  const named = [...check.path].reverse().find((key) => typeof key === "string") as string | undefined;
  const title = (path: readonly string[]) => titleOf(hall, path, lang);
  const values = {
    ...heightFigures(1),
    thing: title(check.thing),
    other: check.other ? title(check.other) : "",
    field: FIELDS[named ?? ""]?.[lang] ?? named ?? "",
    lang: check.lang ? LANGUAGES[check.lang][lang] : "",
    length: check.metres === undefined ? "" : lengthText(check.metres, lang),
    own: megabytesText(check.megabytes?.own),
    all: megabytesText(check.megabytes?.all),
    number: check.metres === undefined ? "" : String(Number(check.metres.toFixed(1))),
  };
  return CHECKS[check.id][lang].replaceAll(/\{(\w+)\}/g, (_, name: keyof typeof values) => values[name]);
}

/** What a thing is called: its title, or what kind of thing it is. */
export function titleOf(hall: Hall, path: readonly string[], lang: Lang): string {
  if (path.length === 0) return HALL[lang];
  const id = path.at(-1) as string;
  const kind = path.at(-2) ?? id; // the timeline is in no map
  if (kind === "anchors") return placeName(hall, id, lang);
  const piece = kind === "furniture" ? hall.furniture?.[id] : undefined;
  if (piece) return furnitureName(id, piece, lang);
  const named = localized(valueAt(hall, [...path, "title"]) as Text | undefined, lang);
  return named || (UNTITLED[kind]?.[lang] ?? id);
}

export function severityText(severity: Severity, lang: Lang): string {
  return SEVERITIES[severity][lang];
}

function megabytesText(megabytes: number | undefined): string {
  return megabytes === undefined ? "" : `${megabytes.toFixed(megabytes < 10 ? 1 : 0)} MB`;
}

function lengthText(metres: number, lang: Lang): string {
  if (metres >= 1) return lang === "zh" ? `${metres.toFixed(2)} 米` : `${metres.toFixed(2)} m`;
  return lang === "zh" ? `${Math.round(metres * 100)} 厘米` : `${Math.round(metres * 100)} cm`;
}
