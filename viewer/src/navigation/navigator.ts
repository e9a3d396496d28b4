import { Vector3 } from "three";
import { BODY } from "../core/collide.ts";
import type { Exhibit } from "../core/exhibit.ts";
import type { HallScene } from "../core/hall.ts";
import { Signal } from "../core/signal.ts";
import { lookAt } from "../core/view.ts";
import { noteIds, visitOrder } from "../document/order.ts";
import type { CameraController } from "./camera-controller.ts";
import type { HallSession } from "./hall-session.ts";
import { type Place, WALK } from "./place.ts";
import { exhibitView, isStaged, noteView, stopView } from "./viewpoints.ts";

export interface Arrival {
  readonly place: Place;
  /** The keyboard focus moves into the panel. */
  readonly focus: boolean;
}

/** The exhibit that stands on a stage of its own while the visitor is at a place of its hall. */
export function stagedExhibit({ document, exhibits }: HallScene, place: Place): Exhibit | null {
  const id =
    place.kind === "exhibit" ? place.id : place.kind === "note" ? document.notes[place.id]?.placement : undefined;
  const exhibit = exhibits.get(id ?? "");
  return exhibit && isStaged(exhibit) ? exhibit : null;
}

/** Where in the hall the visitor is, and the ways from there: to exhibits, to notes, to the next one, back on foot. */
export class Navigator {
  /** The visitor goes to another place. Emitted before the eye moves, so that the panel is there when the view is framed. */
  readonly arrived = new Signal<Arrival>();
  place: Place = WALK;
  /** The id of the exhibit that the visitor has looked at last. */
  lastExhibit: string | null = null;
  /** The chapter in which "next" and "previous" stay. */
  followedChapter: string | null = null;
  readonly #state: { readonly session: HallSession | null };

  constructor(state: { readonly session: HallSession | null }) {
    this.#state = state;
  }

  get onFoot(): boolean {
    return this.place.kind === "walk";
  }

  /** Goes to a place of the hall; false if the hall has no such place. */
  go(place: Place, focus = false): boolean {
    if (place.kind === "exhibit") return this.toExhibit(place.id, focus);
    if (place.kind === "note") return this.toNote(place.id, focus);
    if (place.kind === "tour") return this.toStop(place.id, place.stop);
    if (place.kind === "view") return this.toView(new Vector3(...place.eye), new Vector3(...place.target));
    return this.toFoot();
  }

  toExhibit(id: string, focus: boolean): boolean {
    const { session } = this.#state;
    const exhibit = session?.hall.exhibits.get(id);
    if (!session?.cameraController || !exhibit) return false;
    const { cameraController, hall } = session;
    this.lastExhibit = id;
    if (!this.#order.includes(id)) this.followedChapter = null; // the visitor has left the chapter
    this.#arrive({ kind: "exhibit", id }, focus);
    cameraController.inspect(exhibitView(exhibit, hall.colliders, cameraController.freeArea, isStaged(exhibit)));
    return true;
  }

  toNote(id: string, focus: boolean): boolean {
    const { session } = this.#state;
    const note = session?.hall.document.notes[id];
    if (!session?.cameraController || !note) return false;
    const { cameraController, hall } = session;
    if (note.placement) this.lastExhibit = note.placement;
    this.#arrive({ kind: "note", id }, focus);
    const staged = stagedExhibit(hall, this.place) !== null;
    cameraController.inspect(noteView(note, hall, cameraController.pose.eye, cameraController.freeArea, staged));
    return true;
  }

  /** Goes to a stop of a guided tour. The body comes along: a visitor who walks off starts from there. */
  toStop(id: string, stop: number): boolean {
    const { session } = this.#state;
    const tour = session?.hall.document.tours?.[id];
    const target = tour?.stops[tour.stop_order[stop] ?? ""];
    if (!session?.cameraController || !target) return false;
    const { cameraController, hall } = session;
    if (target.placement) this.lastExhibit = target.placement;
    this.#arrive({ kind: "tour", id, stop }, false);
    cameraController.inspect(stopView(target, hall, cameraController.pose.eye, cameraController.freeArea));
    cameraController.accompany();
    return true;
  }

  /** On foot at a shared view. */
  toView(eye: Vector3, target: Vector3): boolean {
    this.#arrive(WALK, false);
    this.#cameraController?.standAt(lookAt(eye, target));
    return this.#cameraController !== null;
  }

  /** Back to where the visitor stood; false if the visitor is on foot already. */
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
  toExhibitOfNote(): void {
    const note = this.place.kind === "note" ? this.#state.session?.hall.document.notes[this.place.id] : undefined;
    if (note?.placement) this.toExhibit(note.placement, true);
  }

  /** To the next (1) or the previous (-1): at a note, of the notes of the same exhibit; else of the exhibits. */
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

  /** Follows a chapter from its first exhibit on. A second call for the same chapter stops that. */
  follow(chapter: string): void {
    this.followedChapter = this.followedChapter === chapter ? null : chapter;
    const { lastExhibit } = this;
    if (this.followedChapter !== null && lastExhibit !== null && !this.#order.includes(lastExhibit))
      this.lastExhibit = null;
  }

  /** Another hall was entered. */
  reset(): void {
    this.place = WALK;
    this.lastExhibit = null;
    this.followedChapter = null;
  }

  /** Turns the view to an exhibit that has the keyboard focus. */
  face(id: string): void {
    const exhibit = this.#state.session?.hall.exhibits.get(id);
    if (exhibit && this.onFoot) this.#cameraController?.face(exhibit.sphere.center);
  }

  /** Turns the view to a door that has the keyboard focus. */
  faceDoor(id: string): void {
    const door = this.#state.session?.hall.document.doors?.[id];
    if (!door || !this.onFoot) return;
    this.#cameraController?.face(new Vector3(...door.position).setY(door.position[1] + BODY.eye));
  }

  /** The placements that "next" and "previous" go through. */
  get #order(): readonly string[] {
    const hall = this.#state.session?.hall.document;
    return hall ? visitOrder(hall, this.followedChapter) : [];
  }

  #turnNote(id: string, by: 1 | -1): void {
    const hall = this.#state.session?.hall.document;
    if (!hall) return;
    const siblings = noteIds(hall, hall.notes[id]?.placement ?? null);
    const at = siblings.indexOf(id);
    this.toNote(siblings[(at + by + siblings.length) % siblings.length] ?? id, true);
  }

  get #cameraController(): CameraController | null {
    return this.#state.session?.cameraController ?? null;
  }

  #arrive(place: Place, focus: boolean): void {
    this.place = place;
    this.arrived.emit({ place, focus });
  }
}
