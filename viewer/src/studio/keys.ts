import type { Actions } from "./actions.ts";
import type { Studio } from "./context.ts";
import { Together } from "./place/together.ts";

/** What keys ask for beside the actions on what is chosen. */
export interface KeyTargets {
  find(): void;
  help(): void;
  pin(): void;
  view(number: 1 | 2 | 3 | 4 | 5): void;
  /** Gives up what is going on; if nothing is, what is chosen. */
  escape(): void;
}

const NEAR = 0.01; // m
const FAR = 0.1;
const WALK = 2.4; // m/s
const ORBIT = 1.4; // rad/s
const ZOOM = 2.2; // per second
const HELD: Readonly<Record<string, readonly [ahead: number, right: number, up: number]>> = {
  KeyW: [1, 0, 0],
  KeyS: [-1, 0, 0],
  KeyA: [0, -1, 0],
  KeyD: [0, 1, 0],
  KeyE: [0, 0, 1],
  KeyQ: [0, 0, -1],
};

/**
 * The keyboard. Undo and redo act everywhere; keys that type a character or move a text cursor act only outside of fields
 * (WCAG 2.1.4), and those on the view only while the picture or its buttons have the focus.
 */
export class Keys {
  readonly #held = new Set<string>();
  readonly #studio: Studio;
  readonly #actions: Actions;
  readonly #targets: KeyTargets;
  readonly #together: Together;

  constructor(root: HTMLElement, studio: Studio, actions: Actions, targets: KeyTargets) {
    this.#together = new Together(studio, actions);
    this.#studio = studio;
    this.#actions = actions;
    this.#targets = targets;
    root.addEventListener("keydown", (event) => {
      if (!event.isComposing && !event.defaultPrevented && this.#press(event)) event.preventDefault();
    });
    root.addEventListener("keyup", (event) => this.#held.delete(event.code));
    addEventListener("blur", () => this.#held.clear());
    root.addEventListener("focusin", (event) => inField(event.target) && this.#held.clear());
  }

  /** Moves the camera while keys are held; true if one is. */
  steer(seconds: number): boolean {
    const { camera } = this.#studio.scene;
    for (const code of this.#held) {
      const [ahead, right, up] = HELD[code] ?? [0, 0, 0];
      const step = WALK * seconds * Math.max(1, camera.span / 6);
      camera.walk(ahead * step, right * step, up * step);
      const [around, over] = TURNS[code] ?? [0, 0];
      if (around || over) camera.rotate(around * ORBIT * seconds, over * ORBIT * seconds);
      if (code === "Equal" || code === "NumpadAdd") camera.zoom(ZOOM ** seconds);
      if (code === "Minus" || code === "NumpadSubtract") camera.zoom(ZOOM ** -seconds);
    }
    return this.#held.size > 0;
  }

  /** True if the key has done something. */
  #press(event: KeyboardEvent): boolean {
    const { code, key } = event;
    const actions = this.#actions;
    const command = event.ctrlKey || event.metaKey;
    if (key === "Escape") {
      this.#targets.escape();
      return true;
    }
    if (command && !event.altKey) return this.#command(event);
    if (event.altKey || inField(event.target)) return false;
    if (key === "?" || key === "？") this.#targets.help();
    else if (key === "/") this.#targets.find();
    else if (key === "Delete" || key === "Backspace") this.#delete();
    else if (code === "BracketLeft" || code === "BracketRight") {
      actions.turn((code === "BracketLeft" ? -1 : 1) * (event.shiftKey ? 1 : 15));
    } else if (!onPicture(event.target)) return false;
    else if (/^[1-5]$/.test(key)) this.#targets.view(Number(key) as 1 | 2 | 3 | 4 | 5);
    else if (code === "KeyF") actions.fit();
    else if (code === "KeyN") actions.step(event.shiftKey ? -1 : 1);
    else if (code === "KeyP") this.#targets.pin();
    else if (code === "KeyL") this.#together.toggleLock();
    else if (code === "PageUp" || code === "PageDown") {
      actions.nudge(0, 0, (code === "PageUp" ? 1 : -1) * (event.shiftKey ? FAR : NEAR));
    } else if (code.startsWith("Arrow")) this.#arrow(event);
    else if (HELD[code] || ["Equal", "Minus", "NumpadAdd", "NumpadSubtract"].includes(code)) this.#hold(code);
    else return false;
    return true;
  }

  #command(event: KeyboardEvent): boolean {
    const key = event.key.toLowerCase();
    if (key === "z") {
      if (event.shiftKey) this.#actions.redo();
      else this.#actions.undo();
    } else if (key === "y") this.#actions.redo();
    else if (key === "f") this.#targets.find();
    else if (inField(event.target)) return false;
    else if (key === "d") this.#actions.duplicate();
    else if (key === "a") this.#actions.chooseAll();
    else if (key === "g") this.#together[event.shiftKey ? "ungroup" : "group"]();
    else return false;
    return true;
  }

  #arrow({ code, shiftKey }: KeyboardEvent): void {
    const far = shiftKey ? FAR : NEAR;
    const { placements, furniture } = this.#studio.selection;
    if (placements.length + furniture.length === 0) {
      this.#hold(code);
      return;
    }
    const right = code === "ArrowRight" ? far : code === "ArrowLeft" ? -far : 0;
    const near = code === "ArrowDown" ? far : code === "ArrowUp" ? -far : 0;
    this.#actions.nudge(right, near, 0);
  }

  #hold(code: string): void {
    this.#held.add(code);
    this.#studio.scene.invalidate();
  }

  #delete(): void {
    const { note } = this.#studio.selection;
    if (note !== null) this.#actions.removeNote(note);
    else this.#actions.remove();
  }
}

const TURNS: Readonly<Record<string, readonly [around: number, over: number]>> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

function inField(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return Boolean(element?.matches?.("input, textarea, select, [contenteditable]") && !element.matches("[type=range]"));
}

/** The picture, and the buttons over it. */
function onPicture(target: EventTarget | null): boolean {
  return (target as HTMLElement | null)?.closest?.(".st-stage") !== null;
}
