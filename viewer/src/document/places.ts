import { aspectOf, HUNG_M } from "./extent.ts";
import { quaternionOfTurn } from "./rotation.ts";
import { round, significant } from "./rounding.ts";
import type { Anchor, AnchorKind, Hall, Placement, PlacementKind, Vec3 } from "./schema.ts";

/** The places that a hall's architecture has made for exhibits, as the server fills them: exhibit/halls/anchors.py. */

const FOR_OBJECTS: readonly AnchorKind[] = ["plinth", "vitrine"];
const FOR_BOARDS: readonly AnchorKind[] = ["panel", "screen"];
const MARGIN = 0.9; // of an anchor's width and height that something fitted to it takes
const REACH_M = 0.15; // from a face, of what hangs on it
const DECIMALS = 4; // of a metre

/** Whether an anchor is made for this kind of placement. */
export function suits(anchor: Anchor, kind: PlacementKind): boolean {
  return (kind === "object" ? FOR_OBJECTS : FOR_BOARDS).includes(anchor.kind);
}

/** The anchors where nothing stands or hangs yet, by their ids. `butFor`: a placement that is about to leave. */
export function freeAnchors(hall: Hall, butFor: string | null = null): string[] {
  const others = Object.entries(hall.placements).filter(([id]) => id !== butFor);
  return Object.entries(hall.anchors ?? {})
    .filter(
      ([id, anchor]) =>
        [...FOR_OBJECTS, ...FOR_BOARDS].includes(anchor.kind) &&
        id !== hall.timeline?.anchor &&
        !others.some(([, placement]) => isAt(placement, anchor)),
    )
    .map(([id]) => id)
    .sort();
}

/** The placement where the anchor is, facing its visitors; what has no size of its own takes the anchor's. */
export function putAt(placement: Placement, anchor: Anchor, assets: Hall["assets"]): Placement {
  const isObject = placement.kind === "object";
  const angle = (anchor.facing_deg * Math.PI) / 180;
  const hung = isObject ? 0 : HUNG_M;
  const [x, y, z] = anchor.position;
  const moved: Placement = {
    ...placement,
    translation: [x + hung * Math.sin(angle), y, z + hung * Math.cos(angle)].map((v) => round(v, DECIMALS)) as Vec3,
    rotation: quaternionOfTurn(anchor.facing_deg),
  };
  const asset = placement.asset === undefined ? undefined : assets[placement.asset];
  const [width, height] = [MARGIN * anchor.width_m, MARGIN * anchor.height_m];
  if (!isObject) {
    // A text panel's width is not limited by its height.
    moved.width_m = round(Math.min(width, asset ? height * aspectOf(asset) : Number.POSITIVE_INFINITY), 3);
  } else if (asset?.unit === "arbitrary" && asset.bounds) {
    const { min, max } = asset.bounds;
    const across = Math.max(max[0] - min[0], max[2] - min[2]);
    const fits = [
      [width, across],
      [height, max[1] - min[1]],
    ].flatMap(([room, size]) => ((size as number) > 0 ? [(room as number) / (size as number)] : []));
    if (fits.length > 0) moved.scale = significant(Math.min(...fits), 3);
  }
  return moved;
}

/** Whether the placement's own point lies on the anchor's surface. */
export function isAt(placement: Placement, anchor: Anchor): boolean {
  const angle = (anchor.facing_deg * Math.PI) / 180;
  const [dx, dy, dz] = placement.translation.map((v, i) => v - (anchor.position[i] as number)) as Vec3;
  const across = dx * Math.cos(angle) - dz * Math.sin(angle);
  const ahead = dx * Math.sin(angle) + dz * Math.cos(angle);
  const half = anchor.width_m / 2;
  if (FOR_OBJECTS.includes(anchor.kind))
    return Math.abs(across) <= half && Math.abs(ahead) <= half && dy >= -REACH_M && dy <= anchor.height_m;
  return Math.abs(across) <= half && Math.abs(dy) <= anchor.height_m / 2 && Math.abs(ahead) <= REACH_M;
}
