import { AnimationMixer, type Object3D } from "three";
import { Signal } from "../../core/signal.ts";
import { clamp } from "../../core/units.ts";
import type { StudioScene } from "../studio-scene.ts";

const LAST = 1e-4; // s; at its very end an animation would begin again

/** An exhibit's animation in the studio's picture, at a time that the curator chooses, or playing. */
export class AnimationPreview {
  /** Another time, played or paused, or the model has come. */
  readonly changed = new Signal<void>();
  readonly #scene: StudioScene;
  readonly #id: string;
  readonly #unlisten: () => void;
  #mixer: AnimationMixer | null = null;
  #body: Object3D | null = null;
  #seconds = 0;
  #until: number | null = null; // playing to this time
  #frame = 0;
  #last = 0;

  constructor(scene: StudioScene, id: string) {
    this.#scene = scene;
    this.#id = id;
    this.#unlisten = scene.hall.changed.on(() => this.#bind());
    this.#bind();
  }

  /** s; 0 while the model is not there or does not move. */
  get duration(): number {
    return Math.max(0, ...(this.#body?.animations ?? []).map((clip) => clip.duration));
  }

  get seconds(): number {
    return this.#seconds;
  }

  get playing(): boolean {
    return this.#until !== null;
  }

  /** Shows this time; what plays pauses. */
  set seconds(seconds: number) {
    this.pause();
    this.#set(seconds);
  }

  /** Plays from a time to another one. */
  play(from: number, to: number): void {
    this.#set(from);
    this.#until = Math.min(to, this.duration);
    this.#last = performance.now();
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(this.#step);
    this.changed.emit();
  }

  pause(): void {
    cancelAnimationFrame(this.#frame);
    if (this.#until === null) return;
    this.#until = null;
    this.changed.emit();
  }

  /** Lets the model rest as visitors find it. */
  close(): void {
    this.pause();
    this.#unlisten();
    this.changed.clear();
    this.#release();
    this.#scene.invalidate();
  }

  readonly #step = (now: number): void => {
    if (this.#until === null) return;
    const next = this.#seconds + Math.max(0, now - this.#last) / 1000;
    this.#last = now;
    if (next >= this.#until) {
      this.#set(this.#until);
      this.pause();
      return;
    }
    this.#set(next);
    this.#frame = requestAnimationFrame(this.#step);
  };

  #set(seconds: number): void {
    this.#seconds = clamp(seconds, 0, this.duration);
    this.#pose();
    this.changed.emit();
  }

  /** The exhibit has got its model, or shows another level of it. */
  #bind(): void {
    const body = this.#scene.hall.exhibits.get(this.#id)?.body ?? null;
    if (body === this.#body) return;
    this.#release();
    this.#body = body;
    if (body && body.animations.length > 0) {
      this.#mixer = new AnimationMixer(body);
      for (const clip of body.animations) this.#mixer.clipAction(clip).play();
      if (this.#seconds > 0) this.#pose();
      else this.#mixer.stopAllAction();
    }
    this.changed.emit();
  }

  #release(): void {
    this.#mixer?.stopAllAction(); // every node returns to its pose at rest
    if (this.#body) this.#mixer?.uncacheRoot(this.#body);
    this.#mixer = null;
    this.#body = null;
  }

  #pose(): void {
    for (const clip of this.#body?.animations ?? []) {
      const action = this.#mixer?.clipAction(clip).play();
      if (action) action.time = Math.min(this.#seconds, clip.duration - LAST);
    }
    this.#mixer?.update(0);
    this.#scene.invalidate();
  }
}
