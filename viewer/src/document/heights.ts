/** Heights that museums hang and set things at, m above the floor. No Chinese norm is known; these are common practice. */
export const HEIGHTS = {
  /** The middle of a picture. */
  picture_centre: [1.45, 1.5],
  /** The top edge of labels on a rail. */
  label_rail_top: 1.015,
  /** The top of a case that one walks around. */
  case_top: [0.838, 1.016],
  /** The top of a case that one looks into from above. */
  look_into_top: 0.914,
  /** A white cane finds what reaches down to this height. */
  cane: 0.686,
  /** Nobody walks into what hangs higher. */
  headroom: 2.03,
} as const;

/** Floor that a wheelchair stops on before a case, m. */
export const CLEAR_FLOOR_M = [0.76, 1.22] as const;

/** A ramp's length on the floor for each metre that it rises, so that wheelchairs can take it (GB 50763). */
export const RAMP_RUN = 12;

/** Visitors do not walk up what is steeper than this (core/collide.ts). */
export const WALKABLE_DEG = 40;
