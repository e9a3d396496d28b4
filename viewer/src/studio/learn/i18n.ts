import { type Entry, translator } from "../../ui/i18n.ts";

/** The texts of the first steps. */
export const LEARN_CATALOGUE = {
  firstSteps: { zh: "入门五步", en: "First steps" },
  firstStepsAgain: { zh: "再看入门五步", en: "Show the first steps" },
  skip: { zh: "不再显示", en: "Skip" },
  stepDone: { zh: "已完成", en: "Done" },
  put: { zh: "放入一件展品", en: "Put something in" },
  putHow: {
    zh: "从下方藏品库中拖进展厅，或选中后点击“放到这里”。",
    en: "Drag it from the strip below into the hall, or choose it and press “Place here”.",
  },
  move: { zh: "移动并转动", en: "Move and turn it" },
  moveHow: {
    zh: "在画面中拖动；脚下的圆环用来转动。方向键每次移动一厘米。",
    en: "Drag it in the picture; the ring at its foot turns it. Arrow keys move it by a centimetre.",
  },
  write: { zh: "写说明牌", en: "Write its label" },
  writeHow: {
    zh: "在右侧填写中文与英文，参观者读到的就是这些文字。",
    en: "Fill in Chinese and English at the right: visitors read just that.",
  },
  look: { zh: "从入口看一看", en: "Look from the entrance" },
  lookHow: {
    zh: "点击画面上方带箭头的“入口”按钮，或按 5。",
    en: "Press “Entrance” above the picture, the button with the arrow, or 5.",
  },
  publish: { zh: "检查并发布", en: "Check and publish" },
  publishHow: {
    zh: "右上角的“发布”会先列出需要留意的地方，并带您前往。",
    en: "“Publish”, top right, first lists what needs attention, and takes you there.",
  },
  allDone: { zh: "五步都完成了。按问号键可查看全部按键。", en: "All five are done. The question mark shows all keys." },
} as const satisfies Record<string, Entry>;

export const learnText = translator(LEARN_CATALOGUE);
