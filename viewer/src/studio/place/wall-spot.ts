import { Vector3 } from "three";
import type { Colliders } from "../../core/colliders.ts";
import { HUNG_M } from "../../document/extent.ts";
import { boardsOn, hungAt, wallOf, wallThrough } from "../../document/hanging.ts";
import { facing } from "../../document/rotation.ts";
import type { Hall, Placement } from "../../document/schema.ts";
import { floorBelow, groundBelow, hangAt, type Ray, vec3 } from "../drag.ts";
import type { Guide } from "../gizmo.ts";
import type { Spot } from "../library-item.ts";
import { eyeLevel, type Snapping } from "../snapping.ts";
import type { StudioScene } from "../studio-scene.ts";

const BEFORE_M = 0.4; // from a wall, where the floor before it is looked for
const APART_M = 0.3; // between boards that are put side by side
const ROWS = [0.5, 0.4, 0.3, 0.6]; // of the picture's height, where a wall is looked for in the middle of the view

/** Where a board would hang. */
export interface WallSpot extends Spot {
  readonly guides: readonly Guide[];
  /** Of the floor before the wall, hall frame. */
  readonly floor: number | null;
}

/** The floor before a board, hall frame; null where there is none. */
export function floorBefore(colliders: Colliders, { translation, rotation }: Spot): number | null {
  const [x, y, z, w] = rotation;
  const front = new Vector3(0, 0, 1).applyQuaternion({ x, y, z, w });
  return floorBelow(colliders, new Vector3(...translation).addScaledVector(front, BEFORE_M), 0.1)?.y ?? null;
}

/** Where a ray would hang a board: at eye height if it comes near it, in line with its neighbours, with equal gaps. Null: no wall. */
export function wallSpot(
  colliders: Colliders,
  ray: Ray,
  hall: Hall,
  placement: Placement,
  ids: readonly string[],
  snapping: Snapping | null,
): WallSpot | null {
  const wall = hangAt(colliders, ray);
  if (!wall) return null;
  const point = vec3(wall.point.clone().addScaledVector(wall.normal, HUNG_M));
  const rotation = facing(vec3(wall.normal));
  const floor = floorBefore(colliders, { translation: point, rotation });
  const snapped = snapping?.hang(hall, { ...placement, translation: point, rotation }, ids, floor);
  return { translation: snapped?.translation ?? point, rotation, guides: snapped?.guides ?? [], floor };
}

/** The nearest place for a new board on the wall in the middle of the view, at eye height and beside what hangs there. */
export function spotInView(scene: StudioScene, hall: Hall, placement: Placement): Spot | null {
  const { colliders } = scene.hall;
  const { width, height } = scene.size;
  const rays = ROWS.map((row) => scene.ray({ x: width / 2, y: height * row }));
  const { azimuth, target } = scene.camera;
  const stand = groundBelow(colliders, target.clone());
  const ahead = new Vector3(-Math.sin(azimuth), 0, -Math.cos(azimuth));
  if (stand) rays.push({ origin: stand.setY(stand.y + eyeLevel()), direction: ahead });
  for (const ray of rays) {
    const spot = wallSpot(colliders, ray, hall, placement, [], null);
    if (!spot || spot.floor === null) continue;
    const wall = wallOf({ ...placement, ...spot });
    if (!wall) continue;
    const hung: Placement = { ...placement, translation: spot.translation, rotation: spot.rotation };
    hung.translation = [spot.translation[0], spot.floor + eyeLevel(), spot.translation[2]];
    const own = hungAt("", hung, wall, hall.assets);
    const others = boardsOn(hall, wall);
    const half = (own.right - own.left) / 2;
    const middle = own.left + half;
    const isFree = (at: number) =>
      others.every(
        ({ left, right, bottom, top }) =>
          at + half <= left || at - half >= right || bottom >= own.top || top <= own.bottom,
      ) && isWall(colliders, hung, at - middle, half, (own.top - own.bottom) / 2);
    const beside = others.flatMap(({ left, right }) => [left - APART_M - half, right + APART_M + half]);
    const free = [middle, ...beside].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle)).find(isFree);
    if (free === undefined) continue;
    const along = new Vector3(...wall.along).multiplyScalar(free - middle);
    return { translation: vec3(new Vector3(...hung.translation).add(along)), rotation: spot.rotation };
  }
  return null;
}

/** Whether the wall is there, and free, behind a whole board of these halves that is shifted to the right. */
function isWall(
  colliders: Colliders,
  { translation, rotation }: Placement,
  by: number,
  across: number,
  up: number,
): boolean {
  const [x, y, z, w] = rotation;
  const front = new Vector3(0, 0, 1).applyQuaternion({ x, y, z, w });
  const { along } = wallThrough(translation, vec3(front));
  return [-0.95, 0, 0.95].every((share) =>
    [-0.95, 0, 0.95].every((height) => {
      const origin = new Vector3(...translation)
        .addScaledVector(new Vector3(...along), by + share * across)
        .addScaledVector(front, BEFORE_M);
      origin.y += height * up;
      const hit = colliders.ray(origin, front.clone().negate(), BEFORE_M + 0.06, (owner) => owner === null);
      return hit !== null && hit.distance > BEFORE_M - 0.06;
    }),
  );
}
