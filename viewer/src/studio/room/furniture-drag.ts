import { Vector3 } from "three";
import { furnitureOwner } from "../../core/furniture-model.ts";
import { placeFurniture } from "../../document/commands/furniture.ts";
import { carriedBy, isOnWall } from "../../document/furniture.ts";
import type { Furnishing, Vec3 } from "../../document/schema.ts";
import type { Actions } from "../actions.ts";
import type { Studio } from "../context.ts";
import { alongAxisFrom, bearing, groundBelow, hangAt, hitRoom, onLevel, UPRIGHT, vec3 } from "../drag.ts";
import type { Gizmo, Handle } from "../gizmo.ts";
import type { Motion } from "../motion.ts";
import type { Point } from "../studio-scene.ts";
import { bearingOf } from "./furniture-actions.ts";
import { inLine } from "./furniture-snapping.ts";

const TURN_STEP_DEG = 15;
const HEADROOM_M = 2.2;
const GRID_M = 0.01;

/** What follows the pointer while furniture is moved. */
export interface Holding {
  readonly studio: Studio;
  readonly actions: Actions;
  readonly gizmo: Gizmo;
  /** Whether things come into line with others. */
  snaps(): boolean;
  /** Edits of this name are one step to undo. */
  readonly group: string;
}

/** Moves what is chosen by one of its pieces: over the floor, with its back to walls, or along walls. */
export function carryFurniture({ studio, actions, gizmo, snaps, group }: Holding, id: string, start: Point): Motion {
  const { scene, session, selection } = studio;
  const ids = selection.furniture;
  const first = session.document.furniture?.[id];
  const along = actions.furniture.carry ? carriedBy(session.document, ids).furniture : [];
  const moving = new Set([...ids, ...along].map(furnitureOwner));
  const seen = first && scene.project(new Vector3(...first.position));
  const off = seen ? { x: seen.x - start.x, y: seen.y - start.y } : { x: 0, y: 0 };
  const { colliders } = scene.hall;

  const spotOf = (piece: Furnishing, at: Point, free: boolean): { to: Vector3; facing: number | null } | null => {
    const ray = scene.ray({ x: at.x + off.x, y: at.y + off.y });
    if (piece.kind === "lamp") {
      const level = onLevel(ray, piece.position[1]);
      return level && { to: level, facing: null };
    }
    if (isOnWall(piece)) {
      const wall = hangAt(colliders, ray, moving);
      if (!wall) return null;
      const { y } = wall.point;
      return { to: wall.point.setY(free ? y : Math.round(y / GRID_M) * GRID_M), facing: bearingOf(wall.normal) };
    }
    const hit = hitRoom(colliders, ray, moving);
    if (!hit) return null;
    if (hit.normal.y >= UPRIGHT) return { to: hit.point, facing: null };
    const out = hit.normal.clone().setY(0).normalize();
    const foot = groundBelow(colliders, hit.point.clone().addScaledVector(out, piece.depth_m / 2), HEADROOM_M, moving);
    return foot && { to: foot, facing: bearingOf(out) };
  };

  return {
    follow: (at, free) => {
      const hall = session.document;
      const piece = hall.furniture?.[id];
      const spot = piece && spotOf(piece, at, free);
      if (!spot) return;
      const { to, facing } = spot;
      gizmo.guides = [];
      if (!free && snaps() && !isOnWall(piece) && facing === null) {
        const line = inLine(hall, ids, piece, vec3(to));
        gizmo.guides = line.guides;
        to.set(...line.to);
        const ground = piece.kind === "lamp" ? null : groundBelow(colliders, to, HEADROOM_M, moving);
        if (ground) to.copy(ground);
      }
      const by = vec3(to.sub(new Vector3(...piece.position)));
      if (ids.length > 1) actions.furniture.move(by, group);
      else {
        const position = piece.position.map((v, i) => v + (by[i] as number)) as Vec3;
        const next = placeFurniture(hall, id, position, facing, actions.furniture.carry);
        actions.edit("move-furniture", next, group);
      }
    },
  };
}

/** Moves or turns what is chosen by a handle. */
export function guideFurniture(
  { studio, actions, gizmo, group }: Holding,
  handle: Handle,
  start: Point,
): Motion | null {
  const { scene, selection } = studio;
  const box = scene.boxOf(selection.things);
  const { leader } = actions.furniture;
  if (!box || !leader) return null;
  const middle = box.getCenter(new Vector3());
  if (handle === "turn") {
    const several = selection.furniture.length > 1;
    const centre = several ? middle : new Vector3(...leader.position);
    const level = box.min.y;
    const begin = scene.ray(start);
    const first = bearing(centre, onLevel(begin, level) ?? centre);
    const now = several ? 0 : leader.facing_deg;
    let turned = 0;
    return {
      follow: (at, free) => {
        const point = onLevel(scene.ray(at), level);
        if (!point) return;
        const wanted = bearing(centre, point) - first;
        const by = free
          ? Math.round(wanted)
          : Math.round((now + wanted) / TURN_STEP_DEG) * TURN_STEP_DEG - Math.round(now * 100) / 100;
        if (by !== turned) actions.furniture.turn(by - turned, group);
        turned = by;
      },
    };
  }
  const lead = alongAxisFrom(scene.ray(start), middle, gizmo.axis(handle));
  return (
    lead && {
      follow: (at, free) => {
        const step = lead(scene.ray(at), free);
        if (step) actions.furniture.move(vec3(step), group);
      },
    }
  );
}
