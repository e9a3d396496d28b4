import { COMMAND_NAMES, type CommandName } from "../document/commands/names.ts";
import { type Entry, type Lang, translator } from "../ui/i18n.ts";

/** The studio's texts in both languages; a visit does not carry them. */
export const WORDS = {
  undo: { zh: "撤销：{name}", en: "Undo: {name}" },
  redo: { zh: "重做：{name}", en: "Redo: {name}" },
  saved: { zh: "已保存", en: "Saved" },
  saving: { zh: "正在保存…", en: "Saving…" },
  offline: {
    zh: "连接已断开。您的修改保存在这台电脑的浏览器里，恢复连接后会自动上传。",
    en: "No connection. Your changes are kept in this browser and will be saved when the connection is back.",
  },
  keptRecent: {
    zh: "浏览器的存储空间已满：未保存的修改已保留，但重新打开后只能撤销最近的操作。",
    en: "This browser’s storage is full: unsaved changes are kept, but after a reload only the latest steps can be undone.",
  },
  keptEditsOnly: {
    zh: "浏览器的存储空间已满：未保存的修改已保留，但重新打开后无法撤销更早的操作。",
    en: "This browser’s storage is full: unsaved changes are kept, but after a reload earlier steps cannot be undone.",
  },
  keptNothing: {
    zh: "此浏览器不允许保存数据：请等到显示“已保存”之后再关闭本页。",
    en: "This browser keeps no data: close this page only when it says “Saved”.",
  },
  storageFull: { zh: "存储已满", en: "storage full" },
  conflict: {
    zh: "“{name}”未能保存：其他人同时修改了同一处。",
    en: "“{name}” was not saved: someone else has changed the same thing meanwhile.",
  },
  keepMine: { zh: "改回我的", en: "Use mine" },
  keepTheirs: { zh: "保留对方的", en: "Keep theirs" },
  renamed: {
    zh: "编号“{from}”已被他人使用，新增的一项改用“{to}”。",
    en: "Someone else has used the id “{from}”; your new one is “{to}”.",
  },
} as const satisfies Record<string, Entry>;

export type WordKey = keyof typeof WORDS;

export const word = translator(WORDS);

/** What commands are called in "undo <name>" and in the list of changes. */
const COMMANDS: Readonly<Record<CommandName, Entry>> = {
  "put-placement": { zh: "放入展厅", en: "Put into the hall" },
  "duplicate-placement": { zh: "复制", en: "Duplicate" },
  "remove-placement": { zh: "移除展品", en: "Remove exhibit" },
  "move-placement": { zh: "移动", en: "Move" },
  "turn-placement": { zh: "转动", en: "Turn" },
  "scale-placement": { zh: "改变比例", en: "Change scale" },
  "resize-placement": { zh: "改变宽度", en: "Change width" },
  "put-at-anchor": { zh: "放到展位", en: "Put at a place" },
  "hang-on-wall": { zh: "挂到墙上", en: "Hang on a wall" },
  "hang-at-eye-height": { zh: "挂到视平线高度", en: "Hang at eye height" },
  "hang-row": { zh: "挂成一排", en: "Hang in a row" },
  "align-placements": { zh: "对齐", en: "Align" },
  "distribute-placements": { zh: "均匀分布", en: "Distribute evenly" },
  "reorder-placements": { zh: "调整展品顺序", en: "Change the order of exhibits" },
  "change-subject": { zh: "更改题材", en: "Change subject" },
  "change-shapes": { zh: "更改形态与步骤", en: "Change shapes and steps" },
  "write-title": { zh: "修改标题", en: "Write title" },
  "write-label": { zh: "修改说明牌", en: "Write label" },
  "write-text": { zh: "修改文字", en: "Write text" },
  "write-summary": { zh: "修改简介", en: "Write summary" },
  "write-credit": { zh: "修改署名", en: "Write credit" },
  "write-body": { zh: "修改注释正文", en: "Write note" },
  "write-caption": { zh: "修改解说词", en: "Write caption" },
  "add-note": { zh: "添加注释", en: "Add note" },
  "move-note": { zh: "移动注释标记", en: "Move note’s pin" },
  "attach-note": { zh: "更改注释所属展品", en: "Change the note’s exhibit" },
  "save-note-view": { zh: "保存注释视角", en: "Save the note’s view" },
  "change-note-picture": { zh: "更换注释图片", en: "Change the note’s picture" },
  "reorder-notes": { zh: "调整注释顺序", en: "Change the order of notes" },
  "remove-note": { zh: "移除注释", en: "Remove note" },
  "cite-sources": { zh: "更改参考文献标注", en: "Change cited sources" },
  "add-chapter": { zh: "添加章节", en: "Add chapter" },
  "change-chapter": { zh: "更改章节", en: "Change chapter" },
  "arrange-chapter": { zh: "调整章节展品", en: "Arrange chapter" },
  "reorder-chapters": { zh: "调整章节顺序", en: "Change the order of chapters" },
  "remove-chapter": { zh: "移除章节", en: "Remove chapter" },
  "add-milestone": { zh: "添加大事", en: "Add milestone" },
  "change-milestone": { zh: "更改大事", en: "Change milestone" },
  "remove-milestone": { zh: "移除大事", en: "Remove milestone" },
  "hang-timeline": { zh: "更改年表位置", en: "Hang timeline" },
  "add-tour": { zh: "添加导览", en: "Add tour" },
  "add-stop": { zh: "添加站点", en: "Add stop" },
  "change-stop": { zh: "更改站点", en: "Change stop" },
  "save-stop-view": { zh: "保存站点视角", en: "Save the stop’s view" },
  "reorder-stops": { zh: "调整站点顺序", en: "Change the order of stops" },
  "remove-stop": { zh: "移除站点", en: "Remove stop" },
  "reorder-tours": { zh: "调整导览顺序", en: "Change the order of tours" },
  "remove-tour": { zh: "移除导览", en: "Remove tour" },
  "add-zone": { zh: "添加区域", en: "Add zone" },
  "change-zone": { zh: "更改区域", en: "Change zone" },
  "remove-zone": { zh: "移除区域", en: "Remove zone" },
  "add-source": { zh: "添加参考文献", en: "Add source" },
  "change-source": { zh: "更改参考文献", en: "Change source" },
  "remove-source": { zh: "移除参考文献", en: "Remove source" },
  "lead-door": { zh: "更改门通往的展厅", en: "Change where a door leads" },
  "change-light": { zh: "调整灯光", en: "Change light" },
  "change-background": { zh: "更改背景色", en: "Change background" },
  "save-entrance": { zh: "更改入口视角", en: "Change the entrance" },
  "group-placements": { zh: "编组", en: "Group" },
  "ungroup-placements": { zh: "取消编组", en: "Ungroup" },
  "lock-placements": { zh: "锁定", en: "Lock" },
  "unlock-placements": { zh: "解锁", en: "Unlock" },
  "change-room": { zh: "更换展厅建筑", en: "Change the room" },

  // the plan
  "begin-plan": { zh: "开始绘制平面", en: "Begin a plan" },
  "add-walls": { zh: "添加墙", en: "Add walls" },
  "move-corner": { zh: "移动墙角", en: "Move a corner" },
  "move-wall": { zh: "移动墙", en: "Move wall" },
  "change-wall": { zh: "更改墙", en: "Change wall" },
  "split-wall": { zh: "拆分墙", en: "Split wall" },
  "remove-wall": { zh: "移除墙", en: "Remove wall" },
  "remove-room": { zh: "移除房间", en: "Remove room" },
  "add-opening": { zh: "添加门窗", en: "Add door or window" },
  "move-opening": { zh: "移动门窗", en: "Move door or window" },
  "change-opening": { zh: "更改门窗", en: "Change door or window" },
  "remove-opening": { zh: "移除门窗", en: "Remove door or window" },
  "change-room-look": { zh: "更改房间外观", en: "Change the look of a room" },
  "add-platform": { zh: "添加地台", en: "Add platform" },
  "change-platform": { zh: "更改地台", en: "Change platform" },
  "remove-platform": { zh: "移除地台", en: "Remove platform" },
  "add-stair": { zh: "添加台阶或坡道", en: "Add steps or ramp" },
  "change-stair": { zh: "更改台阶或坡道", en: "Change steps or ramp" },
  "remove-stair": { zh: "移除台阶或坡道", en: "Remove steps or ramp" },
  "add-furniture": { zh: "添加展具", en: "Add furniture" },
  "move-furniture": { zh: "移动展具", en: "Move furniture" },
  "turn-furniture": { zh: "转动展具", en: "Turn furniture" },
  "resize-furniture": { zh: "改变展具尺寸", en: "Change furniture’s size" },
  "duplicate-furniture": { zh: "复制展具", en: "Duplicate furniture" },
  "remove-furniture": { zh: "移除展具", en: "Remove furniture" },
  "change-building": { zh: "改变空间", en: "Change the room’s sizes" },
  "restore-version": { zh: "恢复旧版本", en: "Restore a version" },
};

/** Edits that no command of the studio makes. */
const OTHERS: Readonly<Record<string, Entry>> = { "build-room": { zh: "搭建空间", en: "Build the room" } };
/** Saved at the desk, or by the API. */
const ANY: Entry = { zh: "修改展厅", en: "Change the hall" };

/** The name of an edit for people, also of an undone one. */
export function editName(name: string, lang: Lang): string {
  const [, prefix, plain = name] = /^(undo|redo)-(.+)$/.exec(name) ?? [];
  const entry = (COMMAND_NAMES as readonly string[]).includes(plain) ? COMMANDS[plain as CommandName] : OTHERS[plain];
  const words = (entry ?? ANY)[lang];
  return prefix ? word(lang, prefix as "undo" | "redo", { name: words }) : words;
}
