import { type Box3, Ray, type Sphere, Vector3 } from "three";
import type { Colliders } from "../core/colliders.ts";
import { clamp, DEGREE, damp, wrapAngle } from "../core/units.ts";
import { DEFAULT_FOV_DEG, lookAt, type Pose } from "../core/view.ts";

/** The object that the visitor looks at, and from where it can be seen. Hall frame. */
export interface Subject {
  readonly owner: string | null; // placement id
  readonly box: Box3; // the target of the view stays in it
  readonly sphere: Sphere;
  readonly corners: readonly Vector3[]; // of its own box: all of it lies between them
  readonly front: Vector3; // horizontal, unit
  readonly flat: boolean; // hangs on a wall: nothing is seen from behind
  readonly staged: boolean; // the room is out of the picture: no wall is in the way
}

/** The part of the viewport that the subject has to fit into: width over height, and its share of the height. */
export interface FreeArea {
  readonly aspect: number;
  readonly share: number;
}

const FLAT_AZIMUTH = 65 * DEGREE;
const LOWEST = -25 * DEGREE;
const HIGHEST = 82 * DEGREE;
const WALL_GAP = 0.12; // m between the eye and a wall behind it
const SURFACE_GAP = 0.04; // m between the eye and the subject

const MARGIN = 1.16; // free space around a subject that fills its part of the viewport
const SIDEWAYS = 25 * DEGREE; // a thing that is not upright shows its front and its right side

/** Distance from `centre` of an eye, in direction `out` from it, that sees all the points in the free part of the viewport. */
export function fittingDistance(
  points: readonly Vector3[],
  centre: Vector3,
  out: Vector3,
  freeArea: FreeArea,
  fov_deg = DEFAULT_FOV_DEG,
): number {
  const up = Math.tan((fov_deg * DEGREE) / 2) * freeArea.share;
  const across = up * freeArea.aspect;
  const right = new Vector3(out.z, 0, -out.x).normalize();
  const above = out.clone().cross(right);
  const distances = points.map((point) => {
    const p = point.clone().sub(centre);
    return p.dot(out) + MARGIN * Math.max(Math.abs(p.dot(right)) / across, Math.abs(p.dot(above)) / up);
  });
  return Math.max(...distances);
}

/** From where a subject looks best, by its proportions: how far above it the eye is, and how far to the side of its front. */
function bestSide({ corners, front, flat }: Subject): { readonly azimuth: number; readonly elevation: number } {
  if (flat) return { azimuth: 0, elevation: 0 };
  const extent = (axis: Vector3) => {
    const along = corners.map((corner) => corner.dot(axis));
    return Math.max(...along) - Math.min(...along);
  };
  const width = extent(new Vector3(front.z, 0, -front.x));
  const [height, depth] = [extent(new Vector3(0, 1, 0)), extent(front)];
  if (depth < 0.35 * Math.min(width, height)) return { azimuth: 0, elevation: 4 * DEGREE }; // a relief, a board
  const slenderness = height / Math.max(width, depth, 1e-6);
  if (slenderness > 1.2) return { azimuth: 0, elevation: 8 * DEGREE };
  return { azimuth: SIDEWAYS, elevation: (slenderness < 0.4 ? 32 : 16) * DEGREE };
}

/**
 * The first view of a subject: from its best side, or `aside` radians beside its front. In the room, a wall may be in the way: then from
 * the next side that has space. It never depends on where the visitor stands.
 */
export function approach(subject: Subject, colliders: Colliders, freeArea: FreeArea, aside?: number): Pose {
  const { sphere, corners, front, flat, owner, staged } = subject;
  const side = bestSide(subject);
  const { elevation } = side;
  const facing = Math.atan2(front.x, front.z) + (aside ?? side.azimuth);
  const reach = (azimuth: number) => fittingDistance(corners, sphere.center, around(azimuth, elevation), freeArea);
  const tries = [facing];
  for (let i = 1; i < 8 && !flat; i++) tries.push(facing + (i % 2 ? 1 : -1) * Math.ceil(i / 2) * 45 * DEGREE);
  let best = { azimuth: facing, clear: -1 };
  for (const azimuth of staged ? [] : tries) {
    const distance = reach(azimuth);
    const hit = colliders.ray(
      sphere.center,
      around(azimuth, elevation),
      distance + WALL_GAP,
      (other) => other !== owner,
    );
    const clear = hit ? hit.distance : distance + WALL_GAP;
    if (clear > best.clear + 0.01) best = { azimuth, clear };
    if (!hit) break;
  }
  const out = around(best.azimuth, elevation);
  return lookAt(sphere.center.clone().addScaledVector(out, reach(best.azimuth)), sphere.center);
}

/** Moves the eye around a subject, which always stays in view. */
export class Orbit {
  readonly #subject: Subject;
  readonly #colliders: Colliders;
  readonly #target: Vector3;
  readonly #goal: { azimuth: number; elevation: number; distance: number; target: Vector3 };
  readonly #fov: number;
  readonly #farthest: number;
  readonly #nearest: number;
  #azimuth: number;
  #elevation: number;
  #distance: number;

  /** Starts at `from` and goes around the point of the subject's box that is nearest to `target`. */
  constructor(subject: Subject, colliders: Colliders, from: Pose, target: Vector3) {
    this.#subject = subject;
    this.#colliders = colliders;
    this.#target = subject.box.clampPoint(target, new Vector3());
    const arm = from.eye.clone().sub(this.#target);
    this.#distance = Math.max(arm.length(), 1e-3);
    this.#azimuth = Math.atan2(arm.x, arm.z);
    this.#elevation = Math.asin(clamp(arm.y / this.#distance, -1, 1));
    this.#fov = from.fov_deg;
    const { radius } = subject.sphere;
    this.#farthest = Math.max(this.#distance * 1.6, radius * 5);
    this.#nearest = Math.min(Math.max(radius * 0.12, 0.05), this.#distance);
    this.#goal = {
      azimuth: this.#azimuth,
      elevation: this.#elevation,
      distance: this.#distance,
      target: this.#target.clone(),
    };
  }

  get target(): Vector3 {
    return this.#target;
  }

  get distance(): number {
    return this.#distance;
  }

  get pose(): Pose {
    const out = around(this.#azimuth, this.#elevation);
    const distance = this.#bounded(out, this.#distance);
    return lookAt(this.#target.clone().addScaledVector(out, distance), this.#target, this.#fov);
  }

  /** Moves the eye around the subject to the right and upwards, radians. */
  rotate(azimuth: number, elevation: number): void {
    const goal = this.#goal;
    goal.azimuth += azimuth;
    if (this.#subject.flat) {
      const facing = Math.atan2(this.#subject.front.x, this.#subject.front.z);
      goal.azimuth = facing + clamp(wrapAngle(goal.azimuth - facing), -FLAT_AZIMUTH, FLAT_AZIMUTH);
    }
    goal.elevation = clamp(
      goal.elevation + elevation,
      Math.min(LOWEST, goal.elevation),
      Math.max(HIGHEST, goal.elevation),
    );
  }

  /** A factor above 1 goes closer. */
  zoom(factor: number): void {
    this.#goal.distance = clamp(this.#goal.distance / factor, this.#nearest, this.#farthest);
  }

  /** Moves the subject by a drag of (x right, y down) in shares of the viewport's height; the target stays in its box. */
  pan(x: number, y: number): void {
    const height = 2 * this.#distance * Math.tan((this.#fov * DEGREE) / 2);
    const right = new Vector3(Math.cos(this.#azimuth), 0, -Math.sin(this.#azimuth));
    const up = around(this.#azimuth, this.#elevation).cross(right);
    this.#goal.target.addScaledVector(right, -x * height).addScaledVector(up, y * height);
    this.#subject.box.clampPoint(this.#goal.target, this.#goal.target);
  }

  /** True while it moves. */
  update(seconds: number, calm: boolean): boolean {
    const goal = this.#goal;
    const turn = wrapAngle(goal.azimuth - this.#azimuth);
    const left =
      Math.abs(turn) +
      Math.abs(goal.elevation - this.#elevation) +
      Math.abs(goal.distance - this.#distance) / goal.distance +
      goal.target.distanceTo(this.#target) / goal.distance;
    if (left === 0) return false;
    const rate = calm || left < 0.0005 ? 1e9 : 10;
    this.#azimuth = goal.azimuth - damp(turn, 0, rate, seconds);
    this.#elevation = damp(this.#elevation, goal.elevation, rate, seconds);
    this.#distance = damp(this.#distance, goal.distance, rate, seconds);
    this.#target.lerp(goal.target, 1 - Math.exp(-rate * seconds));
    return true;
  }

  /** The nearest distance to `distance` at which the eye is before the walls and outside the subject. */
  #bounded(out: Vector3, distance: number): number {
    const { owner, sphere, staged } = this.#subject;
    // A wall on which the target itself lies (a note) does not count as being in between.
    const skipped = Math.min(0.35, distance * 0.3);
    const from = this.#target.clone().addScaledVector(out, skipped);
    const wall = staged
      ? null
      : this.#colliders.ray(from, out, distance - skipped + WALL_GAP, (other) => other !== owner);
    const outside = this.#target.distanceTo(sphere.center) + sphere.radius * 1.01 + SURFACE_GAP;
    const start = this.#target.clone().addScaledVector(out, outside);
    const own =
      owner === null ? null : this.#colliders.ray(start, out.clone().negate(), outside, (other) => other === owner);
    // Where the ray misses the surface, the eye stays outside the box, so that it never passes the subject.
    const beside = new Ray(this.#target, out).intersectBox(this.#subject.box, new Vector3());
    const skin = own ? outside - own.distance + SURFACE_GAP : (beside?.distanceTo(this.#target) ?? 0);
    return Math.max(wall ? Math.min(distance, skipped + wall.distance - WALL_GAP) : distance, skin, this.#nearest);
  }
}

function around(azimuth: number, elevation: number): Vector3 {
  return new Vector3(
    Math.sin(azimuth) * Math.cos(elevation),
    Math.sin(elevation),
    Math.cos(azimuth) * Math.cos(elevation),
  );
}
