import { AnimationMixer, type Object3D } from "three";
import { clamp } from "../core/units.ts";
import type { Placement } from "../document/schema.ts";
import { localized } from "../document/text.ts";
import { h, setLabel } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { plain, Range, write } from "./controls.ts";
import { toolText } from "./i18n.ts";
import type { Tool, ToolContext } from "./tool.ts";

export type Steps = NonNullable<Placement["process"]>;

const SPEEDS = [1, 0.5, 0.25, 2] as const;
const LAST = 1e-4; // s; at its very end an animation would begin again

/** The index of the step at a time: the last step that has begun; -1 before the first step. */
export function stepAt(steps: Steps, seconds: number): number {
  let at = -1;
  for (const [i, step] of steps.entries()) if (seconds >= step.from_s - 1e-6) at = i;
  return at;
}

/**
 * The time to which a button leads. Forward: the beginning of the next step. Back: the beginning of this step; from there, the
 * beginning of the previous step.
 */
export function stepFrom(steps: Steps, seconds: number, by: 1 | -1): number {
  const at = stepAt(steps, seconds);
  const begun = steps[at]?.from_s ?? 0;
  const target = by > 0 ? at + 1 : seconds - begun > 0.5 ? at : at - 1;
  const step = steps[clamp(target, 0, steps.length - 1)];
  return step?.from_s ?? 0;
}

/** Plays the model's animation: by itself, step by step, or by hand. */
export function open(context: ToolContext): Tool {
  return new Process(context);
}

class Process implements Tool {
  readonly controls: HTMLElement;
  readonly #context: ToolContext;
  readonly #steps: Steps | [];
  readonly #text = h("div.ly-step", { role: "status" });
  readonly #scrub: Range;
  readonly #play: HTMLButtonElement;
  readonly #back: HTMLButtonElement;
  readonly #on: HTMLButtonElement;
  readonly #speed: HTMLButtonElement;
  readonly #duration: number;
  #mixer: AnimationMixer | null = null;
  #body: Object3D | null = null;
  #seconds = 0;
  #fast = 0; // index of the speed
  #playing = false;
  #shown = -2; // the step whose text is shown

  constructor(context: ToolContext) {
    this.#context = context;
    this.#steps = context.exhibit.placement.process ?? [];
    const clips = context.exhibit.body?.animations ?? [];
    this.#duration = Math.max(...clips.map((clip) => clip.duration), ...this.#steps.map((step) => step.to_s));
    this.#scrub = new Range(0, this.#duration, 0.01, 0, (seconds) => {
      this.#run(false);
      this.#set(seconds);
    });
    this.#back = plain("back", () => this.#step(-1));
    this.#play = plain("play", () => this.#toggle());
    this.#on = plain("on", () => this.#step(1));
    this.#speed = plain("speed", () => {
      this.#fast = (this.#fast + 1) % SPEEDS.length;
      this.write();
    });
    const row = h("div.ly-row", {}, this.#back, this.#play, this.#on, this.#speed);
    this.#back.hidden = this.#on.hidden = this.#steps.length === 0;
    this.controls = h("div", {}, this.#text, this.#scrub.element, row);
  }

  start(): void {
    this.bodyChanged();
    this.#run(!this.#context.calm);
  }

  stop(): void {
    this.#mixer?.stopAllAction(); // every node returns to its pose at rest
    if (this.#body) this.#mixer?.uncacheRoot(this.#body);
    this.#mixer = null;
  }

  /** The exhibit shows another level: the animation continues at the same time. */
  bodyChanged(): void {
    const { body } = this.#context.exhibit;
    if (!body || body === this.#body) return;
    this.stop();
    this.#body = body;
    this.#mixer = new AnimationMixer(body);
    for (const clip of body.animations) this.#mixer.clipAction(clip).play();
    this.#pose();
  }

  write(): void {
    const { lang } = this.#context;
    write(this.#play, toolText(lang, this.#playing ? "processPause" : "processPlay"), this.#playing ? "pause" : "play");
    for (const [button, key, picture] of [
      [this.#back, "processBack", "previous"],
      [this.#on, "processOn", "next"],
    ] as const) {
      button.replaceChildren(icon(picture));
      setLabel(button, toolText(lang, key));
    }
    write(this.#speed, `${SPEEDS[this.#fast]}×`);
    setLabel(this.#speed, toolText(lang, "processSpeed", { speed: String(SPEEDS[this.#fast]) }));
    this.#shown = -2;
    this.#writeStep();
    this.#context.fit();
  }

  update(seconds: number): boolean {
    if (!this.#playing) return false;
    const next = this.#seconds + seconds * (SPEEDS[this.#fast] ?? 1);
    if (next >= this.#duration && this.#steps.length > 0) {
      this.#set(this.#duration);
      this.#run(false); // the process is at its end
    } else this.#set(next % this.#duration); // a machine without steps starts again
    return true;
  }

  #toggle(): void {
    if (!this.#playing && this.#seconds >= this.#duration) this.#set(0);
    this.#run(!this.#playing);
  }

  #step(by: 1 | -1): void {
    this.#run(false);
    this.#set(stepFrom(this.#steps as Steps, this.#seconds, by));
  }

  #run(playing: boolean): void {
    this.#playing = playing;
    this.write();
    this.#context.draw();
  }

  #set(seconds: number): void {
    this.#seconds = clamp(seconds, 0, this.#duration);
    this.#scrub.value = this.#seconds;
    this.#pose();
    this.#writeStep();
    this.#context.draw();
  }

  #pose(): void {
    for (const clip of this.#body?.animations ?? []) {
      const action = this.#mixer?.existingAction(clip);
      if (action) action.time = Math.min(this.#seconds, clip.duration - LAST);
    }
    this.#mixer?.update(0);
  }

  #writeStep(): void {
    const { lang } = this.#context;
    const at = stepAt(this.#steps as Steps, this.#seconds);
    const step = this.#steps[at];
    const clock = `${this.#seconds.toFixed(1)} / ${this.#duration.toFixed(1)} s`;
    this.#scrub.write(toolText(lang, "processTime"), clock);
    if (at === this.#shown) return;
    this.#shown = at;
    const count = this.#steps.length;
    this.#text.hidden = count === 0;
    this.#text.replaceChildren(
      h("h3", {}, step ? `${at + 1} / ${count}  ${localized(step.title, lang)}` : ""),
      h("p.ly-card-text", {}, localized(step?.text, lang)),
    );
  }
}
