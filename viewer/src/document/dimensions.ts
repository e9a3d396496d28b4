import type { Asset } from "./schema.ts";

/** Length (along X), width (along Z) and height, cm. */
export interface Dimensions {
  readonly length: string;
  readonly width: string;
  readonly height: string;
}

/** The dimensions of an asset, to the millimetre if it is smaller than 2 m, else to the centimetre; null if its scale is unknown. */
export function dimensionsOf(asset: Asset): Dimensions | null {
  if (asset.unit !== "metre" || !asset.bounds) return null;
  const { min, max } = asset.bounds;
  const [length, height, width] = max.map((m, i) => m - (min[i] as number)) as [number, number, number];
  const maximumFractionDigits = Math.max(length, height, width) < 2 ? 1 : 0;
  const show = (metres: number) => (metres * 100).toLocaleString("en", { maximumFractionDigits, useGrouping: false });
  return { length: show(length), width: show(width), height: show(height) };
}
