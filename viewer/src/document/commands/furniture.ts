import { anchorIds, anchorsOf, carriedBy, type FurnitureKind, topOf, yaw } from "../furniture.ts";
import { unused } from "../ids.ts";
import { written } from "../paths.ts";
import { turned } from "../rotation.ts";
import { round } from "../rounding.ts";
import type { Furnishing, Hall, Vec3 } from "../schema.ts";
import { type Added, metres, movePlacements, turnPlacements } from "./placements.ts";

/**
 * What a curator does with furniture. Its anchors change in the same edit.
 *
 * `carry`: what stands or hangs on a piece goes along.
 */

/** Sizes of a new piece, m: within what visitors in wheelchairs can look at (document/heights.ts). */
export const USUAL_SIZES: Readonly<Record<FurnitureKind, readonly [width: number, depth: number, height: number]>> = {
  plinth: [0.45, 0.45, 0.9],
  platform: [2, 1.2, 0.15],
  vitrine: [1, 0.6, 0.9],
  panel: [0.9, 0.04, 1.2],
  standing_panel: [1, 0.5, 1.2],
  screen: [1.2, 0.06, 0.675],
  bench: [1.8, 0.42, 0.45],
  lamp: [0.5, 0.5, 1],
};

/** As the schema has them, m. */
export const SIZE_LIMITS_M = { width_m: [0.05, 20], depth_m: [0.02, 20], height_m: [0.05, 10] } as const;
const SIZE_DECIMALS = 3;
const TURN_DECIMALS = 2;

export type Sizes = Partial<Pick<Furnishing, "width_m" | "depth_m" | "height_m">>;

/** Puts a new piece into the hall, of the usual size unless its height is given. */
export function addFurniture(
  hall: Hall,
  kind: FurnitureKind,
  position: Readonly<Vec3>,
  facing_deg = 0,
  height_m = USUAL_SIZES[kind][2],
): Added {
  const [width_m, depth_m] = USUAL_SIZES[kind];
  return insert(hall, kind.replaceAll("_", "-"), {
    kind,
    position: metres(position),
    facing_deg: turnOf(facing_deg),
    width_m,
    depth_m,
    height_m: round(height_m, SIZE_DECIMALS),
  });
}

/** Copies of pieces, without what stands on them. */
export function duplicateFurniture(
  hall: Hall,
  ids: readonly string[],
  by: Readonly<Vec3> = [0.5, 0, 0.5],
): { readonly hall: Hall; readonly ids: readonly string[] } {
  const made: string[] = [];
  let next = hall;
  for (const id of ids) {
    const piece = next.furniture?.[id];
    if (!piece) continue;
    const added = insert(next, id.replace(/-\d+$/, ""), structuredClone(piece));
    next = added.hall;
    made.push(added.id);
  }
  return { hall: moveFurniture(next, made, by, false), ids: made };
}

export function moveFurniture(hall: Hall, ids: readonly string[], by: Readonly<Vec3>, carry: boolean): Hall {
  const { furniture, placements } = moving(hall, ids, carry);
  const next = changed(hall, furniture, (piece) => ({
    ...piece,
    position: piece.position.map((v, i) => (by[i] === 0 ? v : round(v + (by[i] as number), 4))) as Vec3,
  }));
  return movePlacements(next, placements, by);
}

/** Moves exhibits and furniture together, each once. */
export function moveTogether(
  hall: Hall,
  placements: readonly string[],
  furniture: readonly string[],
  by: Readonly<Vec3>,
  carry: boolean,
): Hall {
  const along = moving(hall, furniture, carry);
  const next = moveFurniture(hall, along.furniture, by, false);
  return movePlacements(next, [...new Set([...placements, ...along.placements])], by);
}

/** Puts one piece at a point, facing this way if that is given. */
export function placeFurniture(
  hall: Hall,
  id: string,
  position: Readonly<Vec3>,
  facing_deg: number | null,
  carry: boolean,
): Hall {
  const piece = hall.furniture?.[id];
  if (!piece) return hall;
  const by = position.map((v, i) => v - (piece.position[i] as number)) as Vec3;
  const next = moveFurniture(hall, [id], by, carry);
  return facing_deg === null ? next : faceFurniture(next, id, facing_deg, carry);
}

/** Turns one piece to this direction, as `facing_deg` of the schema. */
export function faceFurniture(hall: Hall, id: string, facing_deg: number, carry: boolean): Hall {
  const piece = hall.furniture?.[id];
  return piece ? turnFurniture(hall, [id], facing_deg - piece.facing_deg, null, carry) : hall;
}

/** Turns pieces about the vertical: each about its own middle, or all about the axis through a point. */
export function turnFurniture(
  hall: Hall,
  ids: readonly string[],
  by_deg: number,
  about: Readonly<Vec3> | null,
  carry: boolean,
): Hall {
  if (about === null && ids.length > 1)
    return ids.reduce((next, id) => turnFurniture(next, [id], by_deg, null, carry), hall);
  const axis = about ?? hall.furniture?.[ids[0] ?? ""]?.position;
  if (!axis) return hall;
  const { furniture, placements } = moving(hall, ids, carry);
  const next = changed(hall, furniture, (piece) => {
    const arm = turned(piece.position.map((v, i) => v - (axis[i] as number)) as Vec3, by_deg);
    return {
      ...piece,
      position: [round(axis[0] + arm[0], 4), piece.position[1], round(axis[2] + arm[2], 4)],
      facing_deg: turnOf(piece.facing_deg + by_deg),
    };
  });
  return turnPlacements(next, placements, by_deg, axis);
}

/** Another size; what stands on the piece rises or sinks with its top. */
export function resizeFurniture(hall: Hall, id: string, sizes: Sizes, carry: boolean): Hall {
  const before = hall.furniture?.[id];
  if (!before) return hall;
  const { furniture, placements } = carriedBy(hall, [id]);
  const within = Object.fromEntries(
    Object.entries(sizes).map(([name, value]) => {
      const [least, most] = SIZE_LIMITS_M[name as keyof typeof SIZE_LIMITS_M];
      return [name, round(Math.min(Math.max(value, least), most), SIZE_DECIMALS)];
    }),
  );
  const next = changed(hall, [id], (piece) => sixteenToNine({ ...piece, ...within }));
  const after = next.furniture?.[id] as Furnishing;
  const by: Vec3 = [0, (topOf(after) ?? 0) - (topOf(before) ?? 0), 0];
  return carry && by[1] !== 0 ? moveTogether(next, placements, furniture, by, false) : next;
}

/** Takes pieces away; what stood on them comes down to where they stood. */
export function removeFurniture(hall: Hall, ids: readonly string[]): Hall {
  let next = hall;
  for (const id of ids) {
    const piece = next.furniture?.[id];
    if (!piece) continue;
    const top = topOf(piece);
    const { furniture, placements } = carriedBy(next, [id]);
    if (top !== null)
      next = moveTogether(
        next,
        placements.filter((each) => next.placements[each]?.kind === "object"),
        furniture,
        [0, -top, 0],
        false,
      );
    next = written(next, ["furniture", id], undefined);
    for (const anchor of anchorIds(id)) {
      next = written(next, ["anchors", anchor], undefined);
      if (next.timeline?.anchor === anchor) next = written(next, ["timeline", "anchor"], undefined);
    }
    if (Object.keys(next.furniture ?? {}).length === 0) next = written(next, ["furniture"], undefined);
    if (Object.keys(next.anchors ?? {}).length === 0) next = written(next, ["anchors"], undefined);
  }
  return next;
}

/** A screen keeps its shape. */
function sixteenToNine(piece: Furnishing): Furnishing {
  return piece.kind === "screen" ? { ...piece, height_m: round((piece.width_m * 9) / 16, SIZE_DECIMALS) } : piece;
}

/** An id that neither furniture nor anchors have. */
function insert(hall: Hall, stem: string, piece: Furnishing): Added {
  const taken = { ...hall.furniture, ...hall.anchors };
  for (const key of Object.keys(taken)) if (key.endsWith("-label")) taken[key.slice(0, -"-label".length)] = piece;
  const id = unused(stem.slice(0, 50), taken);
  return { hall: changed({ ...hall, furniture: { ...hall.furniture, [id]: piece } }, [id], (each) => each), id };
}

/** The hall with some pieces changed, and their anchors. */
function changed(hall: Hall, ids: readonly string[], change: (piece: Furnishing) => Furnishing): Hall {
  let next = hall;
  for (const id of ids) {
    const piece = next.furniture?.[id];
    if (!piece) continue;
    const made = change(piece);
    next = written(next, ["furniture", id], made);
    const anchors = anchorsOf(id, made);
    for (const anchor of anchorIds(id)) {
      if (anchors[anchor] || next.anchors?.[anchor]) next = written(next, ["anchors", anchor], anchors[anchor]);
    }
  }
  return next;
}

function moving(hall: Hall, ids: readonly string[], carry: boolean) {
  const own = ids.filter((id) => hall.furniture?.[id]);
  const along = carry ? carriedBy(hall, own) : { furniture: [], placements: [] };
  return { furniture: [...new Set([...own, ...along.furniture])], placements: along.placements };
}

function turnOf(facing_deg: number): number {
  return round(yaw(facing_deg), TURN_DECIMALS);
}
