import { levelsOf } from "./levels.ts";
import type { Asset, File, Hall, Placement } from "./schema.ts";

const SIZE = { width: 2.5, height: 2 } as const; // m; a scan that is larger is one of a place
const EARLY_BYTES = 150_000; // more would delay the room on a slow line

/** Whether a placement is a scan of a place where people could stand, not of a thing. Its points bar nobody's way. */
export function isScannedPlace({ kind, scale }: Placement, asset: Asset | null | undefined): boolean {
  if (kind !== "object" || asset?.kind !== "cloud" || asset.files.collider || !asset.bounds) return false;
  const { min, max } = asset.bounds;
  const [x = 0, y = 0, z = 0] = max.map((high, axis) => (high - (min[axis] ?? 0)) * scale);
  return Math.min(x, z) > SIZE.width && y > SIZE.height;
}

/** The first points of a scanned place, if they are so few that they come with the room; else null. */
export function earlyPoints(placement: Placement, asset: Asset | null | undefined): File | null {
  if (!asset || !isScannedPlace(placement, asset)) return null;
  const [coarsest] = levelsOf(asset);
  return coarsest && coarsest.bytes <= EARLY_BYTES ? coarsest : null;
}

/** The files of a hall that come with its room, each once. */
export function firstPoints({ placements, placement_order, assets }: Hall): File[] {
  const found = new Map<string, File>();
  for (const id of placement_order) {
    const placement = placements[id];
    const file = placement?.asset ? earlyPoints(placement, assets[placement.asset]) : null;
    if (file) found.set(file.sha256, file);
  }
  return [...found.values()];
}
