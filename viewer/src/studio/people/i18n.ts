import { type Entry, translator } from "../../ui/i18n.ts";

/** What a curator reads of the others who edit the hall, in both languages. */
export const peopleText = translator({
  someone: { zh: "另一位策展人", en: "Someone else" },
  alsoHere: {
    zh: "{name}正在编辑{thing}。您可以继续；如果改到同一处，会请您选择保留谁的。",
    en: "{name} is working on {thing}. You can go on; where you both change the same, you will be asked whose to keep.",
  },
  understood: { zh: "知道了", en: "All right" },
  you: { zh: "您", en: "You" },
  chooseEach: {
    zh: "请为每一项选择保留谁的改动。",
    en: "Choose for each whose change to keep.",
  },
  useMine: { zh: "用我的", en: "Use mine" },
  useTheirs: { zh: "用{name}的", en: "Use {name}’s" },
  done: { zh: "完成", en: "Done" },
  stopOf: { zh: "{tour}第 {number} 站", en: "stop {number} of {tour}" },
  hall: { zh: "展厅", en: "the hall" },

  added: { zh: "新增", en: "Added" },
  removed: { zh: "移除", en: "Removed" },
  gone: { zh: "没有了", en: "It is gone" },
  asBefore: { zh: "没有改动", en: "Not changed" },
  movedTo: {
    zh: "移到：左右 {across} 米，前后 {along} 米，高 {height} 米",
    en: "Moved to {across} m left–right, {along} m front–back, {height} m high",
  },
  movedBy: { zh: "（离原处 {metres} 米）", en: " ({metres} m from where it was)" },
  turnedTo: { zh: "朝向 {degrees}°", en: "Turned to {degrees}°" },
  scaledTo: { zh: "放大到 {factor} 倍", en: "Scaled to ×{factor}" },
  measure: { zh: "{field} {metres} 米", en: "{field}: {metres} m" },
  value: { zh: "{field}：{value}", en: "{field}: {value}" },
  words: { zh: "{field}（{language}）：{words}", en: "{field} ({language}): {words}" },
  zh: { zh: "中文", en: "Chinese" },
  en: { zh: "英文", en: "English" },
  noWords: { zh: "（空）", en: "(empty)" },
  nothing: { zh: "无", en: "none" },
  otherView: { zh: "更换了视角", en: "Another view" },
  fieldChanged: { zh: "改动了{field}", en: "Changed: {field}" },
  fieldRemoved: { zh: "去掉了{field}", en: "Taken away: {field}" },
  locked: { zh: "锁定", en: "Locked" },
  unlocked: { zh: "解锁", en: "Unlocked" },
  first: { zh: "排到最前", en: "Moved to the front" },
  after: { zh: "排到“{title}”之后", en: "Moved behind “{title}”" },
});

/** What the fields of a document are called. */
const FIELDS: Readonly<Record<string, Entry>> = {
  title: { zh: "标题", en: "Title" },
  label: { zh: "说明", en: "Label" },
  summary: { zh: "简介", en: "Summary" },
  credit: { zh: "署名", en: "Credit" },
  body: { zh: "内容", en: "Text" },
  text: { zh: "文字", en: "Text" },
  caption: { zh: "解说词", en: "Caption" },
  address: { zh: "网址", en: "Address" },
  width_m: { zh: "宽", en: "Width" },
  height_m: { zh: "高", en: "Height" },
  depth_m: { zh: "深", en: "Depth" },
  thickness_m: { zh: "厚", en: "Thickness" },
  year: { zh: "年份", en: "Year" },
  from_year: { zh: "起始年份", en: "First year" },
  to_year: { zh: "结束年份", en: "Last year" },
  subject: { zh: "类别", en: "Subject" },
  placement: { zh: "展品", en: "Exhibit" },
  note: { zh: "注释", en: "Note" },
  chapter: { zh: "章节", en: "Chapter" },
  asset: { zh: "素材", en: "Asset" },
  picture: { zh: "图片", en: "Picture" },
  sound: { zh: "声音", en: "Sound" },
  narration: { zh: "讲解录音", en: "Narration" },
  hall: { zh: "通往的展厅", en: "Hall behind it" },
  view: { zh: "视角", en: "View" },
  seconds: { zh: "停留秒数", en: "Seconds to stay" },
  ambient: { zh: "环境光", en: "Ambient light" },
  background: { zh: "背景色", en: "Background" },
  variants: { zh: "形态", en: "Shapes" },
  process: { zh: "步骤", en: "Steps" },
  building: { zh: "空间", en: "Room" },
};

const OTHER: Entry = { zh: "其他设置", en: "Other settings" };

export function fieldName(key: string, lang: "zh" | "en"): string {
  return (FIELDS[key] ?? OTHER)[lang];
}
