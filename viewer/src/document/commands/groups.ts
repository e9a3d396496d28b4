import { normal } from "../changes.ts";
import { unused } from "../ids.ts";
import { byId } from "../order.ts";
import { written } from "../paths.ts";
import type { Hall } from "../schema.ts";

/** Placements that a curator handles together: exhibit/halls/edits/groups.py. */

const LEAST = 2; // members; fewer are no group

/** The group that a placement is in, by its id; null: it is in none. */
export function groupOf(hall: Hall, placement: string): string | null {
  const found = byId(hall.groups).find(([, { members }]) => members.includes(placement));
  return found && found[1].members.length >= LEAST ? found[0] : null;
}

/** These placements with all that are in their groups, in the order that they have, the new ones behind theirs. */
export function withGroups(hall: Hall, ids: readonly string[]): string[] {
  const members = (id: string) => hall.groups?.[groupOf(hall, id) ?? ""]?.members ?? [id];
  return [...new Set(ids.flatMap((id) => [id, ...members(id)]))];
}

/** Makes one group of placements, which leave the groups that they were in. */
export function groupPlacements(hall: Hall, ids: readonly string[]): Hall {
  const members = ids.filter((id) => hall.placements[id]);
  if (members.length < LEAST) return hall;
  const left = members.reduce(withoutMember, hall);
  return written(left, ["groups", unused("group", hall.groups ?? {})], { members });
}

/** Takes apart the groups that these placements are in. */
export function ungroupPlacements(hall: Hall, ids: readonly string[]): Hall {
  const groups = new Set(ids.flatMap((id) => groupOf(hall, id) ?? []));
  return normal([...groups].reduce((next, id) => written(next, ["groups", id], undefined), hall));
}

/** Copies of whole groups are groups again: `copies` are those of `originals`, one for one. */
export function groupCopies(hall: Hall, originals: readonly string[], copies: readonly string[]): Hall {
  const groups = new Map<string, string[]>();
  for (const [i, id] of originals.entries()) {
    const group = groupOf(hall, id);
    if (group !== null) groups.set(group, [...(groups.get(group) ?? []), copies[i] as string]);
  }
  return [...groups.values()].reduce(groupPlacements, hall);
}

/** Groups list the placement no more; what is left of one alone is no group. */
export function withoutMember(hall: Hall, placement: string): Hall {
  let next = hall;
  for (const [id, { members }] of Object.entries(hall.groups ?? {})) {
    if (!members.includes(placement)) continue;
    const left = members.filter((member) => member !== placement);
    next = written(next, ["groups", id], left.length < LEAST ? undefined : { members: left });
  }
  return next;
}
