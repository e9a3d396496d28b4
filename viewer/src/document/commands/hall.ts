import { written } from "../paths.ts";
import type { Asset, Hall, Light, View } from "../schema.ts";
import { shortened } from "./notes.ts";

/** What a curator does with the hall itself: its light, its entrance, its doors, its room (exhibit/halls/edits/hall.py). */

/** Where visitors enter, and what they see first. The field of view stays if the view has none. */
export function saveEntrance(hall: Hall, view: View): Hall {
  return { ...hall, start: { ...hall.start, ...shortened(view) } };
}

/** Changes some of the hall's light; what is undefined falls back to the viewer's own. */
export function changeLight(hall: Hall, fields: Partial<Light>): Hall {
  const light = Object.entries(fields).reduce<Light>(
    (next, [key, value]) => written(next, [key], value),
    hall.light ?? {},
  );
  return written(hall, ["light"], Object.keys(light).length > 0 ? light : undefined);
}

/** The colour around the room, #rrggbb; null: the viewer's own. */
export function changeBackground(hall: Hall, colour: string | null): Hall {
  return written(hall, ["architecture", "background"], colour ?? undefined);
}

/** The hall that a door leads to, by its slug; null: the door stays shut. */
export function leadDoor(hall: Hall, door: string, slug: string | null): Hall {
  return hall.doors?.[door] ? written(hall, ["doors", door, "hall"], slug ?? undefined) : hall;
}

/** Puts the hall into this architecture; visitors enter at `start`. Background and field of view stay. */
export function changeRoom(hall: Hall, room: { readonly id: string; readonly asset: Asset }, start: View): Hall {
  return {
    ...hall,
    architecture: { ...hall.architecture, asset: room.id },
    start: { ...hall.start, ...start },
    assets: { ...hall.assets, [room.id]: room.asset },
  };
}
