import { Box3, Vector3 } from "three";
import {
  addFurniture,
  duplicateFurniture,
  moveFurniture,
  removeFurniture,
  turnFurniture,
  USUAL_SIZES,
} from "../../document/commands/furniture.ts";
import type { CommandName } from "../../document/commands/names.ts";
import { type FurnitureKind, furnitureBounds, inHall, isOnWall } from "../../document/furniture.ts";
import { HEIGHTS } from "../../document/heights.ts";
import type { Furnishing, Hall, Vec3 } from "../../document/schema.ts";
import type { Studio } from "../context.ts";
import { groundBelow, hitRoom, type Ray, UPRIGHT, vec3 } from "../drag.ts";
import { studioText } from "../i18n.ts";
import { corners } from "../overlay.ts";
import { isFreeForPiece, LOOKED_AT } from "../place/floor-spot.ts";
import { furnitureName, roomText } from "./i18n.ts";

const LAMP_HANGS_AT_M = 3.2; // above the floor, where there is no ceiling
const RIM_AT_M = 2.4; // of a lamp above the floor
const SHORTEST_LAMP_M = 0.4;
const BEFORE_WALL_M = 0.6; // from a wall, a point from which its floor is looked for
const WALL_WITHIN_M = 40;
const UP = new Vector3(0, 1, 0);

/** Where a piece would be put. */
export interface FurnitureSpot {
  readonly position: Vec3;
  readonly facing_deg: number;
  /** Of a lamp: from where it hangs down to its rim. */
  readonly height_m?: number;
}

/** Everything that the curator can ask for of furniture. */
export class FurnitureActions {
  /** What stands on a piece goes along. */
  carry = true;
  readonly #studio: Studio;
  readonly #edit: (name: CommandName, next: Hall, group?: string) => void;

  constructor(studio: Studio, edit: (name: CommandName, next: Hall, group?: string) => void) {
    this.#studio = studio;
    this.#edit = edit;
  }

  get #hall(): Hall {
    return this.#studio.session.document;
  }

  get #chosen(): readonly string[] {
    return this.#studio.selection.furniture;
  }

  /** The piece that was chosen last. */
  get leader(): Furnishing | null {
    return this.#hall.furniture?.[this.#chosen.at(-1) ?? ""] ?? null;
  }

  move(by: Readonly<Vec3>, group: string): void {
    this.#edit("move-furniture", moveFurniture(this.#hall, this.#chosen, by, this.carry), group);
  }

  /** Moves what is chosen by a step on the floor, or on a wall along it and up. */
  nudge(onFloor: Vector3, right: number, near: number, up: number, group: string): void {
    const { leader } = this;
    if (!leader) return;
    const angle = (leader.facing_deg * Math.PI) / 180;
    const along = new Vector3(Math.cos(angle), 0, -Math.sin(angle)).multiplyScalar(right);
    const by = isOnWall(leader) ? along.setY(-near) : onFloor;
    this.move(vec3(by.setY(by.y + up)), group);
    const { selection, lang, session, announce } = this.#studio;
    const id = selection.furniture.at(-1) as string;
    const piece = session.document.furniture?.[id] as Furnishing;
    const [x, , z] = piece.position;
    const title = furnitureName(id, piece, lang);
    announce(studioText(lang, "movedTo", { title, x: x.toFixed(2), z: z.toFixed(2) }));
  }

  /** About the middle of what is chosen, or about its own if that is one piece. */
  turn(by_deg: number, group: string): void {
    const { scene, selection, lang, session, announce } = this.#studio;
    const middle = this.#chosen.length > 1 ? scene.boxOf(selection.things)?.getCenter(new Vector3()) : null;
    this.#edit(
      "turn-furniture",
      turnFurniture(this.#hall, this.#chosen, by_deg, middle ? vec3(middle) : null, this.carry),
      group,
    );
    const id = this.#chosen.at(-1) as string;
    const piece = session.document.furniture?.[id] as Furnishing;
    const title = furnitureName(id, piece, lang);
    announce(studioText(lang, "turnedTo", { title, turn: Math.round(piece.facing_deg) }));
  }

  remove(): void {
    const { lang, announce } = this.#studio;
    const ids = this.#chosen;
    const { leader } = this;
    if (!leader) return;
    const title =
      ids.length === 1
        ? furnitureName(ids[0] as string, leader, lang)
        : studioText(lang, "several", { count: ids.length });
    this.#edit("remove-furniture", removeFurniture(this.#hall, ids));
    announce(studioText(lang, "removed", { title }));
  }

  duplicate(by: Vector3): void {
    const { hall, ids } = duplicateFurniture(this.#hall, this.#chosen, vec3(by));
    this.#edit("duplicate-furniture", hall);
    this.#studio.selection.chooseFurniture(ids);
  }

  /** Puts a new piece where a ray points to; if there is no place, or no ray, where it is free nearest to the middle of the view. */
  put(kind: FurnitureKind, ray: Ray | null): void {
    const { scene, selection, lang, announce } = this.#studio;
    const { width, height } = scene.size;
    const middle = () => this.spotAlong(kind, scene.ray({ x: width / 2, y: height * 0.55 }));
    const spot = (ray && this.spotAlong(kind, ray)) ?? this.#freeSpot(kind) ?? middle();
    if (!spot) {
      announce(roomText(lang, kind === "panel" || kind === "screen" ? "noWall" : "noFloor"));
      return;
    }
    const { hall, id } = addFurniture(this.#hall, kind, spot.position, spot.facing_deg, spot.height_m);
    this.#edit("add-furniture", hall);
    selection.choose({ kind: "furniture", id });
    const title = furnitureName(id, hall.furniture?.[id] as Furnishing, lang);
    announce(studioText(lang, "placed", { title }));
  }

  #freeSpot(kind: FurnitureKind): FurnitureSpot | null {
    const { scene } = this.#studio;
    const { width, height } = scene.size;
    for (const [x, y] of LOOKED_AT) {
      const spot = this.spotAlong(kind, scene.ray({ x: width * x, y: height * y }));
      if (spot && isFreeForPiece(pieceAt(kind, spot), scene.hall.colliders, this.#hall)) return spot;
    }
    return null;
  }

  /** Where a ray would put a piece: on the floor facing the viewer, with its back to a wall, on a wall, below the ceiling. */
  spotAlong(kind: FurnitureKind, ray: Ray): FurnitureSpot | null {
    const { colliders } = this.#studio.scene.hall;
    const hit = hitRoom(colliders, ray);
    if (!hit) return null;
    const upright = hit.normal.y >= UPRIGHT;
    const piece = pieceAt(kind, { position: [0, 0, 0], facing_deg: 0 });
    if (isOnWall(piece)) {
      const wall = Math.abs(hit.normal.y) < 0.5 ? hit : this.#wallBehind(hit.point, ray);
      if (!wall) return null;
      const out = wall.normal.clone().setY(0).normalize();
      const floor = groundBelow(colliders, wall.point.clone().addScaledVector(out, BEFORE_WALL_M));
      const y = (floor?.y ?? 0) + HEIGHTS.picture_centre[1] - piece.height_m / 2;
      return { position: vec3(wall.point.clone().setY(y)), facing_deg: bearingOf(out) };
    }
    const foot = upright
      ? hit.point
      : groundBelow(
          colliders,
          hit.point.clone().addScaledVector(hit.normal.clone().setY(0).normalize(), USUAL_SIZES[kind][1] / 2),
        );
    if (!foot) return null;
    const { position } = this.#studio.scene.camera.camera;
    const towards = position.clone().sub(foot);
    const facing_deg = upright ? Math.round(bearingOf(towards) / 90) * 90 : bearingOf(hit.normal);
    if (kind !== "lamp") return { position: vec3(foot), facing_deg };
    const above = colliders.ray(foot.clone().setY(foot.y + 0.5), UP, 30, (owner) => owner === null);
    const y = above ? above.point.y : foot.y + LAMP_HANGS_AT_M;
    const height_m = Math.max(y - foot.y - RIM_AT_M, SHORTEST_LAMP_M);
    return { position: vec3(foot.setY(y)), facing_deg: 0, height_m };
  }

  /** The corners of the box that a new piece would fill. */
  ghost(kind: FurnitureKind, ray: Ray): Vector3[] | null {
    const spot = this.spotAlong(kind, ray);
    if (!spot) return null;
    const piece = pieceAt(kind, spot);
    const { min, max } = furnitureBounds(piece);
    return corners(new Box3(new Vector3(...min), new Vector3(...max))).map(
      (corner) => new Vector3(...inHall(piece, vec3(corner))),
    );
  }

  /** The wall that whoever looks at a point of the floor sees behind it. */
  #wallBehind(point: Vector3, { direction }: Ray) {
    const ahead = direction.clone().setY(0);
    if (ahead.lengthSq() < 1e-6) ahead.set(0, 0, -1);
    const from = point.clone().setY(point.y + HEIGHTS.picture_centre[1]);
    const wall = hitRoom(this.#studio.scene.hall.colliders, { origin: from, direction: ahead.normalize() });
    return wall && wall.distance < WALL_WITHIN_M && Math.abs(wall.normal.y) < 0.5 ? wall : null;
  }
}

function pieceAt(kind: FurnitureKind, spot: FurnitureSpot): Furnishing {
  const [width_m, depth_m, height_m] = USUAL_SIZES[kind];
  return { kind, width_m, depth_m, height_m, ...spot };
}

/** The direction of a horizontal vector, as `facing_deg`. */
export function bearingOf({ x, z }: Vector3): number {
  return (Math.atan2(x, z) * 180) / Math.PI;
}
