/** Numbers: metres, radians and seconds unless a name says otherwise. */

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/** Moves `current` towards `goal`, the same way at every frame rate; `rate` is in 1/s. */
export function damp(current: number, goal: number, rate: number, seconds: number): number {
  return mix(goal, current, Math.exp(-rate * seconds));
}

/** The angle in (-π, π]. */
export function wrapAngle(angle: number): number {
  const turned = angle % (2 * Math.PI);
  if (turned > Math.PI) return turned - 2 * Math.PI;
  return turned <= -Math.PI ? turned + 2 * Math.PI : turned;
}

/** Starts and ends at rest (smootherstep). */
export function ease(t: number): number {
  const x = clamp(t, 0, 1);
  return x * x * x * (x * (x * 6 - 15) + 10);
}

export const DEGREE = Math.PI / 180;
