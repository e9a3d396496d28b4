import { Vector3 } from "three";
import { BODY } from "../core/collide.ts";
import { Signal } from "../core/signal.ts";
import { lookAt } from "../core/view.ts";
import { noteIds, visitOrder } from "../document/order.ts";
import type { CameraController } from "./camera-controller.ts";
import type { HallSession } from "./hall-session.ts";
import { type Place, WALK } from "./place.ts";
import { exhibitView, noteView, stopView } from "./viewpoints.ts";

export interface Arrival {
  readonly place: Place;
  /** The keyboard follows into the panel. */
  readonly focus: boolean;
}

/** Where in the hall the visitor is, and the ways from there: to exhibits, to notes, on to the next, back on foot. */
export class Navigator {
  /** The visitor is at another place. Told before the eye sets out, so that what is shown leaves it room. */
  readonly arrived = new Signal<Arrival>();
  place: Place = WALK;
  /** The exhibit visited last. */
  lastExhibit: string | null = null;
  /** The chapter that the visitor follows: next and previous stay in it. */
  followedChapter: string | null = null;
  readonly #session: () => HallSession | null;

  constructor(session: () => HallSession | null) {
    this.#session = session;
  }

  get onFoot(): boolean {
    return this.place.kind === "walk";
  }

  /** Goes to a place of the hall; false if there is none of that name. */
  go(place: Place, focus = false): boolean {
    if (place.kind === "exhibit") return this.toExhibit(place.id, focus);
    if (place.kind === "note") return this.toNote(place.id, focus);
    if (place.kind === "tour") return this.toStop(place.id, place.stop);
    if (place.kind === "view") return this.toView(new Vector3(...place.eye), new Vector3(...place.target));
    return this.toFoot();
  }

  toExhibit(id: string, focus: boolean): boolean {
    const session = this.#session();
    const exhibit = session?.hall.exhibits.get(id);
    if (!session?.cameraController || !exhibit) return false;
    const { cameraController, hall } = session;
    this.lastExhibit = id;
    if (!this.#order.includes(id)) this.followedChapter = null; // the visitor has chosen to go elsewhere
    this.#arrive({ kind: "exhibit", id }, focus);
    cameraController.inspect(exhibitView(exhibit, cameraController.pose.eye, hall.solids, cameraController.room));
    return true;
  }

  toNote(id: string, focus: boolean): boolean {
    const session = this.#session();
    const note = session?.hall.document.notes[id];
    if (!session?.cameraController || !note) return false;
    const { cameraController, hall } = session;
    if (note.placement) this.lastExhibit = note.placement;
    this.#arrive({ kind: "note", id }, focus);
    cameraController.inspect(noteView(note, hall, cameraController.pose.eye, cameraController.room));
    return true;
  }

  /** To a stop of a guided tour; whoever walks off does so from there. */
  toStop(id: string, stop: number): boolean {
    const session = this.#session();
    const at = session?.hall.document.tours?.[id]?.stops[stop];
    if (!session?.cameraController || !at) return false;
    const { cameraController, hall } = session;
    if (at.placement) this.lastExhibit = at.placement;
    this.#arrive({ kind: "tour", id, stop }, false);
    cameraController.inspect(stopView(at, hall, cameraController.pose.eye, cameraController.room));
    cameraController.accompany();
    return true;
  }

  /** On foot, where someone else has looked from. */
  toView(eye: Vector3, target: Vector3): boolean {
    this.#arrive(WALK, false);
    this.#cameraController?.standAt(lookAt(eye, target));
    return this.#cameraController !== null;
  }

  /** Back to where the visitor stood; false if the visitor stands there. */
  toFoot(): boolean {
    if (this.onFoot) return false;
    this.#arrive(WALK, false);
    this.#cameraController?.stand();
    return true;
  }

  toEntrance(): void {
    this.#arrive(WALK, false);
    this.#cameraController?.enter();
  }

  /** From a note to the exhibit that it belongs to. */
  toNotesExhibit(): void {
    const note = this.place.kind === "note" ? this.#session()?.hall.document.notes[this.place.id] : undefined;
    if (note?.placement) this.toExhibit(note.placement, true);
  }

  /** To the next (1) or previous (-1) of what the visitor is at: notes of one thing, else exhibits in order. */
  turn(by: 1 | -1, focus: boolean): void {
    if (this.place.kind === "note") this.#turnNote(this.place.id, by);
    else this.turnExhibit(by, focus);
  }

  turnExhibit(by: 1 | -1, focus: boolean): void {
    const order = this.#order;
    const at = this.lastExhibit ? order.indexOf(this.lastExhibit) : by > 0 ? -1 : 0;
    const next = order[(at + by + order.length) % order.length];
    if (next) this.toExhibit(next, focus);
  }

  /** Follows a chapter, from its first exhibit; again: no longer. */
  follow(chapter: string): void {
    this.followedChapter = this.followedChapter === chapter ? null : chapter;
    if (this.followedChapter !== null && this.lastExhibit !== null && !this.#order.includes(this.lastExhibit))
      this.lastExhibit = null;
  }

  /** Another hall was entered. */
  reset(): void {
    this.place = WALK;
    this.lastExhibit = null;
    this.followedChapter = null;
  }

  /** What next and previous go through. */
  get #order(): readonly string[] {
    const hall = this.#session()?.hall.document;
    return hall ? visitOrder(hall, this.followedChapter) : [];
  }

  #turnNote(id: string, by: 1 | -1): void {
    const hall = this.#session()?.hall.document;
    if (!hall) return;
    const siblings = noteIds(hall, hall.notes[id]?.placement ?? null);
    const at = siblings.indexOf(id);
    this.toNote(siblings[(at + by + siblings.length) % siblings.length] ?? id, true);
  }

  /** Turns to an exhibit that the keyboard has come to. */
  face(id: string): void {
    const exhibit = this.#session()?.hall.exhibits.get(id);
    if (exhibit && this.onFoot) this.#cameraController?.face(exhibit.sphere.center);
  }

  /** Turns to a door that the keyboard has come to. */
  faceDoor(id: string): void {
    const door = this.#session()?.hall.document.doors?.[id];
    if (!door || !this.onFoot) return;
    this.#cameraController?.face(new Vector3(...door.position).setY(door.position[1] + BODY.eye));
  }

  get #cameraController(): CameraController | null {
    return this.#session()?.cameraController ?? null;
  }

  #arrive(place: Place, focus: boolean): void {
    this.place = place;
    this.arrived.emit({ place, focus });
  }
}
