import { poseOfView } from "../../core/view.ts";
import type { Stop } from "../../document/schema.ts";
import { stopView } from "../../navigation/viewpoints.ts";
import type { StudioScene } from "../studio-scene.ts";

const WIDTH = 264; // twice the size at which it is shown
const HEIGHT = 165;
const WHOLE = { aspect: WIDTH / HEIGHT, share: 1 };
const SETTLED_MS = 400; // without another change of what stands in the hall

/** Small pictures of what visitors see at a stop, drawn by the scene one after the other, and drawn again when the hall changes. */
export class StopPictures {
  readonly #scene: StudioScene;
  readonly #drawn = new Map<string, { readonly picture: HTMLCanvasElement; age: number }>();
  #wanted: readonly { readonly holder: HTMLElement; readonly stop: Stop }[] = [];
  #age = 0; // of the scene: grows with every change of what stands there
  #timer = 0;
  #frame = 0;

  constructor(scene: StudioScene) {
    this.#scene = scene;
    scene.hall.changed.on(() => {
      this.#age++;
      this.#plan(SETTLED_MS);
    });
  }

  /** Shows these stops in their elements from now on. */
  show(wanted: readonly { readonly holder: HTMLElement; readonly stop: Stop }[]): void {
    this.#wanted = wanted;
    const kept = new Set(wanted.map(({ stop }) => keyOf(stop)));
    for (const key of this.#drawn.keys()) if (!kept.has(key)) this.#drawn.delete(key);
    for (const { holder, stop } of wanted) this.#put(holder, this.#drawn.get(keyOf(stop))?.picture);
    this.#plan(0);
  }

  #plan(ms: number): void {
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
    if (this.#wanted.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#frame = requestAnimationFrame(() => this.#drawNext());
    }, ms) as unknown as number;
  }

  /** One picture a frame, so that walking goes on smoothly. */
  #drawNext(): void {
    const next = this.#wanted.find(({ stop }) => this.#drawn.get(keyOf(stop))?.age !== this.#age);
    if (!next) return;
    const { holder, stop } = next;
    const { hall } = this.#scene;
    const { pose } = stopView(stop, hall, poseOfView(hall.document.start).eye, WHOLE);
    const picture = this.#scene.picture(pose, WIDTH, HEIGHT);
    this.#drawn.set(keyOf(stop), { picture, age: this.#age });
    this.#put(holder, picture);
    this.#frame = requestAnimationFrame(() => this.#drawNext());
  }

  #put(holder: HTMLElement, picture: HTMLCanvasElement | undefined): void {
    if (!picture) return;
    let canvas = holder.querySelector("canvas");
    if (!canvas) {
      canvas = document.createElement("canvas");
      canvas.width = WIDTH;
      canvas.height = HEIGHT;
      holder.replaceChildren(canvas);
    }
    canvas.getContext("2d")?.drawImage(picture, 0, 0);
  }
}

/** What decides how a stop looks. */
function keyOf({ view, placement, note }: Stop): string {
  return JSON.stringify([view, placement, note]);
}
