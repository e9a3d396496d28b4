import { Vector3 } from "three";
import { clamp } from "../core/units.ts";
import { addNote, attachNote, moveNote, saveNoteView } from "../document/commands/notes.ts";
import { notesByPlacement } from "../document/order.ts";
import type { Note } from "../document/schema.ts";
import { localized } from "../document/text.ts";
import { h, moveTo, setLabel } from "../ui/dom.ts";
import { resolveOverlaps } from "../ui/resolve-overlaps.ts";
import type { Actions } from "./actions.ts";
import type { Studio } from "./context.ts";
import { vec3 } from "./drag.ts";
import { studioText } from "./i18n.ts";
import type { Pointer } from "./pointer.ts";
import type { Point } from "./studio-scene.ts";

const APART = 30; // px between two pins

/** Notes: pinned by a click on the spot that they are about, shown as numbers over the picture, seen from their saved views. */
export class Notes {
  readonly element = h("div.st-pins");
  /** While one is to be pinned. */
  pinning = false;
  #aim: Point | null = null;
  readonly #cross = h("span.st-aim", { hidden: true, "aria-hidden": "true" });
  readonly #studio: Studio;
  readonly #actions: Actions;
  readonly #pins = new Map<string, HTMLButtonElement>();
  readonly #pinningChanged: (pinning: boolean) => void;
  readonly #pointer: Pointer;

  constructor(studio: Studio, actions: Actions, pointer: Pointer, pinningChanged: (pinning: boolean) => void) {
    this.#studio = studio;
    this.#actions = actions;
    this.#pointer = pointer;
    this.#pinningChanged = pinningChanged;
    this.element.append(this.#cross);
    studio.scene.drawn.on(() => this.#draw());
  }

  /** The next click pins a note. */
  begin(): void {
    this.#pin(true);
  }

  end(): void {
    this.#pin(false);
  }

  /** Pins a note in the middle of the view. */
  pinInMiddle(): void {
    this.#pinAt(this.#middle());
  }

  /** Aims by the keyboard: px to the right and down, from the middle of the view at first. Says what is there. */
  moveAim(right: number, down: number): void {
    const { scene, announce, lang, session } = this.#studio;
    const { width, height } = scene.size;
    const { x, y } = this.#aim ?? this.#middle();
    this.#aim = { x: clamp(x + right, 0, width - 1), y: clamp(y + down, 0, height - 1) };
    this.#cross.hidden = false;
    moveTo(this.#cross, this.#aim.x, this.#aim.y);
    const thing = scene.target(this.#aim)?.thing;
    const placement = thing?.kind === "placement" ? session.document.placements[thing.id] : undefined;
    const title = placement && (localized(placement.title, lang) || studioText(lang, "untitled"));
    announce(title === undefined ? studioText(lang, "aimElsewhere") : studioText(lang, "aimAt", { title }));
  }

  /** Pins a note where the keyboard aims. */
  pinThere(): void {
    this.#pinAt(this.#aim ?? this.#middle());
  }

  #middle(): Point {
    const { width, height } = this.#studio.scene.size;
    return { x: width / 2, y: height / 2 };
  }

  see(id: string): void {
    const note = this.#studio.session.document.notes[id];
    const { camera } = this.#studio.scene;
    if (note?.view) camera.look(note.view);
    this.#studio.scene.invalidate();
  }

  saveView(id: string): void {
    const hall = this.#studio.session.document;
    const note = hall.notes[id];
    if (!note) return;
    this.#actions.edit("save-note-view", saveNoteView(hall, id, this.#viewOf(note.anchor)));
    this.#studio.announce(studioText(this.#studio.lang, "viewSaved"));
  }

  attach(id: string, placement: string | null): void {
    this.#actions.edit("attach-note", attachNote(this.#studio.session.document, id, placement));
  }

  remove(id: string): void {
    const { session, lang, announce } = this.#studio;
    const title = localized(session.document.notes[id]?.title, lang) || studioText(lang, "untitled");
    this.#actions.removeNote(id);
    announce(studioText(lang, "removed", { title }));
  }

  /** Follows the document. The pins are put in their places with the next picture. */
  refresh(): void {
    const { session, lang } = this.#studio;
    const left = new Set(this.#pins.keys());
    for (const notes of notesByPlacement(session.document).values())
      for (const [i, [id, note]] of notes.entries()) {
        left.delete(id);
        const title = localized(note.title, lang) || studioText(lang, "untitled");
        const name = `${studioText(lang, "note")} ${i + 1}: ${title}`;
        const pin = this.#pins.get(id) ?? this.#make(id);
        if (pin.title === name) continue;
        pin.textContent = String(i + 1);
        setLabel(pin, name);
      }
    for (const id of left) {
      this.#pins.get(id)?.remove();
      this.#pins.delete(id);
    }
  }

  #make(id: string): HTMLButtonElement {
    const { selection } = this.#studio;
    const pin = h("button.st-pin", { type: "button", onclick: () => selection.choose({ kind: "note", id }) });
    pin.addEventListener("pointerdown", (event) => this.#drag(id, pin, event));
    this.#pins.set(id, pin);
    this.element.append(pin);
    return pin;
  }

  /** A pin can be dragged to another spot. */
  #drag(id: string, pin: HTMLButtonElement, event: PointerEvent): void {
    const { scene, session, selection } = this.#studio;
    if (event.button !== 0) return;
    const begin = { x: event.clientX, y: event.clientY };
    const group = `note ${id} ${event.timeStamp}`;
    const stop = new AbortController();
    const { signal } = stop;
    pin.setPointerCapture(event.pointerId);
    pin.addEventListener(
      "pointermove",
      (other) => {
        if (Math.hypot(other.clientX - begin.x, other.clientY - begin.y) < 4) return;
        const box = scene.canvas.getBoundingClientRect();
        const target = scene.target({ x: other.clientX - box.left, y: other.clientY - box.top });
        const note = session.document.notes[id];
        if (!target || !note) return;
        selection.choose({ kind: "note", id });
        this.#actions.edit("move-note", moveNote(session.document, id, vec3(target.point)), group);
      },
      { signal },
    );
    for (const end of ["pointerup", "pointercancel"] as const)
      pin.addEventListener(end, () => stop.abort(), { signal });
  }

  #pin(on: boolean): void {
    this.pinning = on;
    this.#aim = null;
    this.#cross.hidden = true;
    if (on) this.#studio.scene.canvas.focus({ preventScroll: true });
    this.#pointer.pin = on ? (at) => this.#pinAt(at) : null;
    this.#studio.scene.canvas.classList.toggle("st-pinning", on);
    this.#pinningChanged(on);
  }

  #pinAt(at: Point): void {
    const { scene, session, selection, lang, announce } = this.#studio;
    const target = scene.target(at);
    if (!target) {
      announce(studioText(lang, "noSurface"));
      return;
    }
    const anchor = vec3(target.point);
    const pin = { anchor, view: this.#viewOf(anchor) };
    const { hall, id } = addNote(
      session.document,
      target.thing?.kind === "placement" ? target.thing.id : null,
      { zh: "", en: "" },
      pin,
    );
    this.#actions.edit("add-note", hall);
    this.end();
    selection.choose({ kind: "note", id });
  }

  /** The present view of a spot. */
  #viewOf(anchor: Note["anchor"]): NonNullable<Note["view"]> {
    const { position, fov_deg } = this.#studio.scene.camera.view;
    return { position, target: anchor, ...(fov_deg === undefined ? {} : { fov_deg }) };
  }

  /** Numbers make room for one another; the dots of other notes stay where they are. */
  #draw(): void {
    const { scene, session, selection } = this.#studio;
    const { width, height } = scene.size;
    const near: { readonly pin: HTMLElement; readonly at: Point }[] = [];
    for (const [id, pin] of this.#pins) {
      const note = session.document.notes[id];
      const at = note ? scene.project(new Vector3(...note.anchor)) : null;
      const inside = at && at.x > -20 && at.y > -20 && at.x < width + 20 && at.y < height + 20;
      pin.hidden = !inside && document.activeElement !== pin;
      if (!note || !inside) continue;
      const isNear = this.#isNear(id, note);
      pin.setAttribute("aria-pressed", String(selection.has("note", id)));
      pin.classList.toggle("st-far", !isNear);
      pin.classList.toggle("st-behind", this.#isHidden(note, at));
      if (isNear) near.push({ pin, at });
      else moveTo(pin, at.x, at.y);
    }
    const apart = resolveOverlaps(
      near.map(({ at }) => at),
      APART,
      scene.size,
    );
    for (const [i, { x, y }] of apart.entries()) moveTo(near[i]?.pin as HTMLElement, x, y);
  }

  /** Whether a note's number is shown: those of the hall, of what is chosen, and beside the note that is chosen. */
  #isNear(id: string, { placement }: Note): boolean {
    const { selection, session } = this.#studio;
    if (placement === undefined || selection.has("placement", placement)) return true;
    const chosen = selection.note;
    return chosen !== null && (chosen === id || session.document.notes[chosen]?.placement === placement);
  }

  /** Whether something stands between the camera and a note. */
  #isHidden({ anchor }: Note, at: Point): boolean {
    const { scene } = this.#studio;
    const { origin, direction } = scene.ray(at);
    const distance = origin.distanceTo(new Vector3(...anchor));
    return scene.hall.colliders.ray(origin, direction, Math.max(distance - 0.12, 0.01)) !== null;
  }
}
