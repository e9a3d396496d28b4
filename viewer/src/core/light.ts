import {
  CanvasTexture,
  Color,
  type CubeTexture,
  DirectionalLight,
  HemisphereLight,
  type Material,
  Mesh,
  MeshBasicMaterial,
  MeshStandardMaterial,
  type Object3D,
  PlaneGeometry,
  PointsMaterial,
  type Scene,
  ShaderMaterial,
  SRGBColorSpace,
  Vector3,
} from "three";
import type { Hall, Vec3 } from "../document/schema.ts";
import { museumLight } from "./environment.ts";
import { preparePointClouds } from "./point-cloud.ts";
import { clamp, damp, mix } from "./units.ts";

/** Adds the hall's light for lit materials. Photographed surfaces are unlit: their light is in the photographs. */
export function addLight(scene: Scene, light: Hall["light"]): Lighting {
  const lighting = new Lighting(scene);
  lighting.set(light);
  scene.add(...lighting.lamps);
  return lighting;
}

const EASE = 1.6; // per second
const ENVIRONMENT = 0.45; // of the soft light around the exhibits, in the room
/** The light on the stage, the same in every hall: more of the soft light, less of the lamps. */
const STAGE = {
  sky: 0.55,
  sun: 1.1,
  environment: 0.95,
  white: new Color("#fffaf2"),
  ground: new Color("#8a857e"),
} as const;

/**
 * The hall's ambient light. A zone may have another value, to which the light changes gradually. The room's baked light changes in
 * proportion.
 */
export class Lighting {
  /** The ambient light of the visitor's zone; null: the hall's own. */
  goal: number | null = null;
  readonly #sky = new HemisphereLight();
  readonly #sun = new DirectionalLight();
  #own = 0;
  #ambient = 0; // of the visitor's zone, on the way to its goal
  #hall = { sky: new Color(), ground: new Color(), sun: new Color(), intensity: 0, towards: new Vector3() };
  readonly #front = new Vector3(0, 0, 1);
  #staged = 0;
  readonly #scene: Scene | null;
  #baked: { readonly material: MeshStandardMaterial | MeshBasicMaterial; readonly intensity: number }[] = [];

  /** `scene`: whose soft light changes too. */
  constructor(scene: Scene | null = null) {
    this.#scene = scene;
  }

  get lamps(): readonly Object3D[] {
    return [this.#sky, this.#sun];
  }

  /** Changes to this light at once. */
  set(light: Hall["light"]): void {
    const hall = this.#hall;
    hall.sky.set(light?.sky ?? "#fdf8f0");
    hall.ground.set(light?.ground ?? "#8a7f73");
    this.#own = light?.ambient ?? 1.2;
    this.#ambient = this.goal ?? this.#own;
    const key = light?.key ?? { direction: [-0.4, -1, -0.3], intensity: 1.6, colour: "#fff4e2" };
    hall.sun.set(key.colour);
    hall.intensity = key.intensity;
    hall.towards.set(...(key.direction as Vec3)).normalize();
    this.#shine();
  }

  /** From the hall's light (0) to that of the stage (1). */
  set staged(share: number) {
    this.#staged = share;
    this.#shine();
  }

  /** Turns the light of the stage so that it comes from the same side of every exhibit. `front`: horizontal unit vector. */
  turn(front: Vector3): void {
    this.#front.copy(front);
  }

  /** Lets the baked light of this room change too. */
  follow(room: Object3D): void {
    this.#baked = [];
    for (const material of materialsOf(room)) {
      if (material instanceof MeshBasicMaterial || material instanceof MeshStandardMaterial)
        this.#baked.push({ material, intensity: material.lightMapIntensity });
    }
    this.#bake();
  }

  /** True while the light changes. With `calm` it changes at once. */
  update(seconds: number, calm: boolean): boolean {
    const goal = this.goal ?? this.#own;
    const left = Math.abs(goal - this.#ambient);
    if (left === 0) return false;
    this.#ambient = calm || left < 0.005 ? goal : damp(this.#ambient, goal, EASE, seconds);
    this.#shine();
    return true;
  }

  #shine(): void {
    const [hall, staged, front] = [this.#hall, this.#staged, this.#front];
    this.#sky.color.copy(hall.sky).lerp(STAGE.white, staged);
    this.#sky.groundColor.copy(hall.ground).lerp(STAGE.ground, staged);
    this.#sky.intensity = mix(this.#ambient, STAGE.sky, staged);
    this.#sun.color.copy(hall.sun).lerp(STAGE.white, staged);
    this.#sun.intensity = mix(hall.intensity, STAGE.sun, staged);
    // On the stage, from above at the left of whoever stands before the exhibit.
    const to = new Vector3(0.75 * front.x - 0.6 * front.z, 1, 0.75 * front.z + 0.6 * front.x).normalize();
    this.#sun.position.copy(hall.towards).negate().lerp(to, staged).normalize().multiplyScalar(10);
    if (this.#scene) {
      this.#scene.environmentIntensity = mix(ENVIRONMENT, STAGE.environment, staged);
      this.#scene.environmentRotation.y = staged > 0 ? Math.atan2(front.x, front.z) : 0;
    }
    this.#bake();
  }

  #bake(): void {
    const share = clamp(this.#ambient / Math.max(this.#own, 1e-3), 0.1, 1.6);
    for (const { material, intensity } of this.#baked) {
      if (material.lightMap) material.lightMapIntensity = intensity * share;
      else if (material instanceof MeshBasicMaterial) material.color.setScalar(share);
    }
  }
}

/** Adds soft reflections for lit materials. Dispose of the returned texture together with the scene. */
export function addReflections(scene: Scene): CubeTexture {
  const texture = museumLight();
  scene.environment = texture;
  return texture;
}

/** Prepares a loaded model: keeps photographed colours, keeps textures sharp. True if it has a lit material. */
export function prepare(root: Object3D): boolean {
  let lit = false;
  const simpler = new Map<Material, Material>();
  preparePointClouds(root);
  for (const material of materialsOf(root)) {
    if (material instanceof PointsMaterial || material instanceof ShaderMaterial) continue;
    const basic = material instanceof MeshBasicMaterial;
    if (basic)
      material.toneMapped = material.lightMap !== null; // baked light, as against a photograph
    else lit = true;
    if (material instanceof MeshStandardMaterial && showBaked(material) && isMatte(material))
      simpler.set(material, matte(material));
    const { map } = material as MeshBasicMaterial;
    if (map) map.anisotropy = material.alphaTest > 0 ? 1 : 8; // cards of leaves stand every way
  }
  root.traverse((object) => {
    const mesh = object as Mesh;
    if (mesh.isMesh && !Array.isArray(mesh.material)) mesh.material = simpler.get(mesh.material) ?? mesh.material;
  });
  return lit;
}

/** Shader of a surface with a lightmap: the lightmap contains the hall's lamps, so the lamps of the scene are left out. */
const BAKED = `
#include <lights_fragment_end>
#ifdef USE_LIGHTMAP
  vec3 above = normalize((viewMatrix * vec4(0.4, 1.0, 0.5, 0.0)).xyz);
  float relief = clamp(1.0 + 0.9 * dot(normal - nonPerturbedNormal, above), 0.4, 1.5);
  reflectedLight.directDiffuse = vec3(0.0);
  reflectedLight.directSpecular = vec3(0.0);
  reflectedLight.indirectDiffuse = lightMapIrradiance * relief * BRDF_Lambert(material.diffuseColor);
  reflectedLight.indirectSpecular *= min(1.0, 0.25 * dot(lightMapIrradiance, vec3(RECIPROCAL_PI)));
#endif
`;

/**
 * Uses the occlusion map of the architecture's materials as a lightmap: sRGB-coded irradiance / pi, where 1.0 stands for
 * `extras.lightmap.scale`. False if there is none.
 */
function showBaked(material: MeshStandardMaterial): boolean {
  const scale = (material.userData.lightmap as { scale?: unknown } | undefined)?.scale;
  if (typeof scale !== "number" || !material.aoMap) return false;
  material.lightMap = material.aoMap;
  material.lightMap.colorSpace = SRGBColorSpace;
  material.lightMapIntensity = scale * Math.PI;
  material.aoMap = null;
  material.onBeforeCompile = (shader) => {
    shader.fragmentShader = shader.fragmentShader.replace("#include <lights_fragment_end>", BAKED);
  };
  return true;
}

const MATTE = 0.7; // roughness from which on reflections are too faint to see

function isMatte({ roughness, metalness, normalMap, roughnessMap }: MeshStandardMaterial): boolean {
  return roughness >= MATTE && metalness === 0 && !normalMap && !roughnessMap;
}

/** The same surface in baked light alone, without what lamps need: a fraction of the work for each pixel. */
function matte(lit: MeshStandardMaterial): MeshBasicMaterial {
  const { name, map, color, side, alphaTest, vertexColors, lightMap, lightMapIntensity } = lit;
  lit.dispose();
  return new MeshBasicMaterial({ name, map, color, side, alphaTest, vertexColors, lightMap, lightMapIntensity });
}

export function materialsOf(root: Object3D): Set<Material> {
  const found = new Set<Material>();
  root.traverse((object) => {
    const material = (object as Mesh).material as Material | Material[] | undefined;
    for (const one of Array.isArray(material) ? material : material ? [material] : []) found.add(one);
  });
  return found;
}

/** Of a contact shadow above the ground, m. */
export const SHADOW_HEIGHT = 0.004;

/** The soft shadow below an object of this size; without it, the object seems to float. */
export function contactShadow(width: number, depth: number): Mesh {
  const geometry = new PlaneGeometry(width * 1.16, depth * 1.16).rotateX(-Math.PI / 2);
  const material = new MeshBasicMaterial({
    color: new Color("#120c08"),
    alphaMap: spot(),
    transparent: true,
    opacity: 0.46,
    depthWrite: false,
    polygonOffset: true,
    polygonOffsetFactor: -2,
    polygonOffsetUnits: -2,
    toneMapped: false,
  });
  const mesh = new Mesh(geometry, material);
  mesh.position.y = SHADOW_HEIGHT;
  mesh.renderOrder = 1;
  return mesh;
}

let spotTexture: CanvasTexture | null = null;

function spot(): CanvasTexture {
  if (spotTexture) return spotTexture;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 128;
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  const gradient = context.createRadialGradient(64, 64, 0, 64, 64, 64);
  for (const [at, grey] of [
    [0, 255],
    [0.5, 215],
    [0.74, 110],
    [0.9, 26],
    [1, 0],
  ] as const) {
    gradient.addColorStop(at, `rgb(${grey} ${grey} ${grey})`);
  }
  context.fillStyle = gradient;
  context.fillRect(0, 0, 128, 128);
  spotTexture = new CanvasTexture(canvas);
  return spotTexture;
}
