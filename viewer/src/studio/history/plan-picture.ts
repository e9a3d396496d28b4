import { boundsOf } from "../../document/extent.ts";
import type { Bounds, Hall } from "../../document/schema.ts";
import { svg } from "../overlay.ts";

/** A hall seen from above as a small drawing: its room and what stands in it. */

const MARGIN = 0.04; // of the room's longer side

/** `marked`: the ids of placements that are drawn in another colour. */
export function planPicture(hall: Hall, name: string, marked: ReadonlySet<string> = new Set()): SVGSVGElement {
  const room = hall.assets[hall.architecture.asset]?.bounds ?? { min: [-5, 0, -5], max: [5, 3, 5] };
  const [width, depth] = [room.max[0] - room.min[0], room.max[2] - room.min[2]];
  const margin = MARGIN * Math.max(width, depth);
  const viewBox = [room.min[0] - margin, room.min[2] - margin, width + 2 * margin, depth + 2 * margin]
    .map(figure)
    .join(" ");
  const picture = svg("svg", { class: "st-plan", viewBox, role: "img", "aria-label": name });
  picture.append(rectangle(room, "st-plan-room"));
  const least = Math.max(width, depth) / 60; // so that a small thing is still seen
  for (const id of hall.placement_order) {
    const placement = hall.placements[id];
    if (!placement) continue;
    const { translation: at } = placement;
    const bounds = boundsOf(placement, hall.assets) ?? { min: at, max: at };
    picture.append(rectangle(atLeast(bounds, least), marked.has(id) ? "st-plan-marked" : `st-plan-${placement.kind}`));
  }
  return picture;
}

function rectangle({ min, max }: Bounds, kind: string): SVGRectElement {
  const [x, y, width, height] = [min[0], min[2], max[0] - min[0], max[2] - min[2]].map(figure) as [
    string,
    string,
    string,
    string,
  ];
  return svg("rect", { class: kind, x, y, width, height });
}

function atLeast({ min, max }: Bounds, size: number): Bounds {
  const wider = (low: number, high: number) => Math.max(0, (size - (high - low)) / 2);
  const [x, z] = [wider(min[0], max[0]), wider(min[2], max[2])];
  return { min: [min[0] - x, min[1], min[2] - z], max: [max[0] + x, max[1], max[2] + z] };
}

function figure(value: number): string {
  return value.toFixed(2);
}
