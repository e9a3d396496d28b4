import { furnitureNumber } from "../../document/furniture.ts";
import type { Furnishing } from "../../document/schema.ts";
import { type Entry, type Lang, type PlainKey, translator } from "../../ui/i18n.ts";

/** The texts of furniture and of the room, in both languages. */
export const ROOM_CATALOGUE = {
  furniture: { zh: "展具", en: "Furniture" },
  furnitureHint: {
    zh: "拖进展厅，或点“放到这里”。展具会随空间一起搭建。",
    en: "Drag it into the hall, or press “Place here”. It is built together with the room.",
  },
  furnitureHide: { zh: "收起展具", en: "Hide the furniture" },
  furnitureShow: { zh: "展开展具", en: "Show the furniture" },
  strips: { zh: "可以放入展厅的", en: "What can be put into the hall" },
  noFloor: { zh: "这里没有可以放它的地面。", en: "There is no floor here to put it on." },
  noWall: { zh: "这里没有可以挂它的墙。", en: "There is no wall here to hang it on." },

  plinth: { zh: "展台", en: "Plinth" },
  platform: { zh: "地台", en: "Platform" },
  vitrine: { zh: "展柜", en: "Vitrine" },
  panel: { zh: "墙面展板", en: "Wall panel" },
  standing_panel: { zh: "立式展板", en: "Standing panel" },
  screen: { zh: "屏幕", en: "Screen" },
  bench: { zh: "长凳", en: "Bench" },
  lamp: { zh: "吊灯", en: "Lamp" },
  numbered: { zh: "{kind} {number}", en: "{kind} {number}" },

  width: { zh: "宽", en: "Width" },
  depth: { zh: "深", en: "Depth" },
  height: { zh: "高", en: "Height" },
  baseHeight: { zh: "台座高", en: "Height of its base" },
  faceHeight: { zh: "板面高", en: "Height of its face" },
  aboveFloor: { zh: "离地", en: "Above the floor" },
  lowerEdge: { zh: "下沿离地", en: "Lower edge above the floor" },
  room: { zh: "空间", en: "The room" },
  template: { zh: "空间模板", en: "Template" },
  number: { zh: "数目", en: "number" },
  ownModel: { zh: "现有的模型", en: "The present model" },
  ownPlan: { zh: "自己画的平面", en: "As drawn on the plan" },
  mustBuild: {
    zh: "空间或展具有改动，发布前须重新搭建空间。",
    en: "Its walls or furniture have changed: it must be built before visitors see it.",
  },
  buildRoom: { zh: "搭建空间", en: "Build the room" },
  cancelBuild: { zh: "取消搭建", en: "Cancel" },
  buildQueued: { zh: "正在等待搭建…", en: "Waiting to be built…" },
  building: { zh: "正在搭建空间、计算光照…", en: "The room is being built, and its light is baked…" },
  isBuilt: { zh: "空间已搭好。", en: "The room is built." },
  buildFailed: { zh: "搭建未成功：{message}", en: "It could not be built: {message}" },
  rough: { zh: "粗略光照；发布时计算真实光照。", en: "Rough light; it is baked when you publish." },
  roomProblem: { zh: "空间未能按此改变：{message}", en: "The room could not be changed: {message}" },
  outside: {
    zh: "不在新空间范围内：{names}。它们都还在，请移进来。",
    en: "Outside the new room: {names}. They are all kept; move them in.",
  },
  lostDoors: { zh: "有门会消失", en: "Doors would go" },
  lostDoorsNamed: {
    zh: "新空间没有这些门：{names}。它们的标题与通往的展厅会一起去掉；可以撤销。",
    en: "The new room does not have these doors: {names}. Their titles go with them, and where they lead. It can be undone.",
  },
  lostDoorsKeep: { zh: "保留现在的空间", en: "Keep the present room" },
  lostDoorsGo: { zh: "仍然改变", en: "Change it all the same" },
  light: { zh: "灯光与背景", en: "Light and background" },
  lightHint: {
    zh: "照亮展品；空间的光照在搭建时计算。",
    en: "It lights exhibits. The room’s own light is baked when it is built.",
  },
  keyStrength: { zh: "主光强度", en: "Strength of the key light" },
  keyColour: { zh: "主光颜色", en: "Its colour" },
  background: { zh: "背景色", en: "Background" },

  seatHeight: { zh: "座面高", en: "Height of its seat" },
  shadeWidth: { zh: "灯罩宽", en: "Width of its shade" },
  drop: { zh: "垂下", en: "Hangs down by" },
  hangsAt: { zh: "悬挂处离地", en: "It hangs from" },
  carry: { zh: "上面的展品一起移动", en: "What is on it moves along" },
  carries: { zh: "上面有：{names}", en: "On it: {names}" },

  hintTop: {
    zh: "台面离地 {length}；坐轮椅的观众和儿童能看清的高度不超过 {case_most} 厘米。",
    en: "Its top is at {length}; children and visitors in wheelchairs see what stands up to {case_most} cm.",
  },
  hintCase: {
    zh: "台座离地 {length}；可绕行的展柜台面宜在 {case_top} 厘米之间，俯视的展柜不超过 {look_into_top} 厘米。",
    en: "Its base ends at {length}; a case to walk around is {case_top} cm high, one to look into at most {look_into_top} cm.",
  },
  hintLabel: {
    zh: "说明牌上沿离地 {length}；宜不超过 {label_rail_top} 厘米。",
    en: "The top of its label is at {length}; up to {label_rail_top} cm all can read it.",
  },
  hintCane: {
    zh: "下沿离地 {length}，盲杖探测不到；宜不高于 {cane} 厘米，或高于 {headroom} 厘米。",
    en: "It begins at {length}, where a white cane does not find it: up to {cane} cm, or from {headroom} cm on.",
  },
  hintMiddle: {
    zh: "中心离地 {length}；通常为 {picture_centre} 厘米。",
    en: "Its middle is at {length}; usual are {picture_centre} cm.",
  },
  hintClear: {
    zh: "前面没有 76 × 122 厘米的空地，轮椅停不下。",
    en: "No clear floor of 76 × 122 cm before it: a wheelchair cannot stop there.",
  },
  hintsGood: { zh: "高度与前方空地都合适。", en: "Its height and the floor before it suit everyone." },
} as const satisfies Record<string, Entry>;

export type RoomTextKey = PlainKey<typeof ROOM_CATALOGUE>;

export const roomText = translator(ROOM_CATALOGUE);

/** What a piece is called: its kind, with a number from the second of it on. */
export function furnitureName(id: string, { kind }: Furnishing, lang: Lang): string {
  const number = furnitureNumber(id);
  const name = roomText(lang, kind);
  return number === 1 ? name : roomText(lang, "numbered", { kind: name, number });
}
