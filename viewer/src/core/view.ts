import { Vector3 } from "three";
import type { View } from "../document/schema.ts";
import { clamp, DEGREE, mix, wrapAngle } from "./units.ts";

/** Where an eye is and where it looks, hall frame. Yaw 0 looks along -Z and grows to the left; pitch grows upwards. */
export interface Pose {
  readonly eye: Vector3;
  readonly yaw: number;
  readonly pitch: number;
  readonly fov_deg: number;
}

export const DEFAULT_FOV_DEG = 60;
export const MAX_PITCH = 85 * DEGREE;

/** Unit vector along which a pose looks. */
export function direction(yaw: number, pitch: number): Vector3 {
  return new Vector3(-Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch), -Math.cos(yaw) * Math.cos(pitch));
}

/** The pose of an eye at `eye` that looks at `target`. */
export function lookAt(eye: Vector3, target: Vector3, fov_deg = DEFAULT_FOV_DEG): Pose {
  const d = target.clone().sub(eye);
  const flat = Math.hypot(d.x, d.z);
  const yaw = flat < 1e-9 ? 0 : Math.atan2(-d.x, -d.z);
  return { eye: eye.clone(), yaw, pitch: clamp(Math.atan2(d.y, flat), -MAX_PITCH, MAX_PITCH), fov_deg };
}

export function poseOfView(view: View): Pose {
  return lookAt(new Vector3(...view.position), new Vector3(...view.target), view.fov_deg ?? DEFAULT_FOV_DEG);
}

/** Between two poses, turning the short way. */
export function between(a: Pose, b: Pose, t: number): Pose {
  return {
    eye: a.eye.clone().lerp(b.eye, t),
    yaw: a.yaw + wrapAngle(b.yaw - a.yaw) * t,
    pitch: mix(a.pitch, b.pitch, t),
    fov_deg: mix(a.fov_deg, b.fov_deg, t),
  };
}
