/** Shares of the viewport's height from which on each finer level is wanted; Voyager's tiers. */
const SHARES = [0.1, 0.22, 0.45];
const RETREAT = 0.6; // an exhibit has to shrink this much below a level's share before the level is let go

/**
 * Which of `count` levels (0 is the coarsest) an exhibit of this screen share deserves, `current` being shown.
 * The finest level is wanted from the last share on, whatever the count: fewer levels skip the first shares.
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
export interface Held {
  readonly bytes: number;
  readonly lastWanted: number; // s
  readonly needed: boolean; // shown, or the coarsest: it stays
}

/** What to let go so that all fits into `budget` bytes: the longest unwanted first. */
export function evictions<T extends Held>(held: readonly T[], budget: number): T[] {
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
