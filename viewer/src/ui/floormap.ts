import { h } from "./dom.ts";
import { name } from "./hold.ts";
import { type Lang, tell } from "./i18n.ts";
import { icon } from "./icons.ts";

/** A thing on the map; shares of the map's width and height from its upper left corner. */
export interface MapMark {
  readonly kind: "exhibit" | "panel" | "door" | "shut";
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** Where the visitor is and looks: radians clockwise from up. */
export interface MapYou {
  readonly x: number;
  readonly y: number;
  readonly heading: number;
}

export interface MapActions {
  /** A place on the map was chosen, as shares. */
  go(x: number, y: number): void;
  close(): void;
}

const LONGEST = 232; // CSS px of a side
const KILN = "#9c2f1f";
const INK = "#201b17";

/** The floor from above, with what stands on it and where one is. */
export class FloorMap {
  readonly element: HTMLElement;
  readonly #canvas = h("canvas.ly-map-plan", { role: "img" });
  readonly #title = h("h2.ly-map-title");
  readonly #close: HTMLButtonElement;
  #base: HTMLCanvasElement | null = null;
  #marks: readonly MapMark[] = [];
  #you: MapYou | null = null;

  constructor(actions: MapActions) {
    this.#close = h("button.ly-button", { type: "button", onclick: actions.close }, icon("close"));
    this.element = h("section.ly-map", { hidden: true }, h("header", {}, this.#title, this.#close), this.#canvas);
    this.#canvas.addEventListener("click", (event) => {
      const box = this.#canvas.getBoundingClientRect();
      actions.go((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    });
  }

  get canvas(): HTMLCanvasElement {
    return this.#canvas;
  }

  /** `base` is the floor, drawn in its own proportions. */
  plan(base: HTMLCanvasElement, marks: readonly MapMark[], lang: Lang): void {
    this.#base = base;
    this.#marks = marks;
    this.#title.textContent = tell(lang, "map");
    this.element.setAttribute("aria-label", tell(lang, "map"));
    this.#canvas.setAttribute("aria-label", tell(lang, "mapHelp"));
    this.#canvas.title = tell(lang, "mapHelp");
    name(this.#close, tell(lang, "mapClose"));
    const scale = LONGEST / Math.max(base.width, base.height);
    const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
    const [width, height] = [base.width * scale, base.height * scale];
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#canvas.style.width = `${width}px`;
    this.#canvas.style.height = `${height}px`;
    this.#draw();
  }

  you(you: MapYou): void {
    const was = this.#you;
    this.#you = you;
    if (was && Math.hypot(was.x - you.x, was.y - you.y) < 1e-3 && Math.abs(was.heading - you.heading) < 0.01) return;
    this.#draw();
  }

  #draw(): void {
    const context = this.#canvas.getContext("2d");
    if (!context || !this.#base) return;
    const { width, height } = this.#canvas;
    const unit = (Math.max(width, height) / LONGEST) * 1; // a CSS pixel
    context.clearRect(0, 0, width, height);
    context.drawImage(this.#base, 0, 0, width, height);
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const mark of this.#marks) {
      const [x, y] = [mark.x * width, mark.y * height];
      if (mark.kind === "exhibit") {
        disc(context, x, y, 7.5 * unit, "#fff", INK, unit);
        context.fillStyle = INK;
        context.font = `600 ${9.5 * unit}px sans-serif`;
        context.fillText(mark.text, x, y + 0.5 * unit);
      } else if (mark.kind === "panel") {
        context.fillStyle = "#8d8273";
        context.fillRect(x - 3 * unit, y - 3 * unit, 6 * unit, 6 * unit);
      } else {
        context.fillStyle = mark.kind === "door" ? KILN : "#8d8273";
        context.fillRect(x - 6 * unit, y - 6 * unit, 12 * unit, 12 * unit);
        context.fillStyle = "#fff";
        context.fillRect(x - 3 * unit, y - 4 * unit, 6 * unit, 10 * unit);
      }
    }
    if (this.#you) here(context, this.#you.x * width, this.#you.y * height, this.#you.heading, unit);
  }
}

function disc(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  fill: string,
  edge: string,
  line: number,
): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = line;
  context.strokeStyle = edge;
  context.stroke();
}

/** A dot with the sector that is seen. */
function here(context: CanvasRenderingContext2D, x: number, y: number, heading: number, unit: number): void {
  context.save();
  context.translate(x, y);
  context.rotate(heading);
  const sector = context.createRadialGradient(0, 0, 4 * unit, 0, 0, 30 * unit);
  sector.addColorStop(0, "rgb(156 47 31 / 55%)");
  sector.addColorStop(1, "rgb(156 47 31 / 0%)");
  context.fillStyle = sector;
  context.beginPath();
  context.moveTo(0, 0);
  context.arc(0, 0, 30 * unit, -Math.PI / 2 - 0.55, -Math.PI / 2 + 0.55);
  context.fill();
  context.restore();
  disc(context, x, y, 6 * unit, KILN, "#fff", 2 * unit);
}
