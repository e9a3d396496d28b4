import type { Point } from "./studio-scene.ts";

/** Something that is being moved by the pointer. */
export interface Motion {
  /** Follows the pointer. `free`: without snapping. */
  follow(at: Point, free: boolean): void;
}
