import { Plane, Vector3 } from "three";
import { type Colliders, clearBetween } from "../core/colliders.ts";
import { DEGREE } from "../core/units.ts";

const WAYS = 12; // horizontal directions in which walls are looked for
const ENCLOSED = 7; // of these, so many must meet a wall: whoever stands outside sees walls on one side only
const BEHIND = 0.06; // m inside a wall's face at which it is cut
const OFF_WALL = 0.35; // m before the target, where walls are looked for: it may be a point of a wall
const EYE = 1.5; // m above the target's floor
const TALLEST_EYE = 3; // m above a floor: whoever looks from there stands in the room
const UP = new Vector3(0, 1, 0);
const DOWN = new Vector3(0, -1, 0);
const NEVER = 1e6;

/**
 * Takes away the ceiling and the walls between the camera and what it looks at, as of a doll's house: the planes of the walls around
 * the target that the camera is behind. Always as many planes, because another number would compile all shaders anew.
 */
export class Cutaway {
  readonly planes: Plane[] = Array.from({ length: 1 + WAYS }, () => new Plane(new Vector3(0, -1, 0), NEVER));
  readonly #colliders: Colliders;

  constructor(colliders: Colliders) {
    this.#colliders = colliders;
  }

  /** `top`: of what stands in the hall; with `high` everything above it is taken away, beams and lamps too. */
  update(target: Vector3, eye: Vector3, top: number, high: boolean): void {
    const room = (owner: string | null) => owner === null;
    const [ceiling, ...walls] = this.planes as [Plane, ...Plane[]];
    const before = target.clone().lerp(eye, Math.min(OFF_WALL / Math.max(target.distanceTo(eye), 1e-6), 0.5));
    const floor = this.#colliders.ray(before.clone().setY(before.y + 0.3), DOWN, 20, room);
    const from = floor ? floor.point.clone().setY(Math.max(floor.point.y + EYE, before.y)) : before;
    const above = this.#colliders.ray(from, UP, 60, room);
    const roof = above?.point ?? null;
    if (roof && (high || eye.y > roof.y)) roof.y = Math.min(roof.y, Math.max(top, from.y + 1));
    this.#cut(ceiling, roof, above ? above.normal.set(0, -1, 0) : null, eye);
    const stands = this.#colliders.ray(eye, DOWN, TALLEST_EYE, room) !== null;
    const inside = stands && clearBetween(this.#colliders, eye, before, 0, room); // nothing is in the way
    const around = walls.map((_, i) => {
      const angle = ((i * 360) / WAYS) * DEGREE;
      const wall = this.#colliders.ray(from, new Vector3(Math.sin(angle), 0, Math.cos(angle)), 80, room);
      return wall && Math.abs(wall.normal.y) < 0.3 ? wall : null;
    });
    const cut = !inside && around.filter((wall) => wall !== null).length >= ENCLOSED;
    for (const [i, plane] of walls.entries()) {
      const wall = cut ? around[i] : null;
      this.#cut(plane, wall?.point ?? null, wall?.normal.setY(0).normalize() ?? null, eye);
    }
  }

  /** Takes nothing away. */
  clear(): void {
    for (const plane of this.planes) {
      plane.normal.set(0, -1, 0);
      plane.constant = NEVER;
    }
  }

  /** Where a ray comes out of what is cut away: the first point along it that is drawn. */
  entry(origin: Vector3, direction: Vector3): Vector3 {
    let along = 0;
    for (const { normal, constant } of this.planes) {
      const height = normal.dot(origin) + constant;
      const towards = normal.dot(direction);
      if (height < 0 && towards > 1e-6) along = Math.max(along, -height / towards);
    }
    return origin.clone().addScaledVector(direction, along);
  }

  /** The plane lets through what is on the normal's side. */
  #cut(plane: Plane, point: Vector3 | null, normal: Vector3 | null, eye: Vector3): void {
    if (point && normal && normal.dot(eye) - normal.dot(point) < 0.02) {
      plane.normal.copy(normal);
      plane.constant = -normal.dot(point) - BEHIND;
    } else {
      plane.normal.set(0, -1, 0);
      plane.constant = NEVER;
    }
  }
}
