import {
  type BufferGeometry,
  type Camera,
  CustomBlending,
  DataTexture,
  Float32BufferAttribute,
  GLSL3,
  InstancedBufferGeometry,
  Matrix4,
  Mesh,
  type Object3D,
  OneFactor,
  OneMinusSrcAlphaFactor,
  type PixelFormat,
  type Points,
  Quaternion,
  RedIntegerFormat,
  RGBAIntegerFormat,
  type Scene,
  ShaderMaterial,
  Sphere,
  UnsignedIntType,
  Vector2,
  Vector3,
  Vector4,
  type WebGLRenderer,
} from "three";
import { clamp } from "./units.ts";

const PREFIX = "khr_gaussian_splatting:"; // three's glTF loader has attributes of extensions in lower case
const SH0 = 0.28209479177387814; // the spherical harmonic of degree 0
const WIDTH = 2048; // texels in a row
const TEXELS = 3; // of one Gaussian
const BINS = 1 << 16;
const STEP = 0.01; // the order is computed again when the eye has moved by this share of its distance

/** Replaces the points that the glTF loader makes of Gaussians (KHR_gaussian_splatting) by ellipses. */
export function showSplats(root: Object3D): void {
  const found: Points[] = [];
  root.traverse((object) => {
    const points = object as Points;
    if (points.isPoints && points.geometry.attributes[`${PREFIX}scale`]) found.push(points);
  });
  for (const points of found) {
    const material = new SplatMaterial(points.geometry);
    const splats = new Splats(cardsOf(material), material);
    splats.name = points.name;
    splats.renderOrder = 2; // after their contact shadow: they write no depth, so the shadow would cover them
    splats.position.copy(points.position);
    splats.quaternion.copy(points.quaternion);
    splats.scale.copy(points.scale);
    points.parent?.add(splats, ...points.children);
    points.removeFromParent();
  }
}

/** Trained Gaussians. Each is a square that faces the eye; the farthest is drawn first. */
class Splats extends Mesh<InstancedBufferGeometry, SplatMaterial> {
  override onBeforeRender(renderer: WebGLRenderer, _scene: Scene, camera: Camera): void {
    this.material.arrange(this.worldToLocal(new Vector3().setFromMatrixPosition(camera.matrixWorld)));
    const { z, w } = renderer.getCurrentViewport(new Vector4());
    (this.material.uniforms.viewport as { value: Vector2 }).value.set(z, w);
    this.material.uniformsNeedUpdate = true;
  }

  /** Rays do not hit splats: they have no surface. */
  override raycast(): void {}
}

class SplatMaterial extends ShaderMaterial {
  readonly centres: Float32Array;
  readonly sphere: Sphere; // around the centres
  readonly field: DataTexture;
  readonly order: DataTexture;
  readonly #eye = new Vector3(Number.NaN, 0, 0);

  constructor(points: BufferGeometry) {
    const count = points.attributes.position?.count ?? 0;
    const field = numbers(TEXELS * count, RGBAIntegerFormat, 4);
    const order = numbers(count, RedIntegerFormat, 1);
    const centres = pack(points, (field.image.data as Uint32Array<ArrayBuffer>).buffer);
    super({
      glslVersion: GLSL3,
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: { field: { value: field }, order: { value: order }, viewport: { value: new Vector2(1, 1) } },
      transparent: true,
      depthWrite: false,
      blending: CustomBlending, // the colours are premultiplied by their alpha
      blendSrc: OneFactor,
      blendDst: OneMinusSrcAlphaFactor,
      toneMapped: false,
    });
    this.centres = centres;
    this.field = field;
    this.order = order;
    if (!points.boundingSphere) points.computeBoundingSphere();
    this.sphere = points.boundingSphere?.clone() ?? new Sphere();
  }

  /** Sorts the Gaussians, the farthest from `eye` (in their own frame) first. A counting sort, in linear time. */
  arrange(eye: Vector3): void {
    const distance = eye.distanceTo(this.sphere.center);
    if (eye.distanceTo(this.#eye) < STEP * Math.max(distance, this.sphere.radius / 4)) return;
    this.#eye.copy(eye);
    const near = Math.max(0, distance - this.sphere.radius);
    const scale = (BINS - 1) / Math.max(distance + this.sphere.radius - near, 1e-9);
    const count = this.centres.length / 3;
    const bins = new Uint16Array(count);
    const ends = new Uint32Array(BINS + 1);
    for (let i = 0; i < count; i++) {
      const x = (this.centres[3 * i] as number) - eye.x;
      const y = (this.centres[3 * i + 1] as number) - eye.y;
      const z = (this.centres[3 * i + 2] as number) - eye.z;
      const bin = BINS - 1 - clamp(Math.floor((Math.sqrt(x * x + y * y + z * z) - near) * scale), 0, BINS - 1);
      bins[i] = bin;
      ends[bin + 1] = (ends[bin + 1] as number) + 1;
    }
    for (let bin = 0; bin < BINS; bin++) ends[bin + 1] = (ends[bin + 1] as number) + (ends[bin] as number);
    const order = this.order.image.data as Uint32Array;
    for (let i = 0; i < count; i++) {
      const bin = bins[i] as number;
      const place = ends[bin] as number;
      order[place] = i;
      ends[bin] = place + 1;
    }
    this.order.needsUpdate = true;
  }
}

/** One square for each Gaussian, by instancing. The shader finds the Gaussian by the instance's number. */
function cardsOf(material: SplatMaterial): InstancedBufferGeometry {
  const cards = new InstancedBufferGeometry();
  cards.setAttribute("position", new Float32BufferAttribute([-1, -1, 0, 1, -1, 0, 1, 1, 0, -1, 1, 0], 3));
  cards.setIndex([0, 1, 2, 0, 2, 3]);
  cards.instanceCount = material.centres.length / 3;
  cards.boundingSphere = material.sphere;
  return cards;
}

/** Writes three texels per Gaussian: centre and colour, then the six numbers of its covariance. Returns the centres. */
function pack(points: BufferGeometry, texels: ArrayBuffer): Float32Array {
  const attribute = (name: string) => {
    const found = points.attributes[name];
    if (!found) throw new Error(`splats without ${name}`);
    return found;
  };
  const position = attribute("position");
  const scale = attribute(`${PREFIX}scale`);
  const rotation = attribute(`${PREFIX}rotation`);
  const opacity = attribute(`${PREFIX}opacity`);
  const shade = attribute(`${PREFIX}sh_degree_0_coef_0`);
  const { count } = position;
  const centres = new Float32Array(3 * count);
  const floats = new Float32Array(texels);
  const colours = new Uint8ClampedArray(texels); // rounds and bounds
  const turn = new Quaternion();
  const axes = new Matrix4();
  for (let i = 0; i < count; i++) {
    const at = 4 * TEXELS * i;
    const centre = [position.getX(i), position.getY(i), position.getZ(i)];
    centres.set(centre, 3 * i);
    floats.set(centre, at);
    colours[4 * (at + 3)] = 255 * (shade.getX(i) * SH0 + 0.5);
    colours[4 * (at + 3) + 1] = 255 * (shade.getY(i) * SH0 + 0.5);
    colours[4 * (at + 3) + 2] = 255 * (shade.getZ(i) * SH0 + 0.5);
    colours[4 * (at + 3) + 3] = 255 * opacity.getX(i);
    turn.set(rotation.getX(i), rotation.getY(i), rotation.getZ(i), rotation.getW(i)).normalize();
    const { elements: e } = axes.makeRotationFromQuaternion(turn);
    const [x, y, z] = [scale.getX(i) ** 2, scale.getY(i) ** 2, scale.getZ(i) ** 2];
    const sum = (row: number, column: number) =>
      x * (e[row] as number) * (e[column] as number) +
      y * (e[4 + row] as number) * (e[4 + column] as number) +
      z * (e[8 + row] as number) * (e[8 + column] as number);
    floats.set([sum(0, 0), sum(0, 1), sum(0, 2), sum(1, 1), sum(1, 2), sum(2, 2)], at + 4);
  }
  return centres;
}

/** A texture of integers for a shader, `width` numbers in a texel. */
function numbers(texels: number, format: PixelFormat, width: number): DataTexture {
  const rows = Math.max(1, Math.ceil(texels / WIDTH));
  const texture = new DataTexture(new Uint32Array(rows * WIDTH * width), WIDTH, rows, format, UnsignedIntType);
  texture.needsUpdate = true;
  return texture;
}

/** Zwicker et al., EWA Volume Splatting, 2001, as Kerbl et al. (2023) draw it; exhibit/library/splatting.py does the same. */
const VERTEX = `
precision highp usampler2D;
uniform usampler2D field;
uniform usampler2D order;
uniform vec2 viewport; // px
out vec4 tint;
out vec2 deviations;

uvec4 texel(uint place) {
  return texelFetch(field, ivec2(place % ${WIDTH}u, place / ${WIDTH}u), 0);
}

void main() {
  gl_Position = vec4(0.0, 0.0, 2.0, 1.0); // out of sight
  uint place = uint(gl_InstanceID);
  uint first = ${TEXELS}u * texelFetch(order, ivec2(place % ${WIDTH}u, place / ${WIDTH}u), 0).x;
  uvec4 head = texel(first);
  vec4 centre = modelViewMatrix * vec4(uintBitsToFloat(head.xyz), 1.0);
  vec4 clip = projectionMatrix * centre;
  if (clip.w <= 0.0 || clip.z < -clip.w || any(greaterThan(abs(clip.xy), vec2(1.4 * clip.w)))) return;
  vec4 a = uintBitsToFloat(texel(first + 1u));
  vec2 b = uintBitsToFloat(texel(first + 2u).xy);
  mat3 view = mat3(modelViewMatrix);
  mat3 spread = view * mat3(a.x, a.y, a.z, a.y, a.w, b.x, a.z, b.x, b.y) * transpose(view);
  vec2 focal = 0.5 * viewport * vec2(projectionMatrix[0][0], projectionMatrix[1][1]) / -centre.z;
  vec3 across = vec3(focal.x, 0.0, focal.x * centre.x / -centre.z);
  vec3 upward = vec3(0.0, focal.y, focal.y * centre.y / -centre.z);
  float xx = dot(across, spread * across);
  float xy = dot(across, spread * upward);
  float yy = dot(upward, spread * upward);
  float bare = xx * yy - xy * xy;
  xx += 0.3; // px²: the blur of one pixel
  yy += 0.3;
  float middle = 0.5 * (xx + yy);
  float apart = length(vec2(0.5 * (xx - yy), xy));
  vec2 along = apart > 1e-6 ? vec2(xy, middle + apart - xx) : vec2(1.0, 0.0);
  along = dot(along, along) > 1e-12 ? normalize(along) : vec2(1.0, 0.0);
  vec2 reach = min(sqrt(vec2(middle + apart, max(middle - apart, 0.1))), 1024.0);
  deviations = 3.0 * position.xy;
  vec2 offset = deviations.x * reach.x * along + deviations.y * reach.y * vec2(-along.y, along.x);
  tint = vec4(head.w & 255u, head.w >> 8 & 255u, head.w >> 16 & 255u, head.w >> 24) / 255.0;
  tint.a *= sqrt(max(bare, 0.0) / (xx * yy - xy * xy)); // a splat that is narrower than a pixel covers only a part of it
  gl_Position = clip + vec4(2.0 * offset / viewport * clip.w, 0.0, 0.0);
}
`;
const FRAGMENT = `
in vec4 tint;
in vec2 deviations;
out vec4 colour;

void main() {
  float squared = dot(deviations, deviations);
  if (squared > 9.0) discard;
  float alpha = min(tint.a * exp(-0.5 * squared), 0.99);
  colour = vec4(tint.rgb * alpha, alpha);
}
`;
