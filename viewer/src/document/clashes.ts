import { carriedBy } from "./furniture.ts";
import { boxOf } from "./furniture-hints.ts";
import { overlap, type StandingBox, standingBox, TOUCHING_M } from "./overlap.ts";
import type { Hall } from "./schema.ts";

/** An exhibit or a piece of furniture: its map and its id. */
export type Part = readonly ["placements" | "furniture", string];

/** Two things that stand in each other. */
export interface Clash {
  readonly one: Part;
  readonly other: Part;
  /** How deep, m. */
  readonly metres: number;
}

/**
 * The exhibits and pieces of furniture that stand in each other, in the order of the visit, furniture last. Furniture and what it
 * carries belong together. `moved`: only those clashes in which one of these has a part.
 */
export function clashes(hall: Hall, moved: readonly Part[] | null = null): Clash[] {
  const names = moved && new Set(moved.map(nameOf));
  const parts = partsOf(hall).map((each) => ({ ...each, counts: names?.has(nameOf(each.part)) ?? true }));
  const carried = new Map(
    Object.keys(hall.furniture ?? {}).map((id) => [id, new Set(carriedBy(hall, [id]).placements)] as const),
  );
  const belong = ([map, id]: Part, [other, piece]: Part) =>
    map === "placements" && other === "furniture" && carried.get(piece)?.has(id) === true;
  return parts.flatMap((one, i) =>
    parts.slice(i + 1).flatMap((other) => {
      const metres = one.counts || other.counts ? overlap(one.box, other.box) : 0;
      return metres > TOUCHING_M && !belong(one.part, other.part) ? [{ one: one.part, other: other.part, metres }] : [];
    }),
  );
}

function nameOf([map, id]: Part): string {
  return `${map}/${id}`;
}

function partsOf(hall: Hall): { readonly part: Part; readonly box: StandingBox }[] {
  const placements = hall.placement_order.flatMap((id) => {
    const placement = hall.placements[id];
    const box = placement && standingBox(placement, hall.assets);
    return box ? [{ part: ["placements", id] as const, box }] : [];
  });
  const furniture = Object.entries(hall.furniture ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, piece]) => ({ part: ["furniture", id] as const, box: boxOf(piece) }));
  return [...placements, ...furniture];
}
