/** From which share of the viewport's height each finer level is used (the values of Smithsonian Voyager). */
const SHARES = [0.1, 0.22, 0.45];
const RETREAT = 0.6; // a level is kept until the exhibit is smaller than this part of the level's share

/**
 * The level (0 is the coarsest of `count`) for an exhibit that takes this share of the screen's height and shows level `current`.
 * The last share always belongs to the finest level: with fewer levels, the first shares are skipped.
 */
export function wantedLevel(share: number, count: number, current: number): number {
  const shares = SHARES.slice(Math.max(0, SHARES.length - (count - 1)));
  let wanted = 0;
  for (const [i, from] of shares.entries()) {
    const level = count - shares.length + i;
    if (share >= (level <= current ? from * RETREAT : from)) wanted = level;
  }
  return wanted;
}

/** A level that is in memory. */
export interface CachedLevel {
  readonly bytes: number;
  readonly lastWanted: number; // s
  readonly needed: boolean; // it is shown, or it is the coarsest: it stays
}

/** The levels to free so that the rest fits into `budget` bytes: the longest unused first. */
export function evictions<T extends CachedLevel>(held: readonly T[], budget: number): T[] {
  let excess = held.reduce((sum, level) => sum + level.bytes, 0) - budget;
  const candidates = held.filter((level) => !level.needed).sort((a, b) => a.lastWanted - b.lastWanted);
  const out: T[] = [];
  for (const level of candidates) {
    if (excess <= 0) break;
    out.push(level);
    excess -= level.bytes;
  }
  return out;
}
