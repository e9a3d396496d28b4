import {
  CanvasTexture,
  type Color,
  CustomBlending,
  Mesh,
  type Object3D,
  OneMinusSrcAlphaFactor,
  PlaneGeometry,
  type Scene,
  ShaderMaterial,
  SRGBColorSpace,
  SrcAlphaFactor,
  type Texture,
} from "three";
import type { Exhibit } from "./exhibit.ts";
import type { Lighting } from "./light.ts";
import { clamp, ease } from "./units.ts";

const FADE_S = 0.7;
const VEIL = 9; // drawn after the room and before the exhibit
const MIDDLE = "#75706a";
/** The colour of its edge. */
export const STAGE_EDGE = "#3b3733";

/**
 * The neutral stage of an exhibit that is looked at closely. The room fades out behind it and is then not drawn at all; the light
 * becomes the same soft light for every exhibit.
 */
export class Stage {
  readonly #scene: Scene;
  readonly #lighting: Lighting;
  #exhibit: Exhibit | null = null; // the one on the stage, or the last one while the room comes back
  #goal = 0; // 1: on the stage; 0: in the room
  #time = 0; // from 0 to 1 on the way there
  #veil: Mesh<PlaneGeometry, ShaderMaterial> | null = null;
  #backdrop: Texture | null = null;
  #room: { readonly background: Color | Texture | null; readonly hidden: readonly Object3D[] } | null = null;
  readonly #raised = new Map<Object3D, number>(); // their own order of drawing

  constructor(scene: Scene, lighting: Lighting) {
    this.#scene = scene;
    this.#lighting = lighting;
  }

  /** True while nothing but the exhibit is drawn. */
  get closed(): boolean {
    return this.#room !== null;
  }

  /** Puts this exhibit on the stage; null brings the room back. The change takes place in `update`. */
  show(exhibit: Exhibit | null): void {
    this.#goal = exhibit ? 1 : 0;
    if (!exhibit || exhibit === this.#exhibit) return;
    if (this.#room) this.#open();
    this.#lower();
    this.#exhibit = exhibit;
    this.#time = Math.min(this.#time, 0.5); // from one exhibit to the next, the room is seen for a moment
    this.#lighting.turn(exhibit.front);
  }

  /** True while the stage changes. With `calm` it changes at once. */
  update(seconds: number, calm: boolean): boolean {
    if (this.#time === this.#goal && (this.#goal === 0 || this.closed)) return false;
    if (this.#room) this.#open();
    const step = calm ? 1 : seconds / FADE_S;
    this.#time = clamp(this.#time + (this.#goal > this.#time ? step : -step), 0, 1);
    const share = ease(this.#time);
    this.#lighting.staged = share;
    if (this.#time === 1) this.#close();
    else if (this.#time > 0) this.#dim(share);
    else this.#clear();
    return true;
  }

  /** Frees what it has made. */
  dispose(): void {
    this.#veil?.geometry.dispose();
    this.#veil?.material.dispose();
    this.#backdrop?.dispose();
  }

  get #picture(): Texture {
    this.#backdrop ??= backdrop();
    return this.#backdrop;
  }

  /** Draws the veil over the room, and the exhibit over the veil. */
  #dim(share: number): void {
    this.#veil ??= veilOf(this.#picture);
    if (!this.#veil.parent) this.#scene.add(this.#veil);
    const { uniforms } = this.#veil.material;
    if (uniforms.share) uniforms.share.value = share;
    this.#exhibit?.group.traverse((object) => {
      if (object.renderOrder > VEIL) return;
      this.#raised.set(object, object.renderOrder);
      object.renderOrder += VEIL + 1;
    });
  }

  #lower(): void {
    for (const [object, order] of this.#raised) object.renderOrder = order;
    this.#raised.clear();
  }

  /** Takes the room out of the picture. */
  #close(): void {
    this.#clearVeil();
    const { background, children } = this.#scene;
    const own = this.#exhibit?.group;
    const hidden = children.filter((child) => child.visible && child !== own && !("isLight" in child));
    for (const child of hidden) child.visible = false;
    this.#room = { background, hidden };
    this.#scene.background = this.#picture;
  }

  /** Brings the room back into the picture. */
  #open(): void {
    if (!this.#room) return;
    this.#scene.background = this.#room.background;
    for (const child of this.#room.hidden) child.visible = true;
    this.#room = null;
  }

  #clearVeil(): void {
    this.#veil?.removeFromParent();
    this.#lower();
  }

  #clear(): void {
    this.#clearVeil();
    this.#exhibit = null;
  }
}

function veilOf(picture: Texture): Mesh<PlaneGeometry, ShaderMaterial> {
  const material = new ShaderMaterial({
    uniforms: { picture: { value: picture }, share: { value: 0 } },
    vertexShader: "varying vec2 at; void main() { at = uv; gl_Position = vec4(position.xy, 1.0, 1.0); }",
    fragmentShader: `uniform sampler2D picture; uniform float share; varying vec2 at;
      void main() { gl_FragColor = vec4(texture2D(picture, at).rgb, share);
      #include <colorspace_fragment>
      }`,
    blending: CustomBlending, // no `transparent`: it is drawn among the opaque objects, before all transparent ones
    blendSrc: SrcAlphaFactor,
    blendDst: OneMinusSrcAlphaFactor,
    depthTest: false,
    depthWrite: false,
    toneMapped: false,
  });
  const mesh = new Mesh(new PlaneGeometry(2, 2), material);
  mesh.frustumCulled = false;
  mesh.renderOrder = VEIL;
  return mesh;
}

/** A grey that is a little lighter where the exhibit stands: both white porcelain and black lacquer stand out from it. */
function backdrop(): Texture {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 256;
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  const gradient = context.createRadialGradient(128, 120, 0, 128, 120, 190);
  gradient.addColorStop(0, MIDDLE);
  gradient.addColorStop(1, STAGE_EDGE);
  context.fillStyle = gradient;
  context.fillRect(0, 0, 256, 256);
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  return texture;
}
