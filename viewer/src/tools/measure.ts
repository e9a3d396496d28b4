import { Vector3 } from "three";
import { project, rayThrough } from "../core/camera.ts";
import type { Exhibit } from "../core/exhibit.ts";
import { formatLength, pixelAt } from "../core/lengths.ts";
import { Surface, type Touch } from "../core/surface.ts";
import { h, moveTo, setLabel } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { toolText } from "./i18n.ts";
import type { Tool, ToolContext } from "./tool.ts";

/** A point on the surface in the asset's frame, and the precision with which it was picked; metres of the asset. */
interface Spot {
  point: Vector3;
  grain: number;
}

interface Length {
  readonly from: Spot;
  readonly to: Spot;
}

/** The measurements of each exhibit stay until the visit ends. */
const kept = new WeakMap<Exhibit, Length[]>();

const AIM = 5; // px
const SVG = "http://www.w3.org/2000/svg";

/** Measures straight lengths between picked points of the drawn surface. */
export function open(context: ToolContext): Tool {
  return context.exhibit.asset?.unit === "metre" ? new Measure(context) : refusal(context);
}

function refusal(context: ToolContext): Tool {
  const controls = h("p.ly-card-text");
  const write = () => {
    controls.textContent = toolText(context.lang, "measureUnscaled");
  };
  return { controls, write, start: () => context.say(controls.textContent ?? ""), stop: () => undefined };
}

class Measure implements Tool {
  readonly controls: HTMLElement;
  readonly #context: ToolContext;
  readonly #lengths: Length[];
  readonly #hint = h("p.ly-card-text", { role: "status" });
  readonly #list = h("ul.ly-lengths");
  readonly #middle: HTMLButtonElement;
  readonly #clear: HTMLButtonElement;
  readonly #lines = document.createElementNS(SVG, "svg");
  readonly #marks = h("div");
  readonly #cross = h("div.ly-cross", { "aria-hidden": "true" });
  #start: Spot | null = null;

  constructor(context: ToolContext) {
    this.#context = context;
    this.#lengths = kept.get(context.exhibit) ?? [];
    kept.set(context.exhibit, this.#lengths);
    const button = (key: string, act: () => void) =>
      h("button.ly-button.ly-plain", { type: "button", "data-key": key, onclick: act });
    this.#middle = button("middle", () => this.#pickMiddle());
    this.#clear = button("clear", () => this.#drop(0, this.#lengths.length));
    this.controls = h("div.ly-measure", {}, this.#hint, this.#list, h("div.ly-row", {}, this.#middle, this.#clear));
    this.#lines.setAttribute("class", "ly-lines");
    this.#lines.setAttribute("aria-hidden", "true");
  }

  start(): void {
    this.#context.overlay.append(this.#lines, this.#marks, this.#cross);
    this.#show();
    this.#context.say(this.#hint.textContent ?? "");
  }

  stop(): void {
    this.#context.overlay.replaceChildren();
  }

  write(): void {
    const { lang } = this.#context;
    this.#hint.textContent = toolText(lang, this.#start ? "measureSecond" : "measureHint");
    this.#middle.replaceChildren(icon("aim"), toolText(lang, "measureMiddle"));
    this.#clear.replaceChildren(icon("bin"), toolText(lang, "measureClear"));
    this.#list.setAttribute("aria-label", toolText(lang, "lengths"));
    this.#show();
  }

  tap(x: number, y: number): boolean {
    this.#pick(this.#at(x, y));
    return true;
  }

  drawn(): void {
    const { size } = this.#context;
    this.#lines.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
    const middle = this.#project(this.#ahead());
    if (middle) moveTo(this.#cross, middle.x, middle.y);
    const spots = [...this.#lengths.flatMap(({ from, to }) => [from, to]), ...(this.#start ? [this.#start] : [])];
    const places = spots.map((spot) => this.#place(spot));
    for (const [i, mark] of [...this.#marks.querySelectorAll<HTMLElement>(".ly-end")].entries()) {
      const place = places[i];
      mark.hidden = !place;
      if (!place) continue;
      moveTo(mark, place.x, place.y);
      mark.classList.toggle("ly-behind", place.behind);
    }
    const tags = this.#marks.querySelectorAll<HTMLElement>(".ly-length");
    for (const [i, pair] of [...this.#lines.children].entries()) {
      const [a, b] = [places[2 * i], places[2 * i + 1]];
      const tag = tags[i];
      pair.classList.toggle("ly-none", !a || !b);
      if (tag) tag.hidden = !a || !b;
      if (!a || !b) continue;
      for (const line of pair.children) {
        for (const [key, value] of Object.entries({ x1: a.x, y1: a.y, x2: b.x, y2: b.y }))
          line.setAttribute(key, value.toFixed(1));
      }
      pair.classList.toggle("ly-behind", a.behind && b.behind);
      if (tag) moveTo(tag, (a.x + b.x) / 2, (a.y + b.y) / 2);
    }
  }

  /** What is drawn now: tiles come and go. */
  get #surface(): Surface {
    return new Surface(...this.#context.exhibit.models);
  }

  /** The point straight ahead of the eye. */
  #ahead(): Vector3 {
    const { camera } = this.#context;
    return camera.getWorldDirection(new Vector3()).add(camera.position);
  }

  #project(point: Vector3): { x: number; y: number } | null {
    const { camera, size } = this.#context;
    return project(camera, point, size.width, size.height);
  }

  #place(spot: Spot): { x: number; y: number; behind: boolean } | null {
    const { camera, exhibit } = this.#context;
    const point = exhibit.group.localToWorld(spot.point.clone());
    const at = this.#project(point);
    if (!at) return null;
    const way = point.clone().sub(camera.position);
    const distance = way.length();
    const slack = 0.01 * exhibit.sphere.radius + this.#grain(distance);
    return { ...at, behind: this.#surface.ray(camera.position, way.normalize(), distance - slack) !== null };
  }

  /** The distance from a scan's point within which it can be picked, per metre from the eye: a few pixels. */
  get #slack(): number {
    return AIM * this.#grain(1);
  }

  /** The size of a pixel at that point, metres of the hall. */
  #grain(distance: number): number {
    const { camera, size } = this.#context;
    return pixelAt(distance, camera.fov, size.height);
  }

  #at(x: number, y: number): Touch | null {
    const { camera, size } = this.#context;
    const ray = rayThrough(camera, x, y, size.width, size.height);
    return this.#surface.ray(ray.origin, ray.direction, Number.POSITIVE_INFINITY, this.#slack);
  }

  #pickMiddle(): void {
    const { size } = this.#context;
    const middle = this.#project(this.#ahead()) ?? { x: size.width / 2, y: size.height / 2 };
    this.#pick(this.#at(middle.x, middle.y));
  }

  #spot(touch: Touch): Spot {
    const { group, placement } = this.#context.exhibit;
    return { point: group.worldToLocal(touch.point.clone()), grain: this.#grain(touch.distance) / placement.scale };
  }

  #pick(touch: Touch | null): void {
    const { lang } = this.#context;
    if (!touch) {
      this.#hint.textContent = toolText(lang, "measureMissed"); // a status: screen readers read it
      return;
    }
    const spot = this.#spot(touch);
    if (!this.#start) {
      this.#start = spot;
      this.#context.say(toolText(lang, "measureSecond"));
    } else {
      this.#lengths.push({ from: this.#start, to: spot });
      this.#start = null;
      const number = this.#lengths.length;
      this.#context.say(toolText(lang, "measured", { number, length: this.#text(number - 1) }));
    }
    this.write();
  }

  #drop(first: number, count: number): void {
    this.#lengths.splice(first, count);
    if (count !== 1 || this.#lengths.length === 0) this.#start = null;
    this.write();
    if (document.activeElement === document.body) this.#middle.focus();
  }

  #text(i: number): string {
    const { from, to } = this.#lengths[i] as Length;
    return formatLength(from.point.distanceTo(to.point), Math.max(from.grain, to.grain));
  }

  /** Makes a line, a tag and two ends for every length, and an entry on the card. */
  #show(): void {
    const { lang } = this.#context;
    const texts = this.#lengths.map((_, i) => this.#text(i));
    this.#lines.replaceChildren(
      ...texts.map(() => {
        const pair = document.createElementNS(SVG, "g");
        pair.append(document.createElementNS(SVG, "line"), document.createElementNS(SVG, "line"));
        return pair;
      }),
    );
    const ends = this.#lengths.flatMap(({ from, to }, i) => [this.#end(from, i), this.#end(to, i)]);
    if (this.#start) ends.push(this.#end(this.#start, this.#lengths.length));
    const tags = texts.map((text, i) => h("span.ly-length", { "aria-hidden": "true" }, `${i + 1} · ${text}`));
    this.#marks.replaceChildren(...ends, ...tags);
    this.#list.replaceChildren(
      ...texts.map((length, i) => {
        const remove = h(
          "button.ly-button.ly-quiet",
          { type: "button", onclick: () => this.#drop(i, 1) },
          icon("close"),
        );
        setLabel(remove, toolText(lang, "measureRemove", { number: i + 1, length }));
        return h("li", {}, h("span.ly-number", {}, String(i + 1)), h("span", {}, length), remove);
      }),
    );
    this.#list.hidden = texts.length === 0;
    this.#clear.hidden = texts.length === 0 && !this.#start;
    this.#context.fit();
    this.#context.draw();
  }

  /** An end that can be dragged to another place on the surface. */
  #end(spot: Spot, i: number): HTMLElement {
    const end = h("div.ly-end", { title: toolText(this.#context.lang, "measureEnd", { number: i + 1 }) });
    end.addEventListener("pointerdown", (event) => {
      event.stopPropagation();
      end.setPointerCapture(event.pointerId);
    });
    end.addEventListener("pointermove", (event) => {
      if (!end.hasPointerCapture(event.pointerId)) return;
      const box = this.#context.viewport.renderer.domElement.getBoundingClientRect();
      const touch = this.#at(event.clientX - box.left, event.clientY - box.top);
      if (!touch) return;
      Object.assign(spot, this.#spot(touch));
      const length = this.#lengths[i];
      const tag = this.#marks.querySelectorAll(".ly-length")[i];
      if (length && tag) tag.textContent = `${i + 1} · ${this.#text(i)}`;
      this.#context.draw();
    });
    end.addEventListener("lostpointercapture", () => this.#show());
    return end;
  }
}
