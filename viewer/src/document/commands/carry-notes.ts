import { product, rotated } from "../rotation.ts";
import type { Hall, Note, Placement, Quaternion, Vec3 } from "../schema.ts";
import { metres } from "./placements.ts";

/**
 * Notes stay on the spot of the exhibit that they are about: where a placement of `before` has another place in `next`, its notes and
 * the views of them go along. Notes that `next` has changed itself stay as they are.
 */
export function carryNotes(before: Hall, next: Hall): Hall {
  if (before.placements === next.placements) return next;
  const carried = Object.entries(next.notes).flatMap(([id, note]): [string, Note][] => {
    const from = before.placements[note.placement ?? ""];
    const to = next.placements[note.placement ?? ""];
    if (!from || !to || before.notes[id] !== note || samePlace(from, to)) return [];
    const move = motion(from, to);
    const { view } = note;
    const moved = { ...note, anchor: move(note.anchor) };
    return [
      [id, view ? { ...moved, view: { ...view, position: move(view.position), target: move(view.target) } } : moved],
    ];
  });
  return carried.length === 0 ? next : { ...next, notes: { ...next.notes, ...Object.fromEntries(carried) } };
}

function samePlace(a: Placement, b: Placement): boolean {
  const numbers = ({ translation, rotation, scale }: Placement) => [...translation, ...rotation, scale];
  const others = numbers(b);
  return a === b || numbers(a).every((value, i) => value === others[i]);
}

/** How points move with a placement. */
function motion(from: Placement, to: Placement): (point: Readonly<Vec3>) => Vec3 {
  const [x, y, z, w] = from.rotation;
  const back: Quaternion = [-x, -y, -z, w];
  const turn = product(to.rotation, back);
  const by = to.scale / from.scale;
  return (point) => {
    const arm = point.map((v, i) => (v - (from.translation[i] as number)) * by) as Vec3;
    return metres(rotated(arm, turn).map((v, i) => v + (to.translation[i] as number)) as Vec3);
  };
}
