export interface Spot {
  readonly x: number;
  readonly y: number;
}

const ROUNDS = 100;
const MORE = 1; // px further than it takes, so that rounds come to an end

/** Moves spots that are nearer than `apart` to one another just as far as it takes, within a screen; the others stay. */
export function spread(
  spots: readonly Spot[],
  apart: number,
  screen: { readonly width: number; readonly height: number },
): Spot[] {
  const out = spots.map(({ x, y }) => ({ x, y }));
  const inside = (value: number, size: number) => Math.max(apart / 2, Math.min(value, size - apart / 2));
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false;
    for (const [i, a] of out.entries()) {
      for (const b of out.slice(i + 1)) {
        const [dx, dy] = [b.x - a.x, b.y - a.y];
        const distance = Math.hypot(dx, dy);
        if (distance >= apart) continue;
        const push = (apart + MORE - distance) / 2;
        const [x, y] = distance > 0 ? [(dx / distance) * push, (dy / distance) * push] : [push, 0]; // on one spot: sideways
        a.x = inside(a.x - x, screen.width);
        a.y = inside(a.y - y, screen.height);
        b.x = inside(b.x + x, screen.width);
        b.y = inside(b.y + y, screen.height);
        moved = true;
      }
    }
    if (!moved) break;
  }
  return out;
}
