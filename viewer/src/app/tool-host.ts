import type { HallScene } from "../core/hall.ts";
import { Signal } from "../core/signal.ts";
import type { Lang } from "../document/text.ts";
import type { Toolbox } from "../tools/toolbox.ts";
import { h } from "../ui/dom.ts";
import type { VisitState } from "./visit-state.ts";

/** Loads the tools when an exhibit is first opened, and passes the visit's events on to the tool that is open. */
export class ToolHost {
  readonly element = h("div.ly-tools");
  /** The tools cover another part of the canvas. */
  readonly resized = new Signal<void>();
  /** A text for screen readers. */
  readonly spoken = new Signal<string>();
  readonly #state: VisitState;
  #toolbox: Toolbox | null = null;
  #lang: Lang;
  #visits = 0; // counts the calls of `at`, so that the tools of an exhibit that was left are not shown

  constructor(state: VisitState) {
    this.#state = state;
    this.#lang = state.lang;
  }

  /** The visitor is at this exhibit, or at none. */
  at(hall: HallScene | null, id: string | null): void {
    this.#lang = this.#state.lang;
    const visit = ++this.#visits;
    const exhibit = id === null ? undefined : hall?.exhibits.get(id);
    const { viewport } = this.#state;
    if (!hall || !viewport || !exhibit) this.#toolbox?.leave();
    else if (this.#toolbox) this.#toolbox.visit({ hall, viewport, exhibit }, this.#lang);
    else
      void import("../tools/toolbox.ts").then(({ Toolbox }) => {
        if (visit !== this.#visits) return; // the visitor has gone elsewhere
        this.#toolbox = new Toolbox(this.element, {
          draw: () => this.#state.draw(),
          fit: () => this.resized.emit(),
          say: (text) => this.spoken.emit(text),
          calm: () => this.#state.calm(),
        });
        this.#toolbox.visit({ hall, viewport, exhibit }, this.#lang);
      });
  }

  setLanguage(lang: Lang): void {
    this.#lang = lang;
    this.#toolbox?.setLanguage(lang);
  }

  /** Advances the open tool by `seconds`; true while it moves something. */
  update(seconds: number): boolean {
    return this.#toolbox?.tool?.update?.(seconds) ?? false;
  }

  /** A frame was drawn. */
  drawn(): void {
    this.#toolbox?.tool?.drawn?.();
  }

  /** True if the open tool uses a tap on the canvas, CSS pixels. */
  tap(x: number, y: number): boolean {
    return this.#toolbox?.tool?.tap?.(x, y) ?? false;
  }

  /** Moves the keyboard focus to the tools. */
  focus(): void {
    this.#toolbox?.focus();
  }

  /** Closes the open tool; false if none is open. */
  closeTool(): boolean {
    return this.#toolbox?.closeTool() ?? false;
  }

  /** The height that the open tool covers at the canvas's lower edge, px. */
  get below(): number {
    return this.#toolbox?.below ?? 0;
  }
}
