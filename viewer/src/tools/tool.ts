import type { PerspectiveCamera } from "three";
import type { Exhibit } from "../core/exhibit.ts";
import type { HallScene } from "../core/hall.ts";
import type { Viewport } from "../core/viewport.ts";
import type { Lang } from "../document/text.ts";
import type { IconName } from "../ui/icons.ts";
import type { Pane } from "./split.ts";

/** What a tool needs: the hall, the exhibit, the viewport, the language. */
export interface ToolContext {
  readonly hall: HallScene;
  readonly exhibit: Exhibit;
  readonly viewport: Viewport;
  readonly camera: PerspectiveCamera;
  /** An element over the canvas, of the same size. It does not take pointer events. */
  readonly overlay: HTMLElement;
  /** The size of the canvas, CSS pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** The part of the canvas that no bar, panel or card covers. */
  readonly free: Pane;
  readonly lang: Lang;
  /** True if nothing may move by itself. */
  readonly calm: boolean;
  /** Requests a frame. */
  draw(): void;
  /** The tool calls it when the card has another height. */
  fit(): void;
  /** Announces a text to screen readers. */
  say(text: string): void;
}

/** An open tool on one exhibit. */
export interface Tool {
  /** Its controls, below its name on the card. */
  readonly controls: HTMLElement;
  start(): void;
  /** Restores everything that the tool has changed. */
  stop(): void;
  /** Writes all texts in the context's language. Called before `start` and whenever the language changes. */
  write(): void;
  /** Advances the tool by `seconds`; true while something moves. */
  update?(seconds: number): boolean;
  /** Called after every frame. */
  drawn?(): void;
  /** A tap on a point of the canvas, CSS pixels. True if the tool has used it. */
  tap?(x: number, y: number): boolean;
  /** The exhibit shows another model, for example a finer level. */
  bodyChanged?(): void;
  /** Tiles of the exhibit's model came or went, and are drawn next. */
  tilesChanged?(): void;
}

export type ToolName = "measure" | "section" | "light" | "evidence" | "variants" | "process" | "compare";

/** A tool in the strip, before its code is fetched. Its name is the key of its label. */
export interface ToolKind {
  readonly name: ToolName;
  readonly icon: IconName;
  readonly suits: (exhibit: Exhibit, hall: HallScene) => boolean;
  /** Whether it looks at all of a model at once, not at those tiles that are seen. */
  readonly whole: (exhibit: Exhibit) => boolean;
  readonly load: () => Promise<{ readonly open: (context: ToolContext) => Tool }>;
}
