import { Box3, BoxGeometry, type BufferGeometry, Group, Matrix4, Ray, Vector3 } from "three";
import type { Colliders } from "../../core/colliders.ts";
import { disposeFurniture, furnitureModel, furnitureOwner, placeFurniture } from "../../core/furniture-model.ts";
import { DEGREE } from "../../core/units.ts";
import { furnitureBounds, GLASS_M, topOf } from "../../document/furniture.ts";
import type { Furnishing, Hall } from "../../document/schema.ts";

const PREFIX = furnitureOwner("");

/** The piece whose collider has this name; null if it is no piece's. */
export function furnitureOf(owner: string | null): string | null {
  return owner?.startsWith(PREFIX) ? owner.slice(PREFIX.length) : null;
}

interface Piece {
  readonly piece: Furnishing;
  readonly model: Group;
  readonly local: Box3;
}

/** The hall's furniture, shown as it is going to be built. Each piece is a collider: one can stand things on it. */
export class FurnitureScene {
  readonly group = new Group();
  readonly #colliders: Colliders;
  readonly #pieces = new Map<string, Piece>();

  constructor(colliders: Colliders) {
    this.#colliders = colliders;
  }

  /** Follows the document. True if something has changed. */
  update({ furniture = {} }: Hall): boolean {
    let changed = false;
    for (const id of [...this.#pieces.keys()])
      if (!furniture[id]) {
        this.#remove(id);
        changed = true;
      }
    for (const [id, piece] of Object.entries(furniture)) {
      if (this.#pieces.get(id)?.piece === piece) continue;
      this.#set(id, piece);
      changed = true;
    }
    return changed;
  }

  get ids(): Iterable<string> {
    return this.#pieces.keys();
  }

  /** The piece's box in its own frame, and how that lies in the hall; null if there is no such piece. */
  boxOf(id: string): { readonly local: Box3; readonly matrix: Matrix4; readonly front: Vector3 } | null {
    const held = this.#pieces.get(id);
    if (!held) return null;
    const angle = held.piece.facing_deg * DEGREE;
    const front = new Vector3(Math.sin(angle), 0, Math.cos(angle));
    return { local: held.local, matrix: held.model.matrixWorld, front };
  }

  /** The vitrine whose glass a ray passes first, and where: what is in it is seen through it. */
  glass(origin: Vector3, direction: Vector3): { readonly id: string; readonly point: Vector3 } | null {
    let best: { id: string; point: Vector3; distance: number } | null = null;
    for (const [id, { piece, model }] of this.#pieces) {
      if (piece.kind !== "vitrine") continue;
      const glass = new Box3(
        new Vector3(-piece.width_m / 2, piece.height_m, -piece.depth_m / 2),
        new Vector3(piece.width_m / 2, piece.height_m + GLASS_M, piece.depth_m / 2),
      );
      const ray = new Ray(origin.clone(), direction.clone()).applyMatrix4(model.matrixWorld.clone().invert());
      const point = ray.intersectBox(glass, new Vector3())?.applyMatrix4(model.matrixWorld);
      const distance = point?.distanceTo(origin) ?? Number.POSITIVE_INFINITY;
      if (point && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { id, point, distance };
    }
    return best;
  }

  #set(id: string, piece: Furnishing): void {
    const held = this.#pieces.get(id);
    const same = held && sameShape(held.piece, piece);
    const model = same ? held.model : furnitureModel(piece);
    if (!same) {
      if (held) this.#remove(id);
      this.group.add(model);
    }
    placeFurniture(model, piece);
    const { min, max } = furnitureBounds(piece);
    const local = new Box3(new Vector3(...min), new Vector3(...max));
    this.#pieces.set(id, { piece, model, local });
    this.#colliders.set(furnitureOwner(id), solid(piece, local).applyMatrix4(model.matrixWorld));
  }

  #remove(id: string): void {
    const held = this.#pieces.get(id);
    if (!held) return;
    this.#pieces.delete(id);
    this.#colliders.delete(furnitureOwner(id));
    this.group.remove(held.model);
    disposeFurniture(held.model);
  }
}

/** What a piece keeps out: a vitrine's glass shows what can be pointed at. A hair larger than the room's own copy of it. */
function solid(piece: Furnishing, { min, max }: Box3): BufferGeometry {
  const HAIR = 0.001;
  const top = piece.kind === "vitrine" ? (topOf(piece) as number) : max.y + (topOf(piece) === null ? HAIR : 0);
  const size = new Vector3(max.x - min.x + 2 * HAIR, top - min.y, max.z - min.z + 2 * HAIR);
  const centre = new Vector3((min.x + max.x) / 2, (min.y + top) / 2, (min.z + max.z) / 2);
  return new BoxGeometry(size.x, size.y, size.z).applyMatrix4(new Matrix4().makeTranslation(centre));
}

function sameShape(a: Furnishing, b: Furnishing): boolean {
  return a.kind === b.kind && a.width_m === b.width_m && a.depth_m === b.depth_m && a.height_m === b.height_m;
}
