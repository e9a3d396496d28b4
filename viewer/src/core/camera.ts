import { type PerspectiveCamera, type Sphere, Vector3 } from "three";
import { clamp, DEGREE, damp, ease, wrapAngle } from "./units.ts";
import { between, direction, type Pose } from "./view.ts";

/** Puts the camera at a pose. */
export function aim(camera: PerspectiveCamera, pose: Pose): void {
  camera.position.copy(pose.eye);
  camera.lookAt(pose.eye.clone().add(direction(pose.yaw, pose.pitch)));
  if (Math.abs(camera.fov - pose.fov_deg) > 1e-3) {
    camera.fov = pose.fov_deg;
    camera.updateProjectionMatrix();
  }
  camera.updateMatrixWorld();
}

/** Share of the viewport's height that a sphere covers; 1 or more when the eye is close. */
export function screenShare(eye: Vector3, fov_deg: number, sphere: Sphere): number {
  const distance = Math.max(eye.distanceTo(sphere.center) - sphere.radius, 1e-3);
  return sphere.radius / (Math.tan((fov_deg * DEGREE) / 2) * (distance + sphere.radius));
}

/** The flight of the camera from one pose to another; it starts and ends at rest. */
export class Flight {
  readonly #from: Pose;
  readonly #to: Pose;
  readonly #seconds: number;
  #elapsed = 0;

  constructor(from: Pose, to: Pose) {
    this.#from = from;
    this.#to = to;
    const turn = Math.abs(wrapAngle(to.yaw - from.yaw));
    this.#seconds = clamp(0.5 + 0.14 * from.eye.distanceTo(to.eye) + 0.25 * turn, 0.6, 2.2);
  }

  get done(): boolean {
    return this.#elapsed >= this.#seconds;
  }

  advance(seconds: number): Pose {
    this.#elapsed += seconds;
    return this.done ? this.#to : between(this.#from, this.#to, ease(this.#elapsed / this.#seconds));
  }
}

/** A rectangle of the page in CSS pixels, relative to the canvas. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Shifts the picture so that the target of the camera is in the middle of the part of the canvas that nothing covers.
 */
export class Framing {
  free: Area = { x: 0, y: 0, width: 1, height: 1 };
  #width = 1;
  #height = 1;
  #dx = 0;
  #dy = 0;

  resize(camera: PerspectiveCamera, width: number, height: number): void {
    this.#width = width;
    this.#height = height;
    camera.aspect = width / height;
    this.#apply(camera);
  }

  /** The free part that an object has to fit into: width over height, and its share of the canvas's height. */
  get freeArea(): { aspect: number; share: number } {
    return { aspect: this.free.width / Math.max(this.free.height, 1), share: this.free.height / this.#height };
  }

  /** Follows the free area; true while the picture shifts. With `centred` the whole canvas counts, as for a visitor on foot. */
  update(camera: PerspectiveCamera, seconds: number, centred: boolean): boolean {
    const goalX = centred ? 0 : this.#width / 2 - (this.free.x + this.free.width / 2);
    const goalY = centred ? 0 : this.#height / 2 - (this.free.y + this.free.height / 2);
    if (Math.abs(goalX - this.#dx) < 0.5 && Math.abs(goalY - this.#dy) < 0.5) {
      if (goalX === this.#dx && goalY === this.#dy) return false;
      this.#dx = goalX;
      this.#dy = goalY;
    } else {
      this.#dx = damp(this.#dx, goalX, 7, seconds);
      this.#dy = damp(this.#dy, goalY, 7, seconds);
    }
    this.#apply(camera);
    return true;
  }

  #apply(camera: PerspectiveCamera): void {
    camera.setViewOffset(this.#width, this.#height, this.#dx, this.#dy, this.#width, this.#height);
  }
}

/** Where a point of the hall is on the canvas, CSS pixels; null behind the eye. */
export function project(
  camera: PerspectiveCamera,
  point: Vector3,
  width: number,
  height: number,
): { x: number; y: number } | null {
  const p = point.clone().applyMatrix4(camera.matrixWorldInverse);
  if (p.z > -camera.near) return null;
  p.applyMatrix4(camera.projectionMatrix);
  return { x: ((p.x + 1) / 2) * width, y: ((1 - p.y) / 2) * height };
}

/** The ray from the eye through a canvas point, CSS pixels. */
export function rayThrough(
  camera: PerspectiveCamera,
  x: number,
  y: number,
  width: number,
  height: number,
): { origin: Vector3; direction: Vector3 } {
  const far = new Vector3((x / width) * 2 - 1, 1 - (y / height) * 2, 0.5).unproject(camera);
  return { origin: camera.position.clone(), direction: far.sub(camera.position).normalize() };
}
