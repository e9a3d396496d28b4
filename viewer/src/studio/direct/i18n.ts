import { type Entry, translator } from "../../ui/i18n.ts";

/** The texts of directing a hall: tours, doors, chapters, timeline, sources, shapes and steps. */
export const DIRECT_CATALOGUE = {
  tours: { zh: "导览", en: "Tours" },
  tourChosen: { zh: "正在编辑的导览", en: "The tour that is edited" },
  newTour: { zh: "新导览", en: "New tour" },
  numberedTour: { zh: "导览 {number}", en: "Tour {number}" },
  record: { zh: "录制导览", en: "Record a tour" },
  recordMore: { zh: "继续添加站点", en: "Add stops" },
  recordMoreName: { zh: "走到各处，为这条导览添加站点", en: "Walk on and add stops to this tour" },
  recordEnd: { zh: "完成录制", en: "Finish" },
  stopHere: { zh: "记为一站", en: "Stop here" },
  recordFirst: {
    zh: "走到第一个想让观众停留的地方，再按“记为一站”（R 或回车）。",
    en: "Walk to the first place where visitors shall stop, then press “Stop here” (R or Enter).",
  },
  recordNext: {
    zh: "可以现在写解说词（按 C），也可以以后再写；然后走向下一站。",
    en: "Write the caption now (key C) or later; then walk on to the next stop.",
  },
  lookingAt: { zh: "正对着：{title}", en: "Looking at: {title}" },
  lookingAtHall: { zh: "展厅一角（没有正对展品）", en: "A view of the hall, of no exhibit" },
  stopAdded: { zh: "第 {number} 站：{title}", en: "Stop {number}: {title}" },
  onFoot: { zh: "像观众一样走动", en: "Walking as visitors do" },
  footHelp: {
    zh: "W、S、A、D 走动，左右方向键转身，Page Up、Page Down 抬头、低头；点击地面走过去，点击展品走近细看，Esc 退回。录制时按 R 或回车记为一站，按 C 写解说词。",
    en: "W, S, A, D walk, left and right arrows turn, Page Up and Page Down look up and down. Click the floor to walk there, an exhibit to look closely; Escape steps back. While recording, R or Enter makes a stop, C goes to its caption.",
  },
  footKeys: {
    zh: "W A S D 走动 · ← → 转身 · 拖动环视 · 点击展品细看",
    en: "W A S D walk · ← → turn · drag to look around · click an exhibit to come close",
  },
  nowhere: { zh: "那里走不过去。", en: "There is no way to that place." },
  play: { zh: "播放", en: "Play" },
  playHere: { zh: "从这一站播放", en: "Play from here" },
  captionsIn: { zh: "解说词：{language}", en: "Captions: {language}" },
  toursEmpty: { zh: "还没有导览", en: "No tour yet" },
  toursEmptyHint: {
    zh: "点击“录制导览”，像观众一样在展厅里走一遍，在每个想停留的地方按一下。系统会记住视角和展品，解说词可以随后再写。",
    en: "Press “Record a tour”, walk through the hall as a visitor does, and press one key wherever the tour shall stop. The view and the exhibit are kept; the words can follow.",
  },
  tourMinutes: {
    zh: "{stops} 站 · 约 {minutes} 分 {seconds} 秒",
    en: "{stops} stops · about {minutes} min {seconds} s",
  },
  tourSeconds: { zh: "{stops} 站 · 约 {seconds} 秒", en: "{stops} stops · about {seconds} s" },
  stops: { zh: "站点", en: "Stops" },
  stopOf: { zh: "第 {number} 站，共 {count} 站", en: "Stop {number} of {count}" },
  hallView: { zh: "展厅一角", en: "A view of the hall" },
  noWords: { zh: "无解说词", en: "No caption" },
  seconds: { zh: "{seconds} 秒", en: "{seconds} s" },
  stripKeys: {
    zh: "拖动或按 Alt + ← → 调整顺序，Ctrl + D 复制，Delete 移除",
    en: "Drag or Alt + ← → to reorder, Ctrl + D duplicates, Delete removes",
  },
  moved: { zh: "现在是第 {number} 站", en: "Now stop {number}" },
  stopRemoved: { zh: "已移除第 {number} 站。可以撤销。", en: "Stop {number} removed. It can be undone." },
  lastStop: { zh: "导览至少要有一站。", en: "A tour keeps its last stop." },
  caption: { zh: "解说词", en: "Caption" },
  noteNamed: { zh: "注释 {number} {title}", en: "note {number} {title}" },
  about: { zh: "展品或注释", en: "Exhibit or note" },
  aboutNothing: { zh: "不指向展品", en: "None: a view of the hall" },
  exhibits: { zh: "展品", en: "Exhibits" },
  notes: { zh: "注释", en: "Notes" },
  view: { zh: "视角", en: "View" },
  viewOwn: { zh: "这一站有自己的视角。", en: "The stop has a view of its own." },
  viewOfSubject: { zh: "使用展品或注释的视角。", en: "It is seen as the exhibit or note is." },
  lookAgain: { zh: "改用当前视角", en: "Look again from here" },
  lookedAgain: { zh: "这一站改用当前视角。", en: "The stop is now seen from here." },
  goToStop: { zh: "转到这一站", en: "Go to the stop" },
  narration: { zh: "解说录音", en: "Narration" },
  narrationNone: { zh: "没有录音", en: "No recording" },
  narrationEmpty: {
    zh: "素材库里还没有声音。上传录音后可在这里选用。",
    en: "The library has no sound yet. Upload a recording to choose it here.",
  },
  stay: { zh: "停留时间", en: "Time to stay" },
  stayUnit: { zh: "秒", en: "s" },
  stayAuto: { zh: "自动：{seconds}", en: "by itself: {seconds}" },
  stayHint: {
    zh: "留空则按解说词的阅读时间，或到录音结束。",
    en: "Empty: as long as the caption takes to read, or until the narration ends.",
  },
  tourFields: { zh: "导览信息", en: "The tour" },
  removeTour: { zh: "移除导览", en: "Remove the tour" },
  tourEarlier: { zh: "导览提前", en: "Tour earlier in the list" },
  tourLater: { zh: "导览推后", en: "Tour later in the list" },
} as const satisfies Record<string, Entry>;

type Words = typeof DIRECT_CATALOGUE;

/** The texts that need no values. */
export type DirectTextKey = {
  [K in keyof Words]: Words[K]["en"] extends `${string}{${string}` ? never : K;
}[keyof Words];

export const directText = translator(DIRECT_CATALOGUE);
