import { type Box3, Matrix4, Quaternion as Rotation, Vector3 } from "three";
import type { Quaternion } from "../document/schema.ts";

/** Turns that stand an asset upright. Points and normals are in the asset's frame, +Y up; quaternions x y z w. */

const DOWN = new Vector3(0, -1, 0);
const FLAT = 1e-3; // of the longest side: three points that lie nearer to one line give no plane

/** The turn by which a face with this outward normal comes to lie on the floor. */
export function onFace(normal: Vector3): Quaternion {
  return new Rotation().setFromUnitVectors(normal.clone().normalize(), DOWN).toArray() as Quaternion;
}

/** The turn by which the plane through three points becomes the floor and the asset, whose middle is given, stands on it; null if they lie on one line. */
export function onPlane(points: readonly [Vector3, Vector3, Vector3], middle: Vector3): Quaternion | null {
  const [a, b, c] = points;
  const normal = b.clone().sub(a).cross(c.clone().sub(a));
  const longest = Math.max(a.distanceTo(b), b.distanceTo(c), c.distanceTo(a));
  if (normal.length() < FLAT * longest ** 2 || longest === 0) return null;
  normal.normalize();
  const above = middle.clone().sub(a).dot(normal);
  const out = Math.abs(above) < FLAT * longest ? normal.y > 0 : above > 0; // the plane cuts through the middle: as it lies now
  return onFace(out ? normal.negate() : normal);
}

/** Whether every axis is turned onto an axis, so that a box stays one. */
export function isQuarterTurn(turn: Quaternion): boolean {
  const matrix = new Matrix4().makeRotationFromQuaternion(new Rotation(...turn));
  return matrix.elements.every((v) => Math.abs(v - Math.round(v)) < 1e-6);
}

/** The box around a turned box: exact for quarter turns, else the most that what is in it can take. */
export function turnedBox(box: Box3, turn: Quaternion): Box3 {
  return box.clone().applyMatrix4(new Matrix4().makeRotationFromQuaternion(new Rotation(...turn)));
}

/** Where a turned box has to be moved to stand on the floor, over the origin. */
export function toFloor(box: Box3): Vector3 {
  const middle = box.getCenter(new Vector3());
  return new Vector3(-middle.x, -box.min.y, -middle.z);
}
