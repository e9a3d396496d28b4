import { NeutralToneMapping, type PerspectiveCamera, Scene, SRGBColorSpace, WebGLRenderer } from "three";
import { clamp } from "./units.ts";

const MAX_RATIO = 2;
const MIN_RATIO = 0.6;
const SLOW_MS = 33;
const FAST_MS = 18;
const LONGEST_FRAME_S = 0.25; // a tab that slept must not make anything leap
const STILL_MS = 180;

export interface Stats {
  readonly frames: number;
  readonly drawCalls: number;
  readonly triangles: number;
  /** On the GPU. */
  readonly geometries: number;
  readonly textures: number;
}

/** Draws a frame in place of the plain one: two halves, a cut. */
export type Painter = (renderer: WebGLRenderer, scene: Scene, camera: PerspectiveCamera) => void;
export const NO_STATS: Stats = { frames: 0, drawCalls: 0, triangles: 0, geometries: 0, textures: 0 };

/** Something that changes with time; true while it does. */
export type Ticker = (seconds: number) => boolean;

/**
 * The canvas. Draws only when asked to or while a ticker moves, with fewer pixels while a slow machine moves and all of them
 * once it stands still.
 */
export class Stage {
  readonly renderer: WebGLRenderer;
  #scene = new Scene(); // until there is a hall
  readonly camera: PerspectiveCamera;
  /** What draws instead of the scene seen by the camera, while there is one. */
  painter: Painter | null = null;
  readonly #ticker: Ticker;
  readonly #drawn: () => void;
  readonly #canvas: HTMLCanvasElement;
  readonly #best: number;
  #ratio: number;
  #width = 0;
  #height = 0;
  #request = 0;
  #still = 0;
  #last = 0;
  #slowness = 0;
  #frames = 0;
  #wanted = true;

  /** `drawn` is called after every frame. */
  constructor(canvas: HTMLCanvasElement, camera: PerspectiveCamera, ticker: Ticker, drawn: () => void) {
    this.renderer = new WebGLRenderer({ canvas, antialias: true, stencil: true, powerPreference: "high-performance" });
    this.renderer.outputColorSpace = SRGBColorSpace;
    this.renderer.toneMapping = NeutralToneMapping;
    this.#canvas = canvas;
    this.camera = camera;
    this.#ticker = ticker;
    this.#drawn = drawn;
    this.#best = clamp(globalThis.devicePixelRatio || 1, 1, MAX_RATIO);
    this.#ratio = this.#best;
    this.renderer.setPixelRatio(this.#ratio);
    canvas.addEventListener("webglcontextrestored", () => this.invalidate());
  }

  get stats(): Stats {
    const { render, memory } = this.renderer.info;
    const { geometries, textures } = memory;
    return { frames: this.#frames, drawCalls: render.calls, triangles: render.triangles, geometries, textures };
  }

  get pixelRatio(): number {
    return this.#ratio;
  }

  /** Draws this scene from now on. */
  show(scene: Scene): void {
    this.#scene = scene;
    this.invalidate();
  }

  /** Follows the canvas's size on the page. */
  resize(): void {
    const width = Math.max(1, this.#canvas.clientWidth);
    const height = Math.max(1, this.#canvas.clientHeight);
    if (width === this.#width && height === this.#height) return; // setting a size clears the picture
    this.#width = width;
    this.#height = height;
    this.renderer.setSize(width, height, false);
    if (this.#frames > 0) this.#paint();
    this.invalidate();
  }

  /** Asks for a frame. */
  invalidate(): void {
    this.#wanted = true;
    if (!this.#request) this.#request = requestAnimationFrame(this.#frame);
  }

  close(): void {
    cancelAnimationFrame(this.#request);
    clearTimeout(this.#still);
    this.#request = -1;
    this.renderer.dispose();
    this.renderer.forceContextLoss();
  }

  readonly #frame = (now: number): void => {
    this.#request = 0;
    const gap = this.#last ? now - this.#last : 16;
    const moving = this.#ticker(clamp(gap / 1000, 0, LONGEST_FRAME_S));
    if (this.#wanted || moving) {
      this.#wanted = false;
      // Setting a ratio clears the picture: only right before the next one is drawn.
      if (this.renderer.getPixelRatio() !== this.#ratio) this.renderer.setPixelRatio(this.#ratio);
      this.#paint();
      this.#frames++;
      this.#drawn();
    }
    if (moving) {
      if (this.#last) this.#adapt(gap);
      this.#last = now;
      if (!this.#request) this.#request = requestAnimationFrame(this.#frame);
    } else {
      this.#last = 0;
    }
    clearTimeout(this.#still);
    if (this.#ratio < this.#best) this.#still = setTimeout(this.#restore, STILL_MS) as unknown as number;
  };

  #paint(): void {
    if (this.painter) this.painter(this.renderer, this.#scene, this.camera);
    else this.renderer.render(this.#scene, this.camera);
  }

  /** Fewer pixels after some slow frames in a row, more after many fast ones. */
  #adapt(gap: number): void {
    if (gap > SLOW_MS) this.#slowness += 3;
    else if (gap < FAST_MS) this.#slowness -= 1;
    if (this.#slowness > 18 && this.#ratio > MIN_RATIO) this.#setRatio(Math.max(MIN_RATIO, this.#ratio * 0.8));
    else if (this.#slowness < -120 && this.#ratio < this.#best)
      this.#setRatio(Math.min(this.#best, this.#ratio * 1.15));
  }

  #setRatio(ratio: number): void {
    this.#slowness = 0;
    this.#ratio = ratio;
  }

  readonly #restore = (): void => {
    if (this.#request) return;
    this.#setRatio(this.#best);
    this.invalidate();
  };
}
