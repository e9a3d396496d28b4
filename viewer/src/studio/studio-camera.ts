import { type Box3, PerspectiveCamera, Sphere, Vector3 } from "three";
import { clamp, DEGREE, damp, wrapAngle } from "../core/units.ts";
import type { View } from "../document/schema.ts";

/** The directions from which the whole hall can be looked at. */
export type Side = "above" | "front" | "right" | "inside";

const FOV_DEG = 50;
const FLAT_FOV_DEG = 6; // from above, from the front and the side: nearly a drawing to scale
const NEAREST = 0.3; // m
const FARTHEST = 900;
const LOWEST = -80 * DEGREE;
const HIGHEST = 90 * DEGREE - 1e-3;
const EASE = 12; // per second

interface Orbit {
  azimuth: number; // 0: from +Z
  elevation: number;
  distance: number;
  fov_deg: number;
  readonly target: Vector3;
}

/** The curator's camera: goes around a point, shifts, comes closer. Metres, hall frame. */
export class StudioCamera {
  readonly camera = new PerspectiveCamera(FOV_DEG, 1, 0.05, 2 * FARTHEST);
  readonly #now: Orbit;
  readonly #goal: Orbit;

  constructor(from: View) {
    this.#goal = { azimuth: 0, elevation: 0, distance: 1, fov_deg: FOV_DEG, target: new Vector3() };
    this.#now = { ...this.#goal, target: new Vector3() };
    this.look(from);
    this.update(0, true);
  }

  /** The point that the camera goes around. */
  get target(): Vector3 {
    return this.#goal.target;
  }

  /** From which side the target is seen, radians: 0 from +Z. */
  get azimuth(): number {
    return this.#goal.azimuth;
  }

  /** Whether the hall is looked at from above, so that nothing over the exhibits is wanted. */
  get isHigh(): boolean {
    return this.#now.elevation > 50 * DEGREE;
  }

  get distance(): number {
    return this.#now.distance;
  }

  /** The height of the picture at the target, m. */
  get span(): number {
    return 2 * this.#goal.distance * Math.tan((this.#goal.fov_deg * DEGREE) / 2);
  }

  /** The present view, to be saved. */
  get view(): View {
    const round = (v: number) => Math.round(v * 1000) / 1000;
    const [position, target] = [this.camera.position, this.#now.target].map((p) => p.toArray().map(round)) as [
      [number, number, number],
      [number, number, number],
    ];
    return { position, target, fov_deg: Math.round(this.#now.fov_deg) };
  }

  look({ position, target }: View): void {
    const goal = this.#goal;
    goal.target.set(...target);
    const arm = new Vector3(...position).sub(goal.target);
    goal.distance = clamp(arm.length(), NEAREST, FARTHEST);
    goal.azimuth = Math.atan2(arm.x, arm.z);
    goal.elevation = clamp(Math.asin(clamp(arm.y / goal.distance, -1, 1)), LOWEST, HIGHEST);
    goal.fov_deg = FOV_DEG;
  }

  /** Shows all of a box from a side; `inside`: from the present direction. */
  show(box: Box3, side: Side): void {
    const goal = this.#goal;
    const sphere = box.getBoundingSphere(new Sphere());
    const flat = side !== "inside";
    goal.target.copy(sphere.center);
    goal.fov_deg = flat ? FLAT_FOV_DEG : FOV_DEG;
    if (side === "above") Object.assign(goal, { azimuth: 0, elevation: HIGHEST });
    if (side === "front") Object.assign(goal, { azimuth: 0, elevation: 0 });
    if (side === "right") Object.assign(goal, { azimuth: Math.PI / 2, elevation: 0 });
    const size = box.getSize(new Vector3());
    const across = side === "right" ? size.z : size.x;
    const up = side === "above" ? size.z : size.y;
    const half = flat
      ? Math.max(up, across / this.camera.aspect) / 2
      : (0.66 * sphere.radius) / Math.min(1, this.camera.aspect);
    goal.distance = clamp((half * 1.12) / Math.tan((goal.fov_deg * DEGREE) / 2), NEAREST, FARTHEST);
    if (!flat) goal.elevation = clamp(goal.elevation, 35 * DEGREE, 55 * DEGREE);
  }

  /** Comes so close that a thing is a good part of the picture. `front`: where it looks, if it has to be seen from there. */
  fit(box: Box3, front: Vector3 | null = null): void {
    const { center, radius } = box.getBoundingSphere(new Sphere());
    const goal = this.#goal;
    goal.target.copy(center);
    if (front) Object.assign(goal, { azimuth: Math.atan2(front.x, front.z), elevation: 0, fov_deg: FOV_DEG });
    else if (goal.fov_deg === FOV_DEG) goal.elevation = clamp(goal.elevation, 14 * DEGREE, 50 * DEGREE);
    goal.distance = clamp((Math.max(radius, 0.15) * 1.6) / Math.tan((goal.fov_deg * DEGREE) / 2), NEAREST, FARTHEST);
  }

  /** Goes around the target, radians. From a flat view it comes back into the room. */
  rotate(azimuth: number, elevation: number): void {
    const goal = this.#goal;
    goal.azimuth -= azimuth;
    goal.elevation = clamp(goal.elevation + elevation, LOWEST, HIGHEST);
    this.#unflatten();
  }

  /** Shifts by shares of the picture's height: x to the right, y down, as a hand that pulls the picture. */
  pan(x: number, y: number): void {
    const { target, azimuth } = this.#goal;
    const right = new Vector3(Math.cos(azimuth), 0, -Math.sin(azimuth));
    const up = this.#out(this.#goal).cross(right);
    target.addScaledVector(right, -x * this.span).addScaledVector(up, y * this.span);
  }

  /** A factor above 1 comes closer. */
  zoom(factor: number): void {
    this.#goal.distance = clamp(this.#goal.distance / factor, NEAREST, FARTHEST);
  }

  /** Walks: shifts the target along the floor, m. */
  walk(ahead: number, right: number, up: number): void {
    const { target, azimuth } = this.#goal;
    target.x += -Math.sin(azimuth) * ahead + Math.cos(azimuth) * right;
    target.z += -Math.cos(azimuth) * ahead - Math.sin(azimuth) * right;
    target.y += up;
  }

  /** True while it moves. With `calm` it is there at once. */
  update(seconds: number, calm: boolean): boolean {
    const now = this.#now;
    const goal = this.#goal;
    const left =
      Math.abs(wrapAngle(goal.azimuth - now.azimuth)) +
      Math.abs(goal.elevation - now.elevation) +
      Math.abs(Math.log(goal.distance / now.distance)) +
      Math.abs(goal.fov_deg - now.fov_deg) / 90 +
      goal.target.distanceTo(now.target) / goal.distance;
    const rate = calm || left < 0.0008 ? 1e9 : EASE;
    // The size of what is at the target stays even while the field of view changes.
    const span = (orbit: Orbit) => orbit.distance * Math.tan((orbit.fov_deg * DEGREE) / 2);
    const size = Math.exp(damp(Math.log(span(now)), Math.log(span(goal)), rate, seconds));
    now.fov_deg = damp(now.fov_deg, goal.fov_deg, rate, seconds);
    now.distance = rate > EASE ? goal.distance : size / Math.tan((now.fov_deg * DEGREE) / 2);
    now.azimuth = goal.azimuth - damp(wrapAngle(goal.azimuth - now.azimuth), 0, rate, seconds);
    now.elevation = damp(now.elevation, goal.elevation, rate, seconds);
    now.target.lerp(goal.target, 1 - Math.exp(-rate * seconds));
    if (rate > EASE) Object.assign(now, { ...goal, target: now.target.copy(goal.target) });
    this.#aim();
    return left > 0;
  }

  resize(width: number, height: number): void {
    this.camera.aspect = width / Math.max(height, 1);
    this.#aim();
  }

  #aim(): void {
    const { camera } = this;
    const { target, distance, azimuth, fov_deg } = this.#now;
    camera.position.copy(target).addScaledVector(this.#out(this.#now), distance);
    camera.up.set(-Math.sin(azimuth), 1e-3, -Math.cos(azimuth));
    if (this.#now.elevation < 80 * DEGREE) camera.up.set(0, 1, 0);
    camera.lookAt(target);
    camera.fov = fov_deg;
    camera.near = Math.max(0.05, distance - 120);
    camera.updateProjectionMatrix();
    camera.updateMatrixWorld();
  }

  #out({ azimuth, elevation }: Orbit): Vector3 {
    const flat = Math.cos(elevation);
    return new Vector3(Math.sin(azimuth) * flat, Math.sin(elevation), Math.cos(azimuth) * flat);
  }

  #unflatten(): void {
    const goal = this.#goal;
    if (goal.fov_deg === FOV_DEG) return;
    goal.distance *= Math.tan((goal.fov_deg * DEGREE) / 2) / Math.tan((FOV_DEG * DEGREE) / 2);
    goal.fov_deg = FOV_DEG;
  }
}
