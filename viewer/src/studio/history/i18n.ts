import { type Entry, translator } from "../../ui/i18n.ts";

/** The texts of a hall's history, in both languages. */
const HISTORY_CATALOGUE = {
  history: { zh: "历史版本", en: "History" },
  hint: {
    zh: "每位策展人十分钟内的修改合为一个版本。恢复旧版本也是一次修改，可以撤销。",
    en: "What a curator changes within ten minutes is one version. Restoring one is a change like any other, and can be undone.",
  },
  loading: { zh: "正在读取…", en: "Reading…" },
  failed: {
    zh: "未能读取历史版本。请检查网络，然后重试。",
    en: "The history could not be read. Check the connection, then try again.",
  },
  tryAgain: { zh: "重试", en: "Try again" },
  close: { zh: "关闭", en: "Close" },
  today: { zh: "今天", en: "Today" },
  yesterday: { zh: "昨天", en: "Yesterday" },
  older: { zh: "更早的版本", en: "Older versions" },
  onShow: { zh: "公开展出中", en: "on show" },
  newest: { zh: "最新", en: "newest" },
  nobody: { zh: "系统", en: "a command" },
  begun: { zh: "新建展厅", en: "The hall begins" },
  times: { zh: "{name} {count} 次", en: "{name} ×{count}" },
  choose: {
    zh: "在左侧选择一个版本，与现在比较。",
    en: "Choose a version at the left to compare it with the present.",
  },
  now: { zh: "现在", en: "Now" },
  planOf: { zh: "平面图：{when}", en: "Plan: {when}" },
  changedSince: { zh: "从那时到现在", en: "From then until now" },
  same: { zh: "与现在相同。", en: "It is the same as now." },
  restore: { zh: "恢复这个版本", en: "Restore this version" },
  restored: { zh: "已恢复 {when} 的版本。可以撤销。", en: "The version of {when} is restored. It can be undone." },
  see: { zh: "走进去看看", en: "Walk through it" },
  added: { zh: "新增", en: "Added" },
  removed: { zh: "移除", en: "Removed" },
  moved: { zh: "移动", en: "Moved" },
  resized: { zh: "大小", en: "Size" },
  written: { zh: "文字", en: "Texts" },
  changed: { zh: "更改", en: "Changed" },
  reordered: { zh: "顺序", en: "Order" },
  byMetres: { zh: "{what}：{metres} 米", en: "{what}: {metres} m" },
  byDegrees: { zh: "{what}：转动 {degrees}°", en: "{what}: turned by {degrees}°" },
  byBoth: { zh: "{what}：{metres} 米，转动 {degrees}°", en: "{what}: {metres} m, turned by {degrees}°" },
  textOf: { zh: "{what}（{language}）", en: "{what} ({language})" },
  zh: { zh: "中文", en: "Chinese" },
  en: { zh: "英文", en: "English" },
  empty: { zh: "（空）", en: "(empty)" },
  untitled: { zh: "（无标题）", en: "(no title)" },
  partHall: { zh: "展厅", en: "The hall" },
  partOf: { zh: "{part}“{title}”", en: "{part} “{title}”" },
  placements: { zh: "展品", en: "Exhibit" },
  notes: { zh: "注释", en: "Note" },
  chapters: { zh: "篇章", en: "Chapter" },
  milestones: { zh: "大事", en: "Milestone" },
  tours: { zh: "导览", en: "Tour" },
  zones: { zh: "区域", en: "Zone" },
  sources: { zh: "参考文献", en: "Source" },
  doors: { zh: "门", en: "Door" },
  furniture: { zh: "家具", en: "Furniture" },
  timeline: { zh: "年表", en: "The timeline" },
  architecture: { zh: "展厅建筑", en: "The room" },
  light: { zh: "灯光", en: "The light" },
  start: { zh: "入口视角", en: "The entrance" },
  anchors: { zh: "展位", en: "Places for exhibits" },
} as const satisfies Record<string, Entry>;

type Words = typeof HISTORY_CATALOGUE;
export type HistoryTextKey = {
  [K in keyof Words]: Words[K]["en"] extends `${string}{${string}` ? never : K;
}[keyof Words];

export const historyText = translator(HISTORY_CATALOGUE);
