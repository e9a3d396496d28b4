import { type Box3, Vector3 } from "three";
import { Signal } from "../core/signal.ts";
import {
  type Along,
  alignPlacements,
  distributePlacements,
  type Edge,
  hangAtEyeHeight,
  setDown,
} from "../document/commands/arrange.ts";
import { carryNotes } from "../document/commands/carry-notes.ts";
import { saveEntrance } from "../document/commands/hall.ts";
import type { CommandName } from "../document/commands/names.ts";
import { removeNotes } from "../document/commands/notes.ts";
import { step } from "../document/commands/order.ts";
import {
  duplicatePlacements,
  EYE_M,
  movePlacements,
  type Place,
  putAtAnchor,
  putPlacement,
  removePlacements,
  scalePlacement,
  scaleWarning,
  turnPlacements,
  withLockedKept,
} from "../document/commands/placements.ts";
import { turnOf } from "../document/rotation.ts";
import type { Hall, Placement, Quaternion, Vec3 } from "../document/schema.ts";
import { localized } from "../document/text.ts";
import type { Studio } from "./context.ts";
import { viewOfDoor } from "./direct/doors.ts";
import { groundBelow, type Ray, standAt, vec3 } from "./drag.ts";
import { draggedItem } from "./ghost.ts";
import { studioText } from "./i18n.ts";
import { isHung, type LibraryItem, type Spot } from "./library-item.ts";
import { freeFor, LOOKED_AT } from "./place/floor-spot.ts";
import { placeText } from "./place/i18n.ts";
import { centimetres } from "./place/place-names.ts";
import { floorBefore, spotInView, wallSpot } from "./place/wall-spot.ts";
import { FurnitureActions } from "./room/furniture-actions.ts";
import { eyeLevel, type Snapping } from "./snapping.ts";
import { editName } from "./words.ts";

const STANDING_M = 0.6; // between a visitor and what he looks at
const STEP_UP = 0.5; // m above a thing's middle, from where the floor before it is looked for: not from above a beam
const FOOTROOM = 0.1; // m above a foot, from where the ground below it is looked for
const GROUP_MS = 1200; // key presses that follow one another so closely are one step

/** Everything that the curator can ask for with a key, a button or the pointer. */
export class Actions {
  readonly furniture: FurnitureActions;
  /** Something whose true size nobody knows was put there, or given a size: the placement's id. */
  readonly guessed = new Signal<string>();
  readonly #studio: Studio;
  readonly #snapping: Snapping;
  #group = { key: "", at: 0, count: 0 };

  constructor(studio: Studio, snapping: Snapping) {
    this.#studio = studio;
    this.furniture = new FurnitureActions(studio, (name, next, group) => this.edit(name, next, group));
    this.#snapping = snapping;
  }

  get #hall(): Hall {
    return this.#studio.session.document;
  }

  get #chosen(): readonly string[] {
    return this.#studio.selection.placements;
  }

  edit(name: CommandName, next: Hall, group?: string): void {
    const kept = withLockedKept(this.#hall, next);
    if (kept !== next) this.tellLocked();
    if (next !== this.#hall) this.#studio.session.edit(name, carryNotes(this.#hall, kept), group);
  }

  /** Something is locked, and stays as it is. */
  tellLocked(): void {
    const { announce, lang } = this.#studio;
    announce(placeText(lang, "isLocked"));
  }

  undo(): void {
    const { session, announce, lang } = this.#studio;
    const name = session.undoName;
    if (!name) return;
    session.undo();
    announce(studioText(lang, "undone", { name: editName(name, lang) }));
  }

  redo(): void {
    const { session, announce, lang } = this.#studio;
    const name = session.redoName;
    if (!name) return;
    session.redo();
    announce(studioText(lang, "redone", { name: editName(name, lang) }));
  }

  /** Moves what is chosen: to the right and towards the viewer as the picture shows it, and upwards; m. */
  nudge(right: number, near: number, up: number): void {
    if (this.furniture.leader) {
      this.furniture.nudge(this.#onScreen(right, near), right, near, up, this.#series("move"));
      return;
    }
    const leader = this.#leader();
    if (!leader) return;
    const by = this.#onScreen(right, near);
    by.y += up;
    if (leader.kind !== "object" && near !== 0) by.set(0, -near, 0); // on its wall: up and down
    if (leader.kind !== "object" && right !== 0) by.copy(this.#alongWall(leader, right));
    this.edit("move-placement", movePlacements(this.#hall, this.#chosen, vec3(by)), this.#series("move"));
    this.#tellPlace();
  }

  /** Moves what is chosen along the hall's axes, m. */
  shift(by: Readonly<Vec3>, group: string): void {
    if (this.furniture.leader) this.furniture.move(by, group);
    if (!this.#leader()) return;
    this.edit("move-placement", movePlacements(this.#hall, this.#chosen, by), group);
    this.#tellPlace();
  }

  turn(by_deg: number): void {
    if (this.furniture.leader) this.furniture.turn(by_deg, this.#series("turn"));
    if (this.#chosen.length === 0) return;
    const middle =
      this.#chosen.length > 1
        ? this.#studio.scene.boxOf(this.#studio.selection.things)?.getCenter(new Vector3())
        : null;
    const next = turnPlacements(this.#hall, this.#chosen, by_deg, middle ? vec3(middle) : null);
    this.edit("turn-placement", next, this.#series("turn"));
    const leader = this.#leader();
    if (leader)
      this.#studio.announce(
        studioText(this.#studio.lang, "turnedTo", {
          title: this.#title(leader),
          turn: Math.round(turnOf(leader.rotation)),
        }),
      );
  }

  remove(): void {
    this.furniture.remove();
    const ids = this.#chosen.filter((id) => !this.#hall.placements[id]?.locked);
    const leader = this.#hall.placements[ids.at(-1) ?? ""];
    if (!leader) {
      if (this.#chosen.length > 0) this.tellLocked();
      return;
    }
    const title =
      ids.length === 1 ? this.#title(leader) : studioText(this.#studio.lang, "several", { count: ids.length });
    this.edit("remove-placement", removePlacements(this.#hall, ids, true));
    this.#studio.announce(studioText(this.#studio.lang, "removed", { title }));
  }

  duplicate(): void {
    const { scene, selection } = this.#studio;
    const by = this.#onScreen(this.#widthOf(scene.boxOf(selection.things)) + 0.2, 0);
    if (this.furniture.leader) this.furniture.duplicate(by);
    if (this.#chosen.length === 0) return;
    const { hall, ids } = duplicatePlacements(this.#hall, this.#chosen, vec3(by));
    this.edit("duplicate-placement", hall);
    this.#studio.selection.choosePlacements(ids);
  }

  /** Puts something of the library where a ray points to. False if there is no place. */
  putAlong(item: LibraryItem, ray: Ray, free = false): boolean {
    const spot = this.spotAlong(item, ray, free);
    if (spot) this.put(item, spot);
    return spot !== null;
  }

  /**
   * Puts something of the library where it is free nearest to the middle of the view, or beside what stands last. A board hangs on
   * the wall there.
   */
  putHere(item: LibraryItem): void {
    const { scene } = this.#studio;
    const { placement, assets } = draggedItem(item);
    const hall = withAssets(this.#hall, assets);
    const onWall = isHung(item) ? spotInView(scene, hall, placement) : null;
    this.put(item, onWall ?? this.#freeSpot(item, hall, placement) ?? this.#spotAt(item, LOOKED_AT[0]));
  }

  #freeSpot(item: LibraryItem, hall: Hall, placement: Placement): Spot | null {
    const { scene } = this.#studio;
    const furniture = Object.keys(hall.furniture ?? {}).flatMap((id) => scene.boxOf([{ kind: "furniture", id }]) ?? []);
    const isFree = freeFor(placement, scene.hall.colliders, hall, furniture);
    for (const at of LOOKED_AT) {
      const spot = this.#spotAt(item, at);
      if (spot && isFree(spot)) return spot;
    }
    return null;
  }

  #spotAt(item: LibraryItem, [x, y]: readonly [number, number] = [0.5, 0.5]): Spot | null {
    const { scene } = this.#studio;
    return this.spotAlong(item, scene.ray({ x: scene.size.width * x, y: scene.size.height * y }));
  }

  put(item: LibraryItem, place: Place): void {
    const { hall, id } = putPlacement(this.#hall, item, place);
    this.edit("put-placement", hall);
    this.#studio.selection.choose({ kind: "placement", id });
    this.#studio.announce(
      studioText(this.#studio.lang, "placed", { title: this.#title(hall.placements[id] as Placement) }),
    );
    this.#tellGuess(id);
  }

  /** Shows a thing larger or smaller than it was: `scale` 1 is its true size, if that is known. */
  scale(id: string, scale: number, group?: string): void {
    this.edit("scale-placement", scalePlacement(this.#hall, id, scale), group);
    this.#tellGuess(id);
  }

  #tellGuess(id: string): void {
    const placement = this.#hall.placements[id];
    if (placement && scaleWarning(placement, this.#hall.assets) === "unscaled") this.guessed.emit(id);
  }

  /** Where a ray would put something: on the ground, facing the viewer, or on a wall. `free`: without snapping. */
  spotAlong(item: LibraryItem, ray: Ray, free = false): Spot | null {
    const { colliders } = this.#studio.scene.hall;
    const hung = isHung(item);
    const { placement, assets } = draggedItem(item);
    const snapping = free ? null : this.#snapping;
    const onWall = hung ? wallSpot(colliders, ray, withAssets(this.#hall, assets), placement, [], snapping) : null;
    if (onWall) return onWall;
    const foot = standAt(colliders, ray, 0.4);
    if (!foot) return null;
    const { position } = this.#studio.scene.camera.camera;
    const turn = Math.round(Math.atan2(position.x - foot.x, position.z - foot.z) / (Math.PI / 4)) * (Math.PI / 4);
    const rotation: Quaternion = [0, Math.sin(turn / 2), 0, Math.cos(turn / 2)];
    return { translation: vec3(hung ? foot.setY(foot.y + eyeLevel()) : foot), rotation };
  }

  /** On the ground below where it is. */
  putOnFloor(id: string): void {
    const box = this.#studio.scene.hall.exhibits.get(id)?.box;
    if (!box) return;
    const foot = box.getCenter(new Vector3()).setY(box.min.y);
    const ground = groundBelow(this.#studio.scene.hall.colliders, foot, FOOTROOM);
    if (ground) this.edit("move-placement", setDown(this.#hall, [id], ground.y));
  }

  /** The middle at eye height above the floor before it. */
  hangAtEyeHeight(id: string): void {
    const placement = this.#hall.placements[id];
    const height = this.heightOf(id);
    if (!placement || height === null) return;
    this.edit("hang-at-eye-height", hangAtEyeHeight(this.#hall, [id], placement.translation[1] - height));
  }

  align(edge: Edge): void {
    this.edit("align-placements", alignPlacements(this.#hall, this.#chosen, edge));
  }

  distribute(along: Along): void {
    this.edit("distribute-placements", distributePlacements(this.#hall, this.#chosen, along));
  }

  /** Earlier (-1) or later (1) in the visit. */
  reorder(id: string, by: 1 | -1): void {
    this.edit("reorder-placements", step(this.#hall, "placement_order", id, by));
  }

  /** Visitors come in where the camera is, and see what it sees. */
  setEntrance(): void {
    const { position, target } = this.#studio.scene.camera.view;
    const ground = groundBelow(this.#studio.scene.hall.colliders, new Vector3(...position));
    const stand: Vec3 = ground ? [position[0], ground.y + EYE_M, position[2]] : position;
    this.edit("save-entrance", saveEntrance(this.#hall, { position: stand, target }));
    this.#studio.announce(studioText(this.#studio.lang, "entranceSaved"));
  }

  removeNote(id: string): void {
    this.edit("remove-note", removeNotes(this.#hall, [id]));
  }

  /** How far a placement's own point is above the ground below it, m; null where there is none. */
  heightOf(id: string): number | null {
    const placement = this.#hall.placements[id];
    if (!placement) return null;
    const at = new Vector3(...placement.translation);
    const exhibit = this.#studio.scene.hall.exhibits.get(id);
    if (placement.kind !== "object" && exhibit) at.addScaledVector(exhibit.front, 0.3); // the floor before the wall
    const ground = groundBelow(this.#studio.scene.hall.colliders, at, FOOTROOM);
    return ground && placement.translation[1] - ground.y;
  }

  /** The height of the floor on which visitors stand before a placement, hall frame; null where there is none. */
  floorBefore(id: string): number | null {
    const exhibit = this.#studio.scene.hall.exhibits.get(id);
    if (!exhibit) return null;
    const { x, z } = exhibit.box.getSize(new Vector3());
    const feet = exhibit.box.getCenter(new Vector3()).addScaledVector(exhibit.front, Math.hypot(x, z) / 2 + STANDING_M);
    return groundBelow(this.#studio.scene.hall.colliders, feet, STEP_UP)?.y ?? null;
  }

  putAtAnchor(id: string, anchor: string, group?: string): void {
    this.edit("put-at-anchor", putAtAnchor(this.#hall, id, anchor), group);
  }

  /** The next or the previous thing of the list. */
  step(by: 1 | -1): void {
    const ids = this.#hall.placement_order;
    if (ids.length === 0) return;
    const at = ids.indexOf(this.#chosen.at(-1) ?? "");
    const id = ids[at < 0 ? (by > 0 ? 0 : ids.length - 1) : (at + by + ids.length) % ids.length] as string;
    this.#studio.selection.choose({ kind: "placement", id });
    this.#studio.announce(
      studioText(this.#studio.lang, "chosen", { title: this.#title(this.#hall.placements[id] as Placement) }),
    );
  }

  chooseAll(): void {
    this.#studio.selection.choosePlacements(this.#hall.placement_order);
  }

  fit(): void {
    const { scene, selection, session } = this.#studio;
    const note = selection.note ? session.document.notes[selection.note] : undefined;
    const box = note ? null : scene.boxOf(selection.things);
    const door = selection.single?.kind === "door" ? session.document.doors?.[selection.single.id] : undefined;
    if (note?.view) scene.camera.look(note.view);
    else if (door) scene.camera.look(viewOfDoor(door));
    else if (box) {
      const board = selection.single && scene.shapeOf(selection.single);
      scene.camera.fit(box, board?.onWall ? board.front : null);
    }
    scene.invalidate();
  }

  /** The name of a series of equal steps that is one step to undo. */
  #series(what: string): string {
    const key = `${what} ${this.#studio.selection.things.map(({ id }) => id).join(" ")}`;
    const now = performance.now();
    if (key !== this.#group.key || now - this.#group.at > GROUP_MS) this.#group.count++;
    this.#group = { ...this.#group, key, at: now };
    return `${key} ${this.#group.count}`;
  }

  #leader(): Placement | null {
    return this.#hall.placements[this.#chosen.at(-1) ?? ""] ?? null;
  }

  /** A step on the floor along the hall's axis that is nearest to a direction of the picture. */
  #onScreen(right: number, near: number): Vector3 {
    const { azimuth } = this.#studio.scene.camera;
    const quarter = Math.round(azimuth / (Math.PI / 2)) * (Math.PI / 2);
    const [sin, cos] = [Math.round(Math.sin(quarter)), Math.round(Math.cos(quarter))];
    return new Vector3(cos * right + sin * near, 0, -sin * right + cos * near);
  }

  #alongWall({ rotation }: Placement, right: number): Vector3 {
    const front = new Vector3(0, 0, 1).applyQuaternion({
      x: rotation[0],
      y: rotation[1],
      z: rotation[2],
      w: rotation[3],
    });
    return new Vector3(front.z, 0, -front.x).multiplyScalar(right);
  }

  #widthOf(box: Box3 | null): number {
    if (!box) return 0.5;
    const size = box.getSize(new Vector3());
    return Math.abs(this.#onScreen(1, 0).x) > 0 ? size.x : size.z;
  }

  #tellPlace(): void {
    const leader = this.#leader();
    if (!leader) return;
    const [x, y, z] = leader.translation;
    const { colliders } = this.#studio.scene.hall;
    const floor = leader.kind === "object" ? null : floorBefore(colliders, leader);
    if (floor !== null) {
      const { lang, announce } = this.#studio;
      announce(placeText(lang, "hungNow", { title: this.#title(leader), height: centimetres(y - floor, lang) }));
      return;
    }
    this.#studio.announce(
      studioText(this.#studio.lang, "movedTo", { title: this.#title(leader), x: x.toFixed(2), z: z.toFixed(2) }),
    );
  }

  #title({ title }: Placement): string {
    return localized(title, this.#studio.lang) || studioText(this.#studio.lang, "untitled");
  }
}

/** A hall that knows the assets of what is about to be put there. */
function withAssets(hall: Hall, assets: Hall["assets"]): Hall {
  return { ...hall, assets: { ...hall.assets, ...assets } };
}
