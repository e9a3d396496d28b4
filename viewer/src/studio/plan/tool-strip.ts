import { h } from "../../ui/dom.ts";
import { type Glyph, glyph } from "../glyphs.ts";
import { type PlanTextKey, planText } from "./i18n.ts";
import { OpeningTool } from "./opening-tool.ts";
import type { PlanContext } from "./plan-context.ts";
import { RectangleTool } from "./rectangle-tool.ts";
import { SelectTool } from "./select-tool.ts";
import { StairTool } from "./stair-tool.ts";
import type { PlanTool } from "./tool.ts";
import { WallTool } from "./wall-tool.ts";

export type ToolName =
  | "select"
  | "room"
  | "wall"
  | "door"
  | "passage"
  | "window"
  | "platform"
  | "steps"
  | "ramp"
  | "zone";

interface Entry {
  readonly name: ToolName;
  readonly words: PlanTextKey;
  readonly glyph: Glyph;
  /** The key that takes it, while the plan has the focus. */
  readonly key: string;
  /** Whether it needs a plan. */
  readonly drawn: boolean;
}

export const TOOLS: readonly Entry[] = [
  { name: "select", words: "select", glyph: "move", key: "V", drawn: false },
  { name: "room", words: "room", glyph: "room", key: "R", drawn: true },
  { name: "wall", words: "wall", glyph: "wall", key: "W", drawn: true },
  { name: "door", words: "door", glyph: "door", key: "D", drawn: true },
  { name: "passage", words: "passage", glyph: "passage", key: "G", drawn: true },
  { name: "window", words: "window", glyph: "window", key: "N", drawn: true },
  { name: "platform", words: "platform", glyph: "platform", key: "P", drawn: true },
  { name: "steps", words: "steps", glyph: "steps", key: "S", drawn: true },
  { name: "ramp", words: "ramp", glyph: "ramp", key: "M", drawn: true },
  { name: "zone", words: "zone", glyph: "zone", key: "Z", drawn: false },
];

/** The buttons that take a tool. */
export class ToolStrip {
  readonly element: HTMLElement;
  readonly tools: Readonly<Record<ToolName, PlanTool>>;
  readonly select: SelectTool;
  readonly #buttons = new Map<ToolName, HTMLButtonElement>();
  #name: ToolName = "select";

  constructor(context: PlanContext, use: (name: ToolName) => void) {
    const { lang } = context.studio;
    this.select = new SelectTool(context);
    this.tools = {
      select: this.select,
      room: new RectangleTool(context, "room"),
      wall: new WallTool(context),
      door: new OpeningTool(context, "door"),
      passage: new OpeningTool(context, "passage"),
      window: new OpeningTool(context, "window"),
      platform: new RectangleTool(context, "platform"),
      steps: new StairTool(context, "steps"),
      ramp: new StairTool(context, "ramp"),
      zone: new RectangleTool(context, "zone"),
    };
    this.element = h("div.pl-tools", { role: "group", "aria-label": planText(lang, "tools") });
    for (const { name, words, glyph: drawn, key } of TOOLS) {
      const button = h(
        "button.pl-tool",
        { type: "button", title: `${planText(lang, words)} (${key})`, onclick: () => use(name) },
        glyph(drawn),
        h("span", {}, planText(lang, words)),
      );
      this.#buttons.set(name, button);
      this.element.append(button);
    }
    this.show("select", false);
  }

  get name(): ToolName {
    return this.#name;
  }

  get tool(): PlanTool {
    return this.tools[this.#name];
  }

  /** Shows which tool is taken, and those that there are: without a plan only those that need none. */
  show(name: ToolName, hasPlan: boolean): void {
    this.#name = name;
    for (const { name: each, drawn } of TOOLS) {
      const button = this.#buttons.get(each);
      if (!button) continue;
      button.setAttribute("aria-pressed", String(each === name));
      button.hidden = drawn && !hasPlan;
    }
  }
}
