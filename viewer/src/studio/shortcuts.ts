import type { Lang } from "../document/text.ts";
import { h } from "../ui/dom.ts";
import { iconButton } from "./fields.ts";
import { type StudioTextKey, studioText } from "./i18n.ts";

type Row = readonly [keys: readonly string[] | StudioTextKey, does: StudioTextKey];

const GROUPS: readonly (readonly [StudioTextKey, readonly Row[]])[] = [
  [
    "keysMove",
    [
      [["←", "→", "↑", "↓"], "keyNudge"],
      [["Shift + ←"], "keyFar"],
      [["Page Up", "Page Down"], "keyRaise"],
      [["[", "]"], "keyTurn"],
      [["Ctrl + D"], "duplicate"],
      [["Delete"], "remove"],
      [["Ctrl + G"], "keyGroup"],
      [["Ctrl + Shift + G"], "keyUngroup"],
      [["L"], "keyLock"],
      [["N", "Shift + N"], "keyNext"],
      [["Ctrl + A"], "keyAll"],
    ],
  ],
  [
    "keysView",
    [
      [["W", "A", "S", "D"], "keyWalk"],
      [["Q", "E"], "keyUpDown"],
      [["←", "→", "↑", "↓"], "keyOrbit"],
      [["+", "−"], "keyZoom"],
      [["1", "2", "3", "4", "5"], "keyViews"],
      [["F"], "fit"],
    ],
  ],
  [
    "keysGeneral",
    [
      [["Ctrl + Z"], "undoing"],
      [["Ctrl + Shift + Z"], "redoing"],
      [["P"], "toolNote"],
      [["Ctrl + F", "/"], "keyFind"],
      [["Esc"], "keyEscape"],
      [["?"], "keyHelp"],
    ],
  ],
  [
    "keysMouse",
    [
      ["mouseDrag", "mouseDragDoes"],
      ["mouseRoom", "mouseRoomDoes"],
      ["mouseRight", "mouseRightDoes"],
      ["wheel", "keyZoom"],
      ["mouseShift", "mouseShiftDoes"],
      ["mouseDouble", "fit"],
    ],
  ],
];

/** The sheet of all keys. */
export function shortcutSheet(lang: Lang): HTMLDialogElement {
  const sheet: HTMLDialogElement = h(
    "dialog.st-dialog.st-shortcuts",
    { "aria-label": studioText(lang, "helpOpen") },
    h(
      "header",
      {},
      h("h2", {}, studioText(lang, "helpOpen")),
      iconButton(studioText(lang, "close"), "close", () => sheet.close()),
    ),
    h(
      "div.st-shortcut-groups",
      {},
      ...GROUPS.map(([name, rows]) =>
        h(
          "section",
          {},
          h("h3", {}, studioText(lang, name)),
          h(
            "dl",
            {},
            ...rows.map(([keys, does]) =>
              h(
                "div",
                {},
                h(
                  "dt",
                  {},
                  ...(typeof keys === "string"
                    ? [studioText(lang, keys as StudioTextKey)]
                    : keys.map((key) => h("kbd", {}, key))),
                ),
                h("dd", {}, studioText(lang, does)),
              ),
            ),
          ),
        ),
      ),
    ),
  );
  return sheet;
}
