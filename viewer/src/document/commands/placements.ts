import { normal } from "../changes.ts";
import { slug, unused } from "../ids.ts";
import { written } from "../paths.ts";
import { putAt, suits } from "../places.ts";
import { product, quaternionOfTurn, UNTURNED, unit } from "../rotation.ts";
import { round, significant } from "../rounding.ts";
import type { Asset, Hall, Placement, PlacementKind, Quaternion, Subject, Text, Vec3 } from "../schema.ts";
import { groupCopies } from "./groups.ts";
import { withoutPlacements } from "./removal.ts";

/**
 * What a curator does with exhibits and text panels. As every command: a document in, the next one out.
 *
 * Ids, kinds and sizes are those that the desk's forms give (exhibit/halls/edits/placements.py);
 * assets/schema/cases/commands.json holds both.
 */

export const EYE_M = 1.6; // a visitor's eye above the floor
const GAP_M = 0.8; // between exhibits that are put side by side
const PICTURE_WIDTH_M = 1.2;
const LONGEST_STEM = 56; // leaves room for a number in an id of 64 characters
const DECIMALS = 4; // of a metre
const PANEL_TITLE: Text = { zh: "展板", en: "Text panel" };

/** A hall with something new in it, and the id of that. */
export interface Added {
  readonly hall: Hall;
  readonly id: string;
}

/** Where something is put: at an anchor, at a point, or (null) beside what stands last. */
export type Place =
  | { readonly anchor: string }
  | { readonly translation: Readonly<Vec3>; readonly rotation?: Readonly<Quaternion> }
  | null;

/** Puts an asset of the library, or a text panel (null), into the hall. */
export function putPlacement(
  hall: Hall,
  asset: { readonly id: string; readonly asset: Asset } | null,
  place: Place = null,
): Added {
  const kind = kindOf(asset?.asset ?? null);
  const title = asset ? { ...asset.asset.title } : { ...PANEL_TITLE };
  const scale = sensibleScale(asset?.asset ?? null);
  const hung = kind !== "object";
  const placement: Placement = {
    kind,
    ...(asset ? { asset: asset.id } : {}),
    title,
    label: { zh: "", en: "" },
    translation: besideLast(hall, assetWidth(asset?.asset ?? null) * scale),
    rotation: [...UNTURNED],
    scale,
    ...(hung ? { width_m: PICTURE_WIDTH_M } : {}),
  };
  if (hung) placement.translation[1] = EYE_M;
  if (place && "translation" in place) {
    placement.translation = metres(place.translation);
    if (place.rotation) placement.rotation = unit([...place.rotation]);
  }
  const id = unused((asset?.id || slug(title.en) || kind).slice(0, LONGEST_STEM), hall.placements);
  const changed: Hall = {
    ...hall,
    assets: asset ? { ...hall.assets, [asset.id]: asset.asset } : hall.assets,
    placements: { ...hall.placements, [id]: placement },
    placement_order: [...hall.placement_order, id],
  };
  return { hall: place && "anchor" in place ? putAtAnchor(changed, id, place.anchor) : changed, id };
}

/** Copies of placements, each behind its original in the order and in its chapters; without notes, not locked. */
export function duplicatePlacements(
  hall: Hall,
  ids: readonly string[],
  by: Readonly<Vec3> = [0.5, 0, 0.5],
): { readonly hall: Hall; readonly ids: readonly string[] } {
  const originals = ids.filter((id) => hall.placements[id]);
  const made: string[] = [];
  let changed = hall;
  for (const id of ids) {
    const placement = hall.placements[id];
    if (!placement) continue;
    const copy = unused(id.slice(0, LONGEST_STEM), changed.placements);
    const behind = (order: readonly string[]) => order.flatMap((each) => (each === id ? [each, copy] : [each]));
    changed = {
      ...changed,
      placements: { ...changed.placements, [copy]: structuredClone(placement) },
      placement_order: behind(changed.placement_order),
    };
    for (const [key, chapter] of Object.entries(changed.chapters ?? {}))
      if (chapter.placements.includes(id))
        changed = written(changed, ["chapters", key, "placements"], behind(chapter.placements));
    made.push(copy);
  }
  const copies = movePlacements(lockPlacements(changed, made, false), made, by);
  return { hall: groupCopies(copies, originals, made), ids: made };
}

/** Takes placements away, with all that names them; their notes go too, or they stay and belong to the hall. */
export function removePlacements(hall: Hall, ids: readonly string[], withNotes: boolean): Hall {
  return normal(withoutPlacements(hall, ids, withNotes));
}

/** Moves placements together. */
export function movePlacements(hall: Hall, ids: readonly string[], by: Readonly<Vec3>): Hall {
  return changed(hall, ids, (placement) => ({
    ...placement,
    translation: placement.translation.map((v, i) =>
      by[i] === 0 ? v : round(v + (by[i] as number), DECIMALS),
    ) as Vec3,
  }));
}

/** Puts one placement at a point. */
export function placePlacement(hall: Hall, id: string, translation: Readonly<Vec3>): Hall {
  return changed(hall, [id], (placement) => ({ ...placement, translation: metres(translation) }));
}

/** Turns one placement to this direction about +Y; whatever else it was rotated by is gone, as in the desk's form. */
export function turnPlacement(hall: Hall, id: string, turn_deg: number): Hall {
  return changed(hall, [id], (placement) => ({ ...placement, rotation: quaternionOfTurn(turn_deg) }));
}

/** Turns placements about the vertical: each about its own axis, or all about the axis through a point. */
export function turnPlacements(
  hall: Hall,
  ids: readonly string[],
  by_deg: number,
  about: Readonly<Vec3> | null = null,
): Hall {
  const turn = quaternionOfTurn(by_deg);
  const [sin, cos] = [Math.sin((by_deg * Math.PI) / 180), Math.cos((by_deg * Math.PI) / 180)];
  return changed(hall, ids, (placement) => {
    const [x, y, z] = placement.translation;
    const [dx, dz] = about ? [x - about[0], z - about[2]] : [0, 0];
    const translation: Vec3 = about
      ? [round(about[0] + dx * cos + dz * sin, DECIMALS), y, round(about[2] - dx * sin + dz * cos, DECIMALS)]
      : placement.translation;
    return { ...placement, translation, rotation: product(turn, placement.rotation) };
  });
}

export function scalePlacement(hall: Hall, id: string, scale: number): Hall {
  return scale > 0 ? changed(hall, [id], (placement) => ({ ...placement, scale: significant(scale, 6) })) : hall;
}

/** What a visitor sees of a scale. unscaled: nobody knows how large the thing is. not-life-size: it is known, and this is not it. */
export function scaleWarning(placement: Placement, assets: Hall["assets"]): "unscaled" | "not-life-size" | null {
  const asset = placement.asset === undefined ? undefined : assets[placement.asset];
  if (placement.kind !== "object" || !asset) return null;
  if (asset.unit === "arbitrary") return "unscaled";
  return Math.abs(placement.scale - 1) > 1e-6 ? "not-life-size" : null;
}

/** The width of a board on its wall. */
export function resizePlacement(hall: Hall, id: string, width_m: number): Hall {
  return width_m > 0 ? changed(hall, [id], (placement) => ({ ...placement, width_m: round(width_m, 3) })) : hall;
}

/** Puts a placement at an anchor. An anchor that the hall lacks, or that is not made for it, changes nothing. */
export function putAtAnchor(hall: Hall, id: string, anchor: string): Hall {
  const place = hall.anchors?.[anchor];
  return changed(hall, [id], (placement) =>
    place && suits(place, placement.kind) ? putAt(placement, place, hall.assets) : placement,
  );
}

/** What of an industry it shows; null: nothing in particular. */
export function changeSubject(hall: Hall, id: string, subject: Subject | null): Hall {
  return changed(hall, [id], ({ subject: _, ...placement }) => (subject ? { ...placement, subject } : placement));
}

/** The hall after an edit, with what is locked where it was before. */
export function withLockedKept(before: Hall, next: Hall): Hall {
  if (before.placements === next.placements) return next;
  const locked = Object.entries(before.placements).filter(([id, placement]) => {
    const now = next.placements[id];
    return placement.locked && now?.locked && now !== placement && placeOf(now) !== placeOf(placement);
  });
  const kept = locked.map(([id, { translation, rotation, scale, width_m }]): [string, Placement] => [
    id,
    {
      ...(next.placements[id] as Placement),
      translation,
      rotation,
      scale,
      ...(width_m === undefined ? {} : { width_m }),
    },
  ]);
  return kept.length === 0 ? next : { ...next, placements: { ...next.placements, ...Object.fromEntries(kept) } };
}

function placeOf({ translation, rotation, scale, width_m }: Placement): string {
  return JSON.stringify([translation, rotation, scale, width_m]);
}

/** Fixes the place of placements, or frees it. */
export function lockPlacements(hall: Hall, ids: readonly string[], locked: boolean): Hall {
  return changed(hall, ids, ({ locked: _, ...placement }) => (locked ? { ...placement, locked } : placement));
}

/** The hall with some of its placements changed. Ids that it does not have are passed over. */
export function changed(hall: Hall, ids: readonly string[], change: (placement: Placement) => Placement): Hall {
  const own = ids.filter((id) => hall.placements[id]);
  if (own.length === 0) return hall;
  const next = own.map((id) => [id, change(hall.placements[id] as Placement)] as const);
  return { ...hall, placements: { ...hall.placements, ...Object.fromEntries(next) } };
}

export function metres(point: Readonly<Vec3>): Vec3 {
  return point.map((v) => round(v, DECIMALS)) as Vec3;
}

function kindOf(asset: Asset | null): PlacementKind {
  if (!asset) return "panel";
  return asset.kind === "picture" || asset.kind === "video" || asset.kind === "audio" ? asset.kind : "object";
}

function assetWidth(asset: Asset | null): number {
  return asset?.bounds ? asset.bounds.max[0] - asset.bounds.min[0] : PICTURE_WIDTH_M;
}

/** 1 for what is in metres; what has no scale is shown one metre high. */
function sensibleScale(asset: Asset | null): number {
  if (!asset?.bounds || asset.unit === "metre") return 1;
  const height = asset.bounds.max[1] - asset.bounds.min[1];
  return height > 0 ? significant(1 / height, 4) : 1;
}

/** On the floor to the right of what stands last; the first one before the visitor who enters. */
function besideLast(hall: Hall, width: number): Vec3 {
  const last = hall.placements[hall.placement_order.at(-1) ?? ""];
  if (!last) {
    const { position, target } = hall.start;
    return [round((position[0] + target[0]) / 2, 2), 0, round((position[2] + target[2]) / 2, 2)];
  }
  const asset = last.asset === undefined ? null : (hall.assets[last.asset] ?? null);
  const reach = (assetWidth(asset) * last.scale) / 2 + width / 2 + GAP_M;
  return [round(last.translation[0] + reach, 2), 0, last.translation[2]];
}
