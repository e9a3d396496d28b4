import type { StringKey } from "./i18n.ts";

/** Keys that act while they are held. */
export type Held =
  | "ahead"
  | "back"
  | "left"
  | "right"
  | "turnLeft"
  | "turnRight"
  | "up"
  | "down"
  | "in"
  | "out"
  | "fast";
/** Keys that act once. */
export type Once = "next" | "previous" | "list" | "help" | "entrance" | "tools" | "map" | "escape";

const HELD: Readonly<Record<string, Held>> = {
  KeyW: "ahead",
  ArrowUp: "ahead",
  KeyS: "back",
  ArrowDown: "back",
  KeyA: "left",
  KeyD: "right",
  ArrowLeft: "turnLeft",
  KeyQ: "turnLeft",
  ArrowRight: "turnRight",
  KeyE: "turnRight",
  KeyR: "up",
  PageUp: "up",
  KeyF: "down",
  PageDown: "down",
  Equal: "in",
  NumpadAdd: "in",
  Minus: "out",
  NumpadSubtract: "out",
  ShiftLeft: "fast",
  ShiftRight: "fast",
};

const ONCE: Readonly<Record<string, Once>> = {
  n: "next",
  p: "previous",
  l: "list",
  t: "tools",
  m: "map",
  "?": "help",
  "？": "help",
  Home: "entrance",
};

/** The keys in the help panel. The names of keys need no translation. */
export const KEY_HELP: readonly { readonly keys: readonly string[]; readonly does: StringKey }[] = [
  { keys: ["W", "S", "A", "D"], does: "keyWalk" },
  { keys: ["↑", "↓", "←", "→"], does: "keyTurn" },
  { keys: ["Q", "E"], does: "keyTurnOnly" },
  { keys: ["R", "F"], does: "keyTilt" },
  { keys: ["Shift"], does: "keyFast" },
  { keys: ["Tab"], does: "keyTab" },
  { keys: ["Enter"], does: "keyEnter" },
  { keys: ["←", "→", "↑", "↓"], does: "keyOrbit" },
  { keys: ["+", "−"], does: "keyZoom" },
  { keys: ["N", "P"], does: "keyNext" },
  { keys: ["T"], does: "keyTools" },
  { keys: ["L"], does: "keyList" },
  { keys: ["M"], does: "keyMap" },
  { keys: ["Home"], does: "keyHome" },
  { keys: ["?"], does: "keyHelp" },
  { keys: ["Esc"], does: "keyEscape" },
];

/**
 * The keyboard. Keys that type a character act only while the hall itself (the canvas or a marker on it) has the focus, never in a
 * panel (WCAG 2.1.4). Escape acts everywhere.
 */
export class Keys {
  readonly held = new Set<Held>();
  readonly #stop = new AbortController();

  constructor(root: HTMLElement, isHall: (target: Node) => boolean, once: (key: Once) => void, changed: () => void) {
    const { signal } = this.#stop;
    root.addEventListener(
      "keydown",
      (event) => {
        if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "Escape") {
          event.preventDefault(); // otherwise the browser closes the dialog, even if a panel is open
          if (!event.repeat) once("escape");
          return;
        }
        if (!isHall(event.target as Node)) return;
        const held = HELD[event.code];
        const key = ONCE[event.key.length === 1 ? event.key.toLowerCase() : event.key];
        if (key && !event.repeat) once(key);
        else if (held) {
          this.held.add(held);
          changed();
        } else return;
        if (!event.code.startsWith("Shift")) event.preventDefault();
      },
      { signal },
    );
    root.addEventListener(
      "keyup",
      (event) => {
        const held = HELD[event.code];
        if (held) this.held.delete(held);
      },
      { signal },
    );
    // No event comes for a key that is released elsewhere.
    const release = () => this.held.clear();
    window.addEventListener("blur", release, { signal });
    document.addEventListener("visibilitychange", release, { signal });
    root.addEventListener("focusin", (event) => isHall(event.target as Node) || release(), { signal });
  }

  stop(): void {
    this.held.clear();
    this.#stop.abort();
  }
}
