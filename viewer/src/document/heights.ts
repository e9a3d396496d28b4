/** Heights that museums hang and set things at, and the ways between them; m above the floor. */
export interface Heights {
  /** The middle of a picture. */
  picture_centre: readonly [number, number];
  /** The top of a case that one walks around. */
  case_top: readonly [number, number];
  /** The top edge of labels on a rail. */
  label_rail_top: number;
  /** The top of a case that one looks into from above. */
  look_into_top: number;
  /** A white cane finds what reaches down to this height. */
  cane: number;
  /** Nobody walks into what hangs higher. */
  headroom: number;
  /** A way that a wheelchair gets through: how wide, m. */
  clear_way: number;
}

// No Chinese norm is known; these are common practice.
const heights: Heights = {
  picture_centre: [1.45, 1.5],
  case_top: [0.838, 1.016],
  label_rail_top: 1.015,
  look_into_top: 0.914,
  cane: 0.686,
  headroom: 2.03,
  clear_way: 0.9,
};

export const HEIGHTS: Readonly<Heights> = heights;

/** A museum's own, by their names, as its server tells them (LONGYAO_HEIGHTS): once, before a hall is opened. */
export function useHeights(own: Readonly<Record<string, readonly number[]>>): void {
  const given = Object.entries(own).map(([name, values]) => [name, values.length === 1 ? values[0] : values]);
  Object.assign(heights, Object.fromEntries(given));
}

/** A length as a figure in a sentence: metres, or centimetres. */
export function heightFigure(metres: number, per_metre: 1 | 100): string {
  return String(Number((metres * per_metre).toFixed(per_metre === 1 ? 3 : 1)));
}

/** The heights as figures, by their names; `case_most` is the higher one of `case_top`. */
export function heightFigures(per_metre: 1 | 100): Readonly<Record<keyof Heights | "case_most", string>> {
  const all = Object.entries({ ...heights, case_most: heights.case_top[1] });
  const said = all.map(([name, value]) => [
    name,
    [value]
      .flat()
      .map((m) => heightFigure(m, per_metre))
      .join("–"),
  ]);
  return Object.fromEntries(said) as Record<keyof Heights | "case_most", string>;
}

/** Floor that a wheelchair stops on before a case, m. */
export const CLEAR_FLOOR_M = [0.76, 1.22] as const;

/** A ramp's length on the floor for each metre that it rises, so that wheelchairs can take it (GB 50763). */
export const RAMP_RUN = 12;

/** Visitors do not walk up what is steeper than this (core/collide.ts). */
export const WALKABLE_DEG = 40;
