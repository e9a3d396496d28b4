import { h, setLabel } from "./dom.ts";
import { type Lang, translate } from "./i18n.ts";
import { icon } from "./icons.ts";
import { type Point, resolveOverlaps } from "./resolve-overlaps.ts";

/** An exhibit or a door on the map. x and y are shares of the map's width and height, from its upper left corner. */
export interface MapMark {
  readonly kind: "exhibit" | "panel" | "door" | "shut";
  readonly x: number;
  readonly y: number;
  /** The exhibit's id. */
  readonly id: string | null;
  readonly number: number | null;
  readonly title: string;
}

/** The visitor's place and the direction of the view, radians clockwise from up. */
export interface MapYou {
  readonly x: number;
  readonly y: number;
  readonly heading: number;
}

export interface MapActions {
  /** An exhibit's number was chosen. */
  open(id: string): void;
  /** A place on the map was chosen, as shares. */
  go(x: number, y: number): void;
  close(): void;
}

const LONGEST = 232; // CSS px of the floor's longer side
const EDGE = 16; // CSS px around the floor, for exhibits and doors at its walls
const RADIUS = 9; // CSS px of an exhibit's number
const APART = 24; // CSS px between two numbers: the least size of a target (WCAG 2.2, 2.5.8)
const DOOR_APART = 19; // CSS px between a number and a door
const KILN = "#9c2f1f";
const INK = "#201b17";
const STONE = "#8d8273";

/** The floor from above, with the exhibits, the doors and the visitor's place. */
export class FloorMap {
  readonly element: HTMLElement;
  readonly #canvas = h("canvas.ly-map-plan", { role: "img" });
  readonly #title = h("h2.ly-map-title");
  readonly #close: HTMLButtonElement;
  #base: HTMLCanvasElement | null = null;
  #marks: readonly MapMark[] = [];
  /** Where the numbers are, CSS px of the canvas. */
  #numbers: readonly (Point & { readonly mark: MapMark })[] = [];
  #size = { width: 0, height: 0 };
  #you: MapYou | null = null;
  #help = "";

  constructor(actions: MapActions) {
    this.#close = h("button.ly-button", { type: "button", onclick: actions.close }, icon("close"));
    this.element = h("section.ly-map", { hidden: true }, h("header", {}, this.#title, this.#close), this.#canvas);
    this.#canvas.addEventListener("click", ({ offsetX, offsetY }) => {
      const id = this.#numberAt(offsetX, offsetY)?.id;
      const { width, height } = this.#size;
      if (id) actions.open(id);
      else actions.go((offsetX - EDGE) / (width - 2 * EDGE), (offsetY - EDGE) / (height - 2 * EDGE));
    });
    this.#canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
      this.#canvas.title = this.#numberAt(offsetX, offsetY)?.title ?? this.#help;
    });
  }

  get canvas(): HTMLCanvasElement {
    return this.#canvas;
  }

  /** `base` is the floor, drawn in its own proportions. */
  plan(base: HTMLCanvasElement, marks: readonly MapMark[], lang: Lang): void {
    this.#base = base;
    this.#marks = marks;
    this.#title.textContent = translate(lang, "map");
    this.element.setAttribute("aria-label", translate(lang, "map"));
    this.#help = translate(lang, "mapHelp");
    this.#canvas.setAttribute("aria-label", this.#help);
    this.#canvas.title = this.#help;
    setLabel(this.#close, translate(lang, "mapClose"));
    const scale = LONGEST / Math.max(base.width, base.height);
    const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
    const [width, height] = [base.width * scale + 2 * EDGE, base.height * scale + 2 * EDGE];
    this.#size = { width, height };
    this.#numbers = this.#placeNumbers();
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

  /** CSS px on the canvas. */
  #at({ x, y }: Point): Point {
    const { width, height } = this.#size;
    return { x: EDGE + x * (width - 2 * EDGE), y: EDGE + y * (height - 2 * EDGE) };
  }

  /** The numbers of the exhibits. Numbers that would overlap are moved apart. */
  #placeNumbers(): readonly (Point & { readonly mark: MapMark })[] {
    const numbered = this.#marks.filter(({ kind }) => kind === "exhibit");
    const doors = this.#marks.filter(({ kind }) => kind === "door" || kind === "shut");
    const places = numbered.map((mark) => this.#at(mark));
    const found = resolveOverlaps(
      places,
      APART,
      this.#size,
      doors.map((door) => ({ ...this.#at(door), radius: DOOR_APART })),
    );
    return numbered.map((mark, i) => ({ ...(found[i] as Point), mark }));
  }

  #numberAt(x: number, y: number): MapMark | null {
    return this.#numbers.find((number) => Math.hypot(number.x - x, number.y - y) <= APART / 2)?.mark ?? null;
  }

  #draw(): void {
    const context = this.#canvas.getContext("2d");
    if (!context || !this.#base) return;
    const { width, height } = this.#size;
    const unit = this.#canvas.width / width;
    context.setTransform(unit, 0, 0, unit, 0, 0);
    context.clearRect(0, 0, width, height);
    context.drawImage(this.#base, EDGE, EDGE, width - 2 * EDGE, height - 2 * EDGE);
    for (const mark of this.#marks) {
      const { x, y } = this.#at(mark);
      if (mark.kind === "panel") {
        context.fillStyle = STONE;
        context.fillRect(x - 3, y - 3, 6, 6);
      } else if (mark.kind !== "exhibit") {
        context.fillStyle = mark.kind === "door" ? KILN : STONE;
        context.fillRect(x - 6, y - 6, 12, 12);
        context.fillStyle = "#fff";
        context.fillRect(x - 3, y - 4, 6, 10);
      }
    }
    for (const number of this.#numbers) lead(context, this.#at(number.mark), number);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.font = "600 11px sans-serif";
    for (const { x, y, mark } of this.#numbers) {
      disc(context, x, y, RADIUS, "#fff", INK, 1);
      context.fillStyle = INK;
      context.fillText(String(mark.number), x, y + 0.5);
    }
    if (this.#you) {
      const { x, y } = this.#at(this.#you);
      here(context, x, y, this.#you.heading);
    }
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

/** A line from an exhibit's place to its number, if the number was moved. */
function lead(context: CanvasRenderingContext2D, from: Point, to: Point): void {
  if (Math.hypot(from.x - to.x, from.y - to.y) < 3) return;
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.lineWidth = 1.5;
  context.strokeStyle = INK;
  context.stroke();
  disc(context, from.x, from.y, 2, INK, INK, 1);
}

/** The visitor: a dot, and the sector of the view. */
function here(context: CanvasRenderingContext2D, x: number, y: number, heading: number): void {
  context.save();
  context.translate(x, y);
  context.rotate(heading);
  const sector = context.createRadialGradient(0, 0, 4, 0, 0, 30);
  sector.addColorStop(0, "rgb(156 47 31 / 55%)");
  sector.addColorStop(1, "rgb(156 47 31 / 0%)");
  context.fillStyle = sector;
  context.beginPath();
  context.moveTo(0, 0);
  context.arc(0, 0, 30, -Math.PI / 2 - 0.55, -Math.PI / 2 + 0.55);
  context.fill();
  context.restore();
  disc(context, x, y, 6, KILN, "#fff", 2);
}
