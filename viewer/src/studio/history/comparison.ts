import { difference, equal, isOrderChange } from "../../document/changes.ts";
import { isMap, valueAt } from "../../document/paths.ts";
import type { Change, Hall, Placement, Quaternion, Text, Vec3 } from "../../document/schema.ts";
import type { Lang } from "../../document/text.ts";

/**
 * What differs between two versions of a hall, thing by thing, as exhibit/halls/differences.py says it; and by how much. Cases for
 * both: assets/schema/cases/differences.json.
 */

export const VERBS = ["added", "removed", "moved", "resized", "written", "changed", "reordered"] as const;
export type Verb = (typeof VERBS)[number];

export interface Difference {
  readonly verb: Verb;
  /** A map of the document or milestones; or hall (its texts), timeline, architecture, light, start. */
  readonly part: string;
  readonly id: string;
  readonly title: Text | null;
  /** m between where it was and where it is. */
  readonly metres?: number;
  readonly turned_deg?: number;
  readonly texts?: readonly { readonly lang: Lang; readonly from: string; readonly to: string }[];
}

const THINGS = ["placements", "notes", "chapters", "tours", "zones", "sources", "doors", "furniture", "milestones"];
const MOVES = ["translation", "rotation", "anchor", "view", "position", "facing_deg", "min", "max"];
const SIZES = ["scale", "width_m", "depth_m", "height_m"];
const TEXTS = ["title", "label", "body", "summary", "credit", "text", "caption", "address"];
const HALL_TEXTS = ["title", "summary", "credit"];

/** Each thing once for each way in which it differs, in the order of VERBS. */
export function compareHalls(before: Hall, after: Hall): Difference[] {
  const found = new Map<string, { readonly verb: Verb; part: string; id: string; changes: Change[] }>();
  for (const change of difference(before, after)) {
    const { verb, part, id } = kindOf(change);
    const key = [verb, part, id].join(" ");
    const known = found.get(key);
    if (known) known.changes.push(change);
    else found.set(key, { verb, part, id, changes: [change] });
  }
  const copies = Object.entries(after.assets).flatMap(([id, asset]): Difference[] => {
    const other = before.assets[id] !== undefined && !equal(before.assets[id], asset);
    return other ? [{ verb: "changed", part: "assets", id, title: asset.title }] : [];
  });
  return [...found.values()]
    .filter(
      ({ verb, changes }) =>
        verb !== "reordered" || changes.some(({ from, to }) => from !== undefined && to !== undefined),
    )
    .map(({ verb, part, id, changes }): Difference => {
      const title = titleOf(after, part, id) ?? titleOf(before, part, id);
      return { verb, part, id, title, ...measures(before, after, verb, part, id), ...words(verb, changes) };
    })
    .concat(copies)
    .sort((a, b) => VERBS.indexOf(a.verb) - VERBS.indexOf(b.verb));
}

function kindOf(change: Change): { readonly verb: Verb; readonly part: string; readonly id: string } {
  const whole = isOrderChange(change) ? change.order : change.path;
  const [part = "", id = "", field] = whole[0] === "timeline" && whole[1] === "milestones" ? whole.slice(1) : whole;
  if (isOrderChange(change) && id === "") return { verb: "reordered", part: `${part.replace(/_order$/, "")}s`, id: "" };
  if (THINGS.includes(part)) return { verb: field === undefined ? outcome(change) : verbOf(field), part, id };
  if (HALL_TEXTS.includes(part)) return { verb: "written", part: "hall", id: "" };
  if (part === "timeline")
    return { verb: id === "" ? outcome(change) : id === "title" ? "written" : "moved", part, id: "" };
  return { verb: part === "start" ? "moved" : "changed", part, id: "" };
}

function outcome({ from, to }: Change): Verb {
  return from === undefined ? "added" : to === undefined ? "removed" : "changed";
}

function verbOf(field: string): Verb {
  return MOVES.includes(field)
    ? "moved"
    : SIZES.includes(field)
      ? "resized"
      : TEXTS.includes(field)
        ? "written"
        : "changed";
}

function titleOf(hall: Hall, part: string, id: string): Text | null {
  const thing = valueAt(part === "milestones" ? (hall.timeline ?? {}) : hall, [part, id]);
  return isMap(thing) ? ((thing.title as Text | undefined) ?? null) : null;
}

/** How far a placement has been moved and turned. */
function measures(before: Hall, after: Hall, verb: Verb, part: string, id: string): Partial<Difference> {
  const [a, b] = [before.placements[id], after.placements[id]];
  if (verb !== "moved" || part !== "placements" || !a || !b) return {};
  const metres = Math.hypot(...a.translation.map((v, i) => v - (b.translation as Vec3)[i as 0]));
  const turned_deg = angleBetween(a, b);
  return { ...(metres > 0.0005 ? { metres } : {}), ...(turned_deg > 0.05 ? { turned_deg } : {}) };
}

function angleBetween(a: Placement, b: Placement): number {
  const along = a.rotation.reduce((sum, v, i) => sum + v * (b.rotation as Quaternion)[i as 0], 0);
  return (2 * Math.acos(Math.min(1, Math.abs(along))) * 180) / Math.PI;
}

function words(verb: Verb, changes: readonly Change[]): Partial<Difference> {
  if (verb !== "written") return {};
  const texts = changes.flatMap((change) => {
    const lang = isOrderChange(change) ? undefined : change.path.at(-1);
    if (lang !== "zh" && lang !== "en") return [];
    return [{ lang: lang as Lang, from: plain(change.from), to: plain(change.to) }];
  });
  return texts.length > 0 ? { texts } : {};
}

function plain(value: unknown): string {
  return typeof value === "string"
    ? value
        .replace(/<[^>]*>/g, " ")
        .replace(/\s+/g, " ")
        .trim()
    : "";
}
