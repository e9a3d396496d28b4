import { unused } from "../ids.ts";
import { byId } from "../order.ts";
import { planOf } from "../plan.ts";
import { round } from "../rounding.ts";
import type { Hall, Opening, Plan } from "../schema.ts";
import type { Added } from "./placements.ts";
import { lengthOf, NARROWEST_M, withPlan } from "./plan-rules.ts";

/** What a curator does with doors, passages and windows. A door of the plan is the hall's door of the same id. */

export type OpeningKind = Opening["kind"];
export type OpeningSize = Pick<Opening, "width_m" | "height_m" | "sill_m">;

/** As museums build them: a door and a passage let a wheelchair and a group through. */
export const USUAL_OPENINGS: Readonly<Record<OpeningKind, OpeningSize>> = {
  door: { width_m: 1.6, height_m: 2.4 },
  passage: { width_m: 2, height_m: 2.6 },
  window: { width_m: 1.2, height_m: 1.5, sill_m: 1 },
};

/** Makes an opening in a wall, where it is free, as near to `at_m` as can be; null if it has no room for one. */
export function addOpening(
  hall: Hall,
  wall: string,
  kind: OpeningKind,
  at_m: number,
  size: OpeningSize = USUAL_OPENINGS[kind],
): Added | null {
  const plan = planOf(hall);
  const place = plan && freePlace(plan, wall, at_m, size.width_m, null);
  if (!plan || !place) return null;
  const tall = plan.walls[wall]?.height_m ?? 0;
  const id = unused(kind, { ...plan.openings, ...hall.doors });
  const height_m = Math.min(size.height_m, tall);
  const sill = kind === "window" ? { sill_m: Math.min(size.sill_m ?? 0, tall - height_m) } : {};
  const opening: Opening = { wall, kind, ...place, height_m, ...sill };
  return { hall: withPlan(hall, { ...plan, openings: { ...plan.openings, [id]: opening } }), id };
}

/** Moves an opening along its wall, or into another one; nothing happens if there is no room for it. */
export function moveOpening(hall: Hall, id: string, at_m: number, wall?: string): Hall {
  return changed(hall, id, (opening, plan) => {
    const into = wall ?? opening.wall;
    const place = freePlace(plan, into, at_m, opening.width_m, id);
    if (!place || place.width_m < opening.width_m) return opening;
    const tall = plan.walls[into]?.height_m ?? opening.height_m;
    return { ...opening, wall: into, ...place, height_m: Math.min(opening.height_m, tall) };
  });
}

/** Changes the kind or the sizes of an opening, as far as its wall has room. A window that becomes a door has no sill. */
export function changeOpening(
  hall: Hall,
  id: string,
  fields: Partial<Pick<Opening, "kind" | "width_m" | "height_m" | "sill_m">>,
): Hall {
  return changed(hall, id, (opening, plan) => {
    const { sill_m = 0, ...next } = { ...opening, ...fields };
    const tall = plan.walls[opening.wall]?.height_m ?? next.height_m;
    const place = freePlace(plan, opening.wall, opening.at_m, Math.max(next.width_m, NARROWEST_M), id);
    if (!place) return opening;
    const height_m = Math.min(Math.max(next.height_m, NARROWEST_M), tall);
    const sill = next.kind === "window" ? { sill_m: round(Math.min(Math.max(sill_m, 0), tall - height_m), 4) } : {};
    return { ...next, ...place, height_m, ...sill };
  });
}

/** Takes openings away; the hall's doors of the same ids go too. */
export function removeOpenings(hall: Hall, ids: readonly string[]): Hall {
  const plan = planOf(hall);
  if (!plan || !ids.some((id) => plan.openings?.[id])) return hall;
  const openings = Object.fromEntries(Object.entries(plan.openings ?? {}).filter(([id]) => !ids.includes(id)));
  return withPlan(hall, { ...plan, openings });
}

/**
 * The free part of a wall that is nearest to a place, for an opening of a width: narrower where nothing as wide is free, null where
 * not even the narrowest fits. `butFor`: an opening that is about to leave.
 */
function freePlace(
  plan: Plan,
  wall: string,
  at_m: number,
  width_m: number,
  butFor: string | null,
): Pick<Opening, "at_m" | "width_m"> | null {
  const line = plan.walls[wall];
  if (!line) return null;
  const taken = byId(plan.openings)
    .filter(([id, opening]) => opening.wall === wall && id !== butFor)
    .map(([, opening]) => [opening.at_m - opening.width_m / 2, opening.at_m + opening.width_m / 2] as const)
    .sort((a, b) => a[0] - b[0]);
  const gaps: [number, number][] = [];
  let from = 0;
  for (const [start, end] of [...taken, [lengthOf(line), Number.POSITIVE_INFINITY] as const]) {
    if (start - from >= NARROWEST_M - 1e-9) gaps.push([from, start]);
    from = Math.max(from, end);
  }
  const fits = gaps
    .map(([low, high]) => {
      const width = Math.min(width_m, high - low);
      const at = Math.min(Math.max(at_m, low + width / 2), high - width / 2);
      return { at_m: round(at, 4), width_m: round(width, 4), away: Math.abs(at - at_m) };
    })
    .sort((a, b) => b.width_m - a.width_m || a.away - b.away);
  const [best] = fits;
  return best ? { at_m: best.at_m, width_m: best.width_m } : null;
}

function changed(hall: Hall, id: string, change: (opening: Opening, plan: Plan) => Opening): Hall {
  const plan = planOf(hall);
  const opening = plan?.openings?.[id];
  if (!plan || !opening) return hall;
  const next = change(opening, plan);
  return next === opening ? hall : withPlan(hall, { ...plan, openings: { ...plan.openings, [id]: next } });
}
