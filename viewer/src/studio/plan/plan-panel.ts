import { h } from "../../ui/dom.ts";
import type { Studio } from "../context.ts";
import { iconButton } from "../fields.ts";
import type { ModePanel } from "../modes.ts";
import { Drawing } from "./drawing.ts";
import { planText } from "./i18n.ts";
import { PlanView, type Point } from "./plan-view.ts";

const ZOOM = 1.3;

/** The hall seen from above, to be drawn in. */
export class PlanPanel implements ModePanel {
  readonly label: string;
  readonly element: HTMLElement;
  readonly instead = true;
  readonly side = null;
  readonly #studio: Studio;
  readonly #view = new PlanView();
  readonly #drawing: Drawing;
  #open = false;
  #fitted = false;

  constructor(studio: Studio) {
    this.#studio = studio;
    const { lang } = studio;
    this.label = planText(lang, "plan");
    this.#drawing = new Drawing(studio, this.#view);
    const area = h(
      "div.pl-area",
      { tabindex: 0, role: "group", "aria-label": planText(lang, "planOfHall") },
      this.#drawing.element,
    );
    this.element = h(
      "section.pl-panel",
      { "aria-label": planText(lang, "plan") },
      area,
      h(
        "div.pl-views",
        {},
        iconButton(planText(lang, "zoomIn"), "plus", () => this.#zoom(ZOOM)),
        iconButton(planText(lang, "zoomOut"), "minus", () => this.#zoom(1 / ZOOM)),
        iconButton(planText(lang, "fitPlan"), "fit", () => this.#fit()),
      ),
    );
    new ResizeObserver(() => this.#resize(area.clientWidth, area.clientHeight)).observe(area);
    area.addEventListener("pointerdown", (event) => this.#press(event, area));
    area.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1;
        this.#zoom(Math.exp((-event.deltaY * lines) / (event.ctrlKey ? 120 : 700)), at(event, area));
      },
      { passive: false },
    );
    studio.session.changed.on(() => this.refresh());
    studio.selection.changed.on(() => this.refresh());
  }

  open(): void {
    this.#open = true;
    this.refresh();
  }

  close(): void {
    this.#open = false;
  }

  refresh(): void {
    if (this.#open) this.#drawing.draw();
  }

  #resize(width: number, height: number): void {
    if (width === 0) return;
    this.#view.width = width;
    this.#view.height = height;
    if (!this.#fitted) this.#view.fit(this.#drawing.bounds);
    this.#fitted = true;
    this.#drawing.lay();
  }

  #zoom(factor: number, point?: Point): void {
    this.#view.zoom(factor, point);
    this.#drawing.lay();
  }

  #fit(): void {
    this.#view.fit(this.#drawing.bounds);
    this.#drawing.lay();
  }

  /** Chooses a placement; else shifts the plan. */
  #press(event: PointerEvent, area: HTMLElement): void {
    const id = (event.target as Element).closest<SVGElement>(".pl-placement")?.dataset.id;
    if (id && event.button === 0) {
      this.#studio.selection.choose({ kind: "placement", id }, event.shiftKey || event.ctrlKey || event.metaKey);
      return;
    }
    if (event.button === 0) this.#studio.selection.clear();
    area.setPointerCapture(event.pointerId);
    let last = at(event, area);
    const move = (next: PointerEvent) => {
      const now = at(next, area);
      this.#view.pan(now.x - last.x, now.y - last.y);
      last = now;
      this.#drawing.lay();
    };
    const end = () => {
      area.removeEventListener("pointermove", move);
      area.removeEventListener("pointerup", end);
      area.removeEventListener("pointercancel", end);
    };
    area.addEventListener("pointermove", move);
    area.addEventListener("pointerup", end);
    area.addEventListener("pointercancel", end);
  }
}

function at(event: MouseEvent, area: HTMLElement): Point {
  const box = area.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}
