import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { looksOf, openingPlaces, planFaces, wallGraph } from "../src/document/plan.ts";
import type { Plan } from "../src/document/schema.ts";

interface Cases {
  readonly cases: readonly {
    readonly about: string;
    readonly plan: Plan;
    readonly rooms: readonly unknown[];
    readonly openings: Readonly<Record<string, unknown>>;
  }[];
}

const { cases } = JSON.parse(
  readFileSync(new URL("../../assets/schema/cases/plan.json", import.meta.url), "utf8"),
) as Cases;

const exact = (value: number) => Math.round(value * 1e4) / 1e4 + 0;

describe("a plan", () => {
  it.each(cases.map((each) => [each.about, each] as const))("%s", (_, { plan, rooms, openings }) => {
    const graph = wallGraph(plan);
    const faces = planFaces(graph);
    const looks = looksOf(faces, plan);
    expect(
      faces.map(({ outline, holes, area_m2 }, i) => ({
        outline: outline.points,
        walls: outline.walls,
        holes: holes.map(({ points }) => points),
        area_m2: exact(area_m2),
        looks: looks[i],
      })),
    ).toEqual(rooms);
    expect(Object.fromEntries(openingPlaces(plan, graph, faces))).toEqual(openings);
  });
});
