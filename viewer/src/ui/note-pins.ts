import { type Point, resolveOverlaps } from "./resolve-overlaps.ts";

export const PIN_RADIUS = 16; // px
const TARGET = 12; // px around what a pin points at, which stays free
const LEADER = 48; // px from there to the middle of the pin
const GAP = 4; // px between two pins
const FREE = PIN_RADIUS + TARGET;

/**
 * Where the numbers of notes go: beside what they point at, away from the middle of the exhibit, so that a pin covers neither its own
 * target nor another's. Without a middle they go upwards.
 */
export function pinPlaces(
  targets: readonly Point[],
  middle: Point | null,
  screen: { readonly width: number; readonly height: number },
): Point[] {
  const wanted = targets.map(({ x, y }) => {
    const [dx, dy] = middle ? [x - middle.x, y - middle.y] : [0, -1];
    const length = Math.hypot(dx, dy);
    const [ux, uy] = length > 1 ? [dx / length, dy / length] : [0, -1];
    const inside = (px: number, py: number) =>
      px > PIN_RADIUS && px < screen.width - PIN_RADIUS && py > PIN_RADIUS && py < screen.height - PIN_RADIUS;
    const outwards = { x: x + LEADER * ux, y: y + LEADER * uy };
    return inside(outwards.x, outwards.y) ? outwards : { x: x - LEADER * ux, y: y - LEADER * uy };
  });
  const keepouts = targets.map(({ x, y }) => ({ x, y, radius: FREE }));
  return resolveOverlaps(wanted, 2 * PIN_RADIUS + GAP, screen, keepouts);
}
