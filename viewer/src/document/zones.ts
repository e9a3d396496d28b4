import { byId } from "./order.ts";
import type { Hall, Zone } from "./schema.ts";

/** The zone which contains a point of the hall; the smallest one where zones overlap. */
export function zoneAt(
  hall: Hall,
  { x, y, z }: { readonly x: number; readonly y: number; readonly z: number },
): { readonly id: string; readonly zone: Zone } | null {
  let best: { id: string; zone: Zone; volume: number } | null = null;
  for (const [id, zone] of byId(hall.zones)) {
    const { min, max } = zone;
    const inside = [x, y, z].every((v, i) => v >= (min[i] as number) && v <= (max[i] as number));
    const volume = (max[0] - min[0]) * (max[1] - min[1]) * (max[2] - min[2]);
    if (inside && volume < (best?.volume ?? Number.POSITIVE_INFINITY)) best = { id, zone, volume };
  }
  return best;
}
