import { HEIGHTS } from "../../document/heights.ts";
import { distance, JOIN_M, middleOf } from "../../document/plan.ts";
import type { Hall, Opening, Plan, Vec2 } from "../../document/schema.ts";
import { localized } from "../../document/text.ts";
import { furnitureName } from "../room/i18n.ts";
import { chosenObstacles, obstacles } from "./clear-ways.ts";
import {
  anchorOutline,
  doorOutline,
  floorBounds,
  floorPoint,
  furnitureOutline,
  placementOutline,
  rectangle,
  stairOutline,
  turned,
} from "./footprints.ts";
import { Labels } from "./labels.ts";
import { partName } from "./part-names.ts";
import { nameOfPoint, type PartKind } from "./plan-choice.ts";
import type { PlanContext } from "./plan-context.ts";
import type { FloorBounds, PlanView } from "./plan-view.ts";
import { Rulers } from "./rulers.ts";
import { KeyedGroup, pathOf, svg, write } from "./svg.ts";

const TREAD_M = 0.3;
const START_PX = 22;
const LEAST_M = 8; // of the floor that is shown at least

/**
 * What is drawn of a hall on its plan, in layers: the grid, the rooms and walls, what stands there, words.
 *
 * Parts that can be chosen are elements with the focus: data-kind and data-id say which part one is. They stay the same elements while
 * their parts are there.
 */
export class Drawing {
  readonly element: SVGSVGElement;
  readonly #context: PlanContext;
  readonly #view: PlanView;
  readonly #rulers: Rulers;
  readonly #labels: Labels;
  readonly #room = svg("path.pl-room");
  readonly #clear = svg("path.pl-clear", { "aria-hidden": true });
  readonly #groups = {
    rooms: new KeyedGroup("pl-rooms"),
    zones: new KeyedGroup("pl-zones"),
    platforms: new KeyedGroup("pl-platforms"),
    stairs: new KeyedGroup("pl-stairs"),
    walls: new KeyedGroup("pl-walls"),
    openings: new KeyedGroup("pl-openings"),
    anchors: new KeyedGroup("pl-anchors"),
    placements: new KeyedGroup("pl-placements"),
    start: new KeyedGroup("pl-starts"),
  };
  readonly #corners = new KeyedGroup("pl-corners");
  readonly #world: SVGGElement;

  constructor(context: PlanContext) {
    this.#context = context;
    this.#view = context.view;
    this.#rulers = new Rulers(context.view);
    this.#labels = new Labels(context);
    const groups = Object.values(this.#groups).map(({ element }) => element);
    this.#world = svg("g.pl-world", {}, this.#room, ...groups);
    this.#groups.placements.element.before(this.#clear);
    this.element = svg(
      "svg.pl-drawing",
      {},
      this.#rulers.grid,
      this.#world,
      this.#corners.element,
      this.#labels.element,
      context.preview.element,
      this.#rulers.element,
    );
  }

  /** Draws the hall anew; elements of parts that are still there stay. */
  draw(): void {
    const { hall, geometry } = this.#context;
    const { plan } = geometry;
    const room = plan ? null : hall.assets[hall.architecture.asset]?.bounds;
    write(this.#room, { d: room ? boxPath([room.min[0], room.min[2]], [room.max[0], room.max[2]]) : null });
    this.#drawRooms();
    this.#parts(this.#groups.zones, "zone", hall.zones, ({ min, max, sound }) => [
      boxPath([min[0], min[2]], [max[0], max[2]]),
      sound ? "pl-zone pl-sounding" : "pl-zone",
    ]);
    this.#parts(this.#groups.platforms, "platform", plan?.platforms, ({ min, max }) => [
      boxPath(min, max),
      "pl-platform",
    ]);
    this.#parts(this.#groups.stairs, "stair", plan?.stairs, (stair) => [stairPath(stair), "pl-stair"]);
    this.#parts(this.#groups.walls, "wall", plan?.walls, ({ from, to, thickness_m }) => {
      const [dx, dz] = [to[0] - from[0], to[1] - from[1]];
      const length = Math.hypot(dx, dz) || 1;
      const middle: Vec2 = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
      return [pathOf(rectangle(middle, [dx / length, dz / length], length + thickness_m, thickness_m)), "pl-wall"];
    });
    this.#drawOpenings(plan);
    this.#drawThings(hall);
    this.#drawClearWays(hall);
    this.lay();
  }

  /** Follows the view: what is drawn in metres moves as a whole; grid, handles and words are laid out anew. */
  lay(): void {
    const view = this.#view;
    write(this.element, { width: view.width, height: view.height });
    write(this.#world, { transform: view.transform });
    this.#rulers.lay();
    this.#layStart(this.#context.hall);
    this.#layCorners();
    this.#labels.lay();
    this.#context.preview.lay();
  }

  /** All that is drawn. */
  get bounds(): FloorBounds {
    const { hall, geometry } = this.#context;
    const { plan } = geometry;
    const room = plan ? null : hall.assets[hall.architecture.asset]?.bounds;
    const points: Vec2[] = [
      ...Object.values(plan?.walls ?? {}).flatMap(({ from, to }) => [from, to]),
      ...Object.values(plan?.platforms ?? {}).flatMap(({ min, max }) => [min, max]),
      ...Object.values(hall.placements).flatMap((placement) => placementOutline(placement, hall.assets)),
      floorPoint(hall.start.position),
    ];
    if (room) points.push([room.min[0], room.min[2]], [room.max[0], room.max[2]]);
    const { min, max } = floorBounds(points) as FloorBounds;
    const spare = [0, 1].map((axis) => Math.max(LEAST_M - ((max[axis] as number) - (min[axis] as number)), 0) / 2);
    const [x = 0, z = 0] = spare;
    return { min: [min[0] - x, min[1] - z], max: [max[0] + x, max[1] + z] };
  }

  /** The element of a part, to be given the focus. */
  elementOf(kind: PartKind, id: string): SVGElement | null {
    return this.element.querySelector<SVGElement>(`[data-kind="${kind}"][data-id="${CSS.escape(id)}"]`);
  }

  #parts<T>(
    layer: KeyedGroup,
    kind: PartKind,
    things: Readonly<Record<string, T>> | undefined,
    look: (thing: T, id: string) => readonly [d: string, className: string],
  ): void {
    layer.begin();
    for (const [id, thing] of Object.entries(things ?? {})) {
      const [d, className] = look(thing, id);
      this.#part(layer, id, kind, id, d, className);
    }
    layer.end();
  }

  /** One part: a shape that can be chosen. */
  #part(layer: KeyedGroup, key: string, kind: PartKind, id: string, d: string, className: string): SVGElement {
    const { choice } = this.#context;
    const element = layer.draw(key, () =>
      svg("path", { "data-kind": kind, "data-id": id, role: "button", tabindex: 0 }),
    );
    const chosen = choice.has(kind, id);
    write(element, {
      d,
      "data-id": id,
      class: chosen ? `${className} pl-chosen` : className,
      "aria-label": partName(this.#context, { kind, id }),
      "aria-pressed": chosen,
    });
    return element;
  }

  #drawRooms(): void {
    const { choice, geometry } = this.#context;
    const { plan, faces, looks } = geometry;
    const layer = this.#groups.rooms;
    layer.begin();
    for (const [i, face] of faces.entries()) {
      const d = [face.outline, ...face.holes].map(({ points }) => pathOf(points)).join("");
      const floor = plan?.rooms?.[looks[i] ?? ""]?.floor ?? "usual";
      const key = [...new Set(face.outline.walls)].sort().join(" ");
      const id = nameOfPoint(middleOf(face));
      const element = this.#part(layer, key, "room", id, d, `pl-face pl-floor-${floor}`);
      const chosen = choice.hasRoom(face);
      element.classList.toggle("pl-chosen", chosen);
      write(element, { "aria-pressed": chosen });
    }
    layer.end();
  }

  /** Openings are drawn over their walls: a door with its leaf, a window with its glass. */
  #drawOpenings(plan: Plan | null): void {
    const { hall, geometry } = this.#context;
    const layer = this.#groups.openings;
    layer.begin();
    for (const [id, opening] of Object.entries(plan?.openings ?? {})) {
      const place = geometry.places.get(id);
      const wall = plan?.walls[opening.wall];
      if (!place || !wall) continue;
      const across = turned([1, 0], place.facing_deg);
      const outline = rectangle(floorPoint(place.position), across, place.width_m, wall.thickness_m + 0.02);
      const d = pathOf(outline) + symbol(opening, floorPoint(place.position), place.facing_deg, place.width_m);
      this.#part(layer, id, "opening", id, d, `pl-opening pl-${opening.kind}`);
    }
    if (!plan)
      for (const [id, door] of Object.entries(hall.doors ?? {}))
        write(
          layer.draw(`door ${id}`, () => svg("path.pl-door-place", { "aria-hidden": true })),
          { d: pathOf(doorOutline(door)) },
        );
    layer.end();
  }

  /** Places, furniture and exhibits. Exhibits are reached by keys in the list at the left. */
  #drawThings({ anchors, furniture, placements, assets }: Hall): void {
    const { lang, selection } = this.#context.studio;
    const { anchors: places, placements: things } = this.#groups;
    places.begin();
    for (const [id, piece] of Object.entries(furniture ?? {})) {
      const element = places.draw(`furniture ${id}`, () => svg("path", { "data-furniture": id }, svg("title")));
      write(element, {
        d: pathOf(furnitureOutline(piece)),
        class: `pl-furniture${selection.has("furniture", id) ? " pl-chosen" : ""}`,
      });
      title(element, furnitureName(id, piece, lang));
    }
    for (const [id, anchor] of Object.entries(anchors ?? {}))
      write(
        places.draw(id, () => svg("path")),
        { d: pathOf(anchorOutline(anchor)), class: `pl-anchor pl-${anchor.kind}` },
      );
    places.end();
    things.begin();
    for (const [id, placement] of Object.entries(placements)) {
      const element = things.draw(id, () => svg("path", { "data-placement": id }, svg("title")));
      const chosen = selection.has("placement", id);
      write(element, {
        d: pathOf(placementOutline(placement, assets)),
        class: `pl-placement${chosen ? " pl-chosen" : ""}`,
      });
      title(element, localized(placement.title, lang));
    }
    things.end();
  }

  /** Where visitors come in, and where to: an arrow, never too small to be taken. */
  #layStart({ start: { position, target } }: Hall): void {
    const [x, , z] = position;
    const angle = Math.atan2(target[2] - z, target[0] - x);
    const size = Math.max(1, START_PX / (0.6 * this.#view.scale));
    const at = (ahead: number, aside: number): Vec2 => [
      x + size * (ahead * Math.cos(angle) - aside * Math.sin(angle)),
      z + size * (ahead * Math.sin(angle) + aside * Math.cos(angle)),
    ];
    const d = pathOf([at(0.35, 0), at(-0.25, 0.24), at(-0.12, 0), at(-0.25, -0.24)]);
    this.#groups.start.begin();
    this.#part(this.#groups.start, "start", "start", "", d, "pl-start");
    this.#groups.start.end();
  }

  /** The clear way around what is chosen: a line twice as wide as the way. */
  #drawClearWays(hall: Hall): void {
    const chosen = chosenObstacles(obstacles(hall), this.#context.studio.selection);
    const d = chosen.map(({ outline }) => pathOf(outline)).join("");
    write(this.#clear, { d: d || null, "stroke-width": 2 * HEIGHTS.clear_way });
  }

  /** A handle at each corner. Walls that meet in one have one. */
  #layCorners(): void {
    const { choice, geometry } = this.#context;
    const seen: Vec2[] = [];
    this.#corners.begin();
    for (const [id, wall] of Object.entries(geometry.plan?.walls ?? {}))
      for (const end of ["from", "to"] as const) {
        const at = wall[end];
        const name = `${id} ${end}`;
        const isChosen = choice.has("corner", name);
        if (!isChosen && seen.some((other) => distance(other, at) <= JOIN_M)) continue;
        seen.push(at);
        const { x, y } = this.#view.toScreen(at);
        const handle = this.#corners.draw(name, () =>
          svg("circle", { "data-kind": "corner", "data-id": name, role: "button", tabindex: 0 }),
        );
        write(handle, {
          cx: x,
          cy: y,
          r: isChosen ? 6 : 4.5,
          class: isChosen ? "pl-corner pl-chosen" : "pl-corner",
          "aria-label": partName(this.#context, { kind: "corner", id: name }),
          "aria-pressed": isChosen,
        });
      }
    this.#corners.end();
  }
}

/** What is read when the pointer rests on it. */
function title(element: SVGElement, words: string): void {
  const said = element.firstElementChild;
  if (said && said.textContent !== words) said.textContent = words;
}

function boxPath([x0, z0]: Readonly<Vec2>, [x1, z1]: Readonly<Vec2>): string {
  return pathOf([
    [x0, z0],
    [x1, z0],
    [x1, z1],
    [x0, z1],
  ]);
}

/** The line of a door's open leaf and its way, the line of a window's glass. */
function symbol({ kind }: Opening, at: Vec2, facing_deg: number, width: number): string {
  const across = turned([1, 0], facing_deg);
  const ahead = turned([0, 1], facing_deg);
  const point = (a: number, b: number): Vec2 => [
    at[0] + a * across[0] + b * ahead[0],
    at[1] + a * across[1] + b * ahead[1],
  ];
  if (kind === "window") return pathOf([point(-width / 2, 0), point(width / 2, 0)], false);
  if (kind === "passage") return "";
  const [hinge, tip, end] = [point(-width / 2, 0), point(-width / 2, width), point(width / 2, 0)];
  return `${pathOf([hinge, tip], false)}A${width} ${width} 0 0 0 ${end[0]} ${end[1]}Z`;
}

/** Steps with their edges, a ramp with an arrow; both are drawn going up from the foot. */
function stairPath(stair: NonNullable<Plan["stairs"]>[string]): string {
  const { kind, position, facing_deg, width_m, run_m, rise_m } = stair;
  const across = turned([1, 0], facing_deg);
  const back = turned([0, -1], facing_deg);
  const point = (a: number, b: number): Vec2 => [
    position[0] + a * across[0] + b * back[0],
    position[1] + a * across[1] + b * back[1],
  ];
  const count = kind === "steps" ? Math.max(1, Math.round(rise_m / 0.16), Math.round(run_m / (2 * TREAD_M))) : 0;
  const edges = Array.from({ length: Math.max(count - 1, 0) }, (_, i) => {
    const far = ((i + 1) * run_m) / count;
    return pathOf([point(-width_m / 2, far), point(width_m / 2, far)], false);
  });
  const tip = point(0, 0.92 * run_m);
  const arrow = [point(0, 0.06 * run_m), tip];
  const wing = Math.min(0.18, run_m / 4);
  const head = [point(-wing, 0.92 * run_m - wing), tip, point(wing, 0.92 * run_m - wing)];
  return pathOf(stairOutline(stair)) + edges.join("") + pathOf(arrow, false) + pathOf(head, false);
}
