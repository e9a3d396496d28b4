import { type Entry, translator } from "../../ui/i18n.ts";

/** The texts about where things are put. */
export const PLACE_CATALOGUE = {
  plinth: { zh: "展台", en: "Plinth" },
  vitrine: { zh: "展柜", en: "Showcase" },
  panel: { zh: "墙面", en: "Wall" },
  screen: { zh: "屏幕", en: "Screen" },
  numbered: { zh: "{kind} {number}", en: "{kind} {number}" },
  away: { zh: "{place}（{metres} 米外）", en: "{place}, {metres} m away" },
  tooTall: { zh: "{place}：高出 {length}", en: "{place}: too tall by {length}" },
  tooWide: { zh: "{place}：宽出 {length}", en: "{place}: too wide by {length}" },
  centimetres: { zh: "{number} 厘米", en: "{number} cm" },
  putOn: { zh: "放到展位…", en: "Put on…" },
  row: { zh: "挂成一排", en: "Hang in a row" },
  rowLine: { zh: "对齐线", en: "In line" },
  rowCentre: { zh: "中心线", en: "Their middles" },
  rowTop: { zh: "上沿", en: "Their tops" },
  rowBottom: { zh: "下沿", en: "Their bottoms" },
  rowHeight: { zh: "线高（离地）", en: "Line above the floor" },
  rowGap: { zh: "间距", en: "Gaps" },
  rowWidth: { zh: "总宽", en: "Width in all" },
  rowNow: { zh: "视线高度，等间距", en: "At eye height, equal gaps" },
  cm: { zh: "厘米", en: "cm" },
  hungNow: { zh: "{title}：中心离地 {height}", en: "{title}: its middle is {height} above the floor" },
  freePlaces: { zh: "展位", en: "Places made for it" },
} as const satisfies Record<string, Entry>;

export const placeText = translator(PLACE_CATALOGUE);
