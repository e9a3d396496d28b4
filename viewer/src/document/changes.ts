import { isMap, type Values, valueAt, written } from "./paths.ts";
import type { Change, Conflict, FieldChange, Hall, OrderChange } from "./schema.ts";

/**
 * Changes between two hall documents: found, applied, inverted. The server: exhibit/documents/changes.py.
 *
 * assets/schema/edit.schema.json says what a change is; assets/schema/cases/edits.json holds cases for both languages.
 * Documents are never altered: what a change leaves alone is shared between the document before and after it.
 */

// The shape of a path is the path with * for the keys of a map.
const OPTIONAL_MAPS: ReadonlySet<string> = new Set([
  "chapters",
  "tours",
  "zones",
  "sources",
  "anchors",
  "doors",
  "furniture",
  "groups",
]);
const OPTIONAL_ORDERS: ReadonlySet<string> = new Set([
  "chapter_order",
  "tour_order",
  "placements/*/sources",
  "notes/*/sources",
  "timeline/milestones/*/sources",
]);
const ORDERS: ReadonlySet<string> = new Set([
  ...OPTIONAL_ORDERS,
  "placement_order",
  "note_order",
  "chapters/*/placements",
  "groups/*/members",
  "tours/*/stop_order",
]);
const NOT_EDITED: ReadonlySet<string> = new Set(["schema", "assets"]);

type Path = readonly string[];

/** The changes that make `next` of `before`, by their paths. Assets are left out: they follow from the rest. */
export function difference(before: Hall, next: Hall): Change[] {
  const changes: Change[] = [];
  if (before !== next) compare([], normal(before), normal(next), changes);
  return changes;
}

/** The changes that undo these. */
export function invert(changes: readonly Change[]): Change[] {
  return changes
    .map((change): Change => {
      const { from, to, ...where } = change as FieldChange;
      return { ...where, ...sides(to, from) };
    })
    .reverse();
}

/** A document after changes; with conflicts it is the document before them. */
export interface Applied {
  readonly document: Hall;
  readonly conflicts: readonly Conflict[];
}

/**
 * Makes all changes or none.
 *
 * A value is changed where it is what the change says it was. Where it is already what it shall be, there is nothing to do;
 * so it is with an id that shall be in an order and is, or shall not be and is not. All else is a conflict.
 */
export function apply(document: Hall, changes: readonly Change[]): Applied {
  let changed = document;
  const conflicts: Conflict[] = [];
  for (const change of changes) {
    const next = applyOne(changed, change);
    if (next) changed = next;
    else conflicts.push(conflictOf(changed, change));
  }
  return conflicts.length > 0 ? { document, conflicts } : { document: normal(changed), conflicts };
}

/** The document after one change, which can leave an empty map or order; null if the change does not fit. */
export function applyOne(document: Hall, change: Change): Hall | null {
  return isOrderChange(change) ? applyOrder(document, change) : applyField(document, change);
}

export function isOrderChange(change: Change): change is OrderChange {
  return "order" in change;
}

/** The document without empty maps and orders that it need not have: an empty one is the same as none. */
export function normal(document: Hall): Hall {
  let whole = document;
  for (const shape of [...OPTIONAL_MAPS, ...OPTIONAL_ORDERS]) {
    const [map, key] = shape.split("/*/") as [string, string?];
    const above = map.split("/");
    if (key === undefined) {
      if (isEmpty(valueAt(document, above))) whole = written(whole, above, undefined);
      continue;
    }
    const things = (valueAt(document, above) ?? {}) as Readonly<Record<string, Values>>;
    for (const id of Object.keys(things))
      if (isEmpty(things[id]?.[key])) whole = written(whole, [...above, id, key], undefined);
  }
  return whole;
}

/** Equal as JSON: numbers by their values (0 and -0 are equal), objects in any order of their keys. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each, i) => equal(each, b[i]));
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}

/** A value as JSON that is the same, byte for byte, for equal values: sorted keys, no spaces, 0 for -0 (RFC 8785). */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isMap(value)) return JSON.stringify(value);
  // Not by way of a sorted object: JavaScript moves keys such as "1958" to the front.
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

/** What stands before an id in an order: an id; null for the first; undefined if the id is not there. */
export function before(order: readonly string[], id: string): string | null | undefined {
  const at = order.indexOf(id);
  return at < 0 ? undefined : (order[at - 1] ?? null);
}

/** The order with the id after another one: first where that is null, last where it is not there. */
export function placed(order: readonly string[], id: string, after: string | null): string[] {
  const others = order.filter((each) => each !== id);
  const at = after === null ? 0 : others.includes(after) ? others.indexOf(after) + 1 : others.length;
  return others.toSpliced(at, 0, id);
}

function compare(path: string[], before: unknown, next: unknown, changes: Change[]): void {
  if (before === next) return;
  const shape = shapeOf(path);
  if (ORDERS.has(shape)) {
    compareOrders(path, idsIn(before), idsIn(next), changes);
    return;
  }
  const optional = OPTIONAL_MAPS.has(shape) ? {} : undefined;
  const [a, b] = [before ?? optional, next ?? optional];
  if (isMap(a) && isMap(b)) {
    for (const key of [...new Set([...Object.keys(a), ...Object.keys(b)])].sort())
      if (path.length > 0 || !NOT_EDITED.has(key)) compare([...path, key], own(a, key), own(b, key), changes);
  } else if (!equal(before, next)) changes.push({ path, ...sides(before, next) });
}

/** First what goes, then what comes and what moves, each with its place at that moment. */
function compareOrders(order: string[], from: readonly string[], to: readonly string[], changes: Change[]): void {
  const place = new Map(to.map((id, i) => [id, i]));
  let now = [...from];
  for (const id of from) {
    if (place.has(id)) continue;
    changes.push({ order, id, ...sides(before(now, id), undefined) } as OrderChange);
    now = now.filter((each) => each !== id);
  }
  const stays = new Set(longestRising(now.map((id) => place.get(id) as number)).map((at) => to[at]));
  for (const [i, id] of to.entries()) {
    if (stays.has(id)) continue;
    const last = to[i - 1] ?? null;
    changes.push({ order, id, ...sides(before(now, id), last) } as OrderChange);
    now = placed(now, id, last);
  }
}

/** The longest sequence of rising numbers, so that the fewest ids move; of several that of patience sorting. */
function longestRising(numbers: readonly number[]): number[] {
  const ends: number[] = []; // of the best sequence of each length, the number at its end
  const previous = new Map<number, number | undefined>();
  for (const number of numbers) {
    let length = 0; // of the best sequence that it can follow: found by halves, because the ends rise
    for (let high = ends.length; length < high; ) {
      const middle = (length + high) >> 1;
      if ((ends[middle] as number) < number) length = middle + 1;
      else high = middle;
    }
    previous.set(number, ends[length - 1]);
    ends[length] = number;
  }
  const rising: number[] = [];
  for (let at = ends.at(-1); at !== undefined; at = previous.get(at)) rising.push(at);
  return rising.reverse();
}

function applyField(document: Hall, { path, from, to }: FieldChange): Hall | null {
  const current = valueAt(document, path);
  if (equal(current, to)) return document;
  if (!equal(current, from)) return null;
  const above = path.slice(0, -1);
  const parent = valueAt(document, above);
  if (!isMap(parent) && !(parent === undefined && OPTIONAL_MAPS.has(shapeOf(above)))) return null;
  return written(document, path, to);
}

function applyOrder(document: Hall, { order, id, from, to }: OrderChange): Hall | null {
  const found = valueAt(document, order);
  const inside = isMap(valueAt(document, order.slice(0, -1)));
  if (found === undefined && !(inside && OPTIONAL_ORDERS.has(shapeOf(order))))
    return to === undefined ? document : null;
  const now = idsIn(found);
  const there = now.includes(id);
  if (to === undefined)
    return there
      ? written(
          document,
          order,
          now.filter((each) => each !== id),
        )
      : document;
  if ((from !== undefined) !== there) return there ? document : null;
  return before(now, id) === to ? document : written(document, order, placed(now, id, to));
}

function conflictOf(document: Hall, change: Change): Conflict {
  const current = isOrderChange(change) ? undefined : valueAt(document, change.path);
  return current === undefined ? { change } : { change, current };
}

function sides(from: unknown, to: unknown): { from?: unknown; to?: unknown } {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function shapeOf(path: Path): string {
  const star = path[0] === "timeline" && path[1] === "milestones" ? 2 : 1;
  return path.map((key, i) => (i === star ? "*" : key)).join("/");
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function idsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value : [];
}

function own(map: Values, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
