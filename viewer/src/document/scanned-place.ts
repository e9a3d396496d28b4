import type { Asset, Placement } from "./schema.ts";

const SIZE = { width: 2.5, height: 2 } as const; // m; a scan that is larger is one of a place

/** Whether a placement is a scan of a place where people could stand, not of a thing. Its points bar nobody's way. */
export function isScannedPlace({ kind, scale }: Placement, asset: Asset | null | undefined): boolean {
  if (kind !== "object" || asset?.kind !== "cloud" || asset.files.collider || !asset.bounds) return false;
  const { min, max } = asset.bounds;
  const [x = 0, y = 0, z = 0] = max.map((high, axis) => (high - (min[axis] ?? 0)) * scale);
  return Math.min(x, z) > SIZE.width && y > SIZE.height;
}
