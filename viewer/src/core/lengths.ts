import { DEGREE } from "./units.ts";

/** A length as text in a suitable unit. `grain` is the precision of picking, m: no digit is finer. */
export function formatLength(metres: number, grain: number): string {
  const [unit, size, most] =
    metres >= 1 ? (["m", 1, 3] as const) : metres >= 0.01 ? (["cm", 0.01, 2] as const) : (["mm", 0.001, 1] as const);
  const digits = Math.min(most, Math.floor(-Math.log10(Math.max(grain, 1e-9) / size) + 1e-9));
  const places = Math.max(0, digits);
  const coarse = 10 ** Math.max(0, -digits);
  const value = Math.round(metres / size / coarse) * coarse;
  const shown = digits < 0 ? value : metres / size;
  return `${shown.toLocaleString("en", { minimumFractionDigits: places, maximumFractionDigits: places })} ${unit}`;
}

/** The size of a pixel, m, at a distance, in a picture that is `height` pixels high. */
export function pixelAt(distance: number, fov_deg: number, height: number): number {
  return (2 * distance * Math.tan((fov_deg * DEGREE) / 2)) / height;
}

/** A scale bar for what is looked at. */
export interface ScaleBarLength {
  /** m, of the thing itself. */
  readonly metres: number;
  /** Its length on the screen, CSS pixels. */
  readonly pixels: number;
}

/**
 * The longest round length that takes at most `most` pixels, at a distance, of a thing that is shown `scale` times its size, in a picture
 * of this angle that is `height` pixels high.
 */
export function scaleBar(
  distance: number,
  fov_deg: number,
  height: number,
  scale: number,
  most: number,
): ScaleBarLength {
  const pixel = pixelAt(distance, fov_deg, height) / scale;
  const metres = roundLength(pixel * most);
  return { metres, pixels: metres / pixel };
}

/** A round length (1, 2 or 5 times a power of ten) that is at most `metres`, for a scale bar. */
export function roundLength(metres: number): number {
  const power = 10 ** Math.floor(Math.log10(metres) + 1e-9);
  const share = metres / power;
  return Number(((share >= 5 - 1e-9 ? 5 : share >= 2 - 1e-9 ? 2 : 1) * power).toPrecision(1)); // 1, not 0.9999999
}
