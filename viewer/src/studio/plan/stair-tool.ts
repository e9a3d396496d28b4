import { addStair, changeStair } from "../../document/commands/plan.ts";
import { planOf } from "../../document/plan.ts";
import { round } from "../../document/rounding.ts";
import type { Plan, Stair, Vec2 } from "../../document/schema.ts";
import { stairOutline, turned } from "./footprints.ts";
import type { PlanContext } from "./plan-context.ts";
import { snapPoint } from "./plan-snapping.ts";
import type { PlanTool, ToolPoint } from "./tool.ts";

const HINTS = { steps: "hintSteps", ramp: "hintRamp" } as const;
const REACH_M = 1.2; // beside a platform, within which steps lead up to it

/** Puts steps or a ramp: beside a platform they lead up to its edge, elsewhere towards the back. */
export class StairTool implements PlanTool {
  readonly hint: (typeof HINTS)[Stair["kind"]];
  readonly #context: PlanContext;
  readonly #kind: Stair["kind"];

  constructor(context: PlanContext, kind: Stair["kind"]) {
    this.#context = context;
    this.#kind = kind;
    this.hint = HINTS[kind];
  }

  press(point: ToolPoint): void {
    const made = this.#make(point);
    if (!made) return;
    this.#context.edit("add-stair", made.hall);
    this.#context.choice.choose({ kind: "stair", id: made.id });
  }

  move(point: ToolPoint): void {
    const made = this.#make(point);
    const stair = made && planOf(made.hall)?.stairs?.[made.id];
    this.#context.preview.show(stair ? { area: stairOutline(stair) } : { cursor: point.at });
  }

  cancel(): boolean {
    this.#context.preview.clear();
    return false;
  }

  #make({ at, free }: ToolPoint) {
    const { geometry, hall, view } = this.#context;
    const { plan } = geometry;
    if (!plan) return null;
    const edge = edgeAt(plan, at);
    if (!edge) {
      const snapped = snapPoint(plan, at, { scale: view.scale, free });
      return addStair(hall, this.#kind, snapped.at, 0);
    }
    const made = addStair(hall, this.#kind, edge.at, edge.facing_deg, edge.height_m);
    const stair = made && planOf(made.hall)?.stairs?.[made.id];
    if (!made || !stair) return null;
    const [dx, dz] = turned([0, 1], edge.facing_deg);
    const foot: Vec2 = [round(edge.at[0] + dx * stair.run_m, 4), round(edge.at[1] + dz * stair.run_m, 4)];
    return { hall: changeStair(made.hall, made.id, { position: foot }), id: made.id };
  }
}

/** The edge of a platform that is nearest to a point: where steps would end, and which way they are entered. */
function edgeAt(plan: Plan, [x, z]: Readonly<Vec2>) {
  let best: { at: Vec2; facing_deg: number; height_m: number; away: number } | null = null;
  for (const { min, max, height_m } of Object.values(plan.platforms ?? {})) {
    const [along, across] = [Math.min(Math.max(x, min[0]), max[0]), Math.min(Math.max(z, min[1]), max[1])];
    const edges = [
      { at: [along, max[1]], facing_deg: 0, away: Math.hypot(x - along, z - max[1]) },
      { at: [max[0], across], facing_deg: 90, away: Math.hypot(x - max[0], z - across) },
      { at: [along, min[1]], facing_deg: 180, away: Math.hypot(x - along, z - min[1]) },
      { at: [min[0], across], facing_deg: -90, away: Math.hypot(x - min[0], z - across) },
    ] as const;
    for (const { at, facing_deg, away } of edges)
      if (away < REACH_M && away < (best?.away ?? REACH_M))
        best = { at: [round(at[0], 1), round(at[1], 1)], facing_deg, height_m, away };
  }
  return best;
}
