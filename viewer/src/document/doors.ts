import { byId } from "./order.ts";
import type { Door, Hall, Text } from "./schema.ts";

/** The titles of the published halls, by slug; null while they are unknown. */
export type HallTitles = ReadonlyMap<string, Text> | null;

/** Whether a door leads to a hall. While the published halls are unknown, the door's own word counts. */
export function isOpen(door: Door, titles: HallTitles): boolean {
  return door.hall !== undefined && (titles === null || titles.has(door.hall));
}

/** The door that leads to a hall. */
export function doorTo(hall: Hall, slug: string): Door | null {
  return byId(hall.doors).find(([, door]) => door.hall === slug)?.[1] ?? null;
}
