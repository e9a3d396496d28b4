import { exhibitNumbers } from "../../document/order.ts";
import { planOf } from "../../document/plan.ts";
import type { Hall, Vec2 } from "../../document/schema.ts";
import { localized } from "../../document/text.ts";
import type { Studio } from "../context.ts";
import { anchorOutline, doorOutline, floorBounds, floorPoint, placementOutline, rectangle } from "./footprints.ts";
import { planText } from "./i18n.ts";
import type { FloorBounds, PlanView } from "./plan-view.ts";
import { KeyedGroup, pathOf, svg, write } from "./svg.ts";

const GRIDS_M = [0.1, 0.5, 1, 5, 10]; // the finest whose lines are far enough apart is drawn
const GRID_PX = 14;
const NUMBER_PX = 16; // a thing that is smaller on the screen has no number

/** What is drawn of a hall on its plan, in layers: the grid, the room, what stands in it. */
export class Drawing {
  readonly element: SVGSVGElement;
  readonly #studio: Studio;
  readonly #view: PlanView;
  readonly #grid = svg("path.pl-grid");
  readonly #axes = svg("path.pl-grid.pl-coarse");
  readonly #room = svg("path.pl-room");
  readonly #zones = new KeyedGroup("pl-zones");
  readonly #walls = new KeyedGroup("pl-walls");
  readonly #anchors = new KeyedGroup("pl-anchors");
  readonly #doors = new KeyedGroup("pl-doors");
  readonly #placements = new KeyedGroup("pl-placements");
  readonly #start = svg("path.pl-start");
  readonly #numbers = new KeyedGroup("pl-numbers");
  readonly #world: SVGGElement;

  constructor(studio: Studio, view: PlanView) {
    this.#studio = studio;
    this.#view = view;
    const groups = [this.#zones, this.#walls, this.#doors, this.#anchors, this.#placements];
    this.#world = svg("g.pl-world", {}, this.#room, ...groups.map(({ element }) => element), this.#start);
    this.element = svg("svg.pl-drawing", {}, this.#grid, this.#axes, this.#world, this.#numbers.element);
  }

  /** Draws the hall anew; elements of things that are still there stay. */
  draw(): void {
    const { document: hall } = this.#studio.session;
    const { selection } = this.#studio;
    const plan = planOf(hall);
    const room = plan ? null : hall.assets[hall.architecture.asset]?.bounds;
    write(this.#room, { d: room ? boxPath([room.min[0], room.min[2]], [room.max[0], room.max[2]]) : null });
    each(this.#zones, hall.zones, (zone) => [
      boxPath([zone.min[0], zone.min[2]], [zone.max[0], zone.max[2]]),
      zone.sound ? "pl-zone pl-sounding" : "pl-zone",
    ]);
    each(this.#walls, plan?.walls, ({ from, to, thickness_m }) => {
      const [dx, dz] = [to[0] - from[0], to[1] - from[1]];
      const length = Math.hypot(dx, dz) || 1;
      const middle: Vec2 = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
      return [pathOf(rectangle(middle, [dx / length, dz / length], length + thickness_m, thickness_m)), "pl-wall"];
    });
    each(this.#anchors, hall.anchors, (anchor) => [pathOf(anchorOutline(anchor)), `pl-anchor pl-${anchor.kind}`]);
    each(this.#doors, plan ? {} : hall.doors, (door) => [pathOf(doorOutline(door)), "pl-door"]);
    each(this.#placements, hall.placements, (placement, id) => [
      pathOf(placementOutline(placement, hall.assets)),
      `pl-placement pl-${placement.kind}${selection.has("placement", id) ? " pl-chosen" : ""}`,
    ]);
    for (const element of this.#placements.element.children) {
      const title = localized(hall.placements[(element as SVGElement).dataset.id ?? ""]?.title, this.#studio.lang);
      const child = element.firstElementChild ?? element.appendChild(svg("title"));
      if (child.textContent !== title) child.textContent = title;
    }
    this.#drawStart(hall);
    this.lay();
  }

  /** Follows the view: what is drawn in metres moves as a whole, grid and numbers are laid out anew. */
  lay(): void {
    const view = this.#view;
    write(this.element, { width: view.width, height: view.height });
    write(this.#world, { transform: view.transform });
    const step = GRIDS_M.find((metres) => metres * view.scale >= GRID_PX) ?? (GRIDS_M.at(-1) as number);
    write(this.#grid, { d: gridPath(view, step) });
    write(this.#axes, { d: gridPath(view, step * (step === 0.5 ? 10 : step === 0.1 ? 10 : 5)) });
    const hall = this.#studio.session.document;
    this.#numbers.begin();
    for (const [id, number] of exhibitNumbers(hall)) {
      const placement = hall.placements[id];
      if (!placement) continue;
      const bounds = floorBounds(placementOutline(placement, hall.assets)) as FloorBounds;
      const [width, depth] = [bounds.max[0] - bounds.min[0], bounds.max[1] - bounds.min[1]];
      if (Math.max(width, depth) * view.scale < NUMBER_PX) continue;
      const text = this.#numbers.draw(id, () => svg("text.pl-number", { "aria-hidden": true }));
      const { x, y } = view.toScreen(floorPoint(placement.translation));
      write(text, { x, y });
      if (text.textContent !== String(number)) text.textContent = String(number);
    }
    this.#numbers.end();
  }

  /** All that is drawn. */
  get bounds(): FloorBounds {
    const hall = this.#studio.session.document;
    const plan = planOf(hall);
    const room = plan ? null : hall.assets[hall.architecture.asset]?.bounds;
    const points: Vec2[] = [
      ...Object.values(plan?.walls ?? {}).flatMap(({ from, to }) => [from, to]),
      ...Object.values(hall.placements).flatMap((placement) => placementOutline(placement, hall.assets)),
      floorPoint(hall.start.position),
    ];
    if (room) points.push([room.min[0], room.min[2]], [room.max[0], room.max[2]]);
    return floorBounds(points) as FloorBounds;
  }

  /** Where visitors come in, and where to: an arrow. */
  #drawStart({ start: { position, target } }: Hall): void {
    const [x, , z] = position;
    const angle = Math.atan2(target[2] - z, target[0] - x);
    const at = (ahead: number, aside: number): Vec2 => [
      x + ahead * Math.cos(angle) - aside * Math.sin(angle),
      z + ahead * Math.sin(angle) + aside * Math.cos(angle),
    ];
    write(this.#start, { d: pathOf([at(0.35, 0), at(-0.25, 0.24), at(-0.12, 0), at(-0.25, -0.24)]) });
    const title = this.#start.firstElementChild ?? this.#start.appendChild(svg("title"));
    title.textContent = planText(this.#studio.lang, "entrance");
  }
}

/** One path for each thing of a map. */
function each<T>(
  group: KeyedGroup,
  things: Readonly<Record<string, T>> | undefined,
  look: (thing: T, id: string) => readonly [d: string, className: string],
): void {
  group.begin();
  for (const [id, thing] of Object.entries(things ?? {})) {
    const [d, className] = look(thing, id);
    write(
      group.draw(id, () => svg("path", { "data-id": id })),
      { d, class: className },
    );
  }
  group.end();
}

function boxPath([x0, z0]: Vec2, [x1, z1]: Vec2): string {
  return pathOf([
    [x0, z0],
    [x1, z0],
    [x1, z1],
    [x0, z1],
  ]);
}

/** The lines of a grid on the screen. */
function gridPath(view: PlanView, step: number): string {
  const [left, back] = view.toPlan({ x: 0, y: 0 });
  const [right, front] = view.toPlan({ x: view.width, y: view.height });
  let d = "";
  for (let x = Math.ceil(left / step); x <= right / step; x++)
    d += `M${Math.round(view.toScreen([x * step, 0]).x) + 0.5} 0V${view.height}`;
  for (let z = Math.ceil(back / step); z <= front / step; z++)
    d += `M0 ${Math.round(view.toScreen([0, z * step]).y) + 0.5}H${view.width}`;
  return d;
}
