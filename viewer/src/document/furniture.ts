import { turned } from "./rotation.ts";
import { round } from "./rounding.ts";
import type { Anchor, Bounds, Furnishing, Hall, Placement, Vec3 } from "./schema.ts";

/**
 * Furniture that a curator puts into a hall, by the rules by which the server builds it: exhibit/space/furnishing.py.
 * assets/schema/cases/furniture.json holds both. Metres, hall frame; a piece's own frame has its foot at the origin, its front
 * towards +Z.
 */

export type FurnitureKind = Furnishing["kind"];

export const FURNITURE_KINDS: readonly FurnitureKind[] = [
  "plinth",
  "platform",
  "vitrine",
  "panel",
  "standing_panel",
  "screen",
  "bench",
  "lamp",
];

/** Of a vitrine above its base. */
export const GLASS_M = 0.75;
export const LID_M = 0.045;
/** Of a standing panel's face above the floor. */
export const LEG_M = 0.6;
/** From wall to face. */
export const PANEL_DEPTH_M = 0.037;
export const SCREEN_DEPTH_M = 0.064;
const STANDING_FACE_M = 0.018;
/** Of a frame around a panel or a screen. */
const FRAME_M = 0.03;
const FOOT_M = 0.28; // from a standing panel's middle to the end of its feet
/** Of a lamp's shade, its height as a share of its radius. */
const SHADE_SHARE = 0.28 / 0.26;

const LABEL_M = { width: 0.3, height: 0.16 } as const;
const ROOM_ABOVE_M = { plinth: 1.6, platform: 2.6 } as const;
const ON_TOP_M = 0.05; // what is so near to a top stands on it

/** Whether it hangs on a wall; a lamp hangs from above. */
export function isOnWall({ kind }: Furnishing): boolean {
  return kind === "panel" || kind === "screen";
}

/** A lamp's shade: it hangs on a cord that ends at the piece's position. */
export function shadeOf({ width_m, height_m }: Furnishing): { readonly height: number; readonly radius: number } {
  const height = Math.min(height_m, (width_m / 2) * SHADE_SHARE);
  return { height, radius: height / SHADE_SHARE };
}

/** The height of the surface on which exhibits stand above the piece's foot; null if none can stand on it. */
export function topOf({ kind, height_m }: Furnishing): number | null {
  return kind === "plinth" || kind === "platform" || kind === "vitrine" ? height_m : null;
}

/** The anchors of one piece, by their ids: where an exhibit stands or hangs, and where its label is. */
export function anchorsOf(id: string, piece: Furnishing): Record<string, Anchor> {
  const { kind, width_m: w, depth_m: d, height_m: h } = piece;
  const at = (of: Anchor["kind"], point: Vec3, width: number, height: number): Anchor => ({
    kind: of,
    position: inHall(piece, point).map((v) => round(v, 4)) as Vec3,
    facing_deg: round(yaw(piece.facing_deg), 4),
    width_m: round(width, 4),
    height_m: round(height, 4),
  });
  const label = (y: number, width: number) => ({
    [`${id}-label`]: at("label", [0, y, d / 2 + 0.002], width, Math.min(LABEL_M.height, h)),
  });
  const low = Math.min(LABEL_M.height / 2, h / 2);
  switch (kind) {
    case "plinth":
      return {
        [id]: at("plinth", [0, h, 0], Math.min(w, d), ROOM_ABOVE_M.plinth),
        ...label(Math.max(h - 0.16, low), Math.min(LABEL_M.width, w * 0.7)),
      };
    case "platform":
      return {
        [id]: at("plinth", [0, h, 0], Math.min(w, d), ROOM_ABOVE_M.platform),
        ...label(h / 2, LABEL_M.width),
      };
    case "vitrine":
      return {
        [id]: at("vitrine", [0, h, 0], Math.max(Math.min(w, d) - 0.1, Math.min(w, d) / 2), GLASS_M - 0.05),
        ...label(Math.max(h - 0.14, low), Math.min(LABEL_M.width, w * 0.6)),
      };
    case "panel":
      return { [id]: at("panel", [0, h / 2, PANEL_DEPTH_M], w, h) };
    case "standing_panel":
      return { [id]: at("panel", [0, LEG_M + h / 2, STANDING_FACE_M], w, h) };
    case "screen":
      return { [id]: at("screen", [0, h / 2, SCREEN_DEPTH_M], w, h) };
    case "bench":
    case "lamp":
      return {};
  }
}

/** The ids that the anchors of a piece can have. */
export function anchorIds(id: string): readonly [string, string] {
  return [id, `${id}-label`];
}

/** The box that a piece fills, in its own frame. */
export function furnitureBounds(piece: Furnishing): Bounds {
  const { kind, width_m: w, depth_m: d, height_m: h } = piece;
  const box = (x: number, low: number, high: number, back: number, front: number): Bounds => ({
    min: [-x, low, back],
    max: [x, high, front],
  });
  switch (kind) {
    case "plinth":
    case "platform":
      return box(w / 2, 0, h, -d / 2, d / 2);
    case "vitrine":
      return box(w / 2, 0, h + GLASS_M + LID_M, -d / 2, d / 2);
    case "panel":
      return box(w / 2 + FRAME_M, -FRAME_M, h + FRAME_M, 0, PANEL_DEPTH_M);
    case "standing_panel":
      return box(w / 2, 0, LEG_M + h, -FOOT_M, FOOT_M - 0.06);
    case "screen":
      return box(w / 2 + FRAME_M, -FRAME_M, h + FRAME_M, 0, SCREEN_DEPTH_M);
    case "bench":
      return box(w / 2, 0, h, -d / 2, d / 2);
    case "lamp": {
      const { radius } = shadeOf(piece);
      return box(radius, -h, 0, -radius, radius);
    }
  }
}

/** What of a piece visitors cannot enter, in its own frame: not what hangs. Of a vitrine the base: things are seen through the glass. */
export function furnitureSolid({ kind, width_m: w, depth_m: d, height_m: h }: Furnishing): Bounds | null {
  switch (kind) {
    case "plinth":
    case "platform":
    case "vitrine":
    case "bench":
      return { min: [-w / 2, 0, -d / 2], max: [w / 2, h, d / 2] };
    case "standing_panel":
      return { min: [-w / 2, 0, -0.06], max: [w / 2, LEG_M + h, 0.02] };
    case "panel":
    case "screen":
    case "lamp":
      return null;
  }
}

/** A point of a piece's own frame, in the hall's. */
export function inHall({ position, facing_deg }: Furnishing, point: Readonly<Vec3>): Vec3 {
  return turned(point, facing_deg).map((v, i) => v + (position[i] as number)) as Vec3;
}

/** A point of the hall in a piece's own frame. */
export function inPiece({ position, facing_deg }: Furnishing, point: Readonly<Vec3>): Vec3 {
  return turned(point.map((v, i) => v - (position[i] as number)) as Vec3, -facing_deg);
}

/** A direction in degrees as the same one above -180, at most 180. */
export function yaw(facing_deg: number): number {
  const angle = (facing_deg * Math.PI) / 180;
  const turn = round((Math.atan2(Math.sin(angle), Math.cos(angle)) * 180) / Math.PI, 6);
  return turn === -180 ? 180 : turn;
}

/** What these pieces carry: exhibits that stand or hang on them, furniture on platforms, and what is on that. */
export function carriedBy(
  hall: Hall,
  ids: readonly string[],
): { readonly placements: readonly string[]; readonly furniture: readonly string[] } {
  const furniture = hall.furniture ?? {};
  const carriers = new Set(ids.filter((id) => furniture[id]));
  for (const id of carriers)
    for (const [other, piece] of Object.entries(furniture))
      if (!isOnWall(piece) && piece.kind !== "lamp" && stands(furniture[id] as Furnishing, piece.position))
        carriers.add(other); // a set also visits what is added meanwhile
  const placements = hall.placement_order.filter((id) => {
    const placement = hall.placements[id];
    return placement && [...carriers].some((carrier) => carries(furniture[carrier] as Furnishing, placement));
  });
  return { placements, furniture: [...carriers].filter((id) => !ids.includes(id)) };
}

/** Whether an exhibit stands on a piece, in it or on something that does, or hangs on it. */
export function carries(piece: Furnishing, { kind, translation }: Placement): boolean {
  if (kind === "object") return stands(piece, translation, roomAbove(piece));
  if (!["panel", "standing_panel", "screen"].includes(piece.kind)) return false;
  const [x, y, z] = inPiece(piece, translation);
  const low = piece.kind === "standing_panel" ? LEG_M : 0;
  return (
    Math.abs(x) <= piece.width_m / 2 + FRAME_M &&
    y >= low - FRAME_M &&
    y <= low + piece.height_m + FRAME_M &&
    Math.abs(z) <= 0.1
  );
}

function stands(piece: Furnishing, point: Readonly<Vec3>, room = ON_TOP_M): boolean {
  const top = topOf(piece);
  if (top === null) return false;
  const [x, y, z] = inPiece(piece, point);
  const inside = Math.abs(x) <= piece.width_m / 2 && Math.abs(z) <= piece.depth_m / 2;
  return inside && y >= top - ON_TOP_M && y <= top + room;
}

function roomAbove({ kind }: Furnishing): number {
  return kind === "vitrine" ? GLASS_M : kind === "platform" ? ROOM_ABOVE_M.platform : ROOM_ABOVE_M.plinth;
}

/** The number of a piece among its kind, from its id: "plinth" is 1, "plinth-2" is 2. */
export function furnitureNumber(id: string): number {
  return Number(/-(\d+)$/.exec(id)?.[1] ?? 1);
}
