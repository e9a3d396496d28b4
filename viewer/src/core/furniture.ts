import { BoxGeometry, Vector3 } from "three";
import { furnitureSolid } from "../document/furniture.ts";
import type { Furnishing } from "../document/schema.ts";
import { furnitureModel, furnitureOwner, placeFurniture } from "./furniture-model.ts";
import type { HallScene } from "./hall.ts";

/** Shows a hall's furniture, which its room does not hold, and keeps visitors out of it. */
export function furnish({ document, scene, colliders }: HallScene): void {
  for (const [id, piece] of Object.entries(document.furniture ?? {})) {
    const model = furnitureModel(piece);
    placeFurniture(model, piece);
    scene.add(model);
    const solid = solidOf(piece);
    if (solid) colliders.set(furnitureOwner(id), solid.applyMatrix4(model.matrixWorld));
  }
}

function solidOf(piece: Furnishing): BoxGeometry | null {
  const solid = furnitureSolid(piece);
  if (!solid) return null;
  const [min, max] = [new Vector3(...solid.min), new Vector3(...solid.max)];
  const { x, y, z } = max.clone().sub(min);
  const centre = min.add(max).divideScalar(2);
  return new BoxGeometry(x, y, z).translate(centre.x, centre.y, centre.z);
}
