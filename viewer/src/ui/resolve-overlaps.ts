export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An area that spots must stay away from, px. */
export interface Keepout extends Point {
  readonly radius: number;
}

const ROUNDS = 400;
const ASKEW = 20; // rounds after which spots in a row that has no room move a little out of line
const MORE = 1; // px farther than necessary, so that the rounds end

/**
 * Moves spots that are nearer to one another than `apart`, or too near to what has to stay free, as far as necessary within the
 * screen. The others stay. Where there is not enough room, they share it.
 */
export function resolveOverlaps(
  spots: readonly Point[],
  apart: number,
  screen: { readonly width: number; readonly height: number },
  keepouts: readonly Keepout[] = [],
): Point[] {
  const out = spots.map(({ x, y }) => ({ x, y }));
  const inside = (value: number, size: number) => Math.max(apart / 2, Math.min(value, size - apart / 2));
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false;
    const push = (spot: { x: number; y: number }, dx: number, dy: number) => {
      spot.x = inside(spot.x + dx, screen.width);
      spot.y = inside(spot.y + dy, screen.height);
      moved = true;
    };
    if (round === ASKEW) for (const [i, spot] of out.entries()) push(spot, Math.cos(2.4 * i), Math.sin(2.4 * i));
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

/** The direction from one spot to another, and how much too short the distance is. For equal spots the direction is sideways. */
function away(from: Point, to: Point, wanted: number): [x: number, y: number, lacking: number] {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const distance = Math.hypot(dx, dy);
  return distance > 0 ? [dx / distance, dy / distance, wanted - distance] : [1, 0, wanted];
}
