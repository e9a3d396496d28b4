import { byPointer, h, moveTo } from "./dom.ts";
import { pinPlaces } from "./note-pins.ts";
import type { Point } from "./resolve-overlaps.ts";

const EDGE = 8; // px between a label and the screen's edge
const BAR = 104; // px at the top for the bar and a label below it

/** Where on the canvas an exhibit's label would be, CSS pixels. */
export interface Label {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly distance: number; // m
  readonly near: boolean; // shows its title; otherwise a dot
  readonly shown: boolean;
}

export interface MarkerActions {
  openExhibit(id: string, byPointer: boolean): void;
  openNote(id: string, byPointer: boolean): void;
  goThrough(door: string): void;
  /** An exhibit or a door has got the keyboard focus. */
  focusExhibit(id: string): void;
  focusDoor(id: string): void;
}

/**
 * Buttons over the canvas: a label above every exhibit, a number on every note. Exhibits stay in the tab order even out of sight,
 * because the view turns to the exhibit that gets the focus. Notes out of sight are hidden; the panels list them too.
 */
export class Markers {
  readonly element = h("div.ly-markers");
  readonly #exhibits = new Map<string, HTMLButtonElement>();
  readonly #notes = new Map<string, HTMLButtonElement>();
  readonly #leaders = new Map<string, HTMLElement>();
  readonly #doors = new Map<string, HTMLButtonElement>();
  readonly #halfWidths = new Map<string, number>();
  readonly #actions: MarkerActions;

  constructor(actions: MarkerActions) {
    this.#actions = actions;
  }

  exhibit(id: string, title: string, failed: boolean): void {
    const { openExhibit, focusExhibit } = this.#actions;
    const button = this.#exhibits.get(id) ?? this.#add(this.#exhibits, id, "button.ly-tag", openExhibit, focusExhibit);
    button.classList.toggle("ly-failed", failed);
    if (button.textContent === title) return;
    button.replaceChildren(h("span.ly-tag-text", {}, title));
    const wide = [...title].reduce((sum, letter) => sum + (letter > "\u2e80" ? 14 : 7.6), 28);
    this.#halfWidths.set(id, Math.min(wide, 240) / 2);
  }

  door(id: string, name: string): void {
    const { goThrough, focusDoor } = this.#actions;
    const button = this.#doors.get(id) ?? this.#add(this.#doors, id, "button.ly-tag.ly-door", goThrough, focusDoor);
    if (button.textContent !== name) button.replaceChildren(h("span.ly-tag-text", {}, name));
  }

  /** Another hall was entered. */
  clear(): void {
    for (const map of [this.#exhibits, this.#notes, this.#leaders, this.#doors]) map.clear();
    this.#halfWidths.clear();
    this.element.replaceChildren();
  }

  note(id: string, number: number, name: string): void {
    const button = this.#notes.get(id) ?? this.#add(this.#notes, id, "button.ly-marker", this.#actions.openNote);
    button.textContent = String(number);
    button.setAttribute("aria-label", name);
    button.title = name;
    if (this.#leaders.has(id)) return;
    const leader = h("i.ly-leader", { hidden: true, "aria-hidden": "true" });
    this.#leaders.set(id, leader);
    this.element.prepend(leader);
  }

  /** Places all labels, the nearest first. A label that would cover another one becomes a dot. With `off` all are hidden. */
  placeExhibits(
    labels: readonly Label[],
    screen: { readonly width: number; readonly height: number },
    off: boolean,
  ): void {
    const taken: { x: number; y: number; half: number }[] = [];
    for (const label of [...labels].sort((a, b) => a.distance - b.distance)) {
      const button = this.#exhibits.get(label.id);
      if (!button) continue;
      button.hidden = off;
      if (off) continue;
      const half = this.#halfWidths.get(label.id) ?? 60;
      const x = Math.max(half + EDGE, Math.min(label.x, screen.width - half - EDGE));
      const y = Math.max(BAR, Math.min(label.y, screen.height - EDGE));
      const free = taken.every((other) => Math.abs(other.x - x) > other.half + half || Math.abs(other.y - y) > 34);
      button.classList.toggle("ly-away", !label.shown);
      button.classList.toggle("ly-dot", !label.near || !free);
      if (label.shown && label.near && free) taken.push({ x, y, half });
      moveTo(button, x, y);
    }
  }

  /**
   * Places the numbers of the notes (null: out of sight) beside what they point at, with a line to it, so that they cover neither that nor
   * one another. `middle`: of the exhibit that they are about.
   */
  placeNotes(
    places: ReadonlyMap<string, Point | null>,
    middle: Point | null,
    screen: { readonly width: number; readonly height: number },
  ): void {
    const seen: { button: HTMLButtonElement; leader: HTMLElement; place: Point }[] = [];
    for (const [id, place] of places) {
      const button = this.#notes.get(id);
      const leader = this.#leaders.get(id);
      if (!button || !leader) continue;
      if (button.hidden !== !place && document.activeElement !== button) button.hidden = !place;
      leader.hidden = !place;
      if (place) seen.push({ button, leader, place });
    }
    const targets = seen.map(({ place }) => place);
    const pins = pinPlaces(targets, middle, screen);
    for (const [i, { button, leader, place }] of seen.entries()) {
      const pin = pins[i] as Point;
      moveTo(button, pin.x, pin.y);
      draw(leader, place, pin);
    }
  }

  /** Places the button of a door at its sign. With null it stays where it is. */
  placeDoor(id: string, place: { readonly x: number; readonly y: number } | null, off: boolean): void {
    const button = this.#doors.get(id);
    if (!button) return;
    button.hidden = off;
    if (place) moveTo(button, place.x, place.y);
  }

  /** Marks the button that the pointer is over, or whose panel is open. */
  mark(id: string | null, mark: "ly-hovered" | "ly-open"): void {
    for (const map of [this.#exhibits, this.#notes]) {
      for (const [other, button] of map) button.classList.toggle(mark, other === id);
    }
  }

  #add(
    map: Map<string, HTMLButtonElement>,
    id: string,
    what: `button.${string}`,
    open: (id: string, byPointer: boolean) => void,
    focus?: (id: string) => void,
  ): HTMLButtonElement {
    const button = h(what, { type: "button", onclick: (event: MouseEvent) => open(id, byPointer(event)) });
    if (focus) button.addEventListener("focus", () => button.matches(":focus-visible") && focus(id));
    map.set(id, button);
    this.element.append(button);
    return button;
  }
}

/** Draws a line from what a pin points at to the pin. */
function draw(leader: HTMLElement, from: Point, to: Point): void {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  leader.style.width = `${Math.hypot(dx, dy).toFixed(1)}px`;
  leader.style.transform = `translate(${from.x.toFixed(1)}px, ${from.y.toFixed(1)}px) rotate(${Math.atan2(dy, dx).toFixed(4)}rad)`;
}
