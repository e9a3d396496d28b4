import type { HallScene } from "../core/hall.ts";
import type { Stage } from "../core/stage.ts";
import type { Lang } from "../document/text.ts";
import type { Toolbox } from "../tools/toolbox.ts";
import { h } from "../ui/dom.ts";

export interface ToolHostActions {
  stage(): Stage | null;
  draw(): void;
  /** The tools cover another part of the canvas. */
  fit(): void;
  say(text: string): void;
  calm(): boolean;
}

/** Where the tools of looking closely stand: fetched when an exhibit is first opened, at most one at work. */
export class ToolHost {
  readonly element = h("div.ly-tools");
  readonly #actions: ToolHostActions;
  #toolbox: Toolbox | null = null;
  #lang: Lang = "zh";
  #visits = 0;

  constructor(actions: ToolHostActions) {
    this.#actions = actions;
  }

  /** The visitor is at this placement, or at none. */
  at(hall: HallScene | null, id: string | null, lang: Lang): void {
    this.#lang = lang;
    const visited = ++this.#visits;
    const exhibit = id === null ? undefined : hall?.exhibits.get(id);
    const stage = this.#actions.stage();
    if (!hall || !stage || !exhibit) this.#toolbox?.leave();
    else if (this.#toolbox) this.#toolbox.visit({ hall, stage, exhibit }, lang);
    else
      void import("../tools/toolbox.ts").then(({ Toolbox }) => {
        if (visited !== this.#visits) return; // gone on meanwhile
        this.#toolbox = new Toolbox(this.element, this.#actions);
        this.#toolbox.visit({ hall, stage, exhibit }, this.#lang);
      });
  }

  setLanguage(lang: Lang): void {
    this.#lang = lang;
    this.#toolbox?.setLanguage(lang);
  }

  /** Moves on; true while a tool moves something. */
  update(seconds: number): boolean {
    return this.#toolbox?.tool?.update?.(seconds) ?? false;
  }

  /** After every frame. */
  drawn(): void {
    this.#toolbox?.tool?.drawn?.();
  }

  /** True if a tool took the tap at a point of the canvas, CSS pixels. */
  tap(x: number, y: number): boolean {
    return this.#toolbox?.tool?.tap?.(x, y) ?? false;
  }

  /** Gives the keyboard to the tools. */
  focus(): void {
    this.#toolbox?.focus();
  }

  /** Puts the tool at work away; false if there is none. */
  escape(): boolean {
    return this.#toolbox?.putAway() ?? false;
  }

  /** Pixels at the canvas's lower edge that the tool at work covers. */
  get below(): number {
    return this.#toolbox?.below ?? 0;
  }
}
