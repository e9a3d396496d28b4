import { type Matrix4, Quaternion, Vector3 } from "three";
import { DEGREE } from "./units.ts";

/** A flat rectangle in the hall, upright or tilted, that faces its local +Z: a label, a sign, an opening. Metres. */
export interface Rectangle {
  readonly centre: Vector3;
  readonly rotation: Quaternion;
  readonly width: number;
  readonly height: number;
}

/** For the material of a surface that lies on another one: far away, the depth buffer cannot separate millimetres. */
export const POLYGON_OFFSET = { polygonOffset: true, polygonOffsetFactor: -1, polygonOffsetUnits: -4 } as const;

/** An upright rectangle with this yaw about +Y; `tilt_deg` leans it back towards a standing reader. */
export function uprightRectangle(
  centre: Vector3,
  facing_deg: number,
  width: number,
  height: number,
  tilt_deg = 0,
): Rectangle {
  const rotation = new Quaternion()
    .setFromAxisAngle(new Vector3(0, 1, 0), facing_deg * DEGREE)
    .multiply(new Quaternion().setFromAxisAngle(new Vector3(1, 0, 0), -tilt_deg * DEGREE));
  return { centre, rotation, width, height };
}

/** The unit vector that a rectangle with this yaw looks along. */
export function facingDirection(facing_deg: number): Vector3 {
  return new Vector3(Math.sin(facing_deg * DEGREE), 0, Math.cos(facing_deg * DEGREE));
}

/** The distance at which a ray (unit direction) hits the front of a rectangle; null if it does not. */
export function rayDistance(rectangle: Rectangle, origin: Vector3, direction: Vector3): number | null {
  const back = rectangle.rotation.clone().invert();
  const from = origin.clone().sub(rectangle.centre).applyQuaternion(back);
  const along = direction.clone().applyQuaternion(back);
  if (from.z <= 0 || along.z >= -1e-9) return null;
  const distance = -from.z / along.z;
  const x = from.x + along.x * distance;
  const y = from.y + along.y * distance;
  return Math.abs(x) <= rectangle.width / 2 && Math.abs(y) <= rectangle.height / 2 ? distance : null;
}

/** The transform hall_from_rectangle, written into `matrix`. */
export function hallFromRectangle(rectangle: Rectangle, matrix: Matrix4): Matrix4 {
  return matrix.compose(rectangle.centre, rectangle.rotation, new Vector3(1, 1, 1));
}
