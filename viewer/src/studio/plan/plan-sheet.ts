import type { Lang } from "../../document/text.ts";
import type { SheetGroup } from "../shortcuts.ts";
import { planText } from "./i18n.ts";
import { TOOLS } from "./tool-strip.ts";

const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];

/** The keys of the plan, as the sheet shows them: plan-keys.ts hears them while the drawing has the focus. */
export function planSheet(lang: Lang): SheetGroup {
  return {
    title: planText(lang, "keysPlan"),
    rows: [
      ...TOOLS.map(({ key, words }) => ({ keys: [key], does: planText(lang, words) })),
      { keys: ARROWS, does: planText(lang, "keyMove") },
      { keys: ["Enter"], does: planText(lang, "keyEnter") },
      { keys: ["BracketLeft", "BracketRight"], does: planText(lang, "keyTurn") },
      { keys: ["Delete"], does: planText(lang, "keyRemove") },
      { keys: ["Equal", "Minus", "0"], does: planText(lang, "keyZoom") },
      { keys: ["Escape"], does: planText(lang, "keyEscape") },
    ],
  };
}
