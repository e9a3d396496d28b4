import { Signal } from "../../core/signal.ts";
import { faceAt, type PlanFace } from "../../document/plan.ts";
import type { Hall, Plan, Vec2 } from "../../document/schema.ts";

/** What can be chosen on the plan beside exhibits. A corner is named by an end of a wall, a room by a point in it. */
export type PartKind = "wall" | "corner" | "opening" | "room" | "platform" | "stair" | "zone" | "start";
export interface PlanPart {
  readonly kind: PartKind;
  readonly id: string;
}

/** The part of the plan that is chosen now; null: none, or an exhibit (the studio's selection). */
export class PlanChoice {
  readonly changed = new Signal<PlanPart | null>();
  #part: PlanPart | null = null;

  get part(): PlanPart | null {
    return this.#part;
  }

  choose(part: PlanPart | null): void {
    const same = part?.kind === this.#part?.kind && part?.id === this.#part?.id;
    this.#part = part;
    if (!same) this.changed.emit(part);
  }

  has(kind: PartKind, id: string): boolean {
    return this.#part?.kind === kind && this.#part.id === id;
  }

  /** Whether the chosen room is this one. */
  hasRoom(face: PlanFace): boolean {
    return this.#part?.kind === "room" && faceAt([face], pointOf(this.#part.id)) !== null;
  }

  /** What is gone is no longer chosen. */
  follow(hall: Hall, plan: Plan | null, faces: readonly PlanFace[]): void {
    const part = this.#part;
    if (!part || part.kind === "start") return;
    const { kind, id } = part;
    const there =
      kind === "zone"
        ? hall.zones?.[id]
        : kind === "room"
          ? faceAt(faces, pointOf(id))
          : kind === "corner"
            ? plan?.walls[wallEndOf(id).wall]
            : plan?.[`${kind}s`]?.[id];
    if (!there) this.choose(null);
  }
}

export function nameOfPoint([x, z]: Readonly<Vec2>): string {
  return `${x} ${z}`;
}

export function pointOf(name: string): Vec2 {
  const [x = 0, z = 0] = name.split(" ").map(Number);
  return [x, z];
}

/** The wall and its end that name a corner: "wall-2 from". */
export function wallEndOf(name: string): { readonly wall: string; readonly end: "from" | "to" } {
  const [wall = "", end] = name.split(" ");
  return { wall, end: end === "to" ? "to" : "from" };
}

/** Where a corner is; null if its wall is gone. */
export function cornerOf(plan: Plan, name: string): Vec2 | null {
  const { wall, end } = wallEndOf(name);
  return plan.walls[wall]?.[end] ?? null;
}
