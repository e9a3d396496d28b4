import type { Material, Mesh, Object3D } from "three";
import type { Exhibit } from "../core/exhibit.ts";

/** Other materials on an exhibit's model for as long as a tool is at work; its own come back unharmed. */
export class MaterialOverride {
  readonly #exhibit: Exhibit;
  readonly #make: (own: Material, mesh: Mesh) => Material;
  readonly #points: boolean;
  readonly #own = new Map<Mesh, Material | Material[]>();
  #made = new Map<Material, Material>();
  #body: Object3D | null = null;

  /** `make` is asked once for every material of a body; for those of a scan's points only with `points`. */
  constructor(exhibit: Exhibit, make: (own: Material, mesh: Mesh) => Material, points = false) {
    this.#points = points;
    this.#exhibit = exhibit;
    this.#make = make;
  }

  /** What is worn at the moment, by what it hides. */
  get made(): ReadonlyMap<Material, Material> {
    return this.#made;
  }

  /** The meshes that wear it. */
  get meshes(): Iterable<Mesh> {
    return this.#own.keys();
  }

  /** Dresses the body that the exhibit shows now, and undresses the one before. True if it is another. */
  put(): boolean {
    const { body } = this.#exhibit;
    if (body === this.#body) return false;
    this.off();
    this.#body = body;
    const worn = (mesh: Mesh) => (own: Material) => {
      const made = this.#made.get(own) ?? this.#make(own, mesh);
      this.#made.set(own, made);
      return made;
    };
    body?.traverse((object) => {
      const mesh = object as Mesh;
      if (!mesh.isMesh && !(this.#points && "isPoints" in object && object.isPoints)) return;
      this.#own.set(mesh, mesh.material);
      mesh.material = Array.isArray(mesh.material) ? mesh.material.map(worn(mesh)) : worn(mesh)(mesh.material);
    });
    return true;
  }

  off(): void {
    for (const [mesh, own] of this.#own) mesh.material = own;
    for (const made of this.#made.values()) made.dispose(); // not what it borrows: textures are the body's
    this.#own.clear();
    this.#made = new Map();
    this.#body = null;
  }
}
