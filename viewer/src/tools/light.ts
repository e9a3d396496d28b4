import {
  Color,
  type Material,
  type Mesh,
  MeshLambertMaterial,
  type MeshStandardMaterial,
  Vector2,
  Vector3,
} from "three";
import { smoothNormals } from "../core/normals.ts";
import type { Relief } from "../core/relief.ts";
import { clamp, DEGREE } from "../core/units.ts";
import { h } from "../ui/dom.ts";
import { plain, Range, write } from "./controls.ts";
import { toolText } from "./i18n.ts";
import { MaterialOverride } from "./material-override.ts";
import { RoomDimmer } from "./room-dimmer.ts";
import { CastShadow, SHADOW_AT } from "./shadow.ts";
import type { Tool, ToolContext } from "./tool.ts";

const DIMMED = 0.3; // share of its light that the room keeps
const CLAY = new Color("#b9b4ac");

/** The direction from which the light comes: degrees clockwise from above in the picture, and degrees towards the eye. */
export interface Lamp {
  readonly azimuth: number;
  readonly elevation: number;
}

/** The unit vector towards a lamp; +X right, +Y up in the picture, +Z to the eye. */
export function towards({ azimuth, elevation }: Lamp): Vector3 {
  const flat = Math.cos(elevation * DEGREE);
  return new Vector3(
    flat * Math.sin(azimuth * DEGREE),
    flat * Math.cos(azimuth * DEGREE),
    Math.sin(elevation * DEGREE),
  );
}

/** The lamp at a point of the dome, which is a disc of radius 1, +Y up. Beyond its edge, the light comes exactly from the side. */
export function lampAt(x: number, y: number): Lamp {
  const azimuth = Math.round(Math.atan2(x, y) / DEGREE);
  return { azimuth: (azimuth + 360) % 360, elevation: Math.round(Math.acos(clamp(Math.hypot(x, y), 0, 1)) / DEGREE) };
}

/** The side from which the light comes: one of eight, clockwise from above. */
export function sideOf(azimuth: number): number {
  return Math.round(azimuth / 45) % 8;
}

/** One lamp that the visitor moves around the exhibit, with its shadows. Light from the side shows relief that photographs hide. */
export function open(context: ToolContext): Tool {
  return new RakingLight(context);
}

class RakingLight implements Tool {
  readonly controls: HTMLElement;
  readonly #context: ToolContext;
  readonly #override: MaterialOverride;
  readonly #uniforms = { rakeDirection: { value: new Vector3() }, rakeGain: { value: 1 } };
  readonly #dimmer: RoomDimmer;
  readonly #shadow = new CastShadow(matchMedia("(pointer: coarse)").matches ? 1024 : 2048);
  readonly #reliefs = new Map<string, Promise<Map<number, Relief>>>();
  readonly #spot = h("span.ly-dome-spot");
  readonly #dome = h("div.ly-dome", { "aria-hidden": "true" }, this.#spot);
  readonly #from: Range;
  readonly #height: Range;
  readonly #shape: HTMLButtonElement;
  #lamp: Lamp = { azimuth: 315, elevation: 18 };
  #shapeOnly = false;

  constructor(context: ToolContext) {
    this.#context = context;
    this.#dimmer = new RoomDimmer(context.hall.scene, DIMMED);
    this.#override = new MaterialOverride(context.exhibit, (own, mesh) => this.#lit(own, mesh));
    this.#from = new Range(0, 359, 1, this.#lamp.azimuth, (azimuth) => this.#set({ ...this.#lamp, azimuth }));
    this.#height = new Range(0, 90, 1, this.#lamp.elevation, (elevation) => this.#set({ ...this.#lamp, elevation }));
    this.#shape = plain("shape", () => this.#toggleShape());
    const ranges = h("div.ly-grow", {}, this.#from.element, this.#height.element, h("div.ly-row", {}, this.#shape));
    this.controls = h("div.ly-beside", {}, this.#dome, ranges);
    this.#dome.addEventListener("pointerdown", (event) => {
      this.#dome.setPointerCapture(event.pointerId);
      this.#point(event);
    });
    this.#dome.addEventListener("pointermove", (event) => {
      if (this.#dome.hasPointerCapture(event.pointerId)) this.#point(event);
    });
  }

  start(): void {
    const { viewport, exhibit } = this.#context;
    const to = new Vector3();
    viewport.painter = (renderer, scene, camera) => {
      to.copy(this.#uniforms.rakeDirection.value).transformDirection(camera.matrixWorld);
      this.#shadow.draw(renderer, camera, exhibit.sphere, to);
      renderer.render(scene, camera);
    };
    this.#set(this.#lamp);
    this.bodyChanged();
  }

  stop(): void {
    this.#context.viewport.painter = null;
    this.#shadow.close();
    this.#dimmer.remove();
    this.#override.restore();
    for (const reliefs of this.#reliefs.values()) {
      void reliefs.then(
        (all) => {
          for (const { normalMap, aoMap } of all.values()) for (const map of [normalMap, aoMap]) map?.dispose();
        },
        () => undefined,
      );
    }
  }

  bodyChanged(): void {
    this.#dimmer.keepBright(this.#context.exhibit.body);
    if (!this.#override.apply()) return;
    this.#shadow.casters = this.#override.meshes;
    void this.#carve();
  }

  write(): void {
    const { lang } = this.#context;
    const { azimuth, elevation } = this.#lamp;
    const side = toolText(lang, "lightSides").split("|")[sideOf(azimuth)] ?? "";
    this.#from.write(toolText(lang, "lightFrom"), side);
    this.#height.write(toolText(lang, "lightHeight"), `${elevation}°`);
    this.#dome.title = toolText(lang, "lightDome");
    write(this.#shape, toolText(lang, "lightShape"), undefined, this.#shapeOnly);
  }

  #point(event: PointerEvent): void {
    const box = this.#dome.getBoundingClientRect();
    const radius = box.width / 2;
    this.#set(lampAt((event.clientX - box.left) / radius - 1, 1 - (event.clientY - box.top) / radius));
  }

  #set(lamp: Lamp): void {
    this.#lamp = lamp;
    const to = towards(lamp);
    this.#uniforms.rakeDirection.value.copy(to);
    this.#uniforms.rakeGain.value = 0.95 / (0.5 + 0.5 * to.z); // else light from the side would be too dark
    this.#from.value = lamp.azimuth;
    this.#height.value = lamp.elevation;
    this.#spot.style.left = `${50 + 46 * to.x}%`;
    this.#spot.style.top = `${50 - 46 * to.y}%`;
    this.write();
    this.#context.draw();
  }

  #toggleShape(): void {
    this.#shapeOnly = !this.#shapeOnly;
    for (const [own, lit] of this.#override.made) this.#colour(own as MeshStandardMaterial, lit as MeshLambertMaterial);
    this.write();
    this.#context.draw();
  }

  #colour(own: MeshStandardMaterial, lit: MeshLambertMaterial): void {
    lit.map = this.#shapeOnly ? null : own.map;
    lit.color.copy(this.#shapeOnly ? CLAY : own.color);
    lit.vertexColors = own.vertexColors && !this.#shapeOnly;
    lit.needsUpdate = true;
  }

  #lit(material: Material, mesh: Mesh): MeshLambertMaterial {
    smoothNormals(mesh.geometry); // an unlit model has no normals
    const own = material as MeshStandardMaterial;
    const lit = new MeshLambertMaterial({ side: own.side, alphaTest: own.alphaTest, toneMapped: false });
    this.#colour(own, lit);
    if (own.isMeshStandardMaterial) {
      lit.normalMap = own.normalMap;
      lit.normalScale.copy(own.normalScale);
      lit.aoMap = own.aoMap;
      lit.aoMapIntensity = own.aoMapIntensity;
    }
    lit.onBeforeCompile = (shader) => {
      Object.assign(shader.uniforms, this.#uniforms, this.#shadow.uniforms);
      shader.fragmentShader = shader.fragmentShader
        .replace("void main() {", `uniform vec3 rakeDirection;\nuniform float rakeGain;\n${SHADOW_AT}void main() {`)
        .replace("#include <lights_fragment_end>", RAKING);
    };
    return lit;
  }

  /** Fetches the normal and occlusion maps of the level that is shown. */
  async #carve(): Promise<void> {
    const { exhibit, hall } = this.#context;
    const file = exhibit.levels[exhibit.shown];
    const unlit = [...this.#override.made.keys()].some((own) => !(own as MeshStandardMaterial).isMeshStandardMaterial);
    if (!file || !unlit) return;
    const asked = this.#reliefs.get(file.sha256) ?? hall.loader.relief(file);
    this.#reliefs.set(file.sha256, asked);
    const reliefs = await asked.catch(() => null); // without the maps, the shape of the triangles is still shown
    if (!reliefs) return;
    const tangents = new Set<Material | Material[]>();
    for (const mesh of this.#override.meshes) if (mesh.geometry.attributes.tangent) tangents.add(mesh.material);
    for (const [own, lit] of this.#override.made as ReadonlyMap<Material, MeshLambertMaterial>) {
      const relief = reliefs.get(own.userData.index as number);
      if (!relief) continue;
      lit.normalMap = relief.normalMap;
      // Without tangents, three derives them from the texture coordinates, whose V axis runs the other way.
      lit.normalScale = new Vector2(relief.normalScale, tangents.has(lit) ? relief.normalScale : -relief.normalScale);
      lit.aoMap = relief.aoMap;
      lit.aoMapIntensity = relief.aoStrength;
      lit.needsUpdate = true;
    }
    this.#context.draw();
  }
}

/** Replaces all lamps of the scene by the one lamp. */
const RAKING = `
#include <lights_fragment_end>
reflectedLight.directDiffuse = diffuseColor.rgb * max(dot(normal, rakeDirection), 0.0) * rakeGain *
  shadowAt(-vViewPosition, nonPerturbedNormal, rakeDirection);
reflectedLight.indirectDiffuse = diffuseColor.rgb * 0.07;
`;
