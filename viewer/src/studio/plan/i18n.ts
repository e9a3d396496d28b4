import { type Entry, translator } from "../../ui/i18n.ts";

/** The texts of the plan, in both languages. */
export const PLAN_CATALOGUE = {
  plan: { zh: "平面图", en: "Plan" },
  planOfHall: { zh: "展厅平面图", en: "Plan of the hall" },
  wholePlan: { zh: "整个平面", en: "The whole plan" },
  planFacts: { zh: "{rooms} 个房间，共 {area} 平方米", en: "Rooms: {rooms}; {area} m² together" },
  allWalls: { zh: "全部墙体", en: "All walls" },
  keysHint: {
    zh: "键盘：Tab 逐个选中，方向键移动 10 厘米（Shift 为 1 米，Alt 为 1 厘米），回车填写尺寸，Delete 移除，0 显示全部。绘图时，方向键移动光标，回车即点击。",
    en: "By keys: Tab goes from part to part, arrows move it by 10 cm (Shift: 1 m, Alt: 1 cm), Enter leads to its measures, Delete removes it, 0 shows all. While drawing, arrows move the cursor and Enter clicks.",
  },
  zoomIn: { zh: "放大", en: "Closer" },
  zoomOut: { zh: "缩小", en: "Farther" },
  fitPlan: { zh: "显示全部", en: "Show all of it" },
  entrance: { zh: "观众入口", en: "Visitors come in here" },
  startHint: {
    zh: "观众从这里进入展厅。拖动它，或用方向键移动；看向哪里，在三维展厅中设定。",
    en: "Visitors come in here. Drag it, or move it with the arrow keys; what they look at is set in the hall in 3D.",
  },

  begin: { zh: "自己绘制房间", en: "Draw your own rooms" },
  noPlan: {
    zh: "这个展厅的建筑不是画出来的。展品可以在这里移动，灯光与声音区域可以在这里划定。",
    en: "This hall’s room was not drawn here. Exhibits can be moved on it, and zones of light and sound drawn.",
  },
  noPlanHint: {
    zh: "想要自己的房间？可以用一张新的平面图代替现在的建筑。",
    en: "Do you want rooms of your own? A plan can take the place of the present building.",
  },
  beginWhat: {
    zh: "平面图将代替现在的建筑，原建筑的门和展位随之取消。展品、注释、导览和灯光都保留。",
    en: "The plan takes the place of the present building; its doors and its places for exhibits go. Exhibits, notes, tours and light stay.",
  },
  beginUndo: {
    zh: "可以撤销。观众要到下次发布后才会看到新房间。",
    en: "It can be undone. Visitors see the new rooms only when the hall is published again.",
  },
  beginEmpty: { zh: "从空白开始", en: "Begin empty" },
  beginSized: { zh: "从同样大小的房间开始", en: "Begin with a room as large" },
  cancel: { zh: "取消", en: "Cancel" },

  tools: { zh: "绘图工具", en: "Drawing tools" },
  select: { zh: "选择", en: "Choose" },
  room: { zh: "房间", en: "Room" },
  wall: { zh: "墙", en: "Wall" },
  door: { zh: "门", en: "Door" },
  passage: { zh: "门洞", en: "Passage" },
  window: { zh: "窗", en: "Window" },
  platform: { zh: "地台", en: "Platform" },
  steps: { zh: "台阶", en: "Steps" },
  ramp: { zh: "坡道", en: "Ramp" },
  zone: { zh: "光声区域", en: "Zone" },

  hintSelect: {
    zh: "点击选择，拖动移动；按 Alt 不自动对齐。拖动空处平移，滚轮缩放。",
    en: "Click to choose, drag to move; Alt moves freely. Drag the sheet to shift it, the wheel zooms.",
  },
  hintRoom: {
    zh: "拖出一个矩形即成房间；也可先点一角，再输入“6x4”并回车。",
    en: "Drag a rectangle: that is a room. Or click one corner, type 6x4, press Enter.",
  },
  hintWall: {
    zh: "逐点点击画墙；输入长度如“4.5”后回车。回到起点即合围，按 Esc 结束。",
    en: "Click from point to point; or type a length such as 4.5, then Enter. Close at the first point; Esc ends.",
  },
  hintDoor: {
    zh: "点击一面墙放门。门通往别的展厅；房间之间请用门洞。",
    en: "Click a wall. A door leads to another hall; between rooms, use a passage.",
  },
  hintPassage: { zh: "点击一面墙，在房间之间开门洞。", en: "Click a wall: visitors walk through there." },
  hintWindow: { zh: "点击一面墙放窗。", en: "Click a wall to put a window into it." },
  hintPlatform: {
    zh: "拖出一个矩形即成地台；高度在右侧填写。",
    en: "Drag a rectangle: that is a raised floor. Its height is at the right.",
  },
  hintSteps: {
    zh: "在地台边点击，台阶就通上地台；按 [ 或 ] 转动。",
    en: "Click beside a platform: steps lead up to it. [ and ] turn them.",
  },
  hintRamp: {
    zh: "在地台边点击，坡道就通上地台；按 [ 或 ] 转动。",
    en: "Click beside a platform: a ramp leads up to it. [ and ] turn it.",
  },
  hintZone: {
    zh: "拖出一个矩形，这里可以有自己的声音和亮度。",
    en: "Drag a rectangle: there, sound and light can be different.",
  },
  tooShort: { zh: "墙至少长 0.3 米。", en: "A wall is at least 0.3 m long." },
  noWall: { zh: "这里没有墙，请点击一面墙。", en: "There is no wall. Click a wall." },
  noRoom: { zh: "这面墙已放不下。", en: "This wall has no room for it." },
  notSplit: {
    zh: "这里不能拆分：墙太短，或中间是门窗。",
    en: "It cannot be split there: it is too short, or an opening is in its middle.",
  },
  wallsOfOthers: {
    zh: "这个房间的墙也是其他房间的墙，没有移除。请逐面移除墙。",
    en: "All its walls are walls of other rooms too: nothing was removed. Remove walls one by one.",
  },
  removed: { zh: "已移除。可以撤销。", en: "Removed. It can be undone." },

  cornerAt: { zh: "墙角：左右 {x} 米，前后 {z} 米", en: "Corner: {x} m left–right, {z} m front–back" },
  area: { zh: "{area} 平方米", en: "{area} m²" },
  m: { zh: "米", en: "m" },
  degrees: { zh: "度", en: "°" },
  kind: { zh: "类型", en: "Kind" },
  length: { zh: "长度", en: "Length" },
  wallHeight: { zh: "高度", en: "Height" },
  thickness: { zh: "厚度", en: "Thickness" },
  width: { zh: "宽度", en: "Width" },
  height: { zh: "高度", en: "Height" },
  sill: { zh: "窗台高", en: "Sill above the floor" },
  fromStart: { zh: "距墙起点", en: "From the wall’s start" },
  leadsTo: { zh: "通往哪个展厅", en: "Where it leads" },
  doorTitle: { zh: "门的名称", en: "Name of the door" },
  across: { zh: "左右", en: "Left–right" },
  along: { zh: "前后", en: "Front–back" },
  sizeAcross: { zh: "左右宽", en: "Wide, left–right" },
  sizeAlong: { zh: "前后深", en: "Deep, front–back" },
  rise: { zh: "升高", en: "Rises by" },
  run: { zh: "平面长度", en: "Length on the plan" },
  turn: { zh: "朝向", en: "Turned by" },
  tooSteep: {
    zh: "坡度超过 1:12，轮椅难以通行。请加长坡道。",
    en: "It is steeper than 1 in 12: too steep for a wheelchair. Make it longer.",
  },
  splitWall: { zh: "从中间拆成两段", en: "Split in the middle" },
  remove: { zh: "移除", en: "Remove" },

  usual: { zh: "默认", en: "As usual" },
  floor: { zh: "地面", en: "Floor" },
  walls: { zh: "墙面", en: "Walls" },
  ceiling: { zh: "顶面", en: "Ceiling" },
  light: { zh: "灯光", en: "Light" },
  floorOak: { zh: "橡木地板", en: "oak floor" },
  floorGranite: { zh: "花岗石地面", en: "granite floor" },
  floorBrick: { zh: "红砖地面", en: "brick floor" },
  floorPaving: { zh: "石板地面", en: "paved floor" },
  floorConcrete: { zh: "混凝土地面", en: "concrete floor" },
  wallsWhite: { zh: "白墙", en: "white walls" },
  wallsGrey: { zh: "灰墙", en: "grey walls" },
  wallsDark: { zh: "深色墙", en: "dark walls" },
  wallsBrick: { zh: "砖墙", en: "brick walls" },
  wallsStone: { zh: "石墙", en: "stone walls" },
  wallsEarth: { zh: "夯土墙", en: "rammed earth walls" },
  ceilingWhite: { zh: "白色吊顶", en: "white ceiling" },
  ceilingTimber: { zh: "木构顶", en: "timber ceiling" },
  ceilingSkylight: { zh: "天窗", en: "skylight" },
  ceilingOpen: { zh: "露天", en: "open to the sky" },
  lightEven: { zh: "均匀照明", en: "even light" },
  lightSpots: { zh: "射灯", en: "spotlights" },
  lightDim: { zh: "低照度", en: "dim light" },

  zoneTitle: { zh: "区域名称", en: "Name of the zone" },
  sound: { zh: "声音", en: "Sound" },
  noSound: { zh: "没有声音", en: "No sound" },
  soundsFailed: { zh: "素材库未能载入，请稍后重试。", en: "The library could not be loaded. Try again later." },
  caption: { zh: "声音说明", en: "What is heard, in words" },
  captionNeeded: {
    zh: "请用中文和英文写明听到什么，让听不见的观众也能知道。",
    en: "Write in both languages what is heard, for visitors who do not hear it.",
  },
  brightness: { zh: "亮度", en: "Brightness" },
  ownLight: { zh: "这里有自己的亮度", en: "Its own brightness here" },
} as const satisfies Record<string, Entry>;

type Words = typeof PLAN_CATALOGUE;

/** The texts that need no values. */
export type PlanTextKey = {
  [K in keyof Words]: Words[K]["en"] extends `${string}{${string}` ? never : K;
}[keyof Words];

export const planText = translator(PLAN_CATALOGUE);
