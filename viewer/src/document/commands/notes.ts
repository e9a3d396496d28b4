import { normal } from "../changes.ts";
import { slug, unused } from "../ids.ts";
import { valueAt, written } from "../paths.ts";
import { turnOf } from "../rotation.ts";
import { round } from "../rounding.ts";
import type { Asset, Hall, Note, Text, Vec3, View } from "../schema.ts";
import { type Added, EYE_M, metres } from "./placements.ts";
import { withoutNotes } from "./removal.ts";

/** What a curator does with notes, as the desk's forms do it: exhibit/halls/edits/notes.py. */

const LONGEST_STEM = 56;

/** Where a note is pinned: its marker, and the view that it opens with. Hall frame. */
export interface Pin {
  readonly anchor: Readonly<Vec3>;
  readonly view: View;
}

/** Adds a note on a placement, or on the hall (null). Without a pin it is before that, or where visitors enter. */
export function addNote(hall: Hall, placement: string | null, title: Text, pin: Pin | null = null): Added {
  const { anchor, view } = pin ? { anchor: metres(pin.anchor), view: shortened(pin.view) } : lookAt(hall, placement);
  const stem = slug(title.en) || (placement ? `${placement}-note` : "note");
  const id = unused(stem.slice(0, LONGEST_STEM), hall.notes);
  const note: Note = {
    title,
    body: { zh: "", en: "" },
    anchor: [...anchor],
    view,
    ...(placement === null ? {} : { placement }),
  };
  return { hall: { ...hall, notes: { ...hall.notes, [id]: note }, note_order: [...hall.note_order, id] }, id };
}

/** Moves a note's marker. */
export function moveNote(hall: Hall, id: string, anchor: Readonly<Vec3>): Hall {
  return changed(hall, id, (note) => ({ ...note, anchor: metres(anchor) }));
}

/** The view that a note opens with; null: none of its own. */
export function saveNoteView(hall: Hall, id: string, view: View | null): Hall {
  return changed(hall, id, ({ view: _, ...note }) => (view ? { ...note, view: shortened(view) } : note));
}

/** The placement that a note belongs to; null: the hall. */
export function attachNote(hall: Hall, id: string, placement: string | null): Hall {
  return changed(hall, id, ({ placement: _, ...note }) => (placement === null ? note : { ...note, placement }));
}

/** The picture above a note's words; null: none. */
export function changeNotePicture(
  hall: Hall,
  id: string,
  picture: { readonly id: string; readonly asset: Asset } | null,
): Hall {
  const next = changed(hall, id, ({ picture: _, ...note }) => (picture ? { ...note, picture: picture.id } : note));
  return picture ? { ...next, assets: { ...next.assets, [picture.id]: picture.asset } } : next;
}

/** Takes notes away, and out of tours, which keep what they say there. */
export function removeNotes(hall: Hall, ids: readonly string[]): Hall {
  return normal(withoutNotes(hall, ids));
}

/** The sources that a placement, a note or a milestone names: `thing` is its path. */
export function citeSources(hall: Hall, thing: readonly string[], sources: readonly string[]): Hall {
  if (valueAt(hall, thing) === undefined) return hall;
  return written(hall, [...thing, "sources"], sources.length > 0 ? [...sources] : undefined);
}

/** A view to the tenth of a millimetre. */
export function shortened({ position, target, fov_deg }: View): View {
  const view: View = { position: metres(position), target: metres(target) };
  return fov_deg === undefined ? view : { ...view, fov_deg: round(fov_deg, 2) };
}

function changed(hall: Hall, id: string, change: (note: Note) => Note): Hall {
  const note = hall.notes[id];
  return note ? { ...hall, notes: { ...hall.notes, [id]: change(note) } } : hall;
}

/** Before a placement's upper half, seen from its front; without one, what who enters sees. */
function lookAt(hall: Hall, id: string | null): { readonly anchor: Vec3; readonly view: View } {
  const placement = id === null ? undefined : hall.placements[id];
  if (!placement) return { anchor: [...hall.start.target], view: structuredClone(hall.start) };
  const asset = placement.asset === undefined ? undefined : hall.assets[placement.asset];
  const [low, high] = [asset?.bounds?.min, asset?.bounds?.max];
  const size: Vec3 =
    low && high ? (high.map((v, i) => (v - (low[i] as number)) * placement.scale) as Vec3) : [0.6, 0, 0];
  const angle = (turnOf(placement.rotation) * Math.PI) / 180;
  const [ahead, aside] = [Math.cos(angle), Math.sin(angle)];
  const [x, y, z] = placement.translation;
  const before = (metres: number, height: number): Vec3 => [
    round(x + aside * metres, 3),
    round(height, 3),
    round(z + ahead * metres, 3),
  ];
  const reach = size[2] / 2 + 0.05;
  const anchor = before(reach, y + 0.7 * size[1]);
  const eye = Math.max(y + 0.6 * size[1], Math.min(EYE_M, y + size[1] + 0.6));
  const position = before(reach + Math.max(1.2, 1.4 * Math.max(...size)), eye);
  return { anchor, view: { position, target: [...anchor] } };
}
