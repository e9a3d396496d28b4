import { Box3, type BufferGeometry, DoubleSide, type Matrix4, type Mesh, Ray, type Vector3 } from "three";
import { type ExtendedTriangle, MeshBVH } from "three-mesh-bvh";

/** Where a ray hits a collider, hall frame. `owner` is the placement's id; null for the room. */
export interface Hit {
  readonly owner: string | null;
  readonly distance: number;
  readonly point: Vector3;
  readonly normal: Vector3; // unit, towards the origin of the ray
}

export type OwnerFilter = (owner: string | null) => boolean;

const everyOwner: OwnerFilter = () => true;

interface Collider {
  readonly owner: string | null;
  readonly bvh: MeshBVH;
  readonly box: Box3;
  /** A motion that its triangles have not made yet: they follow when a ray or a body comes near. */
  motion: Matrix4 | null;
}

/**
 * The colliders: triangle meshes in the hall's frame. Each has its own bounding volume hierarchy, so that an exhibit that arrives
 * late only costs the building of its own.
 */
export class Colliders {
  readonly #colliders = new Map<string, Collider>();
  readonly bounds = new Box3();
  readonly #ray = new Ray();

  /** Adds or replaces the collider of `owner`. It keeps the geometry and reorders its triangles. */
  set(owner: string | null, geometry: BufferGeometry): void {
    const bvh = new MeshBVH(geometry, { targetLeafSize: 8 });
    const box = bvh.getBoundingBox(new Box3());
    this.#colliders.set(owner ?? "", { owner, bvh, box, motion: null });
    this.#bound();
  }

  /** Moves the collider of `owner`, in the hall's frame. Costs nothing until something comes near it. */
  move(owner: string, motion: Matrix4): void {
    const collider = this.#colliders.get(owner);
    if (!collider) return;
    collider.motion = collider.motion ? collider.motion.premultiply(motion) : motion.clone();
    collider.box.applyMatrix4(motion);
    this.#bound();
  }

  delete(owner: string): void {
    if (this.#colliders.delete(owner)) this.#bound();
  }

  has(owner: string | null): boolean {
    return this.#colliders.has(owner ?? "");
  }

  /** The first hit within `far` metres, from either side of a surface, among the owners for which `counts` is true. */
  ray(
    origin: Vector3,
    direction: Vector3,
    far = Number.POSITIVE_INFINITY,
    counts: OwnerFilter = everyOwner,
  ): Hit | null {
    this.#ray.set(origin, direction);
    let best: Hit | null = null;
    let reach = far;
    for (const collider of this.#colliders.values()) {
      const { owner, bvh, box } = collider;
      if (!counts(owner)) continue;
      if (!box.containsPoint(origin) && !this.#ray.intersectsBox(box)) continue;
      if (collider.motion) settle(collider, collider.motion);
      const hit = bvh.raycastFirst(this.#ray, DoubleSide, 0, reach);
      if (!hit?.face) continue;
      reach = hit.distance;
      const normal = hit.face.normal.clone();
      if (normal.dot(direction) > 0) normal.negate();
      best = { owner, distance: hit.distance, point: hit.point.clone(), normal };
    }
    return best;
  }

  /** Calls `visit` with every triangle whose box touches `box`. The triangle object is reused: copy what you keep. */
  near(box: Box3, visit: (triangle: ExtendedTriangle) => void): void {
    for (const collider of this.#colliders.values()) {
      if (!collider.box.intersectsBox(box)) continue;
      if (collider.motion) settle(collider, collider.motion);
      collider.bvh.shapecast({
        intersectsBounds: (node: Box3) => node.intersectsBox(box),
        intersectsTriangle: (triangle: ExtendedTriangle) => {
          visit(triangle);
          return false;
        },
      });
    }
  }

  #bound(): void {
    this.bounds.makeEmpty();
    for (const collider of this.#colliders.values()) this.bounds.union(collider.box);
  }
}

/** Moves a collider's triangles. The hierarchy keeps its branches and gets new boxes, which is far quicker than building it. */
function settle(collider: Collider, motion: Matrix4): void {
  collider.bvh.geometry.applyMatrix4(motion);
  collider.bvh.refit();
  collider.bvh.getBoundingBox(collider.box);
  collider.motion = null;
}

/** True if no collider for which `counts` is true lies between two points; the last `slack` metres before `to` are ignored. */
export function clearBetween(
  colliders: Colliders,
  from: Vector3,
  to: Vector3,
  slack: number,
  counts?: OwnerFilter,
): boolean {
  const way = to.clone().sub(from);
  const distance = way.length() - slack;
  return distance <= 0 || colliders.ray(from, way.normalize(), distance, counts) === null;
}

/** A copy of a mesh's positions and indices in world coordinates. */
export function worldGeometry(mesh: Mesh): BufferGeometry {
  const geometry = mesh.geometry.clone();
  for (const name of Object.keys(geometry.attributes)) if (name !== "position") geometry.deleteAttribute(name);
  return geometry.applyMatrix4(mesh.matrixWorld);
}
