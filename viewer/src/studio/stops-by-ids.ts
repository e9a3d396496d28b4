import { difference, equal, isOrderChange } from "../document/changes.ts";
import { isMap, type Values } from "../document/paths.ts";
import type { Change, Edit, Hall } from "../document/schema.ts";

/** Edits that a browser has kept since stops were a list, as halls have stops now: by ids, with an order. */
export function withStopIds(edits: readonly Edit[]): Edit[] {
  const known = new Map<string, readonly string[]>(); // the ids of a tour's stops, in its list
  return edits.map((edit) => ({ ...edit, changes: edit.changes.flatMap((change) => rewritten(change, known)) }));
}

function rewritten(change: Change, known: Map<string, readonly string[]>): Change[] {
  if (isOrderChange(change) || change.path[0] !== "tours") return [change];
  const [, tour = "", field] = change.path;
  const whole = change.path.length === 2;
  if (!whole && field !== "stops") return [change];
  const stopsOf = (value: unknown): readonly unknown[] | null => {
    const stops = whole && isMap(value) ? value.stops : value;
    return Array.isArray(stops) ? stops : null;
  };
  const [from, to] = [stopsOf(change.from), stopsOf(change.to)];
  if (!from && !to) return [change];
  const before = (known.get(tour) ?? (from ?? []).map((_, i) => idOf(i + 1))) as readonly string[];
  const after = to ? idsAfter(from ?? [], before, to) : [];
  known.set(tour, after);
  const told = (value: unknown, stops: readonly unknown[] | null, ids: readonly string[]): unknown => {
    if (!stops) return value;
    const map = Object.fromEntries(ids.map((id, i) => [id, stops[i]]));
    return { ...(whole ? (value as Values) : {}), stops: map, stop_order: ids };
  };
  const [was, is] = [told(change.from, from, before), told(change.to, to, after)];
  if (whole)
    return [{ path: change.path, ...("from" in change ? { from: was } : {}), ...("to" in change ? { to: is } : {}) }];
  const hall = (value: unknown) => ({ tours: { [tour]: value } }) as unknown as Hall;
  return difference(hall(was), hall(is));
}

/** A stop that stays keeps its id; one that was changed takes that of the one in its place; a new one gets a new id. */
function idsAfter(from: readonly unknown[], ids: readonly string[], to: readonly unknown[]): string[] {
  const left = from.map((stop, i) => ({ stop, id: ids[i] as string }));
  const found = to.map((stop) => {
    const at = left.findIndex((each) => equal(each.stop, stop));
    return at < 0 ? null : (left.splice(at, 1)[0]?.id ?? null);
  });
  const taken = new Set(ids);
  const free = () => {
    let number = 1;
    while (taken.has(idOf(number))) number++;
    taken.add(idOf(number));
    return idOf(number);
  };
  return found.map((id) => id ?? left.shift()?.id ?? free());
}

/** As the server has named the stops of its halls, from 1. */
function idOf(number: number): string {
  return number === 1 ? "stop" : `stop-${number}`;
}
