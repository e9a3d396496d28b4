import { Box3, type Mesh, type Object3D, Vector3 } from "three";

const GRID = 1e5; // steps along a model's diagonal; corners within one step are the same

/**
 * The size of the largest opening in a model's surface, as a share of its diagonal; 0 if every edge has triangles on both sides.
 * A crack of the size of a triangle counts with its small size.
 */
export function largestOpening(root: Object3D): number {
  root.updateWorldMatrix(true, true);
  const meshes: Mesh[] = [];
  root.traverse((object) => (object as Mesh).isMesh && meshes.push(object as Mesh));
  const box = new Box3();
  for (const mesh of meshes) box.expandByObject(mesh);
  const diagonal = box.getSize(new Vector3()).length();
  if (diagonal === 0) return 0;

  const corners = new TupleTable(3);
  const edges = new TupleTable(2);
  const balance: number[] = []; // by edge: how often triangles use it in one direction, minus the other
  const points: Vector3[] = [];
  const point = new Vector3();
  for (const mesh of meshes) {
    const { position } = mesh.geometry.attributes;
    if (!position) continue;
    const ids = new Int32Array(position.count);
    for (let i = 0; i < position.count; i++) {
      point.fromBufferAttribute(position, i).applyMatrix4(mesh.matrixWorld).sub(box.min);
      const [x, y, z] = point.toArray().map((v) => Math.round((v / diagonal) * GRID)) as [number, number, number];
      const id = corners.idOf(x, y, z);
      if (id === points.length) points.push(point.clone());
      ids[i] = id;
    }
    const index = mesh.geometry.index;
    const count = index?.count ?? position.count;
    const corner = (i: number) => ids[index ? index.getX(i) : i] as number;
    for (let i = 0; i < count; i += 3) {
      for (let k = 0; k < 3; k++) {
        const a = corner(i + k);
        const b = corner(i + ((k + 1) % 3));
        if (a === b) continue;
        const edge = edges.idOf(Math.min(a, b), Math.max(a, b), 0);
        balance[edge] = (balance[edge] ?? 0) + (a < b ? 1 : -1);
      }
    }
  }

  const chains = new Map<number, number>(); // corners of a boundary loop; each points to the first corner of its chain
  const first = (corner: number): number => {
    let at = corner;
    while (chains.get(at) !== at) at = chains.get(at) ?? chains.set(at, at).get(at) ?? at;
    chains.set(corner, at);
    return at;
  };
  for (const [edge, sum] of balance.entries()) {
    if (sum !== 0) chains.set(first(edges.part(edge, 0)), first(edges.part(edge, 1)));
  }
  const loops = new Map<number, Box3>();
  for (const corner of chains.keys()) {
    const start = first(corner);
    const loop = loops.get(start) ?? new Box3();
    loops.set(start, loop.expandByPoint(points[corner] as Vector3));
  }
  return Math.max(0, ...[...loops.values()].map((loop) => loop.getSize(new Vector3()).length())) / diagonal;
}

/** Numbers tuples of integers in the order of their first use. */
class TupleTable {
  readonly #width: number;
  #parts: Int32Array;
  #slots: Int32Array;
  #count = 0;

  constructor(width: number) {
    this.#width = width;
    this.#parts = new Int32Array(width << 12);
    this.#slots = new Int32Array(1 << 13).fill(-1);
  }

  idOf(a: number, b: number, c: number): number {
    if (this.#count * 2 >= this.#slots.length) this.#grow();
    const slot = this.#slot(a, b, c);
    const known = this.#slots[slot] as number;
    if (known >= 0) return known;
    const id = this.#count++;
    this.#slots[slot] = id;
    this.#parts.set(this.#width === 3 ? [a, b, c] : [a, b], id * this.#width);
    return id;
  }

  part(id: number, i: number): number {
    return this.#parts[id * this.#width + i] as number;
  }

  #slot(a: number, b: number, c: number): number {
    const mask = this.#slots.length - 1;
    let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let slot = (hash ^ (hash >>> 13)) & mask;
    for (;;) {
      const id = this.#slots[slot] as number;
      if (id < 0) return slot;
      const at = id * this.#width;
      if (this.#parts[at] === a && this.#parts[at + 1] === b && (this.#width < 3 || this.#parts[at + 2] === c))
        return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const parts = new Int32Array(this.#parts.length * 2);
    parts.set(this.#parts);
    this.#parts = parts;
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (let id = 0; id < this.#count; id++) {
      const c = this.#width === 3 ? this.part(id, 2) : 0;
      this.#slots[this.#slot(this.part(id, 0), this.part(id, 1), c)] = id;
    }
  }
}
