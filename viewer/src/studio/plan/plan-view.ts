import type { Vec2 } from "../../document/schema.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A part of the floor: x and z, m. */
export interface FloorBounds {
  readonly min: Vec2;
  readonly max: Vec2;
}

const CLOSEST = 800; // px for a metre
const FARTHEST = 2;
const NEAR = 200; // closer than this nothing is shown at first
const MARGIN_PX = { left: 140, right: 76, top: 84, bottom: 60 }; // room for the tools, the hint, the rulers

/** How the plan lies on the screen: seen from above, x to the right, z downwards. Pixels are those of the drawing's element. */
export class PlanView {
  /** px for a metre. */
  scale = 40;
  width = 1;
  height = 1;
  /** The point of the plan in the middle, m. */
  #middle: Vec2 = [0, 0];

  toScreen([x, z]: Readonly<Vec2>): Point {
    return {
      x: this.width / 2 + (x - this.#middle[0]) * this.scale,
      y: this.height / 2 + (z - this.#middle[1]) * this.scale,
    };
  }

  toPlan({ x, y }: Point): Vec2 {
    return [this.#middle[0] + (x - this.width / 2) / this.scale, this.#middle[1] + (y - this.height / 2) / this.scale];
  }

  /** The transform of what is drawn in metres. */
  get transform(): string {
    const { x, y } = this.toScreen([0, 0]);
    return `matrix(${this.scale} 0 0 ${this.scale} ${x} ${y})`;
  }

  pan(dx: number, dy: number): void {
    this.#middle = [this.#middle[0] - dx / this.scale, this.#middle[1] - dy / this.scale];
  }

  /** Comes closer by a factor; what is at a point of the screen stays there. */
  zoom(factor: number, at: Point = { x: this.width / 2, y: this.height / 2 }): void {
    const held = this.toPlan(at);
    this.scale = Math.min(Math.max(this.scale * factor, FARTHEST), CLOSEST);
    const now = this.toPlan(at);
    this.#middle = [this.#middle[0] + held[0] - now[0], this.#middle[1] + held[1] - now[1]];
  }

  /** Shows a part of the floor as large as it fits. */
  fit({ min, max }: FloorBounds): void {
    const { left, right, top, bottom } = MARGIN_PX;
    const wide = Math.max(this.width - left - right, 1) / Math.max(max[0] - min[0], 0.5);
    const deep = Math.max(this.height - top - bottom, 1) / Math.max(max[1] - min[1], 0.5);
    this.scale = Math.min(Math.max(Math.min(wide, deep, NEAR), FARTHEST), CLOSEST);
    this.#middle = [
      (min[0] + max[0]) / 2 - (left - right) / 2 / this.scale,
      (min[1] + max[1]) / 2 - (top - bottom) / 2 / this.scale,
    ];
  }
}
