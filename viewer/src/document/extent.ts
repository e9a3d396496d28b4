import { rotated } from "./rotation.ts";
import type { Asset, Bounds, Hall, Placement, Vec3 } from "./schema.ts";

/** How much room things take in a hall. Metres, hall frame. */

/** Half of what a board (picture, panel, video, audio) is thick, and its back touches the wall. */
export const HUNG_M = 0.012;
const PANEL_HEIGHT_SHARE = 0.75; // of its width, as core/exhibit.ts: the true height depends on its text and the fonts

/** The box of a placement in its own frame, scaled but not rotated; null if nothing is known of its size. */
export function ownBounds(placement: Placement, assets: Hall["assets"]): Bounds | null {
  const asset = placement.asset === undefined ? undefined : assets[placement.asset];
  if (placement.kind !== "object") {
    const width = placement.width_m ?? 1;
    const height = asset ? width / aspectOf(asset) : width * PANEL_HEIGHT_SHARE;
    return { min: [-width / 2, -height / 2, -HUNG_M], max: [width / 2, height / 2, HUNG_M] };
  }
  if (!asset?.bounds) return null;
  const scaled = (corner: Vec3) => corner.map((v) => v * placement.scale) as Vec3;
  return { min: scaled(asset.bounds.min), max: scaled(asset.bounds.max) };
}

/** The corners of a placement's own box, in the hall's frame; null if nothing is known of its size. */
export function cornersOf(placement: Placement, assets: Hall["assets"]): Vec3[] | null {
  const own = ownBounds(placement, assets);
  if (!own) return null;
  const [tx, ty, tz] = placement.translation;
  return corners(own).map((corner) => {
    const [x, y, z] = rotated(corner, placement.rotation);
    return [x + tx, y + ty, z + tz];
  });
}

/** The upright box around a placement in the hall; null if nothing is known of its size. */
export function boundsOf(placement: Placement, assets: Hall["assets"]): Bounds | null {
  const points = cornersOf(placement, assets);
  return points && around(points);
}

/** From where to where a placement reaches along a direction of length 1; only its own point if its size is not known. */
export function spanOf(
  placement: Placement,
  assets: Hall["assets"],
  along: Readonly<Vec3>,
): [low: number, high: number] {
  const points = cornersOf(placement, assets) ?? [placement.translation];
  const values = points.map(([x, y, z]) => x * along[0] + y * along[1] + z * along[2]);
  return [Math.min(...values), Math.max(...values)];
}

/** The box around these points. */
export function around(points: readonly Readonly<Vec3>[]): Bounds {
  const least = (axis: 0 | 1 | 2) => Math.min(...points.map((point) => point[axis]));
  const most = (axis: 0 | 1 | 2) => Math.max(...points.map((point) => point[axis]));
  return { min: [least(0), least(1), least(2)], max: [most(0), most(1), most(2)] };
}

/** Width over height of what is shown on a board; 1 where it is not known. */
export function aspectOf(asset: Asset): number {
  const { width, height } = asset.files.picture ?? asset.files.thumb;
  return width && height ? width / height : 1;
}

export function middle({ min, max }: Bounds): Vec3 {
  return [(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2];
}

function corners({ min, max }: Bounds): Vec3[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].map((i) => [(i & 1 ? max : min)[0], (i & 2 ? max : min)[1], (i & 4 ? max : min)[2]]);
}
