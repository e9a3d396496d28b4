import { expect, it } from "vitest";
import { apply, difference } from "../src/document/changes.ts";
import { beginPlan } from "../src/document/commands/plan.ts";
import { addOpening } from "../src/document/commands/plan-openings.ts";
import { addWalls } from "../src/document/commands/plan-walls.ts";
import { planFaces, planOf, wallGraph } from "../src/document/plan.ts";
import type { Hall, Plan, Vec2 } from "../src/document/schema.ts";
import { renamings, withNewId } from "../src/studio/renaming.ts";
import { hallOf } from "./halls.ts";

it("gives two curators who draw rooms at once all their walls, each with an id of its own", () => {
  const empty = beginPlan(hallOf({}));
  const drawn = (hall: Hall, x: number, ...more: Vec2[]) => {
    const corners: Vec2[] = [[x, 0], [x + 4, 0], [x + 4, 3], ...more, [x, 3]];
    return addWalls(hall, corners, { closed: true }).hall;
  };
  const theirs = drawn(empty, 0);
  const mine = addOpening(drawn(empty, 10, [12, 5]), "wall-2", "passage", 1.5)?.hall as Hall; // one wall more than theirs
  const changes = difference(empty, mine);
  const found = renamings(theirs, changes, apply(theirs, changes).conflicts);
  const both = apply(theirs, (found ?? []).reduce(withNewId, changes));
  expect(both.conflicts).toEqual([]);
  const plan = planOf(both.document) as Plan;
  expect(Object.keys(plan.walls)).toHaveLength(9);
  expect(planFaces(wallGraph(plan)).map(({ area_m2 }) => area_m2)).toEqual([12, 16]);
  expect(plan.walls[plan.openings?.passage?.wall as string]).toMatchObject({ from: [14, 0], to: [14, 3] });
});
