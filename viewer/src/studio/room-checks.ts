import { type FurnitureHintId, furnitureHints } from "../document/furniture-hints.ts";
import { RAMP_RUN, WALKABLE_DEG } from "../document/heights.ts";
import { planOf } from "../document/plan.ts";
import type { Hall } from "../document/schema.ts";
import { type Check, type CheckId, check, type Surroundings } from "./check.ts";

/** What a curator should look at in the room before publishing: its furniture, the ramps of its plan. */

const HINTS: Readonly<Record<FurnitureHintId, readonly [CheckId, string]>> = {
  top: ["top-height", "height_m"],
  case: ["case-height", "height_m"],
  label: ["label-height", "height_m"],
  cane: ["cane-height", "position"],
  middle: ["board-height", "position"],
  clear: ["no-clear-floor", "position"],
};

/** What good practice says against the furniture as it stands. */
export function furnitureChecks(hall: Hall, room: Surroundings): Check[] {
  return Object.keys(hall.furniture ?? {})
    .sort()
    .flatMap((id) => {
      const thing = ["furniture", id];
      const floor = room.floorBefore(thing);
      if (floor === null) return [];
      return furnitureHints(hall, id, floor).map(({ id: hint, metres }) => {
        const [name, field] = HINTS[hint];
        return check(name, thing, { path: [...thing, field], ...(metres === undefined ? {} : { metres }) });
      });
    });
}

/** Ramps of the plan that a wheelchair cannot take, or nobody. */
export function stairChecks(hall: Hall): Check[] {
  return Object.entries(planOf(hall)?.stairs ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([id, { kind, rise_m, run_m }]) => {
      if (kind !== "ramp" || !isSteep(rise_m, run_m)) return [];
      const angle = (Math.atan2(rise_m, run_m) * 180) / Math.PI;
      const thing = ["architecture", "building", "stairs", id];
      const name = angle > WALKABLE_DEG ? "ramp-too-steep" : "steep-ramp";
      return [check(name, thing, { path: [...thing, "run_m"], metres: run_m / rise_m })];
    });
}

/** Whether a ramp is too steep for a wheelchair. */
export function isSteep(rise_m: number, run_m: number): boolean {
  return run_m < RAMP_RUN * rise_m - 1e-6;
}
