import { product, UNTURNED } from "../document/rotation.ts";
import type { Asset, Quaternion } from "../document/schema.ts";
import type { Lang } from "../document/text.ts";
import { byPointer, h, moveTo } from "../ui/dom.ts";
import { listen } from "../ui/gestures.ts";
import { AssetScene, type Spot } from "./asset-scene.ts";
import { assetText } from "./i18n.ts";
import { Picking, type Task } from "./picking.ts";
import { TransformForm } from "./transform-form.ts";
import { onFace, onPlane } from "./upright.ts";

const SVG = "http://www.w3.org/2000/svg";
const HALF = Math.SQRT1_2;
const ROTATE = 0.006; // radians a pixel
const KEY_TURN = 0.12; // radians
const KEY_ZOOM = 1.15;
const QUARTERS = [
  ["forward", [HALF, 0, 0, HALF]],
  ["back", [-HALF, 0, 0, HALF]],
  ["left", [0, 0, HALF, HALF]],
  ["right", [0, 0, -HALF, HALF]],
  ["aroundLeft", [0, -HALF, 0, HALF]],
  ["aroundRight", [0, HALF, 0, HALF]],
] as const satisfies readonly (readonly [string, Quaternion])[];

/** The 3D view of an asset at the desk: its size, points picked on it, and how it will stand. */
export class AssetView {
  readonly #shell: HTMLElement;
  readonly #lang: Lang;
  readonly #scene: AssetScene;
  readonly #form: TransformForm;
  readonly #picking: Picking;
  readonly #canvas: HTMLCanvasElement;
  readonly #status = h("p.av-status", { role: "status" });
  readonly #figures = [0, 1, 2].map(() => h("span.av-figure", { "aria-hidden": "true" }));
  readonly #marks = document.createElementNS(SVG, "svg");
  readonly #cross = h("div.av-cross", { "aria-hidden": "true", hidden: true });
  readonly #tools = new Map<Task["name"], HTMLButtonElement>();

  constructor(shell: HTMLElement, form: HTMLFormElement, asset: Asset, root: string, lang: Lang) {
    this.#shell = shell;
    this.#lang = lang;
    this.#canvas = h("canvas.av-canvas", {
      tabindex: 0,
      role: "application",
      "aria-label": assetText(lang, "picture"),
      "aria-describedby": "av-help",
    });
    this.#marks.setAttribute("class", "av-marks");
    this.#marks.setAttribute("aria-hidden", "true");
    const stage = h("div.av-stage", {}, this.#canvas, ...this.#figures, this.#cross);
    stage.append(this.#marks);
    const help = h("p.unseen", { id: "av-help" }, assetText(lang, "pictureHelp"));
    const pickable = asset.kind !== "splat";
    const bar = h(
      "div.av-tools",
      { role: "group", "aria-label": assetText(lang, "tools") },
      ...this.#toolButtons(pickable),
    );
    shell.append(stage, this.#status, bar, this.#turnButtons(), help);
    if (!pickable) shell.append(h("p.hint", {}, assetText(lang, "noPicking")));
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.#scene = new AssetScene(this.#canvas, asset, `${root}media/`, () => calm.matches);
    this.#form = new TransformForm(
      form,
      asset,
      lang,
      (turn) => this.#show(turn),
      () => this.#scene.invalidate(),
    );
    this.#picking = new Picking(
      (at) => this.#scene.pick(at),
      () => this.#scene.size,
      () => this.#say(assetText(lang, "missed")),
      () => this.#refresh(),
    );
    this.#scene.drawn.on(() => this.#draw());
    this.#listen();
  }

  /** The server draws the thumbnail from the side that is seen. A turn that is not yet applied has no side to draw from. */
  #offerView(form: HTMLFormElement): void {
    const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement;
    form.addEventListener("submit", (event) => {
      if (isTurned(this.#scene.turn)) {
        event.preventDefault();
        this.#say(assetText(this.#lang, "turnFirst"));
        return;
      }
      for (const [name, degrees] of Object.entries(this.#scene.side)) field(name).value = degrees.toFixed(2);
    });
    form.hidden = false;
    this.#shell.append(form);
  }

  /** Resolves when the model is there, or its failure is told. The thumbnail stays until then. */
  async open(): Promise<void> {
    const lang = this.#lang;
    this.#say(assetText(lang, "loading"));
    try {
      await this.#scene.open();
      this.#shell.dataset.open = "";
      const thumb = this.#shell.querySelector<HTMLFormElement>("#asset-thumb");
      if (thumb) this.#offerView(thumb);
      this.#say("");
      this.#scene.invalidate();
    } catch (error) {
      console.warn(error);
      this.#shell.dataset.failed = "";
      this.#say(assetText(lang, "failed"));
    }
  }

  #toolButtons(pickable: boolean): HTMLButtonElement[] {
    const tasks: readonly Task[] = [
      { name: "measure", count: 2, picked: (spots) => this.#measured(spots) },
      { name: "face", count: 1, picked: ([spot]) => spot && this.#stand(onFace(spot.normal)) },
      { name: "plane", count: 3, picked: (spots) => this.#levelled(spots) },
    ];
    return tasks.map((task) => {
      const begin = (event: MouseEvent) => {
        if (this.#picking.task?.name === task.name) {
          this.#picking.end();
          this.#say("");
          return;
        }
        this.#picking.begin(task);
        this.#ask();
        this.#canvas.focus({ preventScroll: true });
        if (!byPointer(event)) this.#picking.showCross();
      };
      const button = h(
        "button",
        { type: "button", "aria-pressed": "false", disabled: !pickable, onclick: begin },
        assetText(this.#lang, task.name),
      );
      this.#tools.set(task.name, button);
      return button;
    });
  }

  #turnButtons(): HTMLElement {
    const turn = (name: (typeof QUARTERS)[number][0], by: Quaternion) =>
      h(
        "button",
        { type: "button", onclick: () => this.#stand(product(by, this.#scene.turn)) },
        assetText(this.#lang, name),
      );
    return h(
      "div.av-tools",
      { role: "group", "aria-label": assetText(this.#lang, "turns") },
      h("span.av-group", { "aria-hidden": "true" }, assetText(this.#lang, "turns")),
      ...QUARTERS.map(([name, by]) => turn(name, [...by])),
      h("button", { type: "button", onclick: () => this.#stand(UNTURNED) }, assetText(this.#lang, "undoTurn")),
    );
  }

  #measured(spots: readonly Spot[]): void {
    const [from, to] = spots;
    if (!from || !to) {
      this.#ask(1);
      return;
    }
    this.#picking.end({ keep: true });
    this.#form.measure(from.point, to.point);
    this.#say(assetText(this.#lang, "pointsPicked"));
  }

  #levelled(spots: readonly Spot[]): void {
    const [a, b, c] = spots;
    if (!a || !b || !c) {
      this.#ask(spots.length);
      return;
    }
    const turn = onPlane([a.point, b.point, c.point], this.#scene.middle);
    if (turn) this.#stand(turn);
    else {
      this.#picking.spots = [];
      this.#say(assetText(this.#lang, "onOneLine"));
    }
  }

  /** Stands the asset so in the picture and in the form. */
  #stand(turn: Quaternion): void {
    if (this.#picking.task) this.#picking.end();
    this.#form.turn = turn;
    this.#show(turn);
    this.#say(turn === UNTURNED ? "" : assetText(this.#lang, "turned"));
  }

  #show(turn: Quaternion): void {
    this.#scene.turn = turn;
    this.#scene.invalidate();
  }

  /** Asks for the next point. */
  #ask(count = 0): void {
    const lang = this.#lang;
    const name = this.#picking.task?.name;
    if (name === "measure") this.#say(assetText(lang, count === 0 ? "firstPoint" : "secondPoint"));
    if (name === "face") this.#say(assetText(lang, "pickFace"));
    if (name === "plane") this.#say(assetText(lang, "pickFloor", { count }));
  }

  #say(text: string): void {
    this.#status.textContent = text;
  }

  #refresh(): void {
    for (const [name, button] of this.#tools)
      button.setAttribute("aria-pressed", String(this.#picking.task?.name === name));
    this.#canvas.classList.toggle("av-picking", this.#picking.task !== null);
    this.#scene.invalidate();
  }

  #listen(): void {
    const { camera } = this.#scene;
    const moved = (act: () => void) => {
      act();
      this.#scene.invalidate();
    };
    const pan = (dx: number, dy: number) => camera.pan(dx / this.#scene.size.height, dy / this.#scene.size.height);
    listen(this.#canvas, {
      drag: (dx, dy) => moved(() => camera.rotate(dx * ROTATE, dy * ROTATE)),
      fling: () => {},
      tap: (x, y) => this.#picking.tap({ x, y }),
      pinch: (factor, dx, dy) =>
        moved(() => {
          camera.zoom(factor);
          pan(dx, dy);
        }),
      wheel: (factor) => moved(() => camera.zoom(factor)),
      shift: (dx, dy) => moved(() => pan(dx, dy)),
      hover: () => {},
    });
    this.#canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (this.#picking.press(event) || this.#turnView(event.key)) event.preventDefault();
    });
  }

  #turnView(key: string): boolean {
    const { camera } = this.#scene;
    if (key === "ArrowLeft") camera.rotate(KEY_TURN, 0);
    else if (key === "ArrowRight") camera.rotate(-KEY_TURN, 0);
    else if (key === "ArrowUp") camera.rotate(0, KEY_TURN);
    else if (key === "ArrowDown") camera.rotate(0, -KEY_TURN);
    else if (key === "+" || key === "=") camera.zoom(KEY_ZOOM);
    else if (key === "-") camera.zoom(1 / KEY_ZOOM);
    else return false;
    this.#scene.invalidate();
    return true;
  }

  /** Puts figures, picked points and the cross where they belong in the new frame. */
  #draw(): void {
    const size = this.#form.tell(this.#scene.own, this.#scene.extent);
    const numbers = this.#form.figures(this.#scene.own, this.#scene.extent);
    this.#canvas.setAttribute("aria-label", `${assetText(this.#lang, "picture")}: ${size}`);
    const places = this.#scene.figures();
    for (const [i, figure] of this.#figures.entries()) {
      const place = places[i];
      const text = numbers?.[i];
      figure.hidden = !place || text === undefined;
      if (!place || text === undefined) continue;
      figure.textContent = text;
      moveTo(figure, place.x, place.y);
    }
    const { spots, cross } = this.#picking;
    const points = spots.flatMap((spot) => this.#scene.locate(spot.point) ?? []);
    const { width, height } = this.#scene.size;
    this.#marks.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const path = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
    this.#marks.replaceChildren(
      shape("polyline", { points: path, class: "av-halo" }),
      shape("polyline", { points: path }),
      ...points.map(({ x, y }) => shape("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: "6" })),
    );
    this.#cross.hidden = !cross;
    if (cross) moveTo(this.#cross, cross.x, cross.y);
  }
}

function isTurned(turn: Quaternion): boolean {
  return Math.abs(turn[3]) < 1 - 1e-9;
}

function shape(name: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
