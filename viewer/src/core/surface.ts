import { type BufferGeometry, DoubleSide, Matrix4, type Mesh, type Object3D, Ray, type Vector3 } from "three";
import { MeshBVH } from "three-mesh-bvh";

/** Where a ray meets a model's surface, hall frame. */
export interface Touch {
  readonly point: Vector3;
  readonly normal: Vector3; // unit, outwards as the triangle is wound
  readonly distance: number; // m
}

const hierarchies = new WeakMap<BufferGeometry, MeshBVH>();

/** The very triangles that are drawn of a model, for rays. A hierarchy is made once for each geometry and leaves it as it is. */
export class Surface {
  readonly #root: Object3D;

  constructor(root: Object3D) {
    this.#root = root;
  }

  /** The first touch within `far` metres, from either side of the surface. Takes the model as it stands at the moment. */
  ray(origin: Vector3, direction: Vector3, far = Number.POSITIVE_INFINITY): Touch | null {
    let best: Touch | null = null;
    this.#root.updateWorldMatrix(true, true);
    this.#root.traverseVisible((object) => {
      const mesh = object as Mesh;
      if (!mesh.isMesh) return;
      const inverse = new Matrix4().copy(mesh.matrixWorld).invert();
      const ray = new Ray(origin.clone(), direction.clone()).applyMatrix4(inverse);
      const hit = hierarchyOf(mesh.geometry).raycastFirst(ray, DoubleSide);
      if (!hit?.face) return;
      const point = hit.point.clone().applyMatrix4(mesh.matrixWorld);
      const distance = point.distanceTo(origin);
      if (distance > (best?.distance ?? far)) return;
      best = { point, normal: hit.face.normal.clone().transformDirection(mesh.matrixWorld), distance };
    });
    return best;
  }
}

function hierarchyOf(geometry: BufferGeometry): MeshBVH {
  let hierarchy = hierarchies.get(geometry);
  if (!hierarchy) {
    hierarchy = new MeshBVH(geometry, { indirect: true, targetLeafSize: 8 });
    hierarchies.set(geometry, hierarchy);
  }
  return hierarchy;
}
