import { BoxGeometry, type BufferGeometry, Matrix4, PlaneGeometry, Vector3 } from "three";
import { mergeGeometries } from "three/addons/utils/BufferGeometryUtils.js";
import { Colliders } from "../src/core/colliders.ts";

/** Rooms to walk in: real geometry, small enough to know the truth about. */

function plain(geometry: BufferGeometry): BufferGeometry {
  const flat = geometry.index ? geometry.toNonIndexed() : geometry;
  for (const name of Object.keys(flat.attributes)) if (name !== "position") flat.deleteAttribute(name);
  return flat;
}

/** A box from its least to its greatest corner. */
export function block(x0: number, y0: number, z0: number, x1: number, y1: number, z1: number): BufferGeometry {
  return plain(new BoxGeometry(x1 - x0, y1 - y0, z1 - z0).translate((x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2));
}

/** The inside of a room: a floor at y=0 and four walls without thickness, as far as `half` from the origin. */
export function room(half: number, height = 4): BufferGeometry {
  const wall = () => new PlaneGeometry(2 * half, height).translate(0, height / 2, -half);
  return mergeGeometries([
    plain(new PlaneGeometry(2 * half, 2 * half).rotateX(-Math.PI / 2)),
    ...[0, 1, 2, 3].map((quarter) => plain(wall().rotateY((quarter * Math.PI) / 2))),
  ]);
}

/** A ramp that rises along -Z from z=0 at this slope, `length` metres long on the ground, 4 m wide. */
export function ramp(slope_deg: number, length: number): BufferGeometry {
  const slope = (slope_deg * Math.PI) / 180;
  const surface = new PlaneGeometry(4, length / Math.cos(slope))
    .rotateX(-Math.PI / 2)
    .translate(0, 0, -length / Math.cos(slope) / 2);
  return plain(surface.applyMatrix4(new Matrix4().makeRotationX(slope)));
}

export function collidersOf(...parts: BufferGeometry[]): Colliders {
  const colliders = new Colliders();
  colliders.set(null, mergeGeometries(parts));
  return colliders;
}

/** The same numbers every time (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const ORIGIN = new Vector3();
