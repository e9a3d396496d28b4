import { Box3, Line3, Vector3 } from "three";
import type { ExtendedTriangle } from "three-mesh-bvh";
import { WALKABLE_DEG } from "../document/heights.ts";
import type { Colliders } from "./colliders.ts";
import { DEGREE } from "./units.ts";

/** A visitor's body: an upright capsule. Metres. */
export const BODY = { radius: 0.3, height: 1.7, eye: 1.6, step: 0.3, slope_deg: WALKABLE_DEG } as const;

const WALKABLE = Math.cos((BODY.slope_deg + 0.5) * DEGREE);
const STRIDE = BODY.radius / 2; // the longest sub-step, so that the body never passes through a surface
const KNEE = BODY.step + 0.01; // the body steps over surfaces that end below this height
const SOLE = 0.2; // radius of the ring of points that a body can stand on
const SNAP = 0.35; // a deeper step down is a fall
const SLACK = 0.01; // a smaller penetration is ignored
const GRAVITY = 9.81;
const DOWN = new Vector3(0, -1, 0);
const RING = Array.from({ length: 9 }, (_, i) =>
  i === 8 ? [0, 0] : [SOLE * Math.cos((i * Math.PI) / 4), SOLE * Math.sin((i * Math.PI) / 4)],
) as [number, number][];

/**
 * The body walks on real meshes. It steps on everything up to knee height. Everything higher pushes it sideways. It does not go where
 * there is no ground.
 */
export class Body {
  /** The point between the soles. */
  readonly foot = new Vector3();
  readonly #colliders: Colliders;
  readonly #safe = new Vector3();
  #fall = 0; // m/s downwards
  #grounded = false;

  readonly #segment = new Line3();
  readonly #box = new Box3();
  readonly #normal = new Vector3();
  readonly #onTriangle = new Vector3();
  readonly #onSegment = new Vector3();
  readonly #before = new Vector3();

  constructor(colliders: Colliders) {
    this.#colliders = colliders;
  }

  get grounded(): boolean {
    return this.#grounded;
  }

  /** Puts the body on the ground below `foot`, or on the nearest free place. False if there is no free place near. */
  place(foot: Vector3): boolean {
    this.#fall = 0;
    const free = this.#freeSpot(foot);
    this.foot.copy(free ?? foot);
    this.#grounded = free !== null;
    if (free) this.#safe.copy(free);
    return free !== null;
  }

  /** If a new collider contains the body, moves the body to the nearest free place. True if it has moved. */
  release(): boolean {
    if (this.#depth(this.foot) <= SLACK) return false;
    return this.place(this.#freeSpot(this.foot) ?? this.#safe);
  }

  /** Moves by (dx, dz) metres in `seconds` and slides along obstacles. Returns the distance moved, m. */
  move(dx: number, dz: number, seconds: number): number {
    const start = this.foot.clone();
    const length = Math.hypot(dx, dz);
    const drop = this.#grounded ? 0 : this.#fall * seconds + (GRAVITY * seconds * seconds) / 2;
    const steps = Math.max(1, Math.ceil(Math.max(length, drop) / STRIDE));
    for (let i = 0; i < steps; i++) {
      if (length > 0) this.#slide(dx / steps, dz / steps);
      this.#settle(seconds / steps);
    }
    return this.foot.distanceTo(start);
  }

  #slide(dx: number, dz: number): void {
    this.#before.copy(this.foot);
    if (this.#attempt(dx, dz)) return;
    // An edge or a narrow corner that blocks the way: tries each axis alone.
    if (Math.abs(dx) > 1e-9 && this.#attempt(dx, 0)) return;
    if (Math.abs(dz) > 1e-9) this.#attempt(0, dz);
  }

  /** One sub-step. It is undone (false) if it ends deeper inside something than before, or above no ground. */
  #attempt(dx: number, dz: number): boolean {
    this.foot.copy(this.#before);
    this.foot.x += dx;
    this.foot.z += dz;
    let depth = 0;
    for (let round = 0; round < 4; round++) {
      depth = this.#push();
      if (depth <= SLACK / 10) break;
    }
    const inside = depth > SLACK && this.#depth(this.foot) > Math.max(SLACK, this.#depth(this.#before));
    const strayed = Math.hypot(this.foot.x - this.#before.x, this.foot.z - this.#before.z) > 2 * STRIDE;
    if (!inside && !strayed && this.#ground(this.foot, Number.POSITIVE_INFINITY) !== null) return true;
    this.foot.copy(this.#before);
    return false;
  }

  /** Finds the ground: steps up or down to it, or falls. */
  #settle(seconds: number): void {
    const snap = this.#grounded ? SNAP : 0.02;
    const drop = this.#grounded ? 0 : this.#fall * seconds + (GRAVITY * seconds * seconds) / 2;
    const ground = this.#ground(this.foot, Math.max(snap, drop));
    if (ground !== null) {
      this.foot.y = ground;
      this.#fall = 0;
      this.#grounded = true;
      this.#safe.copy(this.foot);
      return;
    }
    this.#grounded = false;
    this.foot.y -= drop;
    this.#fall += GRAVITY * seconds;
    if (this.foot.y < this.#colliders.bounds.min.y - 1 || this.#colliders.bounds.isEmpty()) {
      this.foot.copy(this.#safe);
      this.#fall = 0;
      this.#grounded = true;
    }
  }

  /** Height of the highest walkable ground under the soles, from a step above `foot` to `below` under it. */
  #ground(foot: Vector3, below: number): number | null {
    let best: number | null = null;
    const origin = new Vector3();
    for (const [x, z] of RING) {
      origin.set(foot.x + x, foot.y + KNEE, foot.z + z);
      const hit = this.#colliders.ray(origin, DOWN, KNEE + below);
      if (hit && hit.normal.y >= WALKABLE && (best === null || hit.point.y > best)) best = hit.point.y;
    }
    return best;
  }

  /** Pushes the body sideways out of the surfaces that it touches; returns the deepest penetration. */
  #push(): number {
    let deepest = 0;
    this.#touch(this.foot, (depth, nx, nz) => {
      deepest = Math.max(deepest, depth);
      this.foot.x += nx * depth;
      this.foot.z += nz * depth;
      this.#segment.start.x += nx * depth;
      this.#segment.start.z += nz * depth;
      this.#segment.end.x += nx * depth;
      this.#segment.end.z += nz * depth;
    });
    return deepest;
  }

  #depth(foot: Vector3): number {
    let deepest = 0;
    this.#touch(foot, (depth) => {
      deepest = Math.max(deepest, depth);
    });
    return deepest;
  }

  /** Calls `found` for every wall that the capsule at `foot` touches: the depth, and the horizontal direction that leads out. */
  #touch(foot: Vector3, found: (depth: number, nx: number, nz: number) => void): void {
    const { radius, height } = BODY;
    const { start, end } = this.#segment;
    start.set(foot.x, foot.y + KNEE + 0.01, foot.z);
    end.set(foot.x, foot.y + height - radius, foot.z);
    this.#box.setFromPoints([start, end]).expandByScalar(radius);
    this.#colliders.near(this.#box, (triangle) => {
      const distance = triangle.closestPointToSegment(this.#segment, this.#onTriangle, this.#onSegment);
      if (distance >= radius || this.#isGround(triangle, foot.y + KNEE)) return;
      this.#normal.copy(this.#onSegment).sub(this.#onTriangle);
      let flat = Math.hypot(this.#normal.x, this.#normal.z);
      if (flat < 1e-6 || flat < 0.15 * distance) {
        // Below a ceiling or exactly on a surface: the normal of the surface shows the way out, if there is one.
        triangle.getNormal(this.#normal);
        flat = Math.hypot(this.#normal.x, this.#normal.z);
        if (flat < 0.15) return found(radius - distance, 0, 0);
      }
      const share = Math.min(1, flat / Math.max(this.#normal.length(), 1e-9));
      found(Math.min((radius - distance) / share, radius), this.#normal.x / flat, this.#normal.z / flat);
    });
  }

  /** Whether a touched triangle is something to walk on or step over, not a wall. */
  #isGround(triangle: ExtendedTriangle, knee: number): boolean {
    if (Math.max(triangle.a.y, triangle.b.y, triangle.c.y) <= knee) return true;
    if (this.#onTriangle.y > knee) return false;
    const slope = Math.abs(triangle.getNormal(this.#normal).y);
    return slope >= WALKABLE || slope < 0.25; // between them it is a slope too steep to walk up, however low it starts
  }

  /** The nearest place around `foot` where the body touches nothing and stands on something. */
  #freeSpot(foot: Vector3): Vector3 | null {
    const spot = new Vector3();
    for (let ring = 0; ring <= 20; ring++) {
      const around = ring === 0 ? 1 : 8 + 2 * ring;
      for (let i = 0; i < around; i++) {
        const angle = (2 * Math.PI * i) / around;
        spot.set(foot.x + 0.2 * ring * Math.cos(angle), foot.y, foot.z + 0.2 * ring * Math.sin(angle));
        const ground = this.#ground(spot, Number.POSITIVE_INFINITY);
        if (ground === null) continue;
        spot.y = ground;
        if (this.#depth(spot) <= SLACK) return spot;
      }
    }
    return null;
  }
}
