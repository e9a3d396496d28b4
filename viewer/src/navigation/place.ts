/** A place in a hall, as the hash of the URL states it. */
export type Place =
  | { readonly kind: "walk" }
  | { readonly kind: "exhibit" | "note"; readonly id: string }
  /** `stop` counts from 0; in the URL it counts from 1. */
  | { readonly kind: "tour"; readonly id: string; readonly stop: number }
  /** A view: the position of the eye and a point that it looks at; hall frame, m. */
  | { readonly kind: "view"; readonly eye: Point; readonly target: Point };

type Point = readonly [number, number, number];

export const WALK: Place = { kind: "walk" };

/**
 * The place that a hash names: `#walk`, `#exhibit=<placement id>`, `#note=<note id>`, `#tour=<tour id>` or
 * `#tour=<tour id>&stop=<n>`, `#view=<eye x,y,z>,<target x,y,z>`; null for any other.
 */
export function placeOf(hash: string): Place | null {
  if (hash === "#walk") return WALK;
  if (hash.startsWith("#view=")) return viewOf(hash.slice("#view=".length));
  const found = /^#(exhibit|note|tour)=([a-z0-9][a-z0-9-]{0,63})(?:&stop=([1-9]\d{0,3}))?$/.exec(hash);
  if (!found) return null;
  const [, kind, id = "", stop] = found;
  if (kind === "tour") return { kind, id, stop: Number(stop ?? 1) - 1 };
  return stop === undefined ? { kind: kind as "exhibit" | "note", id } : null;
}

function viewOf(numbers: string): Place | null {
  if (!/^-?\d{1,4}(\.\d{1,2})?(,-?\d{1,4}(\.\d{1,2})?){5}$/.test(numbers)) return null;
  const [a = 0, b = 0, c = 0, x = 0, y = 0, z = 0] = numbers.split(",").map(Number);
  return Math.hypot(x - a, y - b, z - c) < 0.01 ? null : { kind: "view", eye: [a, b, c], target: [x, y, z] };
}

/** To the centimetre. */
export function hashOf(place: Place): string {
  if (place.kind === "walk") return "#walk";
  if (place.kind === "view")
    return `#view=${[...place.eye, ...place.target].map((m) => Number(m.toFixed(2))).join(",")}`;
  const stop = place.kind === "tour" && place.stop > 0 ? `&stop=${place.stop + 1}` : "";
  return `#${place.kind}=${place.id}${stop}`;
}

/** Whether two places are the same. A picked or a changed exhibit counts as the exhibit with its id. */
export function same(
  a: Place,
  b: { readonly kind: string; readonly id?: string | null; readonly stop?: number },
): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === "view") return false; // a view is no place to stay: on foot, the visitor leaves it at once
  return a.kind === "walk" || (a.id === b.id && (a.kind !== "tour" || a.stop === b.stop));
}
