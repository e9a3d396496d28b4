import { Box3, type BufferAttribute, type Object3D, type Points, type PointsMaterial, Vector3 } from "three";

const CELLS = 64; // along the longest side, to estimate the area of a cloud
const SAMPLE = 200_000; // number of points that are sampled
const OVERLAP = 1.7; // diameter of a disc in spacings, so that the surface has no gaps

/**
 * The mean spacing of a cloud's points, in the cloud's unit: the square root of the area per point. The area is that of the occupied
 * cells of a grid.
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

/** Prepares the points of a scan: round, so large that the surface has no gaps, in the recorded colours. */
export function preparePointClouds(root: Object3D): void {
  root.traverse((object) => {
    const points = object as Points;
    if (!points.isPoints || !points.geometry.attributes.position) return;
    const material = points.material as PointsMaterial;
    material.size = spacingOf(points.geometry.attributes.position) * OVERLAP;
    material.sizeAttenuation = true; // glTF only defines points of one pixel
    material.toneMapped = false;
    material.onBeforeCompile = (shader) => {
      // three ignores the angle of view and the scale of the exhibit.
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
