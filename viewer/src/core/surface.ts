import {
  type BufferGeometry,
  DoubleSide,
  Matrix4,
  type Mesh,
  type Object3D,
  type Points,
  Ray,
  type Sphere,
  Vector3,
} from "three";
import { MeshBVH } from "three-mesh-bvh";

/** Where a ray hits the surface of a model, hall frame. */
export interface Touch {
  readonly point: Vector3;
  readonly normal: Vector3; // unit, on the front side of the triangle
  readonly distance: number; // m
}

const hierarchies = new WeakMap<BufferGeometry, MeshBVH>();

/**
 * The drawn triangles (or points) of a model, for rays. A bounding volume hierarchy is built once for each geometry, which stays
 * unchanged.
 */
export class Surface {
  readonly #roots: readonly Object3D[];

  constructor(...roots: readonly Object3D[]) {
    this.#roots = roots;
  }

  /**
   * The first hit within `far` metres on the model at its present place, from either side of the surface. A point has no size: a ray
   * hits it if it passes so near that the distance to the ray is at most `slack` times the distance to the eye.
   */
  ray(origin: Vector3, direction: Vector3, far = Number.POSITIVE_INFINITY, slack = 0): Touch | null {
    let best: Touch | null = null;
    const look = (object: Object3D): void => {
      const mesh = object as Mesh;
      if (slack > 0 && (object as Points).isPoints) {
        const touch = touched(object as Points, origin, direction, slack);
        if (touch && touch.distance <= (best?.distance ?? far)) best = touch;
      }
      if (!mesh.isMesh) return;
      const inverse = new Matrix4().copy(mesh.matrixWorld).invert();
      const ray = new Ray(origin.clone(), direction.clone()).applyMatrix4(inverse);
      const hit = hierarchyOf(mesh.geometry).raycastFirst(ray, DoubleSide);
      if (!hit?.face) return;
      const point = hit.point.clone().applyMatrix4(mesh.matrixWorld);
      const distance = point.distanceTo(origin);
      if (distance > (best?.distance ?? far)) return;
      best = { point, normal: hit.face.normal.clone().transformDirection(mesh.matrixWorld), distance };
    };
    for (const root of this.#roots) {
      root.updateWorldMatrix(true, true);
      root.traverseVisible(look);
    }
    return best;
  }
}

/** The point nearest to the origin of a ray, among the points close to the ray. */
function touched(points: Points, origin: Vector3, direction: Vector3, slack: number): Touch | null {
  const { position } = points.geometry.attributes;
  if (!position) return null;
  const ray = new Ray(origin.clone(), direction.clone()).applyMatrix4(new Matrix4().copy(points.matrixWorld).invert());
  if (!points.geometry.boundingSphere) points.geometry.computeBoundingSphere();
  const { center, radius } = points.geometry.boundingSphere as Sphere;
  const reach = radius + slack * (center.distanceTo(ray.origin) + radius);
  if (ray.distanceSqToPoint(center) > reach * reach) return null; // most of a cloud's many parts are elsewhere
  const away = new Vector3();
  let nearest = Number.POSITIVE_INFINITY;
  let found = -1;
  for (let i = 0; i < position.count; i++) {
    away.fromBufferAttribute(position, i).sub(ray.origin);
    const along = away.dot(ray.direction);
    if (along <= 0 || along >= nearest || away.lengthSq() - along * along > (slack * along) ** 2) continue;
    nearest = along;
    found = i;
  }
  if (found < 0) return null;
  const point = away.fromBufferAttribute(position, found).applyMatrix4(points.matrixWorld);
  return { point, normal: direction.clone().negate(), distance: point.distanceTo(origin) };
}

function hierarchyOf(geometry: BufferGeometry): MeshBVH {
  let hierarchy = hierarchies.get(geometry);
  if (!hierarchy) {
    hierarchy = new MeshBVH(geometry, { indirect: true, targetLeafSize: 8 });
    hierarchies.set(geometry, hierarchy);
  }
  return hierarchy;
}
