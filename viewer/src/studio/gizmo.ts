import { Vector3 } from "three";
import { Signal } from "../core/signal.ts";
import { DEGREE } from "../core/units.ts";
import { boxPath, circle, cornersOf, pathOf, svg } from "./overlay.ts";
import type { Thing } from "./selection.ts";
import type { Point, StudioScene } from "./studio-scene.ts";

/** The handles of what is chosen. x, z: along the hall's axes; y: up; turn: about the vertical. */
export type Handle = "x" | "y" | "z" | "turn";

const AXES: Readonly<Record<"x" | "y" | "z", Vector3>> = {
  x: new Vector3(1, 0, 0),
  y: new Vector3(0, 1, 0),
  z: new Vector3(0, 0, 1),
};
const LONG_PX = 58; // of an arrow
const RING_PX = 34; // least radius of the ring
const HEADS_AT = 32 * DEGREE; // of the ring's arrowheads, to both sides of the front

/** A straight line that shows with what something is in line. */
export interface Guide {
  readonly from: Vector3;
  readonly to: Vector3;
}

/** Outlines what is chosen, and gives it handles to move it along an axis, to raise it and to turn it. */
export class Gizmo {
  readonly element = svg("svg", { class: "st-overlay", "aria-hidden": "true" });
  readonly taken = new Signal<{ readonly handle: Handle; readonly event: PointerEvent }>();
  guides: readonly Guide[] = [];
  /** Whether handles are shown: not while a click means something else. */
  active = true;
  /** The corners of a box that is about to be put there. */
  ghost: readonly Vector3[] | null = null;
  readonly #scene: StudioScene;
  readonly #others = svg("path", { class: "st-theirs" });
  readonly #hover = svg("path", { class: "st-hover" });
  readonly #boxes = svg("path", { class: "st-box" });
  readonly #guides = svg("path", { class: "st-guide" });
  readonly #ghost = svg("path", { class: "st-ghost" });
  readonly #handles = new Map<Handle, { group: SVGGElement; paths: readonly SVGPathElement[] }>();

  constructor(scene: StudioScene, names: Readonly<Record<Handle, string>>) {
    this.#scene = scene;
    this.element.append(this.#others, this.#hover, this.#boxes, this.#guides, this.#ghost);
    for (const handle of ["turn", "x", "z", "y"] as const) {
      const group = svg("g", { class: `st-handle st-${handle}` });
      const title = svg("title");
      title.textContent = names[handle];
      const paths = ["st-casing", "st-line", "st-hold"].map((name) => svg("path", { class: name }));
      group.append(title, ...paths);
      group.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        event.stopPropagation();
        this.taken.emit({ handle, event });
      });
      this.#handles.set(handle, { group, paths });
      this.element.append(group);
    }
  }

  /** The hall's vector of a handle's axis. */
  axis(handle: "x" | "y" | "z"): Vector3 {
    return AXES[handle].clone();
  }

  /** Follows the picture. `held`: the handle that is being dragged. */
  draw(chosen: readonly Thing[], hovered: Thing | null, theirs: readonly Thing[], held: Handle | null): void {
    const boxes = (things: readonly Thing[]) =>
      things
        .map((thing) => this.#scene.shapeOf(thing))
        .map((shape) => (shape ? boxPath(this.#scene, cornersOf(shape)) : ""));
    const others = ({ kind, id }: Thing) => !chosen.some((each) => each.kind === kind && each.id === id);
    this.#boxes.setAttribute("d", boxes(chosen).join(""));
    this.#others.setAttribute("d", boxes(theirs.filter(others)).join(""));
    this.#hover.setAttribute("d", hovered && others(hovered) ? boxes([hovered]).join("") : "");
    this.#guides.setAttribute("d", this.guides.map(({ from, to }) => pathOf(this.#scene, [from, to])).join(""));
    this.#ghost.setAttribute("d", this.ghost ? boxPath(this.#scene, this.ghost) : "");
    this.#drawHandles(chosen, held);
  }

  #drawHandles(chosen: readonly Thing[], held: Handle | null): void {
    const box = this.#scene.boxOf(chosen);
    const last = chosen.at(-1);
    const leader = last ? this.#scene.shapeOf(last) : null;
    const foot = box && this.#footOf(chosen, box.getCenter(new Vector3()).setY(box.min.y));
    const metre = foot ? this.#pixels(foot) : 0; // CSS pixels
    const { exhibits } = this.#scene.hall;
    const fixed = chosen.every(({ kind, id }) => kind === "placement" && exhibits.get(id)?.placement.locked);
    if (!this.active || fixed || !box || !leader || !foot || metre === 0) {
      for (const { group } of this.#handles.values()) group.setAttribute("display", "none");
      return;
    }
    const size = box.getSize(new Vector3());
    const radius = Math.max(Math.hypot(size.x, size.z) / 2 + 12 / metre, RING_PX / metre);
    const { onWall } = leader;
    for (const [handle, { group, paths }] of this.#handles) {
      const shown = (held === null || held === handle) && !(onWall && handle === "turn" && chosen.length === 1);
      group.setAttribute("display", shown ? "" : "none");
      if (!shown) continue;
      const path =
        handle === "turn"
          ? pathOf(this.#scene, circle(foot, radius), true) +
            this.#pointer(foot, leader.front, radius, metre) +
            this.#bothWays(foot, leader.front, radius, metre)
          : this.#arrow(
              handle === "y"
                ? foot.clone().setY(box.max.y + 6 / metre)
                : foot.clone().addScaledVector(AXES[handle], radius),
              AXES[handle],
              LONG_PX / metre / (handle === "y" ? 1.3 : 1.6),
            );
      for (const each of paths) each.setAttribute("d", path);
    }
  }

  /** Boards have their handles at their middle, things at their foot. */
  #footOf(chosen: readonly Thing[], foot: Vector3): Vector3 {
    if (chosen.length > 1) return foot;
    const shape = this.#scene.shapeOf(chosen[0] as Thing);
    return shape?.onWall ? shape.box.getCenter(new Vector3()) : foot;
  }

  /** Marks on the ring where the front is. */
  #pointer(foot: Vector3, front: Vector3, radius: number, metre: number): string {
    const side = new Vector3(front.z, 0, -front.x).multiplyScalar(7 / metre);
    const tip = foot.clone().addScaledVector(front, radius + 12 / metre);
    const base = foot.clone().addScaledVector(front, radius);
    return pathOf(this.#scene, [base.clone().add(side), tip, base.clone().sub(side)], true);
  }

  /** Arrowheads on the near side of the ring, both ways around: it is for turning. */
  #bothWays(foot: Vector3, front: Vector3, radius: number, metre: number): string {
    const away = this.#scene.camera.camera.position.clone().sub(foot).dot(front) < 0;
    return [HEADS_AT, -HEADS_AT]
      .map((angle) => {
        const out = front.clone().applyAxisAngle(AXES.y, angle + (away ? Math.PI : 0));
        const tip = foot.clone().addScaledVector(out, radius);
        const along = AXES.y
          .clone()
          .cross(out)
          .multiplyScalar((Math.sign(angle) * 9) / metre);
        const wing = (px: number) =>
          tip
            .clone()
            .sub(along)
            .addScaledVector(out, px / metre);
        return pathOf(this.#scene, [wing(8), tip, wing(-8)]);
      })
      .join("");
  }

  #arrow(from: Vector3, axis: Vector3, length: number): string {
    const [a, b] = [this.#scene.project(from), this.#scene.project(from.clone().addScaledVector(axis, length))];
    if (!a || !b) return "";
    const long = Math.hypot(b.x - a.x, b.y - a.y);
    if (long < 12) return ""; // seen from its end
    const along = { x: (b.x - a.x) / long, y: (b.y - a.y) / long };
    const wing = (turn: number): Point => ({
      x: b.x - 10 * (along.x * Math.cos(turn) - along.y * Math.sin(turn)),
      y: b.y - 10 * (along.x * Math.sin(turn) + along.y * Math.cos(turn)),
    });
    const text = ({ x, y }: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;
    return `M${text(a)}L${text(b)}M${text(wing(30 * DEGREE))}L${text(b)}L${text(wing(-30 * DEGREE))}`;
  }

  /** CSS pixels of a metre at a point. */
  #pixels(point: Vector3): number {
    const { camera } = this.#scene.camera;
    const distance = point.distanceTo(camera.position);
    return this.#scene.size.height / (2 * distance * Math.tan((camera.fov * DEGREE) / 2));
  }
}
