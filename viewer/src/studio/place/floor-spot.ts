import { Box3, Vector3 } from "three";
import type { Colliders } from "../../core/colliders.ts";
import { boundsOf } from "../../document/extent.ts";
import { furnitureBounds, inHall, isOnWall } from "../../document/furniture.ts";
import { boxOf } from "../../document/furniture-hints.ts";
import { overlap, standingBox, TOUCHING_M } from "../../document/overlap.ts";
import type { Bounds, Furnishing, Hall, Placement, Vec3 } from "../../document/schema.ts";
import { groundBelow } from "../drag.ts";
import type { Spot } from "../library-item.ts";

const COLUMNS = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9]; // of the picture's width
const ROWS = [0.55, 0.65, 0.45, 0.75, 0.85];
const LEVEL_M = 0.02; // by so much the ground below a thing may rise or fall
const FOOTROOM = 0.3;
const STANDING_M = 0.6; // before a piece of furniture

/** Points of the picture, shares of its width and height, at which a free place is looked for: the middle first. */
export const LOOKED_AT: readonly (readonly [number, number])[] = ROWS.flatMap((y) =>
  COLUMNS.map((x) => [x, y] as const),
).sort((a, b) => away(a) - away(b));

/**
 * Tells of places whether a thing can stand there: on level ground under all of its foot, not in another thing or in furniture.
 * `furniture`: the boxes around the pieces, hall frame.
 */
export function freeFor(
  placement: Placement,
  colliders: Colliders,
  hall: Hall,
  furniture: readonly Box3[],
): (spot: Spot) => boolean {
  const others = Object.values(hall.placements).flatMap((other) => standingBox(other, hall.assets) ?? []);
  return ({ translation, rotation }) => {
    const there: Placement = { ...placement, translation, rotation };
    const [box, bounds] = [standingBox(there, hall.assets), boundsOf(there, hall.assets)];
    if (!box || !bounds) return true;
    const above = new Box3(new Vector3(...bounds.min), new Vector3(...bounds.max));
    above.min.y += LEVEL_M; // it may stand on furniture
    return (
      isLevel(colliders, bounds) &&
      !furniture.some((piece) => piece.intersectsBox(above)) &&
      others.every((other) => overlap(box, other) <= TOUCHING_M)
    );
  };
}

/**
 * Whether a new piece of furniture can be there: in nothing else; if it stands on the floor, on level floor that goes on before it,
 * where visitors stand.
 */
export function isFreeForPiece(piece: Furnishing, colliders: Colliders, hall: Hall): boolean {
  const box = boxOf(piece);
  const others = [
    ...Object.values(hall.placements).flatMap((other) => standingBox(other, hall.assets) ?? []),
    ...Object.values(hall.furniture ?? {}).map(boxOf),
  ];
  if (others.some((other) => overlap(box, other) > TOUCHING_M)) return false;
  if (isOnWall(piece) || piece.kind === "lamp") return true;
  const { min, max } = furnitureBounds(piece);
  const feet: Vec3[] = [min[0], max[0]].flatMap((x) =>
    [min[2], max[2], max[2] + STANDING_M].map((z): Vec3 => [x, 0, z]),
  );
  return feet.every((foot) => isGround(colliders, inHall(piece, foot)));
}

/** Whether the ground is level below the foot of a box. */
function isLevel(colliders: Colliders, { min, max }: Bounds): boolean {
  return [min[0], max[0]].every((x) => [min[2], max[2]].every((z) => isGround(colliders, [x, min[1], z])));
}

function isGround(colliders: Colliders, at: Readonly<Vec3>): boolean {
  const ground = groundBelow(colliders, new Vector3(...at), FOOTROOM);
  return ground !== null && Math.abs(ground.y - at[1]) < LEVEL_M;
}

function away([x, y]: readonly [number, number]): number {
  return Math.hypot(x - 0.5, y - 0.55);
}
