import { BufferAttribute, type BufferGeometry, Vector3 } from "three";

/**
 * Gives a geometry smooth normals if it has none: at each corner, the mean of its triangles' normals, weighted by area. Corners that
 * only differ in their texture coordinates count as one, so that no seam is visible.
 */
export function smoothNormals(geometry: BufferGeometry): void {
  const { position, normal } = geometry.attributes;
  if (normal || !position) return;
  const { index } = geometry;
  const count = index?.count ?? position.count;
  const sums = new Map<string, Vector3>();
  const at: Vector3[] = [];
  for (let i = 0; i < position.count; i++) {
    const name = `${position.getX(i)} ${position.getY(i)} ${position.getZ(i)}`;
    let sum = sums.get(name);
    if (!sum) {
      sum = new Vector3();
      sums.set(name, sum);
    }
    at.push(sum);
  }
  const [a, b, c] = [new Vector3(), new Vector3(), new Vector3()];
  for (let i = 0; i < count; i += 3) {
    const [ia, ib, ic] = [0, 1, 2].map((k) => (index ? index.getX(i + k) : i + k)) as [number, number, number];
    a.fromBufferAttribute(position, ia);
    b.fromBufferAttribute(position, ib).sub(a);
    c.fromBufferAttribute(position, ic).sub(a);
    b.cross(c);
    for (const k of [ia, ib, ic]) at[k]?.add(b);
  }
  const normals = new Float32Array(position.count * 3);
  for (const [i, sum] of at.entries())
    sum
      .clone()
      .normalize()
      .toArray(normals, 3 * i);
  geometry.setAttribute("normal", new BufferAttribute(normals, 3));
}
