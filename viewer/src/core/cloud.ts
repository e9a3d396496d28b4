import { Box3, type BufferAttribute, type Object3D, type Points, type PointsMaterial, Vector3 } from "three";

const CELLS = 64; // along the longest side, to see how much room a cloud takes
const SAMPLE = 200_000; // points that are looked at for that
const OVERLAP = 1.7; // a disc's width in spacings, so that a surface closes

/**
 * How far a cloud's points lie from one another, in its own unit: the square root of the area that each has to itself, the area
 * being that of the cells of a grid which hold any.
 */
export function spacingOf(position: Pick<BufferAttribute, "count" | "getX" | "getY" | "getZ">): number {
  const box = new Box3();
  const point = new Vector3();
  const step = Math.max(1, Math.floor(position.count / SAMPLE));
  const at = (i: number) => point.set(position.getX(i), position.getY(i), position.getZ(i));
  for (let i = 0; i < position.count; i += step) box.expandByPoint(at(i));
  const size = box.getSize(new Vector3());
  const cell = Math.max(size.x, size.y, size.z) / CELLS;
  if (!(cell > 0)) return 0;
  const taken = new Set<number>();
  for (let i = 0; i < position.count; i += step) {
    const { x, y, z } = at(i).sub(box.min).divideScalar(cell).floor();
    taken.add((x * (CELLS + 1) + y) * (CELLS + 1) + z);
  }
  return Math.sqrt((taken.size * cell * cell) / position.count);
}

/** Readies a scan's points: round, as large as it takes to close the surface, in the colours that were recorded. */
export function readyClouds(root: Object3D): void {
  root.traverse((object) => {
    const points = object as Points;
    if (!points.isPoints || !points.geometry.attributes.position) return;
    const material = points.material as PointsMaterial;
    material.size = spacingOf(points.geometry.attributes.position) * OVERLAP;
    material.sizeAttenuation = true; // glTF itself knows points of one pixel only
    material.toneMapped = false;
    material.onBeforeCompile = (shader) => {
      // three takes no account of the lens nor of the scale that an exhibit is shown at.
      shader.vertexShader = shader.vertexShader.replace("gl_PointSize *= ( scale / - mvPosition.z );", SIZE);
      shader.fragmentShader = shader.fragmentShader.replace("#include <clipping_planes_fragment>", ROUND);
    };
  });
}

const SIZE = `
gl_PointSize = max(1.5, size * scale * projectionMatrix[1][1] * length(modelViewMatrix[0].xyz) / -mvPosition.z);
`;
const ROUND = `
#include <clipping_planes_fragment>
if (length(gl_PointCoord - 0.5) > 0.5) discard;
`;
