import {
  AlwaysStencilFunc,
  BackSide,
  BufferGeometry,
  CanvasTexture,
  DecrementWrapStencilOp,
  DoubleSide,
  FrontSide,
  Group,
  IncrementWrapStencilOp,
  LineBasicMaterial,
  LineLoop,
  type Material,
  Mesh,
  MeshBasicMaterial,
  NotEqualStencilFunc,
  Plane,
  PlaneGeometry,
  RepeatWrapping,
  ReplaceStencilOp,
  SRGBColorSpace,
  Vector3,
} from "three";
import { largestOpening } from "../core/boundary-loops.ts";
import { formatLength } from "../core/lengths.ts";
import { mix } from "../core/units.ts";
import { h } from "../ui/dom.ts";
import { plain, Range, write } from "./controls.ts";
import { toolText } from "./i18n.ts";
import { MaterialOverride } from "./material-override.ts";
import type { Tool, ToolContext } from "./tool.ts";

const CLOSED = 0.05; // of a model's diagonal: a surface with smaller openings counts as closed
const CLAY = "#a8503d";
const AXES = ["sectionX", "sectionY", "sectionZ"] as const;

/** Cuts the model with a plane and hides the half in front of it. */
export function open(context: ToolContext): Tool {
  return new Section(context);
}

class Section implements Tool {
  readonly controls: HTMLElement;
  readonly #context: ToolContext;
  readonly #plane = new Plane();
  readonly #override: MaterialOverride;
  readonly #frame = new Group(); // the plane in the asset's frame
  readonly #cap: Mesh<PlaneGeometry, MeshBasicMaterial>;
  readonly #outline = new LineLoop(new BufferGeometry(), new LineBasicMaterial({ color: CLAY, toneMapped: false }));
  readonly #counters: Mesh[] = [];
  readonly #axes: HTMLButtonElement[];
  readonly #flip: HTMLButtonElement;
  readonly #at: Range;
  readonly #explanation = h("p.ly-card-text.ly-small");
  #axis = 2;
  #sign = -1;
  #share = 0.5;
  #closed = true;

  constructor(context: ToolContext) {
    this.#context = context;
    this.#override = new MaterialOverride(context.exhibit, (own) => this.#cut(own), true);
    this.#axes = AXES.map((key, axis) => plain(key, () => this.#turn(axis)));
    this.#flip = plain("flip", () => this.#set(() => (this.#sign *= -1)));
    this.#at = new Range(0, 1, 0.002, this.#share, (share) => this.#set(() => (this.#share = share)));
    const row = h("div.ly-row", {}, ...this.#axes, this.#flip);
    this.controls = h("div", {}, row, this.#at.element, this.#explanation);
    this.#cap = new Mesh(new PlaneGeometry(1, 1), capMaterial());
    this.#cap.renderOrder = 6;
    this.#cap.onAfterRender = (renderer) => renderer.clearStencil();
    this.#frame.add(this.#cap, this.#outline);
  }

  start(): void {
    this.#context.viewport.renderer.localClippingEnabled = true;
    this.#context.exhibit.group.add(this.#frame);
    this.#turn(this.#axis);
    this.bodyChanged();
  }

  stop(): void {
    this.#undress();
    this.#frame.removeFromParent();
    this.#cap.geometry.dispose();
    this.#cap.material.map?.dispose();
    this.#cap.material.dispose();
    this.#outline.geometry.dispose();
    this.#outline.material.dispose();
    this.#context.viewport.renderer.localClippingEnabled = false;
  }

  bodyChanged(): void {
    const { body } = this.#context.exhibit;
    if (!body) return;
    this.#undress();
    this.#closed = largestOpening(body) < CLOSED;
    this.#override.apply();
    if (this.#closed) this.#count();
    this.#cap.visible = this.#closed;
    this.write();
  }

  tilesChanged(): void {
    this.#override.follow();
  }

  write(): void {
    const { lang, exhibit } = this.#context;
    for (const [axis, button] of this.#axes.entries()) {
      write(button, toolText(lang, AXES[axis] as (typeof AXES)[0]), undefined, axis === this.#axis);
    }
    write(this.#flip, toolText(lang, "sectionFlip"), "flip");
    const size = exhibit.local.getSize(new Vector3()).getComponent(this.#axis);
    const at = this.#share * size;
    const text = exhibit.asset?.unit === "metre" ? formatLength(at, size / 500) : `${Math.round(this.#share * 100)}%`;
    this.#at.write(toolText(lang, "sectionAt"), text);
    let surface = false;
    exhibit.body?.traverse((object) => {
      surface ||= (object as Mesh).isMesh;
    });
    this.#explanation.hidden = !surface; // a scan of points has no inside
    this.#explanation.textContent = toolText(lang, this.#closed ? "sectionClosed" : "sectionOpen");
    this.#context.fit();
  }

  /** Chooses an axis, and hides the half on the side of the eye. */
  #turn(axis: number): void {
    const { exhibit, camera } = this.#context;
    const eye = exhibit.group.worldToLocal(camera.position.clone());
    const middle = exhibit.local.getCenter(new Vector3());
    this.#set(() => {
      this.#axis = axis;
      this.#sign = eye.getComponent(axis) >= middle.getComponent(axis) ? -1 : 1;
    });
  }

  #set(change: () => void): void {
    change();
    const { exhibit } = this.#context;
    const { min, max } = exhibit.local;
    const axis = this.#axis;
    const centre = exhibit.local.getCenter(new Vector3());
    // Slightly inside the box, so that its end faces do not flicker.
    const share = mix(0.001, 0.999, this.#share);
    centre.setComponent(axis, mix(min.getComponent(axis), max.getComponent(axis), share));
    const out = new Vector3().setComponent(axis, this.#sign);
    const normal = out.clone().transformDirection(exhibit.group.matrixWorld);
    this.#plane.setFromNormalAndCoplanarPoint(normal, exhibit.group.localToWorld(centre.clone()));

    this.#frame.position.copy(centre);
    this.#frame.quaternion.setFromUnitVectors(new Vector3(0, 0, 1), new Vector3().setComponent(axis, 1));
    const size = exhibit.local.getSize(new Vector3()).multiplyScalar(1.06);
    const [width, height] = [axis === 0 ? size.z : size.x, axis === 1 ? size.z : size.y];
    this.#cap.scale.set(width, height, 1);
    const lines = Math.max(width, height) / 0.022 / exhibit.local.getSize(new Vector3()).length();
    this.#cap.material.map?.repeat.set(
      (lines * width) / Math.max(width, height),
      (lines * height) / Math.max(width, height),
    );
    const corners = [-1, 1].flatMap((y) => [-y, y].map((x) => new Vector3((x * width) / 2, (y * height) / 2, 0)));
    this.#outline.geometry.setFromPoints(corners);
    this.write();
    this.#context.draw();
  }

  #cut(own: Material): Material {
    const cut = own.clone();
    cut.clippingPlanes = [this.#plane];
    cut.onBeforeCompile = own.onBeforeCompile; // a copy of a material does not include it
    if (!this.#closed) {
      cut.side = DoubleSide;
      cut.onBeforeCompile = (shader) => {
        shader.fragmentShader = shader.fragmentShader.replace("#include <opaque_fragment>", REVERSE);
      };
    }
    return cut;
  }

  /** Counts the surfaces behind the plane in the stencil buffer: back faces +1, front faces -1. Other sums than 0: the plane is inside. */
  #count(): void {
    for (const mesh of this.#override.meshes) {
      if (!mesh.isMesh) continue;
      for (const [side, op] of [
        [BackSide, IncrementWrapStencilOp],
        [FrontSide, DecrementWrapStencilOp],
      ] as const) {
        const material = new MeshBasicMaterial({
          side,
          depthWrite: false,
          depthTest: false,
          colorWrite: false,
          clippingPlanes: [this.#plane],
          stencilWrite: true,
          stencilFunc: AlwaysStencilFunc,
          stencilFail: op,
          stencilZFail: op,
          stencilZPass: op,
        });
        const counter = new Mesh(mesh.geometry, material);
        counter.renderOrder = 5;
        this.#counters.push(counter);
        mesh.add(counter);
      }
    }
  }

  #undress(): void {
    for (const counter of this.#counters.splice(0)) {
      counter.removeFromParent();
      (counter.material as Material).dispose();
    }
    this.#override.restore();
  }
}

/** Draws stripes on the back faces of an open surface. No real surface looks like that. */
const REVERSE = `
#include <opaque_fragment>
if (!gl_FrontFacing) {
  float stripe = smoothstep(0.35, 0.65, abs(fract((gl_FragCoord.x + gl_FragCoord.y) / 14.0) - 0.5) * 2.0);
  gl_FragColor.rgb = mix(vec3(0.39, 0.08, 0.045), vec3(0.62, 0.2, 0.12), stripe);
}
`;

function capMaterial(): MeshBasicMaterial {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.fillStyle = CLAY;
  context.fillRect(0, 0, 64, 64);
  context.strokeStyle = "#c98670";
  context.lineWidth = 9;
  for (const shift of [-64, 0, 64]) {
    context.beginPath();
    context.moveTo(shift - 8, 72);
    context.lineTo(shift + 72, -8);
    context.stroke();
  }
  const map = new CanvasTexture(canvas);
  map.colorSpace = SRGBColorSpace;
  map.wrapS = map.wrapT = RepeatWrapping;
  map.anisotropy = 8;
  return new MeshBasicMaterial({
    map,
    side: DoubleSide,
    toneMapped: false,
    stencilWrite: true,
    stencilRef: 0,
    stencilFunc: NotEqualStencilFunc,
    stencilFail: ReplaceStencilOp,
    stencilZFail: ReplaceStencilOp,
    stencilZPass: ReplaceStencilOp,
  });
}
