import { Signal } from "./signal.ts";

/** How much a machine is asked to hold. */
export interface QualityTier {
  /** How many of every exhibit's finest models are left out; infinity leaves the thumbs only. */
  readonly without: number;
  /** Of the memory budget. */
  readonly share: number;
  /** Most device pixels per CSS pixel. */
  readonly ratio: number;
}

export const QUALITY_TIERS: readonly [QualityTier, ...QualityTier[]] = [
  { without: 0, share: 1, ratio: 2 },
  { without: 1, share: 0.5, ratio: 2 },
  { without: 2, share: 0.25, ratio: 1 },
  { without: Number.POSITIVE_INFINITY, share: 0.1, ratio: 0.75 },
];

const KEY = "longyao-tier";
const AFTER_CRASH = 2; // what a page that died under a visit begins with at the lowest: it may have died of something else

/** Which of an exhibit's levels is the finest that a tier allows; below 0 none is. */
export function finest(levels: number, tier: QualityTier): number {
  return tier.without === Number.POSITIVE_INFINITY ? -1 : Math.max(0, levels - 1 - tier.without);
}

/**
 * The way down when memory runs out: the finest models first, then pixels, then all models. Nobody goes up again within a
 * visit. A page that dies under it (phones let it) leaves its tier in the session, and the next visit begins one lower.
 */
export class QualityTiers {
  readonly lowered = new Signal<QualityTier>();
  readonly #session: Storage | null;
  #at = 0;

  constructor(session: Storage | null) {
    this.#session = session;
    const left = session?.getItem(KEY);
    if (left !== null && left !== undefined) this.#at = Math.min(AFTER_CRASH, Math.max(0, Number(left) || 0) + 1);
  }

  get tier(): QualityTier {
    return QUALITY_TIERS[this.#at] ?? QUALITY_TIERS[0];
  }

  /** Memory has run out. False at the lowest tier. */
  lower(): boolean {
    if (this.#at === QUALITY_TIERS.length - 1) return false;
    this.#at++;
    this.mark();
    this.lowered.emit(this.tier);
    return true;
  }

  /** The visit is before the visitor's eyes: if the page dies now, the visit was too much for it. */
  mark(): void {
    this.#session?.setItem(KEY, String(this.#at));
  }

  /** The visit is left, or out of sight: if the page dies now, that tells nothing. */
  unmark(): void {
    this.#session?.removeItem(KEY);
  }
}
