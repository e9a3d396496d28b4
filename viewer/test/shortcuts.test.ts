// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from "vitest";
import { type KeyTargets, SHORTCUTS, shortcutFor, shortcutSheet, type Where } from "../src/studio/shortcuts.ts";
import { completeJsdom } from "./browser.ts";

beforeEach(() => completeJsdom());

const SHIFTED: Readonly<Record<string, string>> = { "?": "Slash" };
const RANK: readonly Where[] = ["canvas", "picture", "page", "fields"];

/** The key press of a name in the table, on a keyboard with the letters of English. */
function press(name: string): KeyboardEvent {
  const parts = name.split("+");
  const last = parts.at(-1) as string;
  const letter = /^[A-Z]$/.test(last);
  const code = letter
    ? `Key${last}`
    : /^\d$/.test(last)
      ? `Digit${last}`
      : (SHIFTED[last] ?? (last === "/" ? "Slash" : last));
  const shiftKey = parts.includes("Shift") || last === "?";
  const key = letter && !shiftKey ? last.toLowerCase() : last;
  return new KeyboardEvent("keydown", { key, code, shiftKey, ctrlKey: parts.includes("Ctrl") });
}

/** What is asked for, by name and values. */
function asked(name: string, from: Where, state: { choosing: boolean; pinning: boolean }): string | null {
  const said: string[] = [];
  const on = new Proxy(state, {
    get: (own, key) =>
      key in own ? own[key as "choosing"] : (...values: unknown[]) => said.push([String(key), ...values].join(" ")),
  }) as unknown as KeyTargets;
  const shortcut = shortcutFor(press(name), (where) => RANK.indexOf(where) >= RANK.indexOf(from), on);
  shortcut?.();
  return said[0] ?? null;
}

describe("every key of the sheet", () => {
  const all = SHORTCUTS.flatMap(([, shortcuts]) => shortcuts);
  const chosen = { choosing: true, pinning: false };
  const nothing = { choosing: false, pinning: false };
  const pinning = { choosing: true, pinning: true };

  it("asks for what its row is about, in the state that the row is for", () => {
    const found = all.map(({ does, where, keys }) => {
      const state = does === "keyAim" ? pinning : does === "keyOrbit" ? nothing : chosen;
      return [does, where, Object.keys(keys).map((name) => asked(name, where, state))];
    });
    expect(found).toEqual([
      ["keyNudge", "picture", ["nudge -0.01 0 0", "nudge 0.01 0 0", "nudge 0 -0.01 0", "nudge 0 0.01 0"]],
      ["keyFar", "picture", ["nudge -0.1 0 0", "nudge 0.1 0 0", "nudge 0 -0.1 0", "nudge 0 0.1 0"]],
      ["keyRaise", "picture", ["nudge 0 0 0.01", "nudge 0 0 -0.01"]],
      ["keyTurn", "page", ["turn -15", "turn 15"]],
      ["duplicate", "page", ["duplicate"]],
      ["remove", "page", ["remove"]],
      ["keyGroup", "page", ["group"]],
      ["keyUngroup", "page", ["ungroup"]],
      ["keyLock", "picture", ["toggleLock"]],
      ["keyNext", "picture", ["step 1", "step -1"]],
      ["keyAll", "page", ["chooseAll"]],
      ["keyWalk", "picture", ["hold KeyW", "hold KeyA", "hold KeyS", "hold KeyD"]],
      ["keyUpDown", "picture", ["hold KeyQ", "hold KeyE"]],
      ["keyOrbit", "picture", ["hold ArrowLeft", "hold ArrowRight", "hold ArrowUp", "hold ArrowDown"]],
      ["keyZoom", "picture", ["hold Equal", "hold Minus"]],
      ["keyViews", "picture", ["look 1", "look 2", "look 3", "look 4", "look 5"]],
      ["fit", "picture", ["fit"]],
      ["undoing", "fields", ["undo"]],
      ["redoing", "fields", ["redo"]],
      ["toolNote", "picture", ["pin"]],
      ["keyAim", "canvas", ["aim -8 0", "aim 8 0", "aim 0 -8", "aim 0 8", "pinThere"]],
      ["keyFind", "fields", ["find"]],
      ["keyFind", "page", ["find"]],
      ["keyEscape", "fields", ["escape"]],
      ["keyHelp", "page", ["help"]],
    ]);
  });

  it("does nothing where one writes, but for what acts everywhere (WCAG 2.1.4)", () => {
    const inFields = all.flatMap(({ keys, does }) =>
      Object.keys(keys)
        .filter((name) => asked(name, "fields", chosen) !== null)
        .map((name) => [does, name]),
    );
    expect(inFields).toEqual([
      ["undoing", "Ctrl+Z"],
      ["redoing", "Ctrl+Shift+Z"],
      ["keyFind", "Ctrl+F"],
      ["keyEscape", "Escape"],
    ]);
  });

  it("is on the sheet as it is written on a keyboard", () => {
    const sheet = shortcutSheet("en", [{ title: "The plan", rows: [{ keys: ["Alt+ArrowUp"], does: "Up" }] }]);
    const keys = [...sheet.querySelectorAll("kbd")].map((kbd) => kbd.textContent);
    expect(keys).toHaveLength(all.reduce((sum, { keys }) => sum + Object.keys(keys).length, 1));
    expect(keys).toEqual(
      expect.arrayContaining(["←", "Shift + ↑", "[", "Alt + ↑", "Ctrl + Shift + G", "Page Up", "Esc", "?", "−"]),
    );
  });
});
