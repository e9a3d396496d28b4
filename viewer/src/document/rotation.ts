import type { Quaternion, Vec3 } from "./schema.ts";

/** Rotations as quaternions x y z w. Turns about +Y are those of the server's forms: exhibit/halls/rotation.py. */

const DEGREE = Math.PI / 180;

export const UNTURNED: Quaternion = [0, 0, 0, 1];

/** Rotation about +Y; positive turns the front (+Z) towards +X. */
export function quaternionOfTurn(turn_deg: number): Quaternion {
  const half = (turn_deg * DEGREE) / 2;
  return [0, Math.sin(half) + 0, 0, Math.cos(half)];
}

/** Degrees about +Y, -180..180, of the direction that the front (+Z) is turned to. */
export function turnOf([x, y, z, w]: Quaternion): number {
  return Math.atan2(2 * (x * z + w * y), 1 - 2 * (x * x + y * y)) / DEGREE + 0;
}

/** First `b`, then `a`. Of unit length, so that many turns one after another stay a rotation. */
export function product(a: Quaternion, b: Quaternion): Quaternion {
  const [ax, ay, az, aw] = a;
  const [bx, by, bz, bw] = b;
  return unit([
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ]);
}

/** The quaternion with length 1; no rotation at all if its length is 0. */
export function unit(q: Quaternion): Quaternion {
  const length = Math.hypot(...q);
  return length > 0 ? (q.map((v) => v / length + 0) as Quaternion) : UNTURNED;
}

/** A vector, rotated. */
export function rotated([x, y, z]: Readonly<Vec3>, [qx, qy, qz, qw]: Quaternion): Vec3 {
  const [tx, ty, tz] = [2 * (qy * z - qz * y), 2 * (qz * x - qx * z), 2 * (qx * y - qy * x)];
  return [x + qw * tx + qy * tz - qz * ty, y + qw * ty + qz * tx - qx * tz, z + qw * tz + qx * ty - qy * tx];
}

/** The rotation that turns the front (+Z) along a direction and keeps +Y as far up as it can be. */
export function facing([x, y, z]: Readonly<Vec3>): Quaternion {
  const flat = Math.hypot(x, z);
  const yaw = flat > 0 ? quaternionOfTurn(Math.atan2(x, z) / DEGREE) : UNTURNED;
  const half = -Math.atan2(y, flat) / 2;
  return product(yaw, [Math.sin(half), 0, 0, Math.cos(half)]);
}

/** A vector turned about +Y. */
export function turned([x, y, z]: Readonly<Vec3>, turn_deg: number): Vec3 {
  const [sin, cos] = [Math.sin(turn_deg * DEGREE), Math.cos(turn_deg * DEGREE)];
  return [x * cos + z * sin, y, z * cos - x * sin];
}
