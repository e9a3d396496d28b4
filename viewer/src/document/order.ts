import type { Hall } from "./schema.ts";

/** The numbers that exhibits have in the order of the visit; a text panel has none. */
export function numbersOf(hall: Hall): ReadonlyMap<string, number> {
  const counted = hall.placement_order.filter((id) => hall.placements[id] && hall.placements[id].kind !== "panel");
  return new Map(counted.map((id, i) => [id, i + 1]));
}
