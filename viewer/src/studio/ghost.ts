import { Box3, Vector3 as V, type Vector3 } from "three";
import { putPlacement } from "../document/commands/placements.ts";
import { ownBounds } from "../document/extent.ts";
import type { Hall, Placement } from "../document/schema.ts";
import type { LibraryItem, Spot } from "./actions.ts";

const NOWHERE: Hall = {
  schema: "longyao:hall/1",
  title: { zh: "", en: "" },
  summary: { zh: "", en: "" },
  assets: {},
  architecture: { asset: "" },
  start: { position: [0, 0, 1], target: [0, 0, 0] },
  placements: {},
  placement_order: [],
  notes: {},
  note_order: [],
};

/** The box that something of the library would take in a hall, around its own point. */
export function ghostOf(item: LibraryItem): Box3 {
  const { hall, id } = putPlacement(NOWHERE, item);
  const bounds = ownBounds(hall.placements[id] as Placement, hall.assets);
  return bounds
    ? new Box3(new V(...bounds.min), new V(...bounds.max))
    : new Box3(new V(-0.25, 0, -0.25), new V(0.25, 0.5, 0.25));
}

/** A point of such a box, at a spot. */
export function place(corner: Vector3, { translation, rotation }: Spot): Vector3 {
  const [x, y, z, w] = rotation;
  return corner.applyQuaternion({ x, y, z, w }).add(new V(...translation));
}
