import {
  Box3,
  type BufferAttribute,
  type IUniform,
  type Object3D,
  type Points,
  type PointsMaterial,
  Vector2,
  Vector3,
} from "three";
import { clamp } from "./units.ts";

const MOST_CELLS = 64; // along the longest side, to estimate the area of a cloud
const IN_CELL = 8; // points of a surface in a cell, so that a cell without any is no part of it
const SAMPLE = 200_000; // number of points that are sampled
const OVERLAP = 1.7; // diameter of a disc in spacings, so that the surface has no gaps
const MOST_FINER = 24; // clouds within another: the eight children of a tile, and those of children without points
const PLAIN = "#c8c8c8"; // of points of which nothing is known, as recon draws them
const WIDEST = 1 / 32; // diameter of a disc, of the picture's height: larger ones would hide all that is behind a coarse cloud

/**
 * The mean spacing of a cloud's points, in the cloud's unit: the square root of the area per point. The area is that of the occupied
 * cells of a grid. About `sample` points are looked at.
 */
export function spacingOf(
  position: Pick<BufferAttribute, "count" | "getX" | "getY" | "getZ">,
  sample = SAMPLE,
): number {
  const box = new Box3();
  const point = new Vector3();
  const step = Math.max(1, Math.floor(position.count / sample));
  const at = (i: number) => point.set(position.getX(i), position.getY(i), position.getZ(i));
  for (let i = 0; i < position.count; i += step) box.expandByPoint(at(i));
  const size = box.getSize(new Vector3());
  const cells = clamp(Math.sqrt(Math.min(position.count, sample) / IN_CELL), 1, MOST_CELLS);
  const cell = Math.max(size.x, size.y, size.z) / cells;
  if (!(cell > 0)) return 0;
  const taken = new Set<number>();
  for (let i = 0; i < position.count; i += step) {
    const { x, y, z } = at(i).sub(box.min).divideScalar(cell).floor();
    taken.add((x * (MOST_CELLS + 1) + y) * (MOST_CELLS + 1) + z);
  }
  return Math.sqrt((taken.size * cell * cell) / position.count);
}

/** Prepares the points of a scan: round, so large that the surface has no gaps, in the recorded colours. */
export function preparePointClouds(root: Object3D): void {
  root.traverse((object) => {
    const points = object as Points;
    if (!points.isPoints || !points.geometry.attributes.position) return;
    const spacing = spacingOf(points.geometry.attributes.position);
    drawDiscs(points.material as PointsMaterial, OVERLAP * spacing, NOTHING_FINER);
  });
}

/** A box in which a finer cloud is drawn too, in the frame of the positions. */
export interface FinerCloud {
  readonly box: Box3;
  readonly spacing: number;
  /** Parts of it are finer still. */
  readonly refined: boolean;
}

/** The clouds that are drawn within another: there, its own points need to be no larger than theirs. */
export class FinerClouds {
  readonly uniforms: Readonly<Record<string, IUniform>>;
  readonly #low = corners();
  readonly #high = corners();
  readonly #sizes = Array.from({ length: MOST_FINER }, () => new Vector2());
  readonly #count: IUniform<number> = { value: 0 };

  /** `limit`: the largest diameter (device pixels) of points where finer clouds have finer ones within. */
  constructor(limit: IUniform<number>) {
    this.uniforms = {
      finerLow: { value: this.#low },
      finerHigh: { value: this.#high },
      finerSize: { value: this.#sizes },
      finerCount: this.#count,
      finerLimit: limit,
    };
  }

  /** `spacing`: of the coarser cloud, in the unit of its positions. More than MOST_FINER clouds are left out. */
  set(spacing: number, finer: readonly FinerCloud[]): void {
    const shown = finer.slice(0, MOST_FINER);
    this.#count.value = shown.length;
    for (const [i, { box, spacing: smaller, refined }] of shown.entries()) {
      this.#low[i]?.copy(box.min);
      this.#high[i]?.copy(box.max);
      this.#sizes[i]?.set(Math.min(1, smaller / spacing), refined ? 1 : 0);
    }
  }
}

function corners(): Vector3[] {
  return Array.from({ length: MOST_FINER }, () => new Vector3());
}

const NOTHING_FINER = new FinerClouds({ value: 0 });

/** Draws points as discs of this diameter, in the unit of the positions, and as smaller ones among finer points. */
export function drawDiscs(material: PointsMaterial, diameter: number, finer: FinerClouds): void {
  material.size = diameter;
  material.sizeAttenuation = true; // glTF only defines points of one pixel
  material.toneMapped = false;
  if (!material.vertexColors) material.color.set(PLAIN);
  material.onBeforeCompile = (shader) => {
    Object.assign(shader.uniforms, finer.uniforms, { diameter: { value: Math.max(diameter, Number.EPSILON) } });
    shader.vertexShader = shader.vertexShader
      .replace("uniform float size;", FINER)
      // three ignores the angle of view and the scale of the exhibit.
      .replace("gl_PointSize *= ( scale / - mvPosition.z );", SIZE);
    shader.fragmentShader = shader.fragmentShader.replace("#include <clipping_planes_fragment>", ROUND);
  };
}

const FINER = `
uniform float size; // the diameter times the pixel ratio
uniform float diameter;
uniform vec3 finerLow[${MOST_FINER}];
uniform vec3 finerHigh[${MOST_FINER}];
uniform vec2 finerSize[${MOST_FINER}]; // share of the size; 1 where the limit holds
uniform int finerCount;
uniform float finerLimit; // px
`;
const SIZE = `
gl_PointSize = size * scale * projectionMatrix[1][1] * length(modelViewMatrix[0].xyz) / -mvPosition.z;
for (int i = 0; i < ${MOST_FINER}; i++) {
  if (i >= finerCount) break;
  if (any(lessThan(position, finerLow[i])) || any(greaterThan(position, finerHigh[i]))) continue;
  gl_PointSize *= finerSize[i].x;
  if (finerSize[i].y > 0.0) gl_PointSize = min(gl_PointSize, finerLimit);
  break;
}
gl_PointSize = clamp(gl_PointSize, 1.5, max(1.5, ${(2 * WIDEST).toFixed(6)} * scale * size / diameter));
`;
const ROUND = `
#include <clipping_planes_fragment>
vec2 fromCentre = gl_PointCoord - 0.5;
if (length(fromCentre) > 0.5) discard;
#if !defined( USE_COLOR ) && !defined( USE_COLOR_ALPHA )
diffuseColor.rgb *= 1.0 - 2.0 * dot(fromCentre, fromCentre); // like a bead: points of one colour would be a white-out
#endif
`;
