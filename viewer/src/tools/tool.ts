import type { PerspectiveCamera } from "three";
import type { Exhibit } from "../core/exhibit.ts";
import type { HallScene } from "../core/hall.ts";
import type { Viewport } from "../core/viewport.ts";
import type { Lang } from "../document/text.ts";
import type { IconName } from "../ui/icons.ts";
import type { Pane } from "./split.ts";

/** What a tool works on and with. */
export interface ToolContext {
  readonly hall: HallScene;
  readonly exhibit: Exhibit;
  readonly viewport: Viewport;
  readonly camera: PerspectiveCamera;
  /** Over the canvas and of its size; lets pointers through. */
  readonly overlay: HTMLElement;
  /** The canvas, CSS pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** What of it no bar, panel or card covers. */
  readonly free: Pane;
  readonly lang: Lang;
  /** Nothing may move by itself. */
  readonly calm: boolean;
  /** Asks for a frame. */
  draw(): void;
  /** The card has grown or shrunk. */
  fit(): void;
  /** Speaks to those who listen. */
  say(text: string): void;
}

/** One way of looking closely, at work on one exhibit. */
export interface Tool {
  /** Its controls, below its name on the card. */
  readonly controls: HTMLElement;
  start(): void;
  /** Leaves everything as it was. */
  stop(): void;
  /** Writes all its texts in the context's language; called before `start` and whenever the language changes. */
  write(): void;
  /** Moves on; true while something moves. */
  update?(seconds: number): boolean;
  /** After every frame. */
  drawn?(): void;
  /** True if it takes the tap at a point of the canvas, CSS pixels. */
  tap?(x: number, y: number): boolean;
  /** The exhibit shows another body: a finer model. */
  bodyChanged?(): void;
}

export type ToolName = "measure" | "section" | "light" | "evidence" | "variants" | "process" | "compare";

/** A tool before it is fetched. Its name is the key of its label. */
export interface ToolKind {
  readonly name: ToolName;
  readonly icon: IconName;
  readonly suits: (exhibit: Exhibit, hall: HallScene) => boolean;
  readonly load: () => Promise<{ readonly open: (context: ToolContext) => Tool }>;
}
