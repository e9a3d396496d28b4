import { Box3, Vector3 as V, type Vector3 } from "three";
import { putPlacement } from "../document/commands/placements.ts";
import { ownBounds } from "../document/extent.ts";
import type { Hall, Placement } from "../document/schema.ts";
import type { LibraryItem, Spot } from "./library-item.ts";
import { corners } from "./overlay.ts";
import type { Dragged } from "./place/free-places.ts";

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

/** Something of the library as it would be put into a hall, before it has a place. */
export function draggedItem(item: LibraryItem): Dragged {
  const { hall, id } = putPlacement(NOWHERE, item);
  return { id: null, placement: hall.placements[id] as Placement, assets: hall.assets };
}

/** The corners of the box that something takes at a spot. */
export function ghostOf({ placement, assets }: Dragged, spot: Spot): Vector3[] {
  const bounds = ownBounds(placement, assets);
  const box = bounds
    ? new Box3(new V(...bounds.min), new V(...bounds.max))
    : new Box3(new V(-0.25, 0, -0.25), new V(0.25, 0.5, 0.25));
  return corners(box).map((corner) => moved(corner, spot));
}

function moved(corner: Vector3, { translation, rotation }: Spot): Vector3 {
  const [x, y, z, w] = rotation;
  return corner.applyQuaternion({ x, y, z, w }).add(new V(...translation));
}
