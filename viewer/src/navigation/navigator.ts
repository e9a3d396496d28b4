import { Vector3 } from "three";
import { BODY } from "../core/collide.ts";
import { Signal } from "../core/signal.ts";
import { lookAt } from "../core/view.ts";
import type { Journey } from "./camera-controller.ts";
import { type Place, WALK } from "./place.ts";
import { notesOf } from "../app/panel-content.ts";
import { exhibitView, noteView, stopView } from "./viewpoints.ts";
import type { Visit } from "./open-hall.ts";

export interface Arrival {
  readonly place: Place;
  /** The keyboard follows into the panel. */
  readonly focus: boolean;
}

/** Where in the hall the visitor is, and the ways from there: to exhibits, to notes, on to the next, back on foot. */
export class Guide {
  /** The visitor is at another place. Told before the eye sets out, so that what is shown leaves it room. */
  readonly arrived = new Signal<Arrival>();
  place: Place = WALK;
  /** The exhibit visited last. */
  last: string | null = null;
  /** The chapter that the visitor follows: next and previous stay in it. */
  chapter: string | null = null;
  readonly #visit: () => Visit | null;

  constructor(visit: () => Visit | null) {
    this.#visit = visit;
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
    const visit = this.#visit();
    const exhibit = visit?.hall.exhibits.get(id);
    if (!visit?.journey || !exhibit) return false;
    const { journey, hall } = visit;
    this.last = id;
    if (!this.#order.includes(id)) this.chapter = null; // the visitor has chosen to go elsewhere
    this.#arrive({ kind: "exhibit", id }, focus);
    journey.inspect(exhibitView(exhibit, journey.pose.eye, hall.solids, journey.room));
    return true;
  }

  toNote(id: string, focus: boolean): boolean {
    const visit = this.#visit();
    const note = visit?.hall.document.notes[id];
    if (!visit?.journey || !note) return false;
    const { journey, hall } = visit;
    if (note.placement) this.last = note.placement;
    this.#arrive({ kind: "note", id }, focus);
    journey.inspect(noteView(note, hall, journey.pose.eye, journey.room));
    return true;
  }

  /** To a stop of a guided tour; whoever walks off does so from there. */
  toStop(id: string, stop: number): boolean {
    const visit = this.#visit();
    const at = visit?.hall.document.tours?.[id]?.stops[stop];
    if (!visit?.journey || !at) return false;
    const { journey, hall } = visit;
    if (at.placement) this.last = at.placement;
    this.#arrive({ kind: "tour", id, stop }, false);
    journey.inspect(stopView(at, hall, journey.pose.eye, journey.room));
    journey.accompany();
    return true;
  }

  /** On foot, where someone else has looked from. */
  toView(eye: Vector3, target: Vector3): boolean {
    this.#arrive(WALK, false);
    this.#journey?.standAt(lookAt(eye, target));
    return this.#journey !== null;
  }

  /** Back to where the visitor stood; false if the visitor stands there. */
  toFoot(): boolean {
    if (this.onFoot) return false;
    this.#arrive(WALK, false);
    this.#journey?.stand();
    return true;
  }

  toEntrance(): void {
    this.#arrive(WALK, false);
    this.#journey?.enter();
  }

  /** From a note to the exhibit that it belongs to. */
  toNotesExhibit(): void {
    const note = this.place.kind === "note" ? this.#visit()?.hall.document.notes[this.place.id] : undefined;
    if (note?.placement) this.toExhibit(note.placement, true);
  }

  /** To the next (1) or previous (-1) of what the visitor is at: notes of one thing, else exhibits in order. */
  turn(by: 1 | -1, focus: boolean): void {
    if (this.place.kind === "note") this.#turnNote(this.place.id, by);
    else this.turnExhibit(by, focus);
  }

  turnExhibit(by: 1 | -1, focus: boolean): void {
    const order = this.#order;
    const at = this.last ? order.indexOf(this.last) : by > 0 ? -1 : 0;
    const next = order[(at + by + order.length) % order.length];
    if (next) this.toExhibit(next, focus);
  }

  /** Follows a chapter, from its first exhibit; again: no longer. */
  follow(chapter: string): void {
    this.chapter = this.chapter === chapter ? null : chapter;
    if (this.chapter !== null && this.last !== null && !this.#order.includes(this.last)) this.last = null;
  }

  /** Another hall was entered. */
  reset(): void {
    this.place = WALK;
    this.last = null;
    this.chapter = null;
  }

  /** What next and previous go through. */
  get #order(): readonly string[] {
    const hall = this.#visit()?.hall.document;
    const chapter = this.chapter === null ? undefined : hall?.chapters?.[this.chapter];
    return chapter && chapter.placements.length > 0 ? chapter.placements : (hall?.placement_order ?? []);
  }

  #turnNote(id: string, by: 1 | -1): void {
    const hall = this.#visit()?.hall.document;
    if (!hall) return;
    const siblings = notesOf(hall, hall.notes[id]?.placement ?? null, "zh");
    const at = siblings.findIndex((note) => note.id === id);
    this.toNote(siblings[(at + by + siblings.length) % siblings.length]?.id ?? id, true);
  }

  /** Turns to an exhibit that the keyboard has come to. */
  face(id: string): void {
    const exhibit = this.#visit()?.hall.exhibits.get(id);
    if (exhibit && this.onFoot) this.#journey?.face(exhibit.sphere.center);
  }

  /** Turns to a door that the keyboard has come to. */
  faceDoor(id: string): void {
    const door = this.#visit()?.hall.document.doors?.[id];
    if (!door || !this.onFoot) return;
    this.#journey?.face(new Vector3(...door.position).setY(door.position[1] + BODY.eye));
  }

  get #journey(): Journey | null {
    return this.#visit()?.journey ?? null;
  }

  #arrive(place: Place, focus: boolean): void {
    this.place = place;
    this.arrived.emit({ place, focus });
  }
}
