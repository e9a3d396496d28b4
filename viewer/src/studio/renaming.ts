import { isOrderChange } from "../document/changes.ts";
import { anchorIds } from "../document/furniture.ts";
import { numbered, unused } from "../document/ids.ts";
import { isMap, valueAt } from "../document/paths.ts";
import type { Change, Conflict, Hall } from "../document/schema.ts";

/** Two editors who add a thing at the same time can give it the same id. The later one's gets another id, in all its edits. */

export interface Renaming {
  /** Where things of this kind are, such as ["placements"]. */
  readonly map: readonly string[];
  readonly from: string;
  readonly to: string;
}

/** The lists of ids and the fields that name things of a map. */
const NAMED_BY: Readonly<Record<string, readonly string[]>> = {
  placements: ["placement_order", "placements", "placement", "members"],
  notes: ["note_order", "note"],
  chapters: ["chapter_order", "chapter"],
  tours: ["tour_order"],
  stops: ["stop_order"],
  sources: ["sources"],
  walls: ["wall"],
  anchors: ["anchor"],
};
/** The maps of a plan. */
const PLAN_MAPS: ReadonlySet<string> = new Set(["walls", "openings", "rooms", "platforms", "stairs"]);

/** The new ids that make an edit (its changes) fit, if all its conflicts are things whose ids are taken; else null. */
export function renamings(
  document: Hall,
  changes: readonly Change[],
  conflicts: readonly Conflict[],
): Renaming[] | null {
  const found: Renaming[] = [];
  for (const { change, current } of conflicts) {
    if (isOrderChange(change) || change.from !== undefined || !isMap(change.to) || !isMap(current)) return null;
    const [map, from] = [change.path.slice(0, -1), change.path.at(-1) as string];
    if (!isMapOfThings(map)) return null;
    const here = (path: readonly string[]) => path.length === map.length && map.every((key, i) => path[i] === key);
    const own = changes.flatMap((each) =>
      isOrderChange(each) || !here(each.path.slice(0, -1)) ? [] : [each.path.at(-1)],
    );
    const others = found.flatMap((each) => (here(each.map) ? [each.to] : []));
    const taken = Object.fromEntries([...own, ...others].map((id) => [id, true]));
    const things = { ...(valueAt(document, map) as Readonly<Record<string, unknown>>), ...taken };
    const stem = from.replace(/-\d{1,3}$/, "").slice(0, 56);
    found.push({ map, from, to: (map[2] === "stops" ? numbered : unused)(stem, things) });
  }
  return found.length > 0 ? withAnchors(found) : null;
}

/** The changes with the thing's new id wherever they name it. */
export function withNewId(changes: readonly Change[], { map, from, to }: Renaming): Change[] {
  const names = NAMED_BY[map.at(-1) as string] ?? [];
  const name = <T>(id: T): T | string => (id === from ? to : id);
  const path = (keys: readonly string[]) =>
    keys.map((key, i) => (i === map.length && map.every((each, n) => keys[n] === each) ? (name(key) as string) : key));
  const value = (each: unknown, key: string | undefined): unknown => {
    if (Array.isArray(each))
      return key !== undefined && names.includes(key) ? each.map(name) : each.map((item) => value(item, undefined));
    if (isMap(each)) return Object.fromEntries(Object.entries(each).map(([k, v]) => [k, value(v, k)]));
    return key !== undefined && names.includes(key) ? name(each) : each;
  };
  const parent = map.slice(0, -1); // outside of what such things are parts of, nothing names them
  return changes.map((change): Change => {
    const place = isOrderChange(change) ? change.order : change.path;
    if (!parent.every((key, i) => place[i] === key)) return change;
    const both = (side: (each: unknown) => unknown) => ({
      ...(change.from === undefined ? {} : { from: side(change.from) }),
      ...(change.to === undefined ? {} : { to: side(change.to) }),
    });
    if (!isOrderChange(change)) return { path: path(change.path), ...both((each) => value(each, change.path.at(-1))) };
    const lists = names.includes(change.order.at(-1) as string);
    const ids = lists ? { id: name(change.id), ...both(name) } : { id: change.id, ...both((id) => id) };
    return { order: path(change.order), ...ids } as Change;
  });
}

/** Furniture and its anchors keep to one another. */
function withAnchors(found: readonly Renaming[]): Renaming[] {
  const pieces = found.filter(({ map }) => map[0] === "furniture");
  const anchors = pieces.flatMap(({ from, to }) =>
    anchorIds(from).map((anchor, i): Renaming => ({ map: ["anchors"], from: anchor, to: anchorIds(to)[i] as string })),
  );
  const others = found.filter(({ map, from }) => map[0] !== "anchors" || !anchors.some((own) => own.from === from));
  return [...others, ...anchors];
}

function isMapOfThings(path: readonly string[]): boolean {
  if (path.length === 1) return path[0] !== "architecture" && path[0] !== "light" && path[0] !== "start";
  if (path.length === 3 && path[0] === "architecture")
    return path[1] === "building" && PLAN_MAPS.has(path[2] as string);
  if (path.length === 3 && path[0] === "tours") return path[2] === "stops";
  return path.length === 2 && path[0] === "timeline" && path[1] === "milestones";
}
