import { type Entry, translator } from "../ui/i18n.ts";

export const ASSET_CATALOGUE = {
  picture: { zh: "藏品的三维模型", en: "The asset in 3D" },
  pictureHelp: {
    zh: "方向键转动视角，加号和减号拉近、拉远。选点时方向键移动十字线（加 Shift 微调），回车键选取，Esc 取消。",
    en: "Arrow keys turn the view, plus and minus come closer and go away. While a point is picked, arrow keys move the cross, with Shift finely; Enter picks, Esc gives up.",
  },
  loading: { zh: "正在载入模型…", en: "Loading the model…" },
  failed: {
    zh: "模型未能载入，请检查网络后刷新页面。",
    en: "The model could not be loaded. Check the connection, then load the page again.",
  },
  tools: { zh: "量与转", en: "Measure and turn" },
  measure: { zh: "两点定标", en: "Scale by two points" },
  face: { zh: "选底面", en: "This face is the floor" },
  plane: { zh: "三点定地面", en: "Three points of the floor" },
  turns: { zh: "转 90°", en: "Quarter turns" },
  forward: { zh: "向前", en: "Forward" },
  back: { zh: "向后", en: "Back" },
  left: { zh: "向左", en: "Left" },
  right: { zh: "向右", en: "Right" },
  aroundLeft: { zh: "原地向左", en: "Around to the left" },
  aroundRight: { zh: "原地向右", en: "Around to the right" },
  undoTurn: { zh: "不转", en: "As it was" },
  asPictured: { zh: "如图中所示", en: "As in the picture" },
  betweenPoints: { zh: "两点之间的距离", en: "The distance between two points" },
  firstPoint: { zh: "请点选第一点。", en: "Pick the first point." },
  secondPoint: { zh: "请点选第二点，越远越准。", en: "Pick the second point: the farther, the better." },
  pointsPicked: {
    zh: "两点已选好，请填写它们之间的真实长度。",
    en: "Both points are picked. Write the real length between them.",
  },
  pickFace: { zh: "请点选应当朝下的面。", en: "Pick the face that should lie on the floor." },
  pickFloor: {
    zh: "请点选应在地面上的三点（已选 {count} 点）。",
    en: "Pick three points that should be on the floor ({count} picked).",
  },
  onOneLine: { zh: "三点在一条直线上，请重选。", en: "The three points lie on one line. Pick them once more." },
  missed: { zh: "这里没有碰到模型，请再选一次。", en: "Nothing of the model is there. Pick once more." },
  turned: { zh: "图中已转正；查看结果后再更改。", en: "Turned in the picture. See what will change, then change it." },
  turnFirst: {
    zh: "图中转动过：请先更改朝向，再选角度。",
    en: "It is turned in the picture: change how it stands first, then choose the view.",
  },
  noPicking: {
    zh: "高斯泼溅没有可选点的表面；请用总宽、总高或总深定标。",
    en: "Splats have no surface on which points could be picked. Scale them by their whole width, height or depth.",
  },
  noScale: { zh: "没有真实尺寸", en: "It has no scale" },
  size: {
    zh: "长 {length} × 宽 {width} × 高 {height} 厘米",
    en: "{length} × {width} × {height} cm (L × W × H)",
  },
  outcome: { zh: "放大 {factor} 倍，之后：{size}", en: "Factor {factor}; afterwards {size}" },
} as const satisfies Record<string, Entry>;

export const assetText = translator(ASSET_CATALOGUE);
