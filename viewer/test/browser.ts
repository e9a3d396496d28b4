import { vi } from "vitest";

/**
 * Adds what the viewer needs of a browser and jsdom does not have. Nothing here stands in for a part of the viewer. `webgl`: canvases
 * say that they can draw in 3D; a test that draws replaces three's renderer by `BlindRenderer`.
 */
export function completeJsdom({ webgl = false } = {}): void {
  vi.stubGlobal("matchMedia", (query: string) => ({ matches: false, media: query, addEventListener() {} }));
  vi.stubGlobal("ResizeObserver", Observer);
  vi.stubGlobal("createImageBitmap", async () => ({ width: 40, height: 30, close() {} }));
  URL.createObjectURL = () => "blob:of-a-test";
  HTMLElement.prototype.setPointerCapture = () => {};
  HTMLElement.prototype.scrollIntoView = () => {};
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
  HTMLMediaElement.prototype.play = async () => {};
  HTMLMediaElement.prototype.pause = () => {};
  HTMLMediaElement.prototype.load = () => {};
  HTMLCanvasElement.prototype.getContext = function getContext(this: HTMLCanvasElement, kind: string) {
    return kind === "2d" ? context2d(this) : webgl ? {} : null;
  } as typeof HTMLCanvasElement.prototype.getContext;
}

class Observer {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

/** A 2D context that draws nothing: a letter is 10 px wide, and every pixel is opaque. */
function context2d(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const pixels = (width: number, height: number) => ({ data: new Uint8ClampedArray(4 * width * height).fill(255) });
  const known: Record<string | symbol, unknown> = {
    canvas,
    measureText: (text: string) => ({ width: 10 * text.length }),
    createImageData: pixels,
    getImageData: (_x: number, _y: number, width: number, height: number) => pixels(width, height),
    createRadialGradient: () => ({ addColorStop() {} }),
  };
  return new Proxy(known, { get: (target, key) => target[key] ?? (() => {}) }) as unknown as CanvasRenderingContext2D;
}

/** three's renderer without a GPU: it counts the frames that it was asked to draw. */
export class BlindRenderer {
  static frames = 0;
  readonly domElement: HTMLCanvasElement;
  readonly info = {
    render: { calls: 1, triangles: 2 },
    memory: { geometries: 0, textures: 0 },
  };
  readonly xr = { enabled: false };
  #ratio = 1;
  constructor({ canvas }: { canvas: HTMLCanvasElement }) {
    this.domElement = canvas;
  }
  setPixelRatio(ratio: number): void {
    this.#ratio = ratio;
  }
  getPixelRatio(): number {
    return this.#ratio;
  }
  getContext() {
    return { getError: () => 0, OUT_OF_MEMORY: 1 };
  }
  setSize(): void {}
  render(): void {
    BlindRenderer.frames++;
  }
  dispose(): void {}
  forceContextLoss(): void {}
}
