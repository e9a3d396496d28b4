import { aspectOf, HUNG_M, ownBounds } from "./extent.ts";
import { byId } from "./order.ts";
import { quaternionOfTurn } from "./rotation.ts";
import { round, significant } from "./rounding.ts";
import type { Anchor, AnchorKind, Hall, Placement, PlacementKind, Vec3 } from "./schema.ts";

/** The places that a hall's architecture has made for exhibits, as the server fills them: exhibit/halls/anchors.py. */

const FOR_OBJECTS: readonly AnchorKind[] = ["plinth", "vitrine"];
const FOR_BOARDS: readonly AnchorKind[] = ["panel", "screen"];
const MARGIN = 0.9; // of an anchor's width and height that something fitted to it takes
const REACH_M = 0.15; // from a face, of what hangs on it
const DECIMALS = 4; // of a metre
const BESIDE_M = 0.12; // around an anchor, where it still takes hold of what is dragged there
const BELOW_M = 1.3; // the body of a plinth or a showcase reaches so far below its surface at most
const LABEL_REACH_M = 1; // from an exhibit to the place of its label

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

/** Why something cannot go to an anchor, and by how much it is too large, m. */
export interface Misfit {
  readonly why: "too-tall" | "too-wide";
  readonly metres: number;
}

/** Whether there is room for a placement at an anchor that is made for it; null: there is, or it takes the anchor's size. */
export function misfit(placement: Placement, anchor: Anchor, assets: Hall["assets"]): Misfit | null {
  const asset = placement.asset === undefined ? undefined : assets[placement.asset];
  const own = placement.kind === "object" && asset?.unit === "metre" ? ownBounds(placement, assets) : null;
  if (!own) return null;
  const tall = own.max[1] - anchor.height_m;
  if (tall > 0) return { why: "too-tall", metres: tall };
  const wide = Math.max(own.max[0] - own.min[0], own.max[2] - own.min[2]) - anchor.width_m;
  return wide > 0 ? { why: "too-wide", metres: wide } : null;
}

/** A free place that is made for a placement, and what is in the way of it. */
export interface PlaceFor {
  readonly id: string;
  readonly anchor: Anchor;
  readonly misfit: Misfit | null;
}

/** The free places for a placement, of the hall or of the library (null), by their ids. */
export function placesFor(hall: Hall, id: string | null, placement: Placement, assets = hall.assets): PlaceFor[] {
  return freeAnchors(hall, id).flatMap((key) => {
    const anchor = hall.anchors?.[key];
    if (!anchor || !suits(anchor, placement.kind)) return [];
    return [{ id: key, anchor, misfit: misfit(placement, anchor, assets) }];
  });
}

/** The number of an anchor among those of its kind, from 1, as the desk gives it. */
export function anchorNumber(hall: Hall, id: string): number {
  const kind = hall.anchors?.[id]?.kind;
  const alike = byId(hall.anchors).filter(([, anchor]) => anchor.kind === kind);
  return alike.findIndex(([each]) => each === id) + 1;
}

/** Whether a point of the room is on an anchor, close beside it, or on the plinth or showcase below it. */
export function takesHold({ kind, width_m, height_m, ...anchor }: Anchor, point: Readonly<Vec3>): boolean {
  const { across, up, ahead } = seenFrom(anchor, point);
  const half = width_m / 2 + BESIDE_M;
  if (Math.abs(across) > half) return false;
  if (FOR_OBJECTS.includes(kind)) return Math.abs(ahead) <= half && up >= -BELOW_M && up <= height_m;
  return Math.abs(up) <= height_m / 2 + BESIDE_M && Math.abs(ahead) <= REACH_M;
}

/** Of label anchors, by their ids, the nearest one straight before what stands or hangs at a point: there its label hangs. */
export function labelAnchor(
  point: Readonly<Vec3>,
  labels: readonly (readonly [id: string, anchor: Anchor])[],
): string | null {
  let best: { id: string; distance: number } | null = null;
  for (const [id, anchor] of labels) {
    const way = seenFrom(anchor, point);
    const distance = Math.hypot(way.across, way.ahead);
    if (distance > LABEL_REACH_M || Math.abs(way.up) > LABEL_REACH_M || way.ahead > 0.05) continue;
    if (Math.abs(way.across) > anchor.width_m / 2) continue; // it belongs to what is beside this one
    if (distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { id, distance };
  }
  return best?.id ?? null;
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
  const { across, up, ahead } = seenFrom(anchor, placement.translation);
  const half = anchor.width_m / 2;
  if (FOR_OBJECTS.includes(anchor.kind))
    return Math.abs(across) <= half && Math.abs(ahead) <= half && up >= -REACH_M && up <= anchor.height_m;
  return Math.abs(across) <= half && Math.abs(up) <= anchor.height_m / 2 && Math.abs(ahead) <= REACH_M;
}

/** A point as seen from an anchor: `ahead` towards its visitors. */
function seenFrom({ position, facing_deg }: Pick<Anchor, "position" | "facing_deg">, point: Readonly<Vec3>) {
  const angle = (facing_deg * Math.PI) / 180;
  const [dx, up, dz] = point.map((v, i) => v - (position[i] as number)) as Vec3;
  return {
    across: dx * Math.cos(angle) - dz * Math.sin(angle),
    up,
    ahead: dx * Math.sin(angle) + dz * Math.cos(angle),
  };
}
