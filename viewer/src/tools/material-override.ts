import type { Material, Mesh, Object3D } from "three";
import type { Exhibit } from "../core/exhibit.ts";

/** Replaces the materials of an exhibit's model while a tool is open, and restores them afterwards. */
export class MaterialOverride {
  readonly #exhibit: Exhibit;
  readonly #make: (own: Material, mesh: Mesh) => Material;
  readonly #points: boolean;
  readonly #own = new Map<Mesh, Material | Material[]>();
  #made = new Map<Material, Material>();
  #body: Object3D | null = null;

  /** `make` is called once for every material of the model. The points of a scan are included only with `points`. */
  constructor(exhibit: Exhibit, make: (own: Material, mesh: Mesh) => Material, points = false) {
    this.#points = points;
    this.#exhibit = exhibit;
    this.#make = make;
  }

  /** The present replacements, by original material. */
  get made(): ReadonlyMap<Material, Material> {
    return this.#made;
  }

  /** The meshes with replaced materials. */
  get meshes(): Iterable<Mesh> {
    return this.#own.keys();
  }

  /** Replaces the materials of the model that the exhibit shows now, and restores those of the previous model. True if the model is new. */
  apply(): boolean {
    const { body } = this.#exhibit;
    if (body === this.#body) return false;
    this.restore();
    this.#body = body;
    this.follow();
    return true;
  }

  /** Replaces the materials of tiles that have come, and forgets those that have gone. */
  follow(): void {
    const there = new Set<Mesh>();
    for (const model of this.#exhibit.models) {
      model.traverse((object) => {
        const mesh = object as Mesh;
        if (mesh.isMesh || (this.#points && "isPoints" in object && object.isPoints)) there.add(mesh);
      });
    }
    for (const [mesh, own] of this.#own) {
      if (there.has(mesh)) continue;
      mesh.material = own;
      this.#own.delete(mesh);
      for (const material of [own].flat()) {
        this.#made.get(material)?.dispose();
        this.#made.delete(material);
      }
    }
    for (const mesh of there) {
      if (this.#own.has(mesh)) continue;
      const replaced = (own: Material) => {
        const made = this.#made.get(own) ?? this.#make(own, mesh);
        this.#made.set(own, made);
        return made;
      };
      this.#own.set(mesh, mesh.material);
      mesh.material = Array.isArray(mesh.material) ? mesh.material.map(replaced) : replaced(mesh.material);
    }
  }

  restore(): void {
    for (const [mesh, own] of this.#own) mesh.material = own;
    for (const made of this.#made.values()) made.dispose(); // not the textures, which belong to the model
    this.#own.clear();
    this.#made = new Map();
    this.#body = null;
  }
}
