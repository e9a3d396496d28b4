import type { Vec2 } from "../../document/schema.ts";
import type { Thing } from "../selection.ts";
import type { PlanTextKey } from "./i18n.ts";
import type { PlanPart } from "./plan-choice.ts";

/** Where the pointer, or the cursor that keys move, is on the plan. */
export interface ToolPoint {
  /** Metres, as it is: tools snap it themselves. */
  readonly at: Vec2;
  /** Alt: without snapping. */
  readonly free: boolean;
  /** What is there: a part of the plan, or an exhibit or a piece of furniture. */
  readonly part: PlanPart | null;
  readonly thing: Thing | null;
}

/** What the pointer and the keys do on the plan. One tool is taken at a time. */
export interface PlanTool {
  readonly hint: PlanTextKey;
  /** The button goes down, or Enter is pressed. */
  press(point: ToolPoint): void;
  /** The pointer moves, with the button down or not. */
  move(point: ToolPoint): void;
  /** The button goes up. `dragged`: it has moved since it went down. */
  release?(point: ToolPoint, dragged: boolean): void;
  /** True if the key has done something. */
  key?(event: KeyboardEvent, point: ToolPoint): boolean;
  /** Gives up what is going on; true if there was something. */
  cancel(): boolean;
}

/** Metres that are typed while something is drawn: "4.5", or "6x4" for two. */
export class TypedMetres {
  #text = "";

  get text(): string {
    return this.#text;
  }

  /** One number, or two; null while it is none. */
  get values(): readonly number[] | null {
    const values = this.#text.split("×").map(Number);
    return this.#text !== "" && values.every((value) => value > 0 && Number.isFinite(value)) ? values : null;
  }

  clear(): void {
    this.#text = "";
  }

  /** True if the key belongs to a length. */
  type({ key, ctrlKey, metaKey, altKey }: KeyboardEvent, two = false): boolean {
    if (ctrlKey || metaKey || altKey) return false;
    if (/^\d$/.test(key)) this.#text += key;
    else if ([".", ",", "。", "，"].includes(key)) this.#text += ".";
    else if (two && ["x", "X", "*", "×"].includes(key) && this.#text !== "" && !this.#text.includes("×"))
      this.#text += "×";
    else if (key === "Backspace" && this.#text !== "") this.#text = this.#text.slice(0, -1);
    else return false;
    return true;
  }
}

/** A length for people: "4.50 m". */
export function metres(value: number, unit: string): string {
  return `${value.toFixed(2)} ${unit}`;
}
