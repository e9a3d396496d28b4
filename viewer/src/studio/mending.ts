import { type Applied, apply, difference, isOrderChange } from "../document/changes.ts";
import { dangling, withoutReferences } from "../document/references.ts";
import type { Change, Hall, Timeline } from "../document/schema.ts";

/**
 * An edit that does not fit any more, as it can be made all the same without asking anyone; null if it need not or cannot be.
 *
 * A move of what someone else has removed is left out. What someone else has removed is named no more: a note on an exhibit that
 * is gone belongs to the hall, as when an exhibit is removed and its notes stay.
 */
export function mended(document: Hall, changes: readonly Change[], applied: Applied): Change[] | null {
  const { conflicts } = applied;
  if (!conflicts.every(({ change }) => isOrderChange(change))) return null;
  const rest = changes.filter((change) => !conflicts.some((conflict) => conflict.change === change));
  const next = conflicts.length > 0 ? apply(document, rest) : applied;
  const lost = dangling(next.document);
  if (next.conflicts.length > 0 || lost.length + conflicts.length === 0) return null;
  return difference(document, withoutReferences(next.document, lost));
}

/**
 * The changes of who begins the timeline where someone else has just begun it: the milestones come together, the title is the first
 * one's. null if that is not the case.
 */
export function joinedTimeline({ timeline }: Hall, changes: readonly Change[]): Change[] | null {
  const begins = (change: Change) =>
    !isOrderChange(change) && change.path.join() === "timeline" && change.from === undefined && change.to !== undefined;
  if (!timeline || !changes.some(begins)) return null;
  return changes.flatMap((change): Change[] => {
    if (!begins(change)) return [change];
    const { milestones, anchor } = change.to as Timeline;
    const hung = anchor !== undefined && timeline.anchor === undefined;
    return [
      ...(hung ? [{ path: ["timeline", "anchor"], to: anchor }] : []),
      ...Object.entries(milestones).map(([id, to]) => ({ path: ["timeline", "milestones", id], to })),
    ];
  });
}
