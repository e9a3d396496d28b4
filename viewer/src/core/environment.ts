import {
  CubeTexture,
  DataTexture,
  DataUtils,
  HalfFloatType,
  LinearFilter,
  LinearMipmapLinearFilter,
  LinearSRGBColorSpace,
  RGBAFormat,
} from "three";
import type { Vec3 } from "../document/schema.ts";

/**
 * The light around the exhibits: a museum's ceiling, its soft lamps and its floor, as spherical Gaussians (Wang et al., All-Frequency
 * Rendering of Dynamic, Spatially-Varying Reflectance, 2009). What a rough surface reflects of a Gaussian is a broader Gaussian, so
 * every level of the cube map is computed in closed form, within milliseconds and without the GPU.
 */
interface SoftLight {
  readonly towards: Vec3; // hall frame
  readonly sharpness: number;
  readonly radiance: Vec3; // linear RGB at its middle
}

const WALLS: Vec3 = [0.29, 0.29, 0.29];
const WHITE: Vec3 = [1, 1, 1];
const WARM: Vec3 = [1.03, 1, 0.95];
const COOL: Vec3 = [0.96, 1, 1.05];
const LIGHTS: readonly SoftLight[] = [
  softLight([0, -1, 0], 1.2, 0.19, WARM), // the floor
  softLight([0, 1, 0], 2.5, 0.65, WHITE), // the ceiling
  softLight([0, 1, 0], 40, 7.7, WHITE),
  softLight([-0.55, 0.5, 0.7], 18, 6.4, WARM),
  softLight([0.75, 0.4, 0.55], 14, 3.6, COOL),
  softLight([0.45, 0.45, -0.8], 20, 2.7, WHITE),
  softLight([-0.85, 0.3, -0.45], 25, 2.1, COOL),
];
const SIZE = 64;
const LEVELS = 4; // 64, 32, 16, 8 px: WebGLRenderer reads roughness 1, and the diffuse light, from the last
const COSINE = 1.63; // sharpness by which the cosine at the surface narrows what a rough surface reflects

/** Radiance (linear RGB) that a surface of this roughness, seen along its normal, reflects from around a unit direction. */
export function reflected(direction: Readonly<Vec3>, roughness: number): Vec3 {
  const [x, y, z] = direction;
  const sum: Vec3 = [...WALLS];
  for (const { towards, sharpness, radiance } of LIGHTS) {
    const broad = roughness > 0 ? broadened(sharpness, 1 / (2 * roughness ** 4) + COSINE) : sharpness;
    const cosine = x * towards[0] + y * towards[1] + z * towards[2];
    const share = (integral(sharpness) / integral(broad)) * Math.exp(broad * (cosine - 1));
    for (let i = 0; i < 3; i++) sum[i] = (sum[i] as number) + share * (radiance[i] as number);
  }
  return sum;
}

/** The cube map that lit materials reflect, with a level for each roughness as three.js's PMREM has them. */
export function museumLight(): CubeTexture {
  const levels = Array.from({ length: LEVELS + 1 }, (_, level) => {
    const lod = Math.min(level, LEVELS - 1); // three.js counts the levels below the first: one more than is read
    const roughness = 1 - Math.sqrt(1 - lod / (LEVELS - 1)); // PMREMGenerator.lodToRoughness
    return FACES.map((face) => faceTexture(face, SIZE >> level, roughness));
  });
  const texture = new CubeTexture(levels[0] as never);
  texture.mipmaps = levels.slice(1).map((faces) => new CubeTexture(faces as never)) as never;
  texture.type = HalfFloatType;
  texture.format = RGBAFormat;
  texture.colorSpace = LinearSRGBColorSpace;
  texture.minFilter = LinearMipmapLinearFilter;
  texture.magFilter = LinearFilter;
  texture.generateMipmaps = false;
  texture.flipY = false;
  Object.assign(texture, { isPMREMTexture: true }); // it is filtered already
  texture.needsUpdate = true;
  return texture;
}

/** Direction of a texel at (s, t), -1..1, of each face (OpenGL ES 3.0, 3.8.10). */
const FACES: readonly ((s: number, t: number) => Vec3)[] = [
  (s, t) => [1, -t, -s],
  (s, t) => [-1, -t, s],
  (s, t) => [s, 1, t],
  (s, t) => [s, -1, -t],
  (s, t) => [s, -t, 1],
  (s, t) => [-s, -t, -1],
];

function faceTexture(face: (s: number, t: number) => Vec3, size: number, roughness: number): DataTexture {
  const texels = new Uint16Array(4 * size * size);
  const opaque = DataUtils.toHalfFloat(1);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const [x, y, z] = face((2 * column + 1) / size - 1, (2 * row + 1) / size - 1);
      const length = Math.hypot(x, y, z);
      const light = reflected([-x / length, y / length, z / length], roughness); // three.js looks a cube map up with -x
      const at = 4 * (row * size + column);
      for (let i = 0; i < 3; i++) texels[at + i] = DataUtils.toHalfFloat(light[i] as number);
      texels[at + 3] = opaque;
    }
  const texture = new DataTexture(texels, size, size, RGBAFormat, HalfFloatType);
  texture.needsUpdate = true;
  return texture;
}

function softLight(towards: Vec3, sharpness: number, radiance: number, colour: Vec3): SoftLight {
  const length = Math.hypot(...towards);
  return {
    towards: towards.map((v) => v / length) as Vec3,
    sharpness,
    radiance: colour.map((v) => v * radiance) as Vec3,
  };
}

/** Sharpness of the convolution of two Gaussians. */
function broadened(a: number, b: number): number {
  return (a * b) / (a + b);
}

/** Over all directions. */
function integral(sharpness: number): number {
  return ((2 * Math.PI) / sharpness) * (1 - Math.exp(-2 * sharpness));
}
