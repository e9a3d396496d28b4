import type { Lang } from "../document/text.ts";
import { h } from "../ui/dom.ts";
import { iconButton } from "./fields.ts";
import { type StudioTextKey, studioText } from "./i18n.ts";

/** What the keys ask for. */
export interface KeyTargets {
  readonly choosing: boolean;
  readonly pinning: boolean;
  nudge(right: number, near: number, up: number): void;
  turn(by_deg: number): void;
  duplicate(): void;
  remove(): void;
  group(): void;
  ungroup(): void;
  toggleLock(): void;
  step(by: 1 | -1): void;
  chooseAll(): void;
  /** Moves the view until the key is let go. */
  hold(code: string): void;
  look(number: 1 | 2 | 3 | 4 | 5): void;
  fit(): void;
  undo(): void;
  redo(): void;
  pin(): void;
  /** Where the note that is to be pinned would go: px to the right and down; pins it there. */
  aim(right: number, down: number): void;
  pinThere(): void;
  find(): void;
  help(): void;
  /** Gives up what is going on; if nothing is, what is chosen. */
  escape(): void;
}

/** fields: also while one writes. page: outside of fields. picture: on the picture or its buttons. canvas: on the picture itself. */
export type Where = "fields" | "page" | "picture" | "canvas";

type Keys = Readonly<Record<string, (on: KeyTargets) => void>>;

export interface Shortcut {
  readonly does: StudioTextKey;
  readonly where: Where;
  /** What each key does, by the names that `namesOf` gives. */
  readonly keys: Keys;
  /** Keys that do the same and are not on the sheet. */
  readonly also?: Keys;
  readonly when?: (on: KeyTargets) => boolean;
}

const NEAR = 0.01; // m
const FAR = 0.1;
const AIM_PX = 8;

const arrows = (does: (right: number, down: number) => (on: KeyTargets) => void, prefix = ""): Keys => ({
  [`${prefix}ArrowLeft`]: does(-1, 0),
  [`${prefix}ArrowRight`]: does(1, 0),
  [`${prefix}ArrowUp`]: does(0, -1),
  [`${prefix}ArrowDown`]: does(0, 1),
});
const held = (...codes: string[]): Keys =>
  Object.fromEntries(
    codes.map((code) => [code.replace(/(Shift\+)?Key/, "$1"), (on) => on.hold(code.replace("Shift+", ""))]),
  );
const move = (metres: number) => (right: number, down: number) => (on: KeyTargets) =>
  on.nudge(right * metres, down * metres, 0);
const moves = (on: KeyTargets) => on.choosing && !on.pinning;

/** All keys of the studio, in groups as the sheet shows them: the sheet and the keyboard are both made from this. */
export const SHORTCUTS: readonly (readonly [StudioTextKey, readonly Shortcut[]])[] = [
  [
    "keysMove",
    [
      { does: "keyNudge", where: "picture", keys: arrows(move(NEAR)), when: moves },
      { does: "keyFar", where: "picture", keys: arrows(move(FAR), "Shift+"), when: moves },
      {
        does: "keyRaise",
        where: "picture",
        keys: { PageUp: (on) => on.nudge(0, 0, NEAR), PageDown: (on) => on.nudge(0, 0, -NEAR) },
        also: { "Shift+PageUp": (on) => on.nudge(0, 0, FAR), "Shift+PageDown": (on) => on.nudge(0, 0, -FAR) },
      },
      {
        does: "keyTurn",
        where: "page",
        keys: { BracketLeft: (on) => on.turn(-15), BracketRight: (on) => on.turn(15) },
        also: { "Shift+BracketLeft": (on) => on.turn(-1), "Shift+BracketRight": (on) => on.turn(1) },
      },
      { does: "duplicate", where: "page", keys: { "Ctrl+D": (on) => on.duplicate() } },
      {
        does: "remove",
        where: "page",
        keys: { Delete: (on) => on.remove() },
        also: { Backspace: (on) => on.remove() },
      },
      { does: "keyGroup", where: "page", keys: { "Ctrl+G": (on) => on.group() } },
      { does: "keyUngroup", where: "page", keys: { "Ctrl+Shift+G": (on) => on.ungroup() } },
      { does: "keyLock", where: "picture", keys: { L: (on) => on.toggleLock() } },
      { does: "keyNext", where: "picture", keys: { N: (on) => on.step(1), "Shift+N": (on) => on.step(-1) } },
      { does: "keyAll", where: "page", keys: { "Ctrl+A": (on) => on.chooseAll() } },
    ],
  ],
  [
    "keysView",
    [
      {
        does: "keyWalk",
        where: "picture",
        keys: held("KeyW", "KeyA", "KeyS", "KeyD"),
        also: held("Shift+KeyW", "Shift+KeyA", "Shift+KeyS", "Shift+KeyD"),
      },
      { does: "keyUpDown", where: "picture", keys: held("KeyQ", "KeyE"), also: held("Shift+KeyQ", "Shift+KeyE") },
      {
        does: "keyOrbit",
        where: "picture",
        keys: held("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"),
        when: (on) => !on.choosing && !on.pinning,
      },
      {
        does: "keyZoom",
        where: "picture",
        keys: held("Equal", "Minus"),
        also: held("Shift+Equal", "NumpadAdd", "NumpadSubtract"),
      },
      {
        does: "keyViews",
        where: "picture",
        keys: {
          1: (on) => on.look(1),
          2: (on) => on.look(2),
          3: (on) => on.look(3),
          4: (on) => on.look(4),
          5: (on) => on.look(5),
        },
      },
      { does: "fit", where: "picture", keys: { F: (on) => on.fit() } },
    ],
  ],
  [
    "keysGeneral",
    [
      { does: "undoing", where: "fields", keys: { "Ctrl+Z": (on) => on.undo() } },
      {
        does: "redoing",
        where: "fields",
        keys: { "Ctrl+Shift+Z": (on) => on.redo() },
        also: { "Ctrl+Y": (on) => on.redo() },
      },
      { does: "toolNote", where: "picture", keys: { P: (on) => on.pin() } },
      {
        does: "keyAim",
        where: "canvas",
        keys: {
          ...arrows((right, down) => (on) => on.aim(right * AIM_PX, down * AIM_PX)),
          Enter: (on) => on.pinThere(),
        },
        also: arrows((right, down) => (on) => on.aim(5 * right * AIM_PX, 5 * down * AIM_PX), "Shift+"),
        when: (on) => on.pinning,
      },
      { does: "keyFind", where: "fields", keys: { "Ctrl+F": (on) => on.find() } },
      { does: "keyFind", where: "page", keys: { "/": (on) => on.find() } },
      { does: "keyEscape", where: "fields", keys: { Escape: (on) => on.escape() } },
      { does: "keyHelp", where: "page", keys: { "?": (on) => on.help() } },
    ],
  ],
];

const MOUSE: readonly (readonly [StudioTextKey, StudioTextKey])[] = [
  ["mouseDrag", "mouseDragDoes"],
  ["mouseRoom", "mouseRoomDoes"],
  ["mouseRight", "mouseRightDoes"],
  ["wheel", "keyZoom"],
  ["mouseShift", "mouseShiftDoes"],
  ["mouseDouble", "fit"],
];

const SYMBOLS: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  BracketLeft: "[",
  BracketRight: "]",
  PageUp: "Page Up",
  PageDown: "Page Down",
  Equal: "+",
  Minus: "−",
  Escape: "Esc",
};

/** What a key press is called in the table: by its place on the keyboard, or by its character where that differs between keyboards. */
export function namesOf({ key, code, ctrlKey, metaKey, shiftKey }: KeyboardEvent): string[] {
  const command = ctrlKey || metaKey;
  if (!command && ["?", "？"].includes(key)) return ["?"];
  if (!command && key === "/") return ["/"];
  const letter = command && /^[a-z]$/i.test(key) ? key.toUpperCase() : code.replace(/^(Key|Digit)/, "");
  const plain = /^[1-5]$/.test(key) ? key : letter;
  return [`${command ? "Ctrl+" : ""}${shiftKey ? "Shift+" : ""}${plain}`];
}

/** The shortcut that a key press means in a place; null: none. */
export function shortcutFor(
  event: KeyboardEvent,
  reaches: (where: Where) => boolean,
  on: KeyTargets,
): (() => void) | null {
  for (const name of namesOf(event))
    for (const [, shortcuts] of SHORTCUTS)
      for (const { keys, also, where, when } of shortcuts) {
        const act = keys[name] ?? also?.[name];
        if (act && reaches(where) && (when?.(on) ?? true)) return () => act(on);
      }
  return null;
}

function shown(name: string): string {
  return name
    .split("+")
    .map((part) => SYMBOLS[part] ?? part)
    .join(" + ");
}

/** Keys of a part of the studio that hears its own. */
export interface SheetGroup {
  readonly title: string;
  readonly rows: readonly SheetRow[];
}

export interface SheetRow {
  /** By the names that `namesOf` gives. */
  readonly keys: readonly string[];
  readonly does: string;
}

/** The sheet of all keys. `groups`: those that are not of this table. `more`: what else it offers. */
export function shortcutSheet(
  lang: Lang,
  groups: readonly SheetGroup[] = [],
  ...more: readonly HTMLElement[]
): HTMLDialogElement {
  const section = (title: string, rows: readonly { terms: (Node | string)[]; does: string }[]) =>
    h(
      "section",
      {},
      h("h3", {}, title),
      h("dl", {}, ...rows.map(({ terms, does }) => h("div", {}, h("dt", {}, ...terms), h("dd", {}, does)))),
    );
  const keyTerms = (keys: readonly string[]) => keys.map((key) => h("kbd", { "data-key": key }, shown(key)));
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
      ...SHORTCUTS.map(([name, shortcuts]) =>
        section(
          studioText(lang, name),
          shortcuts.map(({ keys, does }) => ({ terms: keyTerms(Object.keys(keys)), does: studioText(lang, does) })),
        ),
      ),
      ...groups.map(({ title, rows }) =>
        section(
          title,
          rows.map(({ keys, does }) => ({ terms: keyTerms(keys), does })),
        ),
      ),
      section(
        studioText(lang, "keysMouse"),
        MOUSE.map(([what, does]) => ({ terms: [studioText(lang, what)], does: studioText(lang, does) })),
      ),
    ),
    more.length > 0 && h("footer", {}, ...more),
  );
  return sheet;
}
