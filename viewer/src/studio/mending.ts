import { type Applied, apply, difference, isOrderChange } from "../document/changes.ts";
import { dangling, withoutReferences } from "../document/references.ts";
import type { Change, Hall } from "../document/schema.ts";

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
