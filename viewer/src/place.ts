/** Where in a hall a visitor is, as the page's address tells it. */
export type Place =
  | { readonly kind: "walk" }
  | { readonly kind: "exhibit" | "note"; readonly id: string }
  /** `stop` counts from 0; in the address from 1. */
  | { readonly kind: "tour"; readonly id: string; readonly stop: number };

export const WALK: Place = { kind: "walk" };

/**
 * The place that a hash names: `#walk`, `#exhibit=<placement id>`, `#note=<note id>`, `#tour=<tour id>` or
 * `#tour=<tour id>&stop=<n>`; null for any other.
 */
export function placeOf(hash: string): Place | null {
  if (hash === "#walk") return WALK;
  const found = /^#(exhibit|note|tour)=([a-z0-9][a-z0-9-]{0,63})(?:&stop=([1-9]\d{0,3}))?$/.exec(hash);
  if (!found) return null;
  const [, kind, id = "", stop] = found;
  if (kind === "tour") return { kind, id, stop: Number(stop ?? 1) - 1 };
  return stop === undefined ? { kind: kind as "exhibit" | "note", id } : null;
}

export function hashOf(place: Place): string {
  if (place.kind === "walk") return "#walk";
  const stop = place.kind === "tour" && place.stop > 0 ? `&stop=${place.stop + 1}` : "";
  return `#${place.kind}=${place.id}${stop}`;
}

/** Whether two places are one. What was picked or has changed counts as the exhibit of its id. */
export function same(
  a: Place,
  b: { readonly kind: string; readonly id?: string | null; readonly stop?: number },
): boolean {
  if (a.kind !== b.kind) return false;
  return a.kind === "walk" || (a.id === b.id && (a.kind !== "tour" || a.stop === b.stop));
}
