import type { PlanView } from "./plan-view.ts";
import { KeyedGroup, svg, write } from "./svg.ts";

const GRIDS_M = [0.1, 0.5, 1, 5, 10, 50]; // the finest whose lines are far enough apart is drawn
const GRID_PX = 14;
const NUMBER_PX = 56;
const RULER_PX = 22;

/** The grid below the plan, and rulers in metres at its lower and right edge. */
export class Rulers {
  readonly element = svg("g.pl-rulers", { "aria-hidden": true });
  readonly grid = svg("g.pl-grids", { "aria-hidden": true });
  readonly #view: PlanView;
  readonly #fine = svg("path.pl-grid");
  readonly #coarse = svg("path.pl-grid.pl-coarse");
  readonly #back = svg("path.pl-ruler");
  readonly #ticks = svg("path.pl-ticks");
  readonly #numbers = new KeyedGroup("pl-ruler-numbers");

  constructor(view: PlanView) {
    this.#view = view;
    this.grid.append(this.#fine, this.#coarse);
    this.element.append(this.#back, this.#ticks, this.#numbers.element);
  }

  lay(): void {
    const view = this.#view;
    const { width, height } = view;
    const step = GRIDS_M.find((metres) => metres * view.scale >= GRID_PX) ?? (GRIDS_M.at(-1) as number);
    const next = GRIDS_M.find((metres) => metres > step && metres * view.scale >= 5 * GRID_PX) ?? 10 * step;
    write(this.#fine, { d: gridPath(view, step) });
    write(this.#coarse, { d: gridPath(view, next) });
    const named = GRIDS_M.find((metres) => metres * view.scale >= NUMBER_PX) ?? (GRIDS_M.at(-1) as number);
    const edge = height - RULER_PX;
    const side = width - RULER_PX - 14;
    write(this.#back, { d: `M0 ${edge}H${width}V${height}H0ZM${side} 0H${width}V${edge}H${side}Z` });
    let d = "";
    this.#numbers.begin();
    for (const metres of multiples(view.toPlan({ x: 0, y: 0 })[0], view.toPlan({ x: side, y: 0 })[0], named)) {
      const { x } = view.toScreen([metres, 0]);
      d += `M${Math.round(x) + 0.5} ${edge}v6`;
      this.#number(`x ${metres}`, metres, x, edge + 14);
    }
    for (const metres of multiples(view.toPlan({ x: 0, y: 0 })[1], view.toPlan({ x: 0, y: edge })[1], named)) {
      const { y } = view.toScreen([0, metres]);
      d += `M${side} ${Math.round(y) + 0.5}h6`;
      this.#number(`z ${metres}`, metres, side + 21, y);
    }
    this.#numbers.end();
    write(this.#ticks, { d });
  }

  #number(key: string, metres: number, x: number, y: number): void {
    const text = this.#numbers.draw(key, () => svg("text"));
    write(text, { x, y });
    const said = String(Number(metres.toFixed(1)));
    if (text.textContent !== said) text.textContent = said;
  }
}

function gridPath(view: PlanView, step: number): string {
  const [left, back] = view.toPlan({ x: 0, y: 0 });
  const [right, front] = view.toPlan({ x: view.width, y: view.height });
  let d = "";
  for (const x of multiples(left, right, step)) d += `M${Math.round(view.toScreen([x, 0]).x) + 0.5} 0V${view.height}`;
  for (const z of multiples(back, front, step)) d += `M0 ${Math.round(view.toScreen([0, z]).y) + 0.5}H${view.width}`;
  return d;
}

function multiples(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(Math.floor(to / step) - first + 1, 0) }, (_, i) => (first + i) * step);
}
