import { removePlatform, removeStair } from "../../document/commands/plan.ts";
import { removeOpenings } from "../../document/commands/plan-openings.ts";
import { ownWalls, removeWalls } from "../../document/commands/plan-walls.ts";
import { removeThing } from "../../document/commands/story.ts";
import { planText } from "./i18n.ts";
import { type PlanPart, pointOf } from "./plan-choice.ts";
import type { PlanContext } from "./plan-context.ts";

/** Takes a part of the plan away; of a room the walls that are its alone. False if there is nothing to take away. */
export function removePart(context: PlanContext, { kind, id }: PlanPart): boolean {
  const { hall, geometry, studio } = context;
  if (kind === "wall") return context.edit("remove-wall", removeWalls(hall, [id]));
  if (kind === "opening") return context.edit("remove-opening", removeOpenings(hall, [id]));
  if (kind === "platform") return context.edit("remove-platform", removePlatform(hall, id));
  if (kind === "stair") return context.edit("remove-stair", removeStair(hall, id));
  if (kind === "zone") return context.edit("remove-zone", removeThing(hall, "zones", id));
  if (kind !== "room" || !geometry.plan) return false;
  const removed = context.edit("remove-room", removeWalls(hall, ownWalls(geometry.plan, pointOf(id))));
  if (!removed) studio.announce(planText(studio.lang, "wallsOfOthers"));
  return removed;
}
