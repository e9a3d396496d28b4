import type { Actions } from "./actions.ts";
import type { Studio } from "./context.ts";
import { Together } from "./place/together.ts";
import { type KeyTargets, shortcutFor, type Where } from "./shortcuts.ts";

/** What keys ask for beside the actions on what is chosen. */
export type PageTargets = Pick<
  KeyTargets,
  "find" | "help" | "pin" | "pinning" | "aim" | "pinThere" | "look" | "escape"
>;

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
  readonly #targets: KeyTargets;

  constructor(root: HTMLElement, studio: Studio, actions: Actions, page: PageTargets) {
    this.#studio = studio;
    this.#targets = this.#collect(actions, page);
    root.addEventListener("keydown", (event) => {
      if (event.isComposing || event.defaultPrevented || (event.altKey && event.key !== "Escape")) return;
      if ((event.target as HTMLElement).closest?.("dialog")) return; // a dialog has keys of its own
      const shortcut = shortcutFor(event, (where) => reaches(event.target, where), this.#targets);
      if (!shortcut) return;
      event.preventDefault();
      shortcut();
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

  #collect(actions: Actions, page: PageTargets): KeyTargets {
    const { selection, scene } = this.#studio;
    const together = new Together(this.#studio, actions);
    return {
      get choosing() {
        return selection.placements.length + selection.furniture.length > 0;
      },
      get pinning() {
        return page.pinning;
      },
      nudge: (right, near, up) => actions.nudge(right, near, up),
      turn: (by_deg) => actions.turn(by_deg),
      duplicate: () => actions.duplicate(),
      remove: () => (selection.note === null ? actions.remove() : actions.removeNote(selection.note)),
      group: () => together.group(),
      ungroup: () => together.ungroup(),
      toggleLock: () => together.toggleLock(),
      step: (by) => actions.step(by),
      chooseAll: () => actions.chooseAll(),
      hold: (code) => {
        this.#held.add(code);
        scene.invalidate();
      },
      look: (number) => page.look(number),
      fit: () => actions.fit(),
      undo: () => actions.undo(),
      redo: () => actions.redo(),
      pin: () => page.pin(),
      aim: (right, down) => page.aim(right, down),
      pinThere: () => page.pinThere(),
      find: () => page.find(),
      help: () => page.help(),
      escape: () => page.escape(),
    };
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

function reaches(target: EventTarget | null, where: Where): boolean {
  if (where === "fields") return true;
  if (inField(target)) return false;
  if (where === "page") return true;
  return where === "picture" ? onPicture(target) : (target as HTMLElement | null)?.matches?.(".st-canvas") === true;
}
