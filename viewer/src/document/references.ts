import { milestonesInOrder } from "./order.ts";
import { type DeepPath, isMap, valueAt, written } from "./paths.ts";
import type { Hall } from "./schema.ts";

/** Where a hall's parts name one another, as the server checks it: exhibit/documents/rules.py. */

/** The maps whose things others name, and the orders that list all of them. */
export const ORDER_OF = {
  placements: "placement_order",
  notes: "note_order",
  chapters: "chapter_order",
  tours: "tour_order",
} as const;

export type NamedMap = "placements" | "notes" | "chapters" | "sources" | "anchors";

/** `path` leads to the id, or to its index in a list of ids. */
export interface Reference {
  readonly path: DeepPath;
  readonly map: NamedMap;
  readonly id: string;
}

/** Every place where the hall names another part of itself by its id. */
export function references(hall: Hall): Reference[] {
  const found: Reference[] = [];
  const one = (path: DeepPath, map: NamedMap) => {
    const id = valueAt(hall, path);
    if (typeof id === "string") found.push({ path, map, id });
  };
  const many = (path: DeepPath, map: NamedMap) => {
    const ids = valueAt(hall, path);
    if (Array.isArray(ids))
      for (const [i, id] of ids.entries()) found.push({ path: [...path, i], map, id: String(id) });
  };
  for (const id of Object.keys(hall.placements)) many(["placements", id, "sources"], "sources");
  for (const id of Object.keys(hall.notes)) {
    one(["notes", id, "placement"], "placements");
    many(["notes", id, "sources"], "sources");
  }
  for (const [id] of milestonesInOrder(hall)) {
    const path = ["timeline", "milestones", id];
    one([...path, "placement"], "placements");
    one([...path, "chapter"], "chapters");
    many([...path, "sources"], "sources");
  }
  for (const id of Object.keys(hall.chapters ?? {})) many(["chapters", id, "placements"], "placements");
  for (const id of Object.keys(hall.groups ?? {})) many(["groups", id, "members"], "placements");
  one(["timeline", "anchor"], "anchors");
  for (const [id, tour] of Object.entries(hall.tours ?? {}))
    for (const stop of Object.keys(tour.stops)) {
      one(["tours", id, "stops", stop, "placement"], "placements");
      one(["tours", id, "stops", stop, "note"], "notes");
    }
  return found;
}

/** References to what is not there. */
export function dangling(hall: Hall): Reference[] {
  return references(hall).filter(({ map, id }) => !(isMap(hall[map]) && Object.hasOwn(hall[map], id)));
}

/** The hall without these references; the things that hold them stay. */
export function withoutReferences(hall: Hall, unwanted: readonly Reference[]): Hall {
  let changed = hall;
  // From the last to the first, so that indexes in lists stay right.
  for (const { path } of [...unwanted].reverse()) {
    const index = path.at(-1);
    if (typeof index === "number") {
      const list = valueAt(changed, path.slice(0, -1)) as readonly string[];
      const rest = list.filter((_, i) => i !== index);
      const optional = path.at(-2) === "sources" && rest.length === 0;
      changed = written(changed, path.slice(0, -1), optional ? undefined : rest);
    } else changed = written(changed, path, undefined);
  }
  return changed;
}
