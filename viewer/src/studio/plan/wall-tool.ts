import { SHORTEST_WALL_M } from "../../document/commands/plan-rules.ts";
import { addWalls, USUAL_WALL, type WallStyle } from "../../document/commands/plan-walls.ts";
import { distance } from "../../document/plan.ts";
import { round } from "../../document/rounding.ts";
import type { Plan, Vec2 } from "../../document/schema.ts";
import { planText } from "./i18n.ts";
import type { PlanContext } from "./plan-context.ts";
import { snapPoint } from "./plan-snapping.ts";
import { metres, type PlanTool, type ToolPoint, TypedMetres } from "./tool.ts";

/** Draws walls point by point. Each wall is one step to undo; the chain ends at its first point, at a wall that is there, or by Escape. */
export class WallTool implements PlanTool {
  readonly hint = "hintWall";
  readonly #context: PlanContext;
  readonly #typed = new TypedMetres();
  #chain: Vec2[] = [];
  #at: Vec2 = [0, 0];

  constructor(context: PlanContext) {
    this.#context = context;
  }

  press(point: ToolPoint): void {
    this.move(point);
    this.#add(this.#at);
  }

  move({ at, free }: ToolPoint): void {
    const { geometry, view, preview } = this.#context;
    const from = this.#chain.at(-1) ?? null;
    const snapped = snapPoint(geometry.plan, at, {
      scale: view.scale,
      free,
      from,
      before: this.#chain.at(-2) ?? null,
      corners: this.#chain.slice(0, 1),
    });
    this.#at = snapped.at;
    const unit = planText(this.#context.studio.lang, "m");
    const length = from ? distance(from, snapped.at) : 0;
    const typed = this.#typed.text;
    preview.show({
      line: from ? [from, snapped.at] : [],
      guides: snapped.guides,
      cursor: snapped.at,
      refused: from !== null && length > 0 && length < SHORTEST_WALL_M,
      ...(from
        ? { label: { at: snapped.at, text: typed ? `${typed} ${unit} ⏎` : metres(length, unit), typed: typed !== "" } }
        : {}),
    });
  }

  release(point: ToolPoint, dragged: boolean): void {
    if (!dragged) return;
    this.move(point); // drawn by dragging: from where the button went down to here
    this.#add(this.#at);
  }

  key(event: KeyboardEvent, point: ToolPoint): boolean {
    const from = this.#chain.at(-1);
    if (!from) return false;
    if (event.key === "Enter" && this.#typed.values) {
      const [length = 0] = this.#typed.values;
      const far = distance(from, this.#at);
      const [ux, uz] = far > 0 ? [(this.#at[0] - from[0]) / far, (this.#at[1] - from[1]) / far] : [1, 0];
      this.#typed.clear();
      this.#add([round(from[0] + length * ux, 4), round(from[1] + length * uz, 4)]);
      this.move(point);
      return true;
    }
    if (!this.#typed.type(event)) return false;
    this.move(point);
    return true;
  }

  cancel(): boolean {
    const drawing = this.#chain.length > 0;
    this.#chain = [];
    this.#typed.clear();
    this.#context.preview.clear();
    return drawing;
  }

  #add(at: Vec2): void {
    const context = this.#context;
    const from = this.#chain.at(-1);
    if (!from) {
      this.#chain = [at];
      return;
    }
    if (distance(from, at) === 0) return;
    if (distance(from, at) < SHORTEST_WALL_M) {
      context.studio.announce(planText(context.studio.lang, "tooShort"));
      return;
    }
    const { plan } = context.geometry;
    const met = this.#chain.slice(0, -1).some((point) => distance(point, at) === 0) || (plan && isOnWall(plan, at));
    const { hall, ids } = addWalls(context.hall, [from, at], { style: styleOf(plan) });
    context.edit("add-walls", hall);
    const last = ids.at(-1);
    if (last) context.choice.choose({ kind: "wall", id: last });
    this.#typed.clear();
    if (met) this.cancel();
    else this.#chain.push(at);
  }
}

/** New walls are as high and thick as those that are there. */
export function styleOf(plan: Plan | null): WallStyle {
  const [first] = Object.values(plan?.walls ?? {});
  return first ? { height_m: first.height_m, thickness_m: first.thickness_m } : USUAL_WALL;
}

function isOnWall(plan: Plan, point: Vec2): boolean {
  return Object.values(plan.walls).some(({ from, to }) => {
    const way = distance(from, point) + distance(point, to) - distance(from, to);
    return way < 1e-3;
  });
}
