export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A circle that points must stay out of, px. */
export interface Keepout extends Point {
  readonly radius: number;
}

const ROUNDS = 400;
const ASKEW = 20; // after so many rounds, all points move a little aside: points in one line could not make room for one another
const MORE = 1; // px; points move this much farther than necessary, so that the rounds end

/**
 * Moves points that are nearer to one another than `apart`, or inside a keep-out, as far as necessary and within the screen. The other
 * points stay. Where there is not enough room, the points share it.
 */
export function resolveOverlaps(
  points: readonly Point[],
  apart: number,
  screen: { readonly width: number; readonly height: number },
  keepouts: readonly Keepout[] = [],
): Point[] {
  const out = points.map(({ x, y }) => ({ x, y }));
  const inside = (value: number, size: number) => Math.max(apart / 2, Math.min(value, size - apart / 2));
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false;
    const push = (point: { x: number; y: number }, dx: number, dy: number) => {
      point.x = inside(point.x + dx, screen.width);
      point.y = inside(point.y + dy, screen.height);
      moved = true;
    };
    if (round === ASKEW) for (const [i, point] of out.entries()) push(point, Math.cos(2.4 * i), Math.sin(2.4 * i));
    for (const [i, a] of out.entries()) {
      for (const b of out.slice(i + 1)) {
        const [x, y, lacking] = away(a, b, apart);
        if (lacking <= 0) continue;
        push(a, (-x * (lacking + MORE)) / 2, (-y * (lacking + MORE)) / 2);
        push(b, (x * (lacking + MORE)) / 2, (y * (lacking + MORE)) / 2);
      }
      for (const keepout of keepouts) {
        const [x, y, lacking] = away(keepout, a, keepout.radius);
        if (lacking > 0) push(a, x * (lacking + MORE), y * (lacking + MORE));
      }
    }
    if (!moved) break;
  }
  return out;
}

/** The unit vector from one point to another, and by how much their distance is too short. For equal points the vector is (1, 0). */
function away(from: Point, to: Point, wanted: number): [x: number, y: number, lacking: number] {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const distance = Math.hypot(dx, dy);
  return distance > 0 ? [dx / distance, dy / distance, wanted - distance] : [1, 0, wanted];
}
