import {
  CustomBlending,
  Mesh,
  type Object3D,
  PlaneGeometry,
  type Scene,
  ShaderMaterial,
  SrcColorFactor,
  ZeroFactor,
} from "three";

const BEFORE = 9; // drawn after the room and before the exhibit

/** Dims everything except the exhibit. */
export class RoomDimmer {
  readonly #mesh: Mesh<PlaneGeometry, ShaderMaterial>;
  #body: Object3D | null = null;

  /** `rest` is the share of its light that the room keeps. */
  constructor(scene: Scene, rest: number) {
    const material = new ShaderMaterial({
      vertexShader: "void main() { gl_Position = vec4(position.xy, 0.0, 1.0); }",
      fragmentShader: `void main() { gl_FragColor = vec4(vec3(${rest.toFixed(3)}), 1.0); }`,
      blending: CustomBlending, // no `transparent`: it is drawn among the opaque objects, before all transparent ones
      blendSrc: ZeroFactor,
      blendDst: SrcColorFactor,
      depthTest: false,
      depthWrite: false,
      toneMapped: false,
    });
    this.#mesh = new Mesh(new PlaneGeometry(2, 2), material);
    this.#mesh.frustumCulled = false;
    this.#mesh.renderOrder = BEFORE;
    scene.add(this.#mesh);
  }

  /** The objects that stay bright. */
  keepBright(body: Object3D | null): void {
    this.#body?.traverse((object) => {
      object.renderOrder = 0;
    });
    body?.traverse((object) => {
      object.renderOrder = BEFORE + 1;
    });
    this.#body = body;
  }

  remove(): void {
    this.keepBright(null);
    this.#mesh.removeFromParent();
    this.#mesh.geometry.dispose();
    this.#mesh.material.dispose();
  }
}
