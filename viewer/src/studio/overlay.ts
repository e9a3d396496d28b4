import { type Box3, Vector3 } from "three";
import type { Shape, StudioScene } from "./studio-scene.ts";

/** What is drawn over the picture, as vectors: the same lines at every zoom, and elements that the pointer can take hold of. */

const SVG = "http://www.w3.org/2000/svg";

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>> = {},
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** A path along points of the hall; it breaks off where they are behind the camera. */
export function pathOf(scene: StudioScene, points: readonly Vector3[], closed = false): string {
  let path = "";
  let pen = false;
  for (const point of closed && points[0] ? [...points, points[0]] : points) {
    const at = scene.project(point);
    if (at) path += `${pen ? "L" : "M"}${at.x.toFixed(1)} ${at.y.toFixed(1)}`;
    pen = at !== null;
  }
  return path;
}

const EDGES = [
  [0, 1],
  [1, 3],
  [3, 2],
  [2, 0],
  [4, 5],
  [5, 7],
  [7, 6],
  [6, 4],
  [0, 4],
  [1, 5],
  [2, 6],
  [3, 7],
] as const;

/** The corners of a thing's own box, in the hall. */
export function cornersOf({ local, matrix }: Shape): Vector3[] {
  return corners(local).map((corner) => corner.applyMatrix4(matrix));
}

export function corners({ min, max }: Box3): Vector3[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].map(
    (i) => new Vector3((i & 1 ? max : min).x, (i & 2 ? max : min).y, (i & 4 ? max : min).z),
  );
}

/** The edges of a box of eight corners. */
export function boxPath(scene: StudioScene, points: readonly Vector3[]): string {
  return EDGES.map(([a, b]) => pathOf(scene, [points[a] as Vector3, points[b] as Vector3])).join("");
}

/** A level circle around a point. */
export function circle(centre: Vector3, radius: number, normal: "up" | Vector3 = "up", steps = 72): Vector3[] {
  const n = normal === "up" ? new Vector3(0, 1, 0) : normal;
  const a = Math.abs(n.y) > 0.9 ? new Vector3(1, 0, 0) : new Vector3(0, 1, 0).cross(n).normalize();
  const b = n.clone().cross(a);
  return Array.from({ length: steps }, (_, i) => {
    const angle = (2 * Math.PI * i) / steps;
    return centre
      .clone()
      .addScaledVector(a, radius * Math.cos(angle))
      .addScaledVector(b, radius * Math.sin(angle));
  });
}
