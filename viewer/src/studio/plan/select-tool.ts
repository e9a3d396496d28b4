import { moveFurniture } from "../../document/commands/furniture.ts";
import { saveEntrance } from "../../document/commands/hall.ts";
import type { CommandName } from "../../document/commands/names.ts";
import { movePlacements } from "../../document/commands/placements.ts";
import { changePlatform, changeStair } from "../../document/commands/plan.ts";
import { moveOpening } from "../../document/commands/plan-openings.ts";
import { moveCorner, moveWall } from "../../document/commands/plan-walls.ts";
import { changeThing } from "../../document/commands/story.ts";
import { distance, planOf } from "../../document/plan.ts";
import { round } from "../../document/rounding.ts";
import type { Hall, Plan, Vec2, Vec3, Wall } from "../../document/schema.ts";
import { planText } from "./i18n.ts";
import { wallAt } from "./opening-tool.ts";
import { cornerOf, type PlanPart } from "./plan-choice.ts";
import type { PlanContext } from "./plan-context.ts";
import { grid, snapPoint } from "./plan-snapping.ts";
import { corners } from "./rectangle-tool.ts";
import { metres, type PlanTool, type ToolPoint } from "./tool.ts";

/** Moves something that is held so that it comes where the pointer is. `hall`: as it was when it was taken. */
interface Motion {
  readonly name: CommandName;
  move(hall: Hall, at: Readonly<Vec2>, free: boolean): Hall;
}

/** Chooses what is clicked, and moves what is dragged or what has the focus. */
export class SelectTool implements PlanTool {
  readonly hint = "hintSelect";
  readonly #context: PlanContext;
  #taken: { readonly at: Vec2; readonly before: Hall; readonly group: string; readonly motion: Motion | null } | null =
    null;
  #now: Hall | null = null;

  constructor(context: PlanContext) {
    this.#context = context;
  }

  press({ at, part, thing }: ToolPoint): void {
    const { choice, hall } = this.#context;
    const { selection } = this.#context.studio;
    const loose = part?.kind !== "zone" || choice.has("zone", part.id); // a zone lies below much: it is chosen before it moves
    if (thing) {
      if (!selection.has(thing.kind, thing.id)) selection.choose(thing);
      choice.choose(null);
    } else {
      selection.clear();
      choice.choose(part);
    }
    const motion = thing ? this.#things(at) : part && loose ? this.#motion(part, at) : null;
    this.#taken = { at, before: hall, group: this.#context.group(), motion };
  }

  /** Whether something is held that moves: else a drag shifts the plan. */
  get holds(): boolean {
    return this.#taken?.motion != null;
  }

  move({ at, free }: ToolPoint): void {
    if (!this.#taken?.motion) return;
    const { before, group, motion } = this.#taken;
    // While nobody else has changed the hall, all is reckoned from how it was: what was pushed aside on the way comes back.
    const base = this.#now === null || this.#now === this.#context.hall ? before : this.#context.hall;
    const next = motion.move(base, at, free);
    this.#context.edit(motion.name, next, group);
    this.#now = this.#context.hall;
  }

  release(): void {
    this.#taken = null;
    this.#now = null;
    this.#context.preview.clear();
  }

  cancel(): boolean {
    const taken = this.#taken;
    if (taken?.motion && this.#now !== null && this.#now === this.#context.hall)
      this.#context.edit(taken.motion.name, taken.before, taken.group);
    this.release();
    return taken !== null;
  }

  /** Moves the chosen part by keys; true if it can be moved so. */
  nudge(part: PlanPart, by: Vec2, group: string): boolean {
    const { hall } = this.#context;
    const start = anchorOf(hall, this.#context.geometry.plan, part);
    const motion = start && this.#motion(part, start);
    if (!start || !motion) return false;
    const to: Vec2 = [round(start[0] + by[0], 4), round(start[1] + by[1], 4)];
    this.#context.edit(motion.name, motion.move(hall, to, true), group);
    this.#context.preview.clear();
    return true;
  }

  #motion({ kind, id }: PlanPart, start: Vec2): Motion | null {
    const { hall, geometry } = this.#context;
    const { plan } = geometry;
    if (kind === "start") return this.#start(start);
    if (kind === "zone") {
      const zone = hall.zones?.[id];
      return zone ? this.#zone(id, zone.min, zone.max, start) : null;
    }
    if (!plan) return null;
    if (kind === "corner") return this.#corner(plan, id);
    if (kind === "wall") return this.#wall(plan.walls[id], id, start);
    if (kind === "opening") return this.#opening(plan, id, start);
    if (kind === "platform") return this.#platform(plan, id, start);
    if (kind === "stair") {
      const at = plan.stairs?.[id]?.position;
      return at ? this.#shift("change-stair", at, start, (base, to) => changeStair(base, id, { position: to })) : null;
    }
    return null;
  }

  #corner(plan: Plan, id: string): Motion | null {
    const from = cornerOf(plan, id);
    if (!from) return null;
    const own = new Set(
      Object.entries(plan.walls)
        .filter(([, wall]) => distance(wall.from, from) <= 0.05 || distance(wall.to, from) <= 0.05)
        .map(([key]) => key),
    );
    const others = [...own].flatMap((key) => {
      const wall = plan.walls[key] as Wall;
      return [distance(wall.from, from) <= 0.05 ? wall.to : wall.from];
    });
    return {
      name: "move-corner",
      move: (base, at, free) => {
        const snapped = snapPoint(plan, at, { scale: this.#context.view.scale, free, except: own, corners: others });
        const next = moveCorner(base, from, snapped.at);
        const refused = next === base && distance(from, snapped.at) > 0;
        this.#context.preview.show({
          guides: snapped.guides,
          cursor: snapped.at,
          refused,
          label: { at: snapped.at, text: this.#lengths(others.map((other) => distance(other, snapped.at))) },
        });
        return next;
      },
    };
  }

  #wall(wall: Wall | undefined, id: string, start: Vec2): Motion | null {
    if (!wall) return null;
    const length = distance(wall.from, wall.to) || 1;
    const across: Vec2 = [-(wall.to[1] - wall.from[1]) / length, (wall.to[0] - wall.from[0]) / length];
    return {
      name: "move-wall",
      move: (base, at, free) => {
        const far = (at[0] - start[0]) * across[0] + (at[1] - start[1]) * across[1];
        const straight = Math.max(Math.abs(across[0]), Math.abs(across[1])) > 0.999;
        const axis = Math.abs(across[0]) > 0.5 ? 0 : 1;
        const sign = across[axis] < 0 ? -1 : 1;
        const by = free
          ? round(far, 3)
          : straight
            ? sign * (grid(wall.from[axis] + sign * far) - wall.from[axis])
            : grid(far);
        const shift: Vec2 = [round(by * across[0], 4), round(by * across[1], 4)];
        const next = moveWall(base, id, shift);
        const refused = next === base && by !== 0;
        this.#context.preview.show({ label: { at, text: this.#lengths([Math.abs(by)]) }, refused });
        return next;
      },
    };
  }

  #opening(plan: Plan, id: string, start: Vec2): Motion | null {
    const opening = plan.openings?.[id];
    const wall = opening && plan.walls[opening.wall];
    if (!opening || !wall) return null;
    const held = wallAt({ ...plan, walls: { [opening.wall]: wall } }, start, Number.POSITIVE_INFINITY, true);
    const off = opening.at_m - (held?.at_m ?? opening.at_m);
    return {
      name: "move-opening",
      move: (base, at, free) => {
        const reach = 30 / this.#context.view.scale;
        const own = wallAt({ ...plan, walls: { [opening.wall]: wall } }, at, reach, true);
        const found = own ?? wallAt(plan, at, reach, free);
        if (!found) return base;
        const wanted = own ? found.at_m + off : found.at_m;
        const length = distance(wall.from, wall.to);
        const middle = own && Math.abs(wanted - length / 2) < 0.08;
        const at_m = free ? round(wanted, 3) : middle ? length / 2 : grid(wanted);
        const next = moveOpening(base, id, at_m, found.wall);
        const moved = planOf(next)?.openings?.[id] ?? opening;
        const room = distance((plan.walls[moved.wall] as Wall).from, (plan.walls[moved.wall] as Wall).to);
        const [left, right] = [moved.at_m - moved.width_m / 2, room - moved.at_m - moved.width_m / 2];
        this.#context.preview.show({ label: { at, text: this.#lengths([left, moved.width_m, right]) } });
        return next;
      },
    };
  }

  /** By a corner it changes its size, else it moves. */
  #platform(plan: Plan, id: string, start: Vec2): Motion | null {
    const platform = plan.platforms?.[id];
    if (!platform) return null;
    const opposite = this.#oppositeOf(platform.min, platform.max, start);
    if (!opposite)
      return this.#shift("change-platform", platform.min, start, (base, to) =>
        changePlatform(base, id, {
          min: to,
          max: [to[0] + platform.max[0] - platform.min[0], to[1] + platform.max[1] - platform.min[1]],
        }),
      );
    return this.#resize("change-platform", opposite, (base, a, b) => {
      const [min, , max] = corners(a, b) as [Vec2, Vec2, Vec2, Vec2];
      return changePlatform(base, id, { min, max });
    });
  }

  #zone(id: string, min: Vec3, max: Vec3, start: Vec2): Motion {
    const floor = (v: Vec3): Vec2 => [v[0], v[2]];
    const put = (base: Hall, a: Vec2, b: Vec2) => {
      const [low, , high] = corners(a, b) as [Vec2, Vec2, Vec2, Vec2];
      if (Math.min(high[0] - low[0], high[1] - low[1]) < 0.3) return base;
      return changeThing(base, "zones", id, { min: [low[0], min[1], low[1]], max: [high[0], max[1], high[1]] });
    };
    const opposite = this.#oppositeOf(floor(min), floor(max), start);
    if (opposite) return this.#resize("change-zone", opposite, put);
    return this.#shift("change-zone", floor(min), start, (base, to) =>
      put(base, to, [round(to[0] + max[0] - min[0], 4), round(to[1] + max[2] - min[2], 4)]),
    );
  }

  /** The corner across from the one that is taken; null if none is. */
  #oppositeOf(min: Vec2, max: Vec2, at: Vec2): Vec2 | null {
    const points = corners(min, max);
    const taken = points.findIndex((point) => distance(point, at) * this.#context.view.scale <= 10);
    return taken < 0 ? null : (points[(taken + 2) % 4] as Vec2);
  }

  #resize(name: CommandName, opposite: Vec2, put: (base: Hall, a: Vec2, b: Vec2) => Hall): Motion {
    return {
      name,
      move: (base, at, free) => {
        const { geometry, view } = this.#context;
        const snapped = snapPoint(geometry.plan, at, { scale: view.scale, free });
        const sides = [0, 1].map((axis) => Math.abs((snapped.at[axis] as number) - (opposite[axis] as number)));
        this.#context.preview.show({ guides: snapped.guides, label: { at: snapped.at, text: this.#lengths(sides) } });
        return put(base, opposite, snapped.at);
      },
    };
  }

  /** Moves something by its own point, on the grid. */
  #shift(name: CommandName, own: Readonly<Vec2>, start: Vec2, put: (base: Hall, to: Vec2) => Hall): Motion {
    return {
      name,
      move: (base, at, free) => {
        const to = [0, 1].map((axis) => {
          const value = (own[axis] as number) + (at[axis] as number) - (start[axis] as number);
          return free ? round(value, 3) : grid(value);
        }) as Vec2;
        return put(base, to);
      },
    };
  }

  /** Where visitors come in; what they look at moves along. */
  #start(start: Vec2): Motion {
    const { position, target, fov_deg } = this.#context.hall.start;
    return this.#shift("save-entrance", [position[0], position[2]], start, (base, to) => {
      const by: Vec3 = [to[0] - position[0], 0, to[1] - position[2]];
      const moved = (point: Vec3) => point.map((v, i) => v + (by[i] as number)) as Vec3;
      const view = { position: moved(position), target: moved(target) };
      return saveEntrance(base, fov_deg === undefined ? view : { ...view, fov_deg });
    });
  }

  /** Exhibits, or furniture with what stands on it. */
  #things(start: Vec2): Motion | null {
    const { hall, actions, studio } = this.#context;
    const { placements, furniture } = studio.selection;
    const id = placements.at(-1) ?? "";
    const piece = furniture.at(-1) ?? "";
    const own = hall.placements[id]?.translation ?? hall.furniture?.[piece]?.position;
    if (!own) return null;
    const by = (now: Readonly<Vec3> | undefined, to: Vec2): Vec3 => [
      to[0] - (now ?? own)[0],
      0,
      to[1] - (now ?? own)[2],
    ];
    if (hall.placements[id])
      return this.#shift("move-placement", [own[0], own[2]], start, (base, to) =>
        movePlacements(base, placements, by(base.placements[id]?.translation, to)),
      );
    return this.#shift("move-furniture", [own[0], own[2]], start, (base, to) =>
      moveFurniture(base, furniture, by(base.furniture?.[piece]?.position, to), actions.furniture.carry),
    );
  }

  #lengths(values: readonly number[]): string {
    const unit = planText(this.#context.studio.lang, "m");
    return [...values.slice(0, -1).map((value) => value.toFixed(2)), metres(values.at(-1) ?? 0, unit)].join(" | ");
  }
}

/** The point of a part that keys move. */
function anchorOf({ start, zones }: Hall, plan: Plan | null, { kind, id }: PlanPart): Vec2 | null {
  if (kind === "start") return [start.position[0], start.position[2]];
  if (kind === "zone") {
    const zone = zones?.[id];
    return zone ? [(zone.min[0] + zone.max[0]) / 2, (zone.min[2] + zone.max[2]) / 2] : null;
  }
  if (!plan) return null;
  if (kind === "corner") return cornerOf(plan, id);
  if (kind === "stair") return plan.stairs?.[id]?.position ?? null;
  if (kind === "platform") {
    const platform = plan.platforms?.[id];
    return platform ? [(platform.min[0] + platform.max[0]) / 2, (platform.min[1] + platform.max[1]) / 2] : null;
  }
  const opening = kind === "opening" ? plan.openings?.[id] : undefined;
  const wall = plan.walls[opening ? opening.wall : id];
  if (!wall || (kind !== "wall" && !opening)) return null;
  const part = opening ? opening.at_m / distance(wall.from, wall.to) : 0.5;
  return [wall.from[0] + part * (wall.to[0] - wall.from[0]), wall.from[1] + part * (wall.to[1] - wall.from[1])];
}
