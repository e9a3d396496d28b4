import type { Lang } from "../../document/text.ts";
import type { SheetGroup } from "../shortcuts.ts";
import { directText } from "./i18n.ts";

/** The keys of tours, as the sheet shows them: on foot visitor-camera.ts hears them, on the strip of steps tour-strip.ts. */
export function tourSheet(lang: Lang): SheetGroup {
  return {
    title: directText(lang, "keysTours"),
    rows: [
      { keys: ["W", "A", "S", "D"], does: directText(lang, "keyWalk") },
      { keys: ["ArrowLeft", "ArrowRight"], does: directText(lang, "keyTurn") },
      { keys: ["PageUp", "PageDown"], does: directText(lang, "keyTilt") },
      { keys: ["Home"], does: directText(lang, "keyEntrance") },
      { keys: ["R", "Enter"], does: directText(lang, "keyStop") },
      { keys: ["C"], does: directText(lang, "keyCaption") },
      { keys: ["Alt+ArrowLeft", "Alt+ArrowRight"], does: directText(lang, "keyReorder") },
      { keys: ["Ctrl+D"], does: directText(lang, "keyDuplicate") },
      { keys: ["Delete"], does: directText(lang, "keyRemove") },
      { keys: ["Escape"], does: directText(lang, "keyBack") },
    ],
  };
}
