import {
  BufferAttribute,
  type BufferGeometry,
  type InterleavedBufferAttribute,
  Mesh,
  Object3D,
  type SkinnedMesh,
  Vector3,
  Vector4,
} from "three";

/** Whether joints place some of a model's vertices. */
export function hasSkin(root: Object3D): boolean {
  return skinnedMeshes(root).length > 0;
}

/**
 * Replaces the skinned meshes of a model by plain meshes that look the same at rest (glTF 2.0, 3.7.3). Then measurements, sections and
 * the tools' materials use the surface that is drawn.
 */
export function applySkins(root: Object3D): void {
  root.updateMatrixWorld(true);
  for (const skinned of skinnedMeshes(root)) {
    const mesh = new Mesh(atRest(skinned), skinned.material);
    Object3D.prototype.copy.call(mesh, skinned, false); // Mesh's own copy would also copy the old geometry
    for (const child of [...skinned.children]) mesh.add(child);
    skinned.parent?.add(mesh);
    skinned.removeFromParent();
  }
}

/** The geometry of a skinned mesh as its joints and morph targets place it, in the mesh's own frame. */
function atRest(skinned: SkinnedMesh): BufferGeometry {
  const geometry = skinned.geometry.clone();
  const { position, normal, tangent } = geometry.attributes;
  if (position) {
    const place = new Vector3();
    const places = new Float32Array(3 * position.count); // the file's own numbers may be integers of a small range
    for (let i = 0; i < position.count; i++) skinned.getVertexPosition(i, place).toArray(places, 3 * i);
    geometry.setAttribute("position", new BufferAttribute(places, 3));
  }
  if (normal) geometry.setAttribute("normal", turned(skinned, normal, 3));
  if (tangent) geometry.setAttribute("tangent", turned(skinned, tangent, 4));
  for (const name of ["skinIndex", "skinWeight"]) geometry.deleteAttribute(name);
  geometry.morphAttributes = {};
  geometry.boundingBox = geometry.boundingSphere = null;
  return geometry;
}

/** Normals, or tangents with their sign, as the joints turn them. */
function turned(skinned: SkinnedMesh, directions: BufferAttribute | InterleavedBufferAttribute, size: 3 | 4) {
  const out = new BufferAttribute(new Float32Array(size * directions.count), size);
  const direction = new Vector4();
  const unit = new Vector3();
  for (let i = 0; i < directions.count; i++) {
    direction.set(directions.getX(i), directions.getY(i), directions.getZ(i), 0);
    skinned.applyBoneTransform(i, direction);
    unit.set(direction.x, direction.y, direction.z).normalize();
    out.setXYZ(i, unit.x, unit.y, unit.z);
    if (size === 4) out.setW(i, directions.getW(i));
  }
  return out;
}

function skinnedMeshes(root: Object3D): SkinnedMesh[] {
  const found: SkinnedMesh[] = [];
  root.traverse((object) => (object as SkinnedMesh).isSkinnedMesh && found.push(object as SkinnedMesh));
  return found;
}
