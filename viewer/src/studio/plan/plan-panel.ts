import { h } from "../../ui/dom.ts";
import type { Actions } from "../actions.ts";
import type { Studio } from "../context.ts";
import { button, iconButton } from "../fields.ts";
import type { ModePanel } from "../modes.ts";
import type { Thing } from "../selection.ts";
import { beginDialog } from "./begin-dialog.ts";
import { Drawing } from "./drawing.ts";
import { planText } from "./i18n.ts";
import { PlanChoice, type PlanPart } from "./plan-choice.ts";
import { PlanContext } from "./plan-context.ts";
import { PlanKeys, partOf } from "./plan-keys.ts";
import { PlanSide } from "./plan-side.ts";
import { PlanView, type Point } from "./plan-view.ts";
import { Preview } from "./preview.ts";
import type { ToolPoint } from "./tool.ts";
import { type ToolName, ToolStrip } from "./tool-strip.ts";

const ZOOM = 1.3;
const SLACK_PX = 4;

/** The hall seen from above: rooms are drawn, and what stands in them is moved. */
export class PlanPanel implements ModePanel {
  readonly label: string;
  readonly element: HTMLElement;
  readonly instead = true;
  readonly side: HTMLElement;
  readonly #context: PlanContext;
  readonly #drawing: Drawing;
  readonly #strip: ToolStrip;
  readonly #keys: PlanKeys;
  readonly #side: PlanSide;
  readonly #area: HTMLElement;
  readonly #hint = h("p.pl-hint", { id: "pl-hint" });
  readonly #invitation: HTMLElement;
  /** The fields of what is chosen in the hall: they are shown here too while an exhibit is chosen. */
  readonly #fields: HTMLElement;
  #pointer: ToolPoint | null = null;
  #open = false;
  #fitted = false;

  constructor(studio: Studio, actions: Actions, fields: HTMLElement) {
    const { lang, session, selection } = studio;
    this.#fields = fields;
    this.label = planText(lang, "plan");
    const view = new PlanView();
    const context = new PlanContext(studio, actions, view, new PlanChoice(), new Preview(view));
    this.#context = context;
    this.#drawing = new Drawing(context);
    this.#strip = new ToolStrip(context, (name) => this.#use(name));
    this.#area = h(
      "div.pl-area",
      { tabindex: 0, role: "group", "aria-label": planText(lang, "planOfHall"), "aria-describedby": "pl-hint" },
      this.#drawing.element,
    );
    const dialog = beginDialog(context, () => {
      this.#use("room");
      this.#area.focus();
    });
    const begin = (primary: boolean) => button(planText(lang, "begin"), () => dialog.showModal(), { primary });
    this.#side = new PlanSide(context, begin(false));
    this.side = this.#side.element;
    this.#invitation = h("div.pl-invitation", {}, h("p", {}, planText(lang, "noPlan")), begin(true));
    this.element = h(
      "section.pl-panel",
      { "aria-label": planText(lang, "plan") },
      this.#area,
      this.#hint,
      this.#strip.element,
      this.#invitation,
      h(
        "div.pl-views",
        {},
        iconButton(planText(lang, "zoomIn"), "plus", () => this.#zoom(ZOOM), "+"),
        iconButton(planText(lang, "zoomOut"), "minus", () => this.#zoom(1 / ZOOM), "-"),
        iconButton(planText(lang, "fitPlan"), "fit", () => this.#fit(), "0"),
      ),
      dialog,
    );
    this.#keys = new PlanKeys(context, this.#strip, {
      use: (name) => this.#use(name),
      edit: () => this.#side.focus(),
      zoom: (factor) => this.#zoom(factor),
      pan: (dx, dy) => this.#pan(dx, dy),
      fit: () => this.#fit(),
      focus: () => this.#area.focus(),
    });
    this.#listen(view);
    session.changed.on(() => this.refresh());
    context.choice.changed.on((part) => {
      if (part) selection.clear();
      this.refresh();
    });
    selection.changed.on(() => {
      if (selection.things.length > 0) context.choice.choose(null);
      this.refresh();
    });
  }

  open(): void {
    this.#open = true;
    this.refresh();
    this.#area.focus({ preventScroll: true }); // its keys act at once
  }

  /** Chooses a part of the plan. The panel is open. */
  show(part: PlanPart): void {
    this.#context.choice.choose(part);
  }

  close(): void {
    this.#open = false;
    this.#use("select");
  }

  refresh(): void {
    if (!this.#open) return;
    const { choice, hall, geometry, studio } = this.#context;
    choice.follow(hall, geometry.plan, geometry.faces);
    const focused = this.#area.contains(document.activeElement);
    this.#drawing.draw();
    if (focused && !this.#area.contains(document.activeElement)) this.#area.focus();
    const exhibit = studio.selection.things.length > 0;
    this.#fields.hidden = !exhibit;
    this.side.hidden = exhibit;
    if (!exhibit) this.#side.refresh();
    this.#invitation.hidden = geometry.plan !== null;
    if (!geometry.plan && this.#strip.name !== "zone" && this.#strip.name !== "select") this.#use("select");
    else this.#strip.show(this.#strip.name, geometry.plan !== null);
    this.#sayHint();
  }

  #use(name: ToolName): void {
    this.#strip.tool.cancel();
    this.#context.preview.clear();
    this.#keys.forgetCursor();
    this.#strip.show(name, this.#context.geometry.plan !== null);
    this.#area.dataset.tool = name;
    this.#sayHint();
  }

  #sayHint(): void {
    const words = planText(this.#context.studio.lang, this.#strip.tool.hint);
    if (this.#hint.textContent !== words) this.#hint.textContent = words;
  }

  #listen(view: PlanView): void {
    const area = this.#area;
    new ResizeObserver(() => {
      if (area.clientWidth === 0) return;
      view.width = area.clientWidth;
      view.height = area.clientHeight;
      if (!this.#fitted) view.fit(this.#drawing.bounds);
      this.#fitted = true;
      this.#drawing.lay();
    }).observe(area);
    area.addEventListener("pointerdown", (event) => this.#press(event));
    area.addEventListener("pointermove", (event) => {
      if (event.buttons !== 0) return;
      this.#keys.forgetCursor();
      this.#pointer = this.#point(event);
      this.#strip.tool.move(this.#pointer);
    });
    area.addEventListener("pointerleave", () => {
      this.#pointer = null;
    });
    area.addEventListener("dblclick", () => {
      if (this.#strip.name === "wall") this.#strip.tool.cancel();
    });
    area.addEventListener("contextmenu", (event) => event.preventDefault());
    area.addEventListener("focusin", (event) => {
      const part = partOf(event.target as Element);
      if (part && this.#strip.name === "select" && (event.target as Element).matches(":focus-visible"))
        this.#context.choice.choose(part);
    });
    area.addEventListener("keydown", (event) => {
      if (event.isComposing || !this.#keys.press(event, this.#pointer)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    area.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1;
        this.#zoom(Math.exp((-event.deltaY * lines) / (event.ctrlKey ? 120 : 700)), this.#at(event));
      },
      { passive: false },
    );
  }

  /** The button goes down: the tool acts; with another button, or where nothing is held, a drag shifts the plan. */
  #press(event: PointerEvent): void {
    const { tool, select } = this.#strip;
    const start = this.#at(event);
    const shifts = event.button !== 0;
    if (!partOf(event.target as Element)) this.#area.focus({ preventScroll: true });
    if (!shifts) tool.press(this.#point(event));
    this.#keys.forgetCursor();
    this.#area.setPointerCapture(event.pointerId);
    let last = start;
    let dragged = false;
    let next: PointerEvent | null = null;
    let frame = 0;
    const stop = new AbortController();
    const { signal } = stop;
    const step = () => {
      frame = 0;
      if (!next) return;
      const now = this.#at(next);
      dragged ||= Math.hypot(now.x - start.x, now.y - start.y) >= SLACK_PX;
      if (!dragged) return;
      if (shifts || (tool === select && !select.holds)) this.#pan(now.x - last.x, now.y - last.y);
      else tool.move(this.#point(next));
      last = now;
      next = null;
    };
    const follow = (event: PointerEvent) => {
      next = event;
      frame ||= requestAnimationFrame(step); // one step a frame is enough
    };
    const end = (event: PointerEvent, whole: boolean) => {
      stop.abort();
      cancelAnimationFrame(frame);
      step(); // where it was last
      if (shifts) return;
      if (whole) tool.release?.(this.#point(event), dragged);
      else tool.cancel();
    };
    this.#area.addEventListener("pointermove", follow, { signal });
    this.#area.addEventListener("pointerup", (event) => end(event, true), { signal });
    this.#area.addEventListener("pointercancel", (event) => end(event, false), { signal });
  }

  #point(event: PointerEvent): ToolPoint {
    const target = event.target as Element;
    return {
      at: this.#context.view.toPlan(this.#at(event)),
      free: event.altKey,
      part: partOf(target),
      thing: thingOf(target),
    };
  }

  #at(event: MouseEvent): Point {
    const box = this.#area.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #pan(dx: number, dy: number): void {
    this.#context.view.pan(dx, dy);
    this.#drawing.lay();
  }

  #zoom(factor: number, point?: Point): void {
    this.#context.view.zoom(factor, point);
    this.#drawing.lay();
  }

  #fit(): void {
    this.#context.view.fit(this.#drawing.bounds);
    this.#drawing.lay();
  }
}

/** The exhibit or the piece of furniture that an element of the drawing shows. */
function thingOf(element: Element): Thing | null {
  const { placement, furniture } = element.closest<SVGElement>("[data-placement], [data-furniture]")?.dataset ?? {};
  if (placement !== undefined) return { kind: "placement", id: placement };
  return furniture === undefined ? null : { kind: "furniture", id: furniture };
}
