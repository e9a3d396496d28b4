import {
  DepthTexture,
  DoubleSide,
  LessEqualCompare,
  LinearFilter,
  type Material,
  Matrix4,
  type Mesh,
  MeshBasicMaterial,
  OrthographicCamera,
  type PerspectiveCamera,
  Scene,
  type Sphere,
  UnsignedIntType,
  type Vector3,
  type WebGLRenderer,
  WebGLRenderTarget,
} from "three";

/** The matrix from clip space (-1..1) to the shadow map's coordinates (0..1). */
const PICTURE = new Matrix4().set(0.5, 0, 0, 0.5, 0, 0.5, 0, 0.5, 0, 0, 0.5, 0.5, 0, 0, 0, 1);

/** Aims the shadow camera along parallel light, so that it sees all of `sphere`. `to` is the unit vector to the lamp. */
export function aim(camera: OrthographicCamera, sphere: Sphere, to: Vector3): void {
  const { center, radius } = sphere;
  camera.left = camera.bottom = -radius;
  camera.right = camera.top = radius;
  camera.near = 0;
  camera.far = 2 * radius;
  camera.up.set(0, Math.abs(to.y) < 0.9 ? 1 : 0, Math.abs(to.y) < 0.9 ? 0 : 1);
  camera.position.copy(center).addScaledVector(to, radius);
  camera.lookAt(center);
  camera.updateMatrixWorld();
  camera.updateProjectionMatrix();
}

/** The shadow that a model casts on itself in parallel light (a shadow map). */
export class CastShadow {
  /** The uniforms of materials whose fragment shader calls `shadowAt`. */
  readonly uniforms;
  readonly #scene = new Scene();
  readonly #camera = new OrthographicCamera();
  readonly #target: WebGLRenderTarget;

  /** `size` is the width of the shadow map, pixels. */
  constructor(size: number) {
    const depthTexture = new DepthTexture(size, size, UnsignedIntType);
    depthTexture.compareFunction = LessEqualCompare;
    depthTexture.minFilter = depthTexture.magFilter = LinearFilter;
    this.#target = new WebGLRenderTarget(size, size, { depthTexture });
    this.uniforms = {
      shadowPicture: { value: depthTexture },
      shadowFromEye: { value: new Matrix4() },
      shadowPixel: { value: 1 }, // m: the size of a pixel of the shadow map in the hall
    };
  }

  /** The meshes that cast the shadow from now on. */
  set casters(meshes: Iterable<Mesh>) {
    this.#release();
    for (const mesh of meshes) {
      const caster = mesh.clone(false);
      const { alphaTest, map } = [mesh.material].flat()[0] as MeshBasicMaterial;
      const holes = alphaTest > 0 ? { map, alphaTest } : {};
      caster.material = new MeshBasicMaterial({ side: DoubleSide, colorWrite: false, ...holes });
      caster.matrixAutoUpdate = false;
      mesh.updateWorldMatrix(true, false); // it may never have been drawn
      caster.matrix.copy(mesh.matrixWorld);
      this.#scene.add(caster);
    }
  }

  /** Draws the shadow map for a frame that `eye` draws. Hall frame: `to` is the unit vector to the lamp, `sphere` contains the model. */
  draw(renderer: WebGLRenderer, eye: PerspectiveCamera, sphere: Sphere, to: Vector3): void {
    aim(this.#camera, sphere, to);
    const { shadowFromEye, shadowPixel } = this.uniforms;
    shadowFromEye.value
      .multiplyMatrices(PICTURE, this.#camera.projectionMatrix)
      .multiply(this.#camera.matrixWorldInverse)
      .multiply(eye.matrixWorld);
    shadowPixel.value = (2 * sphere.radius) / this.#target.width;
    renderer.setRenderTarget(this.#target);
    renderer.render(this.#scene, this.#camera);
    renderer.setRenderTarget(null);
  }

  close(): void {
    this.#release();
    this.#target.dispose();
    this.uniforms.shadowPicture.value.dispose();
  }

  #release(): void {
    for (const caster of this.#scene.children as Mesh[]) (caster.material as Material).dispose();
    this.#scene.clear();
  }
}

/**
 * The share of the lamp's light that reaches a place, 0 to 1. `place` and the unit vector `normal` are in the eye's frame. The place
 * is first moved off the surface, farther where the light comes in at a flatter angle: otherwise the surface would shadow itself.
 */
export const SHADOW_AT = `
uniform highp sampler2DShadow shadowPicture;
uniform mat4 shadowFromEye;
uniform float shadowPixel;
float shadowAt(vec3 place, vec3 normal, vec3 to) {
  float slope = 1.0 - abs(dot(normal, to));
  vec3 lifted = place + shadowPixel * ((1.0 + 2.5 * slope) * normal + 1.5 * to);
  vec3 at = (shadowFromEye * vec4(lifted, 1.0)).xyz;
  if (any(lessThan(at, vec3(0.0))) || any(greaterThan(at, vec3(1.0)))) return 1.0;
  vec2 pixel = 1.0 / vec2(textureSize(shadowPicture, 0));
  float seen = 0.0;
  for (int y = -1; y <= 1; y++)
    for (int x = -1; x <= 1; x++) seen += texture(shadowPicture, at + vec3(vec2(x, y) * pixel, 0.0));
  return seen / 9.0;
}
`;
