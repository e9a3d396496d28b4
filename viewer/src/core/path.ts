import { Vector3 } from "three";
import { Body } from "./collide.ts";
import type { Colliders } from "./colliders.ts";

const CELL = 0.4; // m between the points of the search grid
const MAX_EXPANDED = 700; // limits the work if a place cannot be reached
const STRAIGHT = 8; // neighbours

interface Node {
  readonly foot: Vector3;
  readonly from: Node | null;
  readonly cost: number;
  readonly guess: number; // estimated length of the whole way
}

/**
 * The way of the body from one place to another, as points that are joined by straight lines. If `to` cannot be reached, the way
 * leads to the nearest place that can be reached; it is empty if no place is nearer. It is found by A*. Places are tested only when
 * they are needed, so that no navigation mesh has to be built.
 */
export function findPath(colliders: Colliders, from: Vector3, to: Vector3): Vector3[] {
  const body = new Body(colliders);
  const direct = stride(body, from, to);
  if (direct) return [direct];

  const start: Node = { foot: from.clone(), from: null, cost: 0, guess: from.distanceTo(to) };
  const open: Node[] = [start];
  const best = new Map<string, number>([[key(0, 0, from.y), 0]]);
  let nearest = start;
  for (let expanded = 0; open.length > 0 && expanded < MAX_EXPANDED; expanded++) {
    const node = takeCheapest(open);
    const left = flat(node.foot, to);
    if (left < flat(nearest.foot, to)) nearest = node;
    if (left < 3 * CELL) {
      const last = stride(body, node.foot, to);
      if (last) {
        nearest = { foot: last, from: node, cost: 0, guess: 0 };
        break;
      }
    }
    const i = Math.round((node.foot.x - from.x) / CELL);
    const j = Math.round((node.foot.z - from.z) / CELL);
    for (let n = 0; n < STRAIGHT; n++) {
      const di = [1, 1, 0, -1, -1, -1, 0, 1][n] as number;
      const dj = [0, 1, 1, 1, 0, -1, -1, -1][n] as number;
      const cost = node.cost + CELL * Math.hypot(di, dj);
      const name = key(i + di, j + dj, node.foot.y);
      if (cost >= (best.get(name) ?? Number.POSITIVE_INFINITY)) continue;
      const goal = new Vector3(from.x + (i + di) * CELL, node.foot.y, from.z + (j + dj) * CELL);
      const foot = stride(body, node.foot, goal);
      if (!foot) continue;
      best.set(name, cost);
      open.push({ foot, from: node, cost, guess: cost + 1.1 * foot.distanceTo(to) });
    }
  }
  return tighten(body, from, nearest);
}

/** Where a straight walk from a to b ends; null if something diverts it. */
function stride(body: Body, a: Vector3, b: Vector3): Vector3 | null {
  body.foot.copy(a);
  const dx = b.x - a.x;
  const dz = b.z - a.z;
  const length = Math.hypot(dx, dz);
  const pieces = Math.max(1, Math.ceil(length / CELL));
  for (let k = 1; k <= pieces; k++) {
    body.move(a.x + (dx * k) / pieces - body.foot.x, a.z + (dz * k) / pieces - body.foot.z, 0.1);
    if (Math.hypot(a.x + (dx * k) / pieces - body.foot.x, a.z + (dz * k) / pieces - body.foot.z) > 0.03) return null;
  }
  return Math.abs(body.foot.y - b.y) < 1 || length < CELL * 1.5 ? body.foot.clone() : null;
}

/** Drops the points that a straight walk does not need. */
function tighten(body: Body, from: Vector3, end: Node): Vector3[] {
  const points: Vector3[] = [];
  for (let node: Node | null = end; node?.from; node = node.from) points.unshift(node.foot);
  const kept: Vector3[] = [];
  let at = from;
  for (let i = 0; i < points.length; ) {
    let next = i;
    for (let k = points.length - 1; k > i; k--) {
      if (stride(body, at, points[k] as Vector3)) {
        next = k;
        break;
      }
    }
    at = points[next] as Vector3;
    kept.push(at);
    i = next + 1;
  }
  return kept;
}

function takeCheapest(open: Node[]): Node {
  let index = 0;
  for (let i = 1; i < open.length; i++) if ((open[i] as Node).guess < (open[index] as Node).guess) index = i;
  return open.splice(index, 1)[0] as Node;
}

function key(i: number, j: number, y: number): string {
  return `${i},${j},${Math.round(y)}`;
}

function flat(a: Vector3, b: Vector3): number {
  return Math.hypot(a.x - b.x, a.z - b.z);
}
