import { before, isOrderChange, placed } from "../document/changes.ts";
import { isMap, valueAt, written } from "../document/paths.ts";
import { dangling, ORDER_OF, withoutReferences } from "../document/references.ts";
import type { Change, Edit, Hall } from "../document/schema.ts";
import { agrees } from "./undo.ts";

/**
 * The document with an editor's refused edits all the same: each value as this editor wanted it, whatever is there now.
 *
 * A thing that someone else has removed comes back as this editor had it (`mine`). What it names and is gone, it names no more.
 */
export function forced(document: Hall, edits: readonly Edit[], mine: Partial<Hall>): Hall {
  const next = edits.flatMap((edit) => edit.changes).reduce((hall, change) => force(hall, change, mine), document);
  return withoutReferences(next, dangling(next));
}

function force(document: Hall, change: Change, mine: Partial<Hall>): Hall {
  if (isOrderChange(change)) {
    const ids = valueAt(document, change.order) ?? [];
    if (!Array.isArray(ids) || !isMap(valueAt(document, change.order.slice(0, -1))) || !agrees(document, change))
      return document;
    const { order, id, to } = change;
    const others = ids.filter((each) => each !== id);
    return written(document, order, to === undefined ? others : placed(ids, id, to));
  }
  const { path, to } = change;
  const gone = path.findIndex((_, i) => i > 1 && !isMap(valueAt(document, path.slice(0, i))));
  if (gone < 0) return written(document, path, merged(valueAt(document, path), to));
  if (to === undefined) return document;
  const thing = path.slice(0, gone);
  const value = valueAt(mine, thing);
  return value === undefined ? document : written(inOrder(document, thing, mine), thing, value);
}

/** Two editors have made the same thing at once (a timeline): one with what is in either of them. */
function merged(theirs: unknown, mine: unknown): unknown {
  if (!isMap(theirs) || !isMap(mine)) return mine;
  const both: Record<string, unknown> = { ...theirs };
  for (const [key, value] of Object.entries(mine)) both[key] = merged(both[key], value);
  return both;
}

/** A thing that comes back stands in its order where this editor had it. */
function inOrder(document: Hall, thing: readonly string[], mine: Partial<Hall>): Hall {
  const [above, map, id] = [thing.slice(0, -2), thing.at(-2), thing.at(-1) as string];
  const name = map === "stops" ? "stop_order" : ORDER_OF[map as keyof typeof ORDER_OF];
  const order = [...above, name ?? ""];
  const own = (valueAt(mine, order) ?? []) as readonly string[];
  if (!own.includes(id)) return document;
  const now = (valueAt(document, order) ?? []) as readonly string[];
  return written(document, order, placed(now, id, before(own, id) ?? null));
}
