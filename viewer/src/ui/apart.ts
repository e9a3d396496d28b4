export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What must stay free of numbers, and how near they may come to its middle. */
export interface Keepout extends Point {
  readonly radius: number;
}

const ROUNDS = 600;
const HOME = 0.04; // share of the way back to its own place that a number is drawn in each round

/**
 * Moves numbers apart until they can be read and hit: each as near to its place as `distance` between any two allows, inside
 * `width` × `height`. Where there is not enough room they share what there is. The same places give the same result.
 */
export function apart(
  places: readonly Point[],
  distance: number,
  { width, height }: { readonly width: number; readonly height: number },
  keepouts: readonly Keepout[] = [],
): Point[] {
  // A little out of line, so that what stands in a row or at one place can give way sideways.
  const now = places.map(({ x, y }, i) => ({ x: x + Math.cos(2.4 * i), y: y + Math.sin(2.4 * i) }));
  for (let round = 0; round < ROUNDS; round++) {
    // Drawn home less and less: the last rounds only part what is too close.
    const home = HOME * Math.max(0, 1 - (1.5 * round) / ROUNDS);
    for (const [i, point] of now.entries()) {
      const place = places[i] as Point;
      point.x += (place.x - point.x) * home;
      point.y += (place.y - point.y) * home;
    }
    for (let i = 0; i < now.length; i++) {
      const a = now[i] as { x: number; y: number };
      for (let j = i + 1; j < now.length; j++) {
        const b = now[j] as { x: number; y: number };
        const [dx, dy] = [b.x - a.x, b.y - a.y];
        const length = Math.hypot(dx, dy) || 1e-6;
        if (length >= distance) continue;
        const push = (distance - length) / 2 / length;
        a.x -= dx * push;
        a.y -= dy * push;
        b.x += dx * push;
        b.y += dy * push;
      }
      for (const { x, y, radius } of keepouts) {
        const [dx, dy] = [a.x - x, a.y - y];
        const length = Math.hypot(dx, dy) || 1e-6;
        if (length >= radius) continue;
        a.x += (dx / length) * (radius - length);
        a.y += (dy / length) * (radius - length);
      }
    }
    const half = distance / 2;
    for (const point of now) {
      point.x = Math.min(Math.max(point.x, half), width - half);
      point.y = Math.min(Math.max(point.y, half), height - half);
    }
  }
  return now;
}
