import { Signal } from "./signal.ts";

/** How much memory and how many pixels the viewer uses. */
export interface QualityTier {
  /** How many of each exhibit's finest levels are left out; infinity: only thumbnails are shown. */
  readonly without: number;
  /** Share of the memory budget. */
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

const MB = 1e6;

/** Bytes on the GPU for everything that is shown: less on a phone. */
export function memoryBudget(): number {
  return (matchMedia("(pointer: coarse)").matches ? 256 : 900) * MB;
}

const KEY = "longyao-tier";
const AFTER_CRASH = 2; // the lowest tier that a crash of the page leads to: the crash may have another reason

/** The finest level (from 0) that a tier allows for an exhibit with this number of levels; below 0: none. */
export function finest(levels: number, tier: QualityTier): number {
  return tier.without === Number.POSITIVE_INFINITY ? -1 : Math.max(0, levels - 1 - tier.without);
}

/**
 * Lowers the quality when memory runs out: first without the finest models, then with fewer pixels, then without models. Within a
 * visit it never rises again. If the page dies during a visit (phones kill pages), its tier stays in the session storage, and the
 * next visit starts one tier lower.
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

  /** Memory has run out: goes to the next tier. False if this is the lowest one. */
  lower(): boolean {
    if (this.#at === QUALITY_TIERS.length - 1) return false;
    this.#at++;
    this.mark();
    this.lowered.emit(this.tier);
    return true;
  }

  /** The visit is visible: if the page dies now, the visit was too much for it. */
  mark(): void {
    this.#session?.setItem(KEY, String(this.#at));
  }

  /** The visit is closed or hidden: if the page dies now, the visit is not the reason. */
  unmark(): void {
    this.#session?.removeItem(KEY);
  }
}
