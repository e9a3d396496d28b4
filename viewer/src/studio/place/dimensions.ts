import { Vector3 } from "three";
import { boardsOn, type Hung, hungAt, neighbours, type Wall, wallOf } from "../../document/hanging.ts";
import type { Hall, Placement } from "../../document/schema.ts";
import type { Studio } from "../context.ts";
import { pathOf, svg } from "../overlay.ts";
import { centimetres } from "./place-names.ts";

const LEAST_M = 0.01; // a shorter gap is none
const FARTHEST_M = 6; // a board farther away is no neighbour

interface Dimension {
  readonly from: Vector3;
  readonly to: Vector3;
  readonly metres: number;
}

/** Dimension lines of a board that is being moved: from its middle to the floor, and to its neighbours on the wall. */
export class Dimensions {
  readonly element = svg("svg", { class: "st-overlay st-dimensions", "aria-hidden": "true" });
  readonly #studio: Studio;
  #lines: readonly Dimension[] = [];

  constructor(studio: Studio) {
    this.#studio = studio;
    studio.scene.drawn.on(() => this.#draw());
  }

  /** `floor`: the height of the floor before it, hall frame; null where there is none. `assets`: those of the hall and of the board. */
  show(hall: Hall, id: string | null, placement: Placement, floor: number | null, assets = hall.assets): void {
    const wall = wallOf(placement);
    const point = new Vector3(...placement.translation);
    const down = floor === null ? [] : [{ from: point, to: point.clone().setY(floor), metres: point.y - floor }];
    const own = wall && hungAt(id ?? "", placement, wall, assets);
    const beside = own ? neighbours(own, boardsOn(hall, wall, id === null ? [] : [id])) : null;
    const gaps = own && wall ? gapLines(own, beside, wall, point.y) : [];
    this.#lines = [...down, ...gaps];
    this.#studio.scene.invalidate();
  }

  hide(): void {
    this.#lines = [];
    this.#studio.scene.invalidate();
  }

  #draw(): void {
    const { scene, lang } = this.#studio;
    const parts = this.#lines.flatMap(({ from, to, metres }): SVGElement[] => {
      const path = svg("path", { class: "st-dimension", d: pathOf(scene, [from, to]) });
      const at = scene.project(from.clone().lerp(to, 0.5));
      if (!at) return [path];
      const text = svg("text", { x: at.x.toFixed(1), y: at.y.toFixed(1) });
      text.textContent = centimetres(metres, lang);
      return [path, text];
    });
    if (parts.length > 0 || this.element.hasChildNodes()) this.element.replaceChildren(...parts);
  }
}

function gapLines(own: Hung, beside: ReturnType<typeof neighbours> | null, wall: Wall, y: number): Dimension[] {
  const at = (along: number) => {
    const flat = new Vector3(...wall.along)
      .multiplyScalar(along)
      .addScaledVector(new Vector3(...wall.normal), wall.distance);
    return flat.setY(y);
  };
  const line = (from: number, to: number) => {
    const metres = Math.abs(to - from);
    return metres < LEAST_M || metres > FARTHEST_M ? [] : [{ from: at(from), to: at(to), metres }];
  };
  return [
    ...(beside?.left ? line(beside.left.right, own.left) : []),
    ...(beside?.right ? line(own.right, beside.right.left) : []),
  ];
}
