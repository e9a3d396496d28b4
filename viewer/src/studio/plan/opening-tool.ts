import { addOpening, type OpeningKind, USUAL_OPENINGS } from "../../document/commands/plan-openings.ts";
import { alongWall, lengthOf, positionAlong } from "../../document/commands/plan-rules.ts";
import { planOf } from "../../document/plan.ts";
import type { Plan, Vec2 } from "../../document/schema.ts";
import { rectangle } from "./footprints.ts";
import { planText } from "./i18n.ts";
import type { PlanContext } from "./plan-context.ts";
import { grid } from "./plan-snapping.ts";
import type { PlanTool, ToolPoint } from "./tool.ts";

const HINTS = { door: "hintDoor", passage: "hintPassage", window: "hintWindow" } as const;
const REACH_PX = 24;

/** Puts a door, a passage or a window into the wall that is clicked. */
export class OpeningTool implements PlanTool {
  readonly hint: (typeof HINTS)[OpeningKind];
  readonly #context: PlanContext;
  readonly #kind: OpeningKind;

  constructor(context: PlanContext, kind: OpeningKind) {
    this.#context = context;
    this.#kind = kind;
    this.hint = HINTS[kind];
  }

  press(point: ToolPoint): void {
    const { plan } = this.#context.geometry;
    const found = plan && this.#wallAt(plan, point);
    const { studio } = this.#context;
    if (!found) {
      studio.announce(planText(studio.lang, "noWall"));
      return;
    }
    const added = addOpening(this.#context.hall, found.wall, this.#kind, found.at_m);
    if (!added) {
      studio.announce(planText(studio.lang, "noRoom"));
      return;
    }
    this.#context.edit("add-opening", added.hall);
    this.#context.choice.choose({ kind: "opening", id: added.id });
  }

  move(point: ToolPoint): void {
    const { geometry, preview, hall, studio } = this.#context;
    const found = geometry.plan && this.#wallAt(geometry.plan, point);
    const wall = found ? geometry.plan?.walls[found.wall] : undefined;
    if (!found || !wall) {
      preview.show({ cursor: point.at });
      return;
    }
    const added = addOpening(hall, found.wall, this.#kind, found.at_m);
    const made = added && planOf(added.hall)?.openings?.[added.id];
    const { at_m, width_m } = made ?? { at_m: found.at_m, width_m: USUAL_OPENINGS[this.#kind].width_m };
    const length = lengthOf(wall);
    const along: Vec2 = [(wall.to[0] - wall.from[0]) / length, (wall.to[1] - wall.from[1]) / length];
    const middle = alongWall(wall, at_m);
    const unit = planText(studio.lang, "m");
    const [before, after] = [at_m - width_m / 2, length - at_m - width_m / 2];
    preview.show({
      area: rectangle(middle, along, width_m, wall.thickness_m + 0.1),
      refused: added === null,
      label: { at: middle, text: `${before.toFixed(2)} | ${width_m.toFixed(2)} | ${after.toFixed(2)} ${unit}` },
    });
  }

  cancel(): boolean {
    this.#context.preview.clear();
    return false;
  }

  #wallAt(plan: Plan, point: ToolPoint) {
    const reach = REACH_PX / this.#context.view.scale;
    return wallAt(plan, point.at, reach, point.free);
  }
}

/** The wall that is nearest to a point, and where along it: on the grid, or in its middle. */
export function wallAt(
  plan: Plan,
  point: Readonly<Vec2>,
  reach: number,
  free: boolean,
): { readonly wall: string; readonly at_m: number } | null {
  let best: { wall: string; at_m: number; away: number } | null = null;
  for (const [id, wall] of Object.entries(plan.walls)) {
    const length = lengthOf(wall);
    const at = Math.min(Math.max(positionAlong(wall, point), 0), length);
    const [x, z] = alongWall(wall, at);
    const away = Math.max(Math.hypot(point[0] - x, point[1] - z) - wall.thickness_m / 2, 0);
    if (away > reach || (best && away >= best.away)) continue;
    const middle = Math.abs(at - length / 2) < 0.15;
    best = { wall: id, at_m: free ? at : middle ? length / 2 : grid(at), away };
  }
  return best;
}
