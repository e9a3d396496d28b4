import { written } from "../paths.ts";
import type { Hall } from "../schema.ts";

/** The orders that curators choose: exhibit/halls/edits/order.py. */

export type OrderName = "placement_order" | "note_order" | "chapter_order" | "tour_order";

/** Moves one up (-1) or down (+1); at the ends nothing changes. */
export function step(hall: Hall, order: OrderName, id: string, by: number): Hall {
  const at = (hall[order] ?? []).indexOf(id);
  return at < 0 ? hall : reorder(hall, order, [id], at + by);
}

/** Moves ids together, so that the first of them stands at this index, from 0; they keep the order that they have. */
export function reorder(hall: Hall, order: OrderName, ids: readonly string[], index: number): Hall {
  return written(hall, [order], reordered(hall[order] ?? [], ids, index));
}

/** A list with some of its items moved to an index. */
export function reordered<T>(list: readonly T[], items: readonly T[], index: number): T[] {
  const chosen = list.filter((each) => items.includes(each));
  const others = list.filter((each) => !items.includes(each));
  return others.toSpliced(Math.min(Math.max(index, 0), others.length), 0, ...chosen);
}
