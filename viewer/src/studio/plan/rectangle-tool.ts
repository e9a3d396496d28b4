import { addPlatform } from "../../document/commands/plan.ts";
import { SHORTEST_WALL_M } from "../../document/commands/plan-rules.ts";
import { addWalls } from "../../document/commands/plan-walls.ts";
import { addZone } from "../../document/commands/story.ts";
import { distance } from "../../document/plan.ts";
import { round } from "../../document/rounding.ts";
import type { Vec2 } from "../../document/schema.ts";
import { planText } from "./i18n.ts";
import { nameOfPoint } from "./plan-choice.ts";
import type { PlanContext } from "./plan-context.ts";
import { snapPoint } from "./plan-snapping.ts";
import { metres, type PlanTool, type ToolPoint, TypedMetres } from "./tool.ts";
import { styleOf } from "./wall-tool.ts";

export type RectangleKind = "room" | "platform" | "zone";

const HINTS = { room: "hintRoom", platform: "hintPlatform", zone: "hintZone" } as const;
const ZONE_HEIGHT_M = 4; // where nothing is known of the room

/** Draws a rectangle by two corners: dragged, by two clicks, or with width and depth typed after the first. */
export class RectangleTool implements PlanTool {
  readonly hint: (typeof HINTS)[RectangleKind];
  readonly #context: PlanContext;
  readonly #kind: RectangleKind;
  readonly #typed = new TypedMetres();
  #from: Vec2 | null = null;
  #at: Vec2 = [0, 0];

  constructor(context: PlanContext, kind: RectangleKind) {
    this.#context = context;
    this.#kind = kind;
    this.hint = HINTS[kind];
  }

  press(point: ToolPoint): void {
    this.move(point);
    if (this.#from) this.#make(this.#from, this.#at);
    else this.#from = this.#at;
  }

  move({ at, free }: ToolPoint): void {
    const { geometry, view, preview, studio } = this.#context;
    const snapped = snapPoint(geometry.plan, at, { scale: view.scale, free });
    this.#at = snapped.at;
    const from = this.#from;
    const unit = planText(studio.lang, "m");
    const typed = this.#typed.text;
    const [width, depth] = from ? sides(from, snapped.at) : [0, 0];
    preview.show({
      area: from ? corners(from, snapped.at) : [],
      guides: snapped.guides,
      cursor: snapped.at,
      refused: from !== null && width + depth > 0 && Math.min(width, depth) < SHORTEST_WALL_M,
      ...(from
        ? {
            label: {
              at: snapped.at,
              text: typed ? `${typed} ${unit} ⏎` : `${width.toFixed(2)} × ${metres(depth, unit)}`,
              typed: typed !== "",
            },
          }
        : {}),
    });
  }

  release(point: ToolPoint, dragged: boolean): void {
    if (!dragged || !this.#from) return;
    this.move(point);
    this.#make(this.#from, this.#at);
  }

  key(event: KeyboardEvent): boolean {
    const from = this.#from;
    if (!from) return false;
    if (event.key === "Enter" && this.#typed.values) {
      const [width = 0, depth = width] = this.#typed.values;
      const way = (axis: 0 | 1) => (this.#at[axis] < from[axis] ? -1 : 1);
      this.#make(from, [round(from[0] + way(0) * width, 4), round(from[1] + way(1) * depth, 4)]);
      return true;
    }
    if (!this.#typed.type(event, true)) return false;
    this.move({ at: this.#at, free: true, part: null, thing: null });
    return true;
  }

  cancel(): boolean {
    const drawing = this.#from !== null;
    this.#from = null;
    this.#typed.clear();
    this.#context.preview.clear();
    return drawing;
  }

  #make(from: Vec2, to: Vec2): void {
    const { studio } = this.#context;
    if (distance(from, to) === 0) return;
    if (Math.min(...sides(from, to)) < SHORTEST_WALL_M - 1e-9) {
      studio.announce(planText(studio.lang, "tooShort"));
      return;
    }
    this.cancel();
    if (this.#kind === "room") this.#makeRoom(from, to);
    else if (this.#kind === "platform") this.#makePlatform(from, to);
    else this.#makeZone(from, to);
  }

  #makeRoom(from: Vec2, to: Vec2): void {
    const context = this.#context;
    const { hall } = addWalls(context.hall, corners(from, to), { closed: true, style: styleOf(context.geometry.plan) });
    context.edit("add-walls", hall);
    context.choice.choose({ kind: "room", id: nameOfPoint([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]) });
  }

  #makePlatform(from: Vec2, to: Vec2): void {
    const added = addPlatform(this.#context.hall, from, to);
    if (!added) return;
    this.#context.edit("add-platform", added.hall);
    this.#context.choice.choose({ kind: "platform", id: added.id });
  }

  #makeZone(from: Vec2, to: Vec2): void {
    const { hall, choice, geometry } = this.#context;
    const room = geometry.plan ? undefined : hall.assets[hall.architecture.asset]?.bounds;
    const tall = Math.max(...Object.values(geometry.plan?.walls ?? {}).map(({ height_m }) => height_m), 0);
    const [low, high] = room ? [room.min[1], room.max[1]] : [0, tall || ZONE_HEIGHT_M];
    const added = addZone(
      hall,
      { zh: planText("zh", "zone"), en: planText("en", "zone") },
      {
        min: [Math.min(from[0], to[0]), low, Math.min(from[1], to[1])],
        max: [Math.max(from[0], to[0]), high, Math.max(from[1], to[1])],
      },
    );
    this.#context.edit("add-zone", added.hall);
    choice.choose({ kind: "zone", id: added.id });
  }
}

/** The corners of a rectangle, clockwise on the screen. */
export function corners(a: Readonly<Vec2>, b: Readonly<Vec2>): Vec2[] {
  const [left, right] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])];
  const [back, front] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])];
  return [
    [left, back],
    [right, back],
    [right, front],
    [left, front],
  ];
}

function sides(a: Vec2, b: Vec2): [number, number] {
  return [Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])];
}
