/** How fine the tiles of a streamed model are drawn: pure rules, by figures of the last frame. */

/** What all streamed models of a scene may take together. */
export interface TileBudget {
  /** On the GPU. */
  readonly bytes: number;
  /** Drawn in one frame. */
  readonly points: number;
}

/** By how many CSS pixels what is drawn may depart from what was measured: points are as dense as that. */
export const FINEST_PX = 2;
const COARSEST_PX = 200;
const STEP = 1.25;
const FULL = 0.7; // of the budget's bytes: what is in view then leaves no room for more
const ROOM = 0.5; // of the budget's points: one step finer, on a surface, is 1.6 times as many

/** The share of the hall's memory that tiles may take; the rest is for everything else. */
const BYTES_SHARE = 0.4;
/** A point takes 12 bytes (position and colour) as tiles are written. An eighth of what is in memory is drawn at once. */
const BYTES_PER_POINT = 12;
const DRAWN_SHARE = 1 / 8;

/** `bytes`: of everything in the hall. */
export function tileBudget(bytes: number): TileBudget {
  const own = bytes * BYTES_SHARE;
  return { bytes: own, points: (own / BYTES_PER_POINT) * DRAWN_SHARE };
}

/** What the last frame has shown of all tiles. */
export interface TileLoad {
  readonly points: number; // drawn
  readonly bytes: number; // of the tiles in view
  readonly refused: number; // tiles that found no room in memory
  readonly loading: number; // tiles on their way
  /** The eye has moved since the detail was last lowered. */
  readonly moved: boolean;
}

/** Some tiles found no room, but there will be some, as soon as tiles out of view are freed: the next frame asks again. */
export function waitsForRoom(load: TileLoad, budget: TileBudget): boolean {
  return load.refused > 0 && load.bytes <= FULL * budget.bytes;
}

/**
 * The departure (CSS pixels) that the next frame allows. It grows at once where the budget is exceeded. It shrinks only after the eye
 * has moved, so that a view that stands still comes to rest.
 */
export function nextDeparture(departure: number, load: TileLoad, budget: TileBudget): number {
  if (load.points > budget.points || (load.refused > 0 && !waitsForRoom(load, budget)))
    return Math.min(COARSEST_PX, departure * STEP);
  const roomy = load.points < ROOM * budget.points && load.bytes < ROOM * budget.bytes;
  if (roomy && load.refused === 0 && load.loading === 0 && load.moved) return Math.max(FINEST_PX, departure / STEP);
  return departure;
}
