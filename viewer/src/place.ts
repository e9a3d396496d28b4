/** Where in a hall a visitor is, as the page's address tells it. */
export type Place = { readonly kind: "walk" } | { readonly kind: "exhibit" | "note"; readonly id: string };

export const WALK: Place = { kind: "walk" };

/** The place that a hash names: `#walk`, `#exhibit=<placement id>` or `#note=<note id>`; null for any other. */
export function placeOf(hash: string): Place | null {
  if (hash === "#walk") return WALK;
  const found = /^#(exhibit|note)=([a-z0-9][a-z0-9-]{0,63})$/.exec(hash);
  return found ? { kind: found[1] as "exhibit" | "note", id: found[2] as string } : null;
}

export function hashOf(place: Place): string {
  return place.kind === "walk" ? "#walk" : `#${place.kind}=${place.id}`;
}

/** Whether two places are one. What was picked or has changed counts as the exhibit of its id. */
export function same(a: Place, b: { readonly kind: string; readonly id?: string | null }): boolean {
  return a.kind === b.kind && (a.kind === "walk" || a.id === b.id);
}
