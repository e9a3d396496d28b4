import { changeStair } from "../../document/commands/plan.ts";
import type { Vec2 } from "../../document/schema.ts";
import { planText } from "./i18n.ts";
import { partName } from "./part-names.ts";
import type { PartKind, PlanPart } from "./plan-choice.ts";
import type { PlanContext } from "./plan-context.ts";
import { grid } from "./plan-snapping.ts";
import { removePart } from "./remove-part.ts";
import type { ToolPoint } from "./tool.ts";
import { TOOLS, type ToolName, type ToolStrip } from "./tool-strip.ts";

const SERIES_MS = 1200; // key presses that follow one another so closely are one step to undo
const ZOOM = 1.25;
const PAN_PX = 60;

/** What keys ask the plan for. */
export interface PlanKeyTargets {
  use(name: ToolName): void;
  /** Into the fields at the right. */
  edit(): void;
  zoom(factor: number): void;
  pan(dx: number, dy: number): void;
  fit(): void;
  /** Back to the drawing itself. */
  focus(): void;
}

/** The keyboard on the plan: parts by Tab, moved by arrows; drawing with a cursor that arrows move and Enter for the clicks. */
export class PlanKeys {
  readonly #context: PlanContext;
  readonly #strip: ToolStrip;
  readonly #targets: PlanKeyTargets;
  #cursor: Vec2 | null = null;
  #series = { key: "", at: 0, group: "" };

  constructor(context: PlanContext, strip: ToolStrip, targets: PlanKeyTargets) {
    this.#context = context;
    this.#strip = strip;
    this.#targets = targets;
  }

  /** The pointer leads again. */
  forgetCursor(): void {
    this.#cursor = null;
  }

  /** True if the key has done something. `pointer`: where the pointer is. */
  press(event: KeyboardEvent, pointer: ToolPoint | null): boolean {
    if (event.key === "Escape") return this.#escape();
    if (event.ctrlKey || event.metaKey) return false;
    const { tool, name } = this.#strip;
    const drawing = name !== "select";
    const point = this.#point(pointer, event.altKey);
    if (drawing && tool.key?.(event, point)) return true;
    if (event.key.startsWith("Arrow")) return drawing ? this.#moveCursor(event, point) : this.#arrow(event);
    if (event.key === "Enter") return drawing ? this.#click(point) : this.#enter(event);
    if (event.key === "Delete" || event.key === "Backspace") return this.#delete();
    if (event.altKey) return false;
    if (event.key === "+" || event.key === "=") this.#targets.zoom(ZOOM);
    else if (event.key === "-") this.#targets.zoom(1 / ZOOM);
    else if (event.key === "0") this.#targets.fit();
    else if (event.key === "[" || event.key === "]") return this.#turn(event.key === "[" ? -15 : 15);
    else return this.#take(event.key.toUpperCase());
    return true;
  }

  #take(key: string): boolean {
    const found = TOOLS.find((tool) => tool.key === key && (!tool.drawn || this.#context.geometry.plan));
    if (found) this.#targets.use(found.name);
    return found !== undefined;
  }

  #escape(): boolean {
    const { choice } = this.#context;
    if (this.#strip.tool.cancel()) return true;
    if (this.#strip.name !== "select") this.#targets.use("select");
    else if (choice.part) choice.choose(null);
    else return false;
    this.#targets.focus();
    return true;
  }

  /** The cursor for drawing without a pointer begins where the pointer was, or in the middle. */
  #point(pointer: ToolPoint | null, free: boolean): ToolPoint {
    if (this.#cursor) return { at: this.#cursor, free, part: null, thing: null };
    const { view } = this.#context;
    return pointer ?? { at: view.toPlan({ x: view.width / 2, y: view.height / 2 }), free, part: null, thing: null };
  }

  #moveCursor({ key, shiftKey, altKey }: KeyboardEvent, { at }: ToolPoint): boolean {
    const step = altKey ? 0.01 : shiftKey ? 1 : 0.1;
    const [dx, dz] = direction(key);
    const from = this.#cursor ?? ([grid(at[0]), grid(at[1])] as Vec2);
    this.#cursor = [grid(from[0] + dx * step, 0.01), grid(from[1] + dz * step, 0.01)];
    this.#strip.tool.move(this.#point(null, altKey));
    return true;
  }

  #click(point: ToolPoint): boolean {
    this.#strip.tool.press(point);
    this.#strip.tool.move(point);
    return true;
  }

  #arrow({ key, shiftKey, altKey, target }: KeyboardEvent): boolean {
    const [dx, dz] = direction(key);
    const part = partOf(target as Element) ?? this.#context.choice.part;
    if (!part) {
      if (this.#context.studio.selection.things.length > 0) this.#moveThings(dx, dz, shiftKey, altKey);
      else this.#targets.pan(-dx * PAN_PX, -dz * PAN_PX);
      return true;
    }
    const step = altKey ? 0.01 : shiftKey ? 1 : 0.1;
    this.#context.choice.choose(part);
    this.#strip.select.nudge(part, [dx * step, dz * step], this.#group(`${part.kind} ${part.id}`));
    this.#context.studio.announce(partName(this.#context, this.#context.choice.part ?? part));
    return true;
  }

  #moveThings(dx: number, dz: number, far: boolean, near: boolean): void {
    const step = near ? 0.01 : far ? 1 : 0.1;
    this.#context.actions.shift([dx * step, 0, dz * step], this.#group("things"));
  }

  #enter({ target }: KeyboardEvent): boolean {
    const part = partOf(target as Element) ?? this.#context.choice.part;
    if (!part) return false;
    this.#context.choice.choose(part);
    this.#targets.edit();
    return true;
  }

  #turn(by_deg: number): boolean {
    const { choice, geometry, hall } = this.#context;
    const stair = choice.part?.kind === "stair" ? geometry.plan?.stairs?.[choice.part.id] : undefined;
    if (!stair || !choice.part) return false;
    const facing_deg = ((((stair.facing_deg + by_deg) % 360) + 540) % 360) - 180;
    this.#context.edit("change-stair", changeStair(hall, choice.part.id, { facing_deg }), this.#group("turn"));
    return true;
  }

  #delete(): boolean {
    const { choice, studio } = this.#context;
    if (!choice.part) return false;
    if (removePart(this.#context, choice.part)) {
      studio.announce(planText(studio.lang, "removed"));
      this.#targets.focus();
    }
    return true;
  }

  #group(key: string): string {
    const now = performance.now();
    const same = key === this.#series.key && now - this.#series.at < SERIES_MS;
    this.#series = { key, at: now, group: same ? this.#series.group : this.#context.group() };
    return this.#series.group;
  }
}

/** The part that an element of the drawing shows. */
export function partOf(element: Element | null): PlanPart | null {
  const shown = element?.closest<SVGElement>("[data-kind]");
  const { kind, id } = shown?.dataset ?? {};
  return kind !== undefined && id !== undefined ? { kind: kind as PartKind, id } : null;
}

function direction(key: string): Vec2 {
  return [
    key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0,
    key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0,
  ];
}
