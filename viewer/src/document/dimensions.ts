import type { Asset } from "./schema.ts";

/** Width, depth and height as numbers with a common unit. */
export interface Dimensions {
  readonly width: string;
  readonly depth: string;
  readonly height: string;
  readonly unit: "cm" | "m";
}

/** The dimensions of an asset, in cm if it is smaller than 2 m; null if its scale is unknown. */
export function dimensionsOf(asset: Asset): Dimensions | null {
  if (asset.unit !== "metre" || !asset.bounds) return null;
  const { min, max } = asset.bounds;
  const [width, height, depth] = max.map((m, i) => m - (min[i] as number)) as [number, number, number];
  const centimetres = Math.max(width, height, depth) < 2;
  const show = (metres: number) =>
    (centimetres ? metres * 100 : metres).toLocaleString("en", { maximumFractionDigits: centimetres ? 1 : 2 });
  return { width: show(width), depth: show(depth), height: show(height), unit: centimetres ? "cm" : "m" };
}
