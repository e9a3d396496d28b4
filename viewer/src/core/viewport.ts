import { NeutralToneMapping, type PerspectiveCamera, Scene, SRGBColorSpace, WebGLRenderer } from "three";
import { type QualityTier, QualityTiers } from "./quality-tiers.ts";
import { clamp } from "./units.ts";

const MAX_RATIO = 2;
const MIN_RATIO = 0.6;
const SLOW_MS = 33;
const FAST_MS = 18;
const LONGEST_FRAME_S = 0.25; // a tab that was in the background must not make anything jump
const STILL_MS = 180;

export interface Stats {
  readonly frames: number;
  readonly drawCalls: number;
  readonly triangles: number;
  readonly points: number;
  /** On the GPU. */
  readonly geometries: number;
  readonly textures: number;
}

/** Draws a frame in place of the plain rendering, for example in two halves. */
export type Painter = (renderer: WebGLRenderer, scene: Scene, camera: PerspectiveCamera) => void;
export const NO_STATS: Stats = { frames: 0, drawCalls: 0, triangles: 0, points: 0, geometries: 0, textures: 0 };

/** Advances everything by `seconds`; true while something moves. */
export type Ticker = (seconds: number) => boolean;

/**
 * The canvas. It draws only on request or while something moves. On a slow machine it draws fewer pixels during a motion, and all
 * of them as soon as the picture stands still.
 */
export class Viewport {
  readonly renderer: WebGLRenderer;
  #scene = new Scene(); // empty until a hall is shown
  readonly camera: PerspectiveCamera;
  /** While it is set, it draws every frame. */
  painter: Painter | null = null;
  readonly #ticker: Ticker;
  readonly #drawn: () => void;
  readonly #canvas: HTMLCanvasElement;
  /** The quality, which goes down when memory runs out. */
  readonly quality = new QualityTiers(session());
  #best: number;
  #held = 0; // number of buffers and textures on the GPU
  readonly #stop = new AbortController();
  #ratio: number;
  #width = 0;
  #height = 0;
  #request = 0;
  #still = 0;
  #last = 0;
  #slowness = 0;
  #frames = 0;
  #wanted = true;
  #immersed = false;

  /** `drawn` is called after every frame. */
  constructor(canvas: HTMLCanvasElement, camera: PerspectiveCamera, ticker: Ticker, drawn: () => void) {
    this.renderer = new WebGLRenderer({ canvas, antialias: true, stencil: true, powerPreference: "high-performance" });
    this.renderer.outputColorSpace = SRGBColorSpace;
    this.renderer.toneMapping = NeutralToneMapping;
    this.#canvas = canvas;
    this.camera = camera;
    this.#ticker = ticker;
    this.#drawn = drawn;
    this.#best = bestRatio(this.quality.tier);
    this.#ratio = this.#best;
    this.renderer.setPixelRatio(this.#ratio);
    const { signal } = this.#stop;
    canvas.addEventListener("webglcontextlost", (event) => this.#lost(event), { signal });
    canvas.addEventListener("webglcontextrestored", () => this.invalidate(), { signal });
    const seen = () => (document.visibilityState === "visible" ? this.quality.mark() : this.quality.unmark());
    document.addEventListener("visibilitychange", seen, { signal });
    addEventListener("pagehide", () => this.quality.unmark(), { signal });
    seen();
    this.quality.lowered.on((tier) => {
      this.#best = bestRatio(tier);
      this.#setRatio(Math.min(this.#ratio, this.#best));
      this.invalidate();
    });
  }

  get stats(): Stats {
    const { render, memory } = this.renderer.info;
    const { geometries, textures } = memory;
    return {
      frames: this.#frames,
      drawCalls: render.calls,
      triangles: render.triangles,
      points: render.points,
      geometries,
      textures,
    };
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
    if (this.#immersed) return;
    const width = Math.max(1, this.#canvas.clientWidth);
    const height = Math.max(1, this.#canvas.clientHeight);
    if (width === this.#width && height === this.#height) return; // setting a size clears the picture
    this.#width = width;
    this.#height = height;
    this.renderer.setSize(width, height, false);
    if (this.#frames > 0) this.#paint();
    this.invalidate();
  }

  /** Draws every frame that a headset's session requests. Resolves when the session has ended. */
  async immerse(session: XRSession, frame: (frame: XRFrame) => void): Promise<void> {
    const { xr } = this.renderer;
    xr.enabled = true;
    this.#immersed = true;
    const ended = new Promise<void>((resolve) => {
      const off = () => {
        xr.removeEventListener("sessionend", off);
        resolve();
      };
      xr.addEventListener("sessionend", off);
    });
    try {
      await xr.setSession(session);
      this.renderer.setAnimationLoop((_now, seen) => {
        if (!seen) return;
        frame(seen);
        this.renderer.render(this.#scene, this.camera);
        this.#frames++;
      });
      await ended;
    } finally {
      this.renderer.setAnimationLoop(null);
      xr.enabled = false;
      this.#immersed = false;
      this.#width = 0; // the session had set another size
      this.resize();
    }
  }

  /** Requests a frame. */
  invalidate(): void {
    this.#wanted = true;
    if (this.#immersed) return;
    if (!this.#request) this.#request = requestAnimationFrame(this.#frame);
  }

  close(): void {
    cancelAnimationFrame(this.#request);
    clearTimeout(this.#still);
    this.#request = -1;
    this.#stop.abort();
    this.quality.unmark();
    this.quality.lowered.clear();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
  }

  readonly #frame = (now: number): void => {
    this.#request = 0;
    const gap = this.#last ? now - this.#last : 16;
    const moving = this.#ticker(clamp(gap / 1000, 0, LONGEST_FRAME_S));
    if (this.#wanted || moving) {
      this.#wanted = false;
      // Setting a ratio clears the picture, so it happens right before a frame.
      if (this.renderer.getPixelRatio() !== this.#ratio) this.renderer.setPixelRatio(this.#ratio);
      this.#paint();
      this.#frames++;
      this.#drawn();
      this.#weigh();
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

  /** A browser takes the context away when memory runs out, or for other reasons. */
  #lost(event: Event): void {
    event.preventDefault(); // so that the context is restored
    this.quality.lower();
  }

  /** If the GPU holds more than before, checks whether it has run out of memory. */
  #weigh(): void {
    const { geometries, textures } = this.renderer.info.memory;
    const gl = this.renderer.getContext();
    if (geometries + textures > this.#held && gl.getError() === gl.OUT_OF_MEMORY) this.quality.lower();
    this.#held = geometries + textures;
  }

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

/** The session storage; null if the browser forbids it. */
function session(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

/** Pixels of the canvas for each of the page's: no more than the screen has. */
function bestRatio(tier: QualityTier): number {
  return Math.min(Math.min(globalThis.devicePixelRatio || 1, MAX_RATIO), tier.ratio);
}
