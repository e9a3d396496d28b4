import { usedAssets } from "../document/assets.ts";
import { clashes } from "../document/clashes.ts";
import { scaleWarning } from "../document/commands/placements.ts";
import { boundsOf } from "../document/extent.ts";
import { HEIGHTS } from "../document/heights.ts";
import { stopsInOrder } from "../document/order.ts";
import { type DeepPath, isMap, valueAt } from "../document/paths.ts";
import { isAt } from "../document/places.ts";
import type { Anchor, Asset, Bounds, Hall, Placement, Text } from "../document/schema.ts";
import { isBlank, type Lang } from "../document/text.ts";
import { bySeverity, type Check, type CheckId, check, type Surroundings } from "./check.ts";
import { PHONE_BYTES, phoneWeight } from "./phone-weight.ts";
import { narrowWays, obstacles } from "./plan/clear-ways.ts";
import { furnitureChecks, stairChecks } from "./room-checks.ts";

/** What a curator should look at before publishing. Their words: check-words.ts. */

const LANGS: readonly Lang[] = ["zh", "en"];
const SLACK_M = 0.05; // beyond the room's bounds: baked models are not exact
const MILLIMETRE = 0.001;
const LABEL_WIDTH_M = 0.35; // a narrower text panel is a label beside an exhibit
const RESTING_M = 0.02; // from what a thing stands on

/** All that there is to look at: errors first, then warnings, then hints; by things in the hall's order. */
export function checks(hall: Hall, room: Surroundings = documentAlone(hall)): Check[] {
  return bySeverity([
    ...textChecks(hall),
    ...assetChecks(hall),
    ...placementChecks(hall, room),
    ...clashChecks(hall, room),
    ...weightChecks(hall),
    ...wayChecks(hall),
    ...furnitureChecks(hall, room),
    ...stairChecks(hall),
    ...otherChecks(hall),
  ]);
}

function documentAlone(hall: Hall): Surroundings {
  return { floorBefore: () => roomOf(hall)?.min[1] ?? 0, inWall: () => false, isBroken: () => false };
}

/** Every text that is written in one language only, as exhibit/halls/translations.py counts them; titles that are not written. */
function textChecks(hall: Hall): Check[] {
  return things(hall).flatMap(({ thing, value, names }) => {
    const title = isMap(value) ? (value.title as Text | undefined) : undefined;
    const untitled = title && blank(title) ? [check("title-missing", thing, { path: [...thing, "title"] })] : [];
    const missing = textsIn(value, thing, names).flatMap(({ path, text }) => {
      const empty = LANGS.filter((lang) => isBlank(text[lang]));
      return empty.length === 1 ? [check("translation-missing", thing, { path, lang: empty[0] as Lang })] : [];
    });
    return [...untitled, ...missing];
  });
}

/** Who made it, how, and what others may do with it. */
function assetChecks(hall: Hall): Check[] {
  return [...usedAssets(hall)].sort().flatMap((id) => {
    const asset = hall.assets[id];
    if (!asset) return [];
    const { method, statement, licence, rights } = asset.origin;
    const thing = ["assets", id];
    const origin = method === "not-stated" || blank(statement);
    return [
      ...(origin ? [check("origin-missing", thing, { path: [...thing, "origin"] })] : []),
      ...(licence || !blank(rights)
        ? []
        : [check("licence-missing", thing, { path: [...thing, "origin", "licence"] })]),
    ];
  });
}

function placementChecks(hall: Hall, surroundings: Surroundings): Check[] {
  const room = roomOf(hall);
  return hall.placement_order.flatMap((id) => {
    const placement = hall.placements[id];
    if (!placement) return [];
    const thing = ["placements", id];
    const asset = placement.asset === undefined ? undefined : hall.assets[placement.asset];
    const scale = scaleWarning(placement, hall.assets);
    return [
      ...(surroundings.isBroken(thing) ? [check("broken", thing, { path: [...thing, "asset"] })] : []),
      ...wordChecks(placement, asset, thing),
      ...(scale ? [check(scale, thing, { path: [...thing, "scale"] })] : []),
      ...(room && isOutside(placement, hall, room)
        ? [check("outside-room", thing, { path: [...thing, "translation"] })]
        : []),
      ...heightChecks(hall, id, placement, surroundings.floorBefore(thing)),
    ];
  });
}

function roomOf(hall: Hall): Bounds | undefined {
  return hall.assets[hall.architecture.asset]?.bounds;
}

/** What visitors get who cannot see it, or cannot hear it. */
function wordChecks({ kind, label }: Placement, asset: Asset | undefined, thing: readonly string[]): Check[] {
  const silent = (kind === "video" || kind === "audio") && asset && !asset.files.captions;
  const path = [...thing, "label"];
  return [
    ...(kind === "panel" && blank(label) ? [check("panel-empty", thing, { path })] : []),
    ...(kind !== "panel" && blank(label) ? [check("alternative-missing", thing, { path })] : []),
    ...(silent ? [check("captions-missing", thing, { path: [...thing, "asset"] })] : []),
  ];
}

/** Heights above the floor; see document/heights.ts. */
function heightChecks(hall: Hall, id: string, placement: Placement, floor: number | null): Check[] {
  const thing = ["placements", id];
  const bounds = boundsOf(placement, hall.assets);
  if (!bounds || floor === null) return [];
  const [bottom, top] = [bounds.min[1] - floor, bounds.max[1] - floor];
  const at = (name: CheckId, metres: number) => [check(name, thing, { path: [...thing, "translation"], metres })];
  const anchor = Object.values(hall.anchors ?? {}).find((each) => isAt(placement, each));
  if (placement.kind !== "object") {
    if (anchor) return []; // whoever built the room has chosen this height
    if (placement.kind === "panel" && (placement.width_m ?? 1) <= LABEL_WIDTH_M)
      return top > HEIGHTS.label_rail_top + MILLIMETRE ? at("label-height", top) : [];
    const [low, high] = HEIGHTS.picture_centre;
    const centre = (bottom + top) / 2;
    return centre < low - MILLIMETRE || centre > high + MILLIMETRE ? at("picture-height", centre) : [];
  }
  if (anchor) return standCheck(anchor, floor, at);
  const inTheWay = bottom > HEIGHTS.cane && bottom < HEIGHTS.headroom && !restsOn(hall, id, bounds);
  return inTheWay ? at("cane-height", bottom) : [];
}

function standCheck({ position }: Anchor, floor: number, at: (name: CheckId, metres: number) => Check[]): Check[] {
  const height = position[1] - floor;
  return height > HEIGHTS.case_top[1] + MILLIMETRE ? at("stand-height", height) : [];
}

/** Whether something else carries it: another placement ends where it begins, below its middle. */
function restsOn(hall: Hall, id: string, { min, max }: Bounds): boolean {
  const [x, z] = [(min[0] + max[0]) / 2, (min[2] + max[2]) / 2];
  return Object.entries(hall.placements).some(([other, placement]) => {
    const below = other === id ? null : boundsOf(placement, hall.assets);
    if (!below || Math.abs(below.max[1] - min[1]) > RESTING_M) return false;
    return below.min[0] <= x && x <= below.max[0] && below.min[2] <= z && z <= below.max[2];
  });
}

function isOutside(placement: Placement, hall: Hall, room: Bounds): boolean {
  const point = placement.translation;
  const { min, max } = boundsOf(placement, hall.assets) ?? { min: point, max: point };
  return [0, 1, 2].some((i) => {
    const axis = i as 0;
    return min[axis] < room.min[axis] - SLACK_M || max[axis] > room.max[axis] + SLACK_M;
  });
}

/** Things that stand in one another, or in a wall. */
function clashChecks(hall: Hall, room: Surroundings): Check[] {
  const among = clashes(hall).map(({ one, other, metres }) =>
    check("clash", other, { path: placeOf(other), other: one, metres }),
  );
  const parts = [
    ...hall.placement_order.map((id) => ["placements", id]),
    ...sorted(hall.furniture).map(([id]) => ["furniture", id]),
  ];
  const walls = parts
    .filter((thing) => room.inWall(thing))
    .map((thing) => check("in-wall", thing, { path: placeOf(thing) }));
  return [...among, ...walls];
}

/** What a phone has to load for the whole hall, if that is a lot: told of what is the heaviest of it. */
function weightChecks(hall: Hall): Check[] {
  const { bytes, heaviest } = phoneWeight(hall);
  if (bytes <= PHONE_BYTES) return [];
  const megabytes = { own: heaviest.bytes / 1e6, all: bytes / 1e6 };
  return [check("heavy", heaviest.thing, { path: heaviest.thing, megabytes })];
}

/** Ways between things that a wheelchair does not get through. Those between two parts of the room are as it was built. */
function wayChecks(hall: Hall): Check[] {
  const all = obstacles(hall);
  const own = all.filter(({ thing: [map] }) => map !== "anchors");
  return narrowWays(own, all).map(({ one, other, metres }) =>
    check("narrow-way", one.thing, { path: placeOf(one.thing), other: other.thing, metres }),
  );
}

/** An exhibit that nobody gets to: found by walking through the room, not in the document. */
export function unreachable(id: string): Check {
  const thing = ["placements", id];
  return check("unreachable", thing, { path: placeOf(thing) });
}

/** The field that says where a thing is. */
function placeOf(thing: readonly string[]): DeepPath {
  return [...thing, thing[0] === "furniture" ? "position" : "translation"];
}

function otherChecks(hall: Hall): Check[] {
  const zones = sorted(hall.zones).flatMap(([id, { sound, caption }]) => {
    const thing = ["zones", id];
    return sound && blank(caption) ? [check("words-missing", thing, { path: [...thing, "caption"] })] : [];
  });
  const stops = (hall.tour_order ?? []).flatMap((id) => {
    const thing = ["tours", id];
    const tour = hall.tours?.[id];
    return (tour ? stopsInOrder(tour) : []).flatMap(([stop, { caption }]) =>
      blank(caption) ? [check("words-missing", thing, { path: [...thing, "stops", stop, "caption"] })] : [],
    );
  });
  const doors = sorted(hall.doors).flatMap(([id, { hall: slug }]) =>
    slug ? [] : [check("door-shut", ["doors", id], { path: ["doors", id, "hall"] })],
  );
  return [...zones, ...stops, ...doors];
}

interface Thing {
  readonly thing: readonly string[];
  readonly value: unknown;
  /** Only these fields; null: all of them. */
  readonly names: readonly string[] | null;
}

/** The things of a hall that have texts: in their orders, else by their ids. */
function things(hall: Hall): Thing[] {
  const listed = (map: string, ids: readonly string[]): Thing[] =>
    ids.map((id) => ({ thing: [map, id], value: valueAt(hall, [map, id]), names: null }));
  const ids = (map: object | undefined) =>
    sorted(map as Readonly<Record<string, unknown>> | undefined).map(([id]) => id);
  const milestones = ids(hall.timeline?.milestones).map((id): Thing => {
    const thing = ["timeline", "milestones", id];
    return { thing, value: valueAt(hall, thing), names: null };
  });
  return [
    { thing: [], value: hall, names: ["title", "summary", "credit"] },
    ...listed("placements", hall.placement_order),
    ...listed("notes", hall.note_order),
    ...listed("chapters", hall.chapter_order ?? []),
    ...(hall.timeline ? [{ thing: ["timeline"], value: hall.timeline, names: ["title"] }] : []),
    ...milestones,
    ...listed("tours", hall.tour_order ?? []),
    ...listed("zones", ids(hall.zones)),
    ...listed("sources", ids(hall.sources)),
    ...listed("doors", ids(hall.doors)),
    ...listed("assets", [...usedAssets(hall)].sort()),
  ];
}

/** All texts in a value, with their paths. */
export function textsIn(
  value: unknown,
  path: DeepPath,
  names: readonly string[] | null = null,
): { path: DeepPath; text: Text }[] {
  if (Array.isArray(value)) return value.flatMap((each, i) => textsIn(each, [...path, i]));
  if (!isMap(value)) return [];
  if (isText(value)) return [{ path, text: value }];
  return Object.keys(value)
    .filter((key) => names === null || names.includes(key))
    .flatMap((key) => textsIn(value[key], [...path, key]));
}

function isText(value: object): value is Text {
  const { zh, en, ...rest } = value as Record<string, unknown>;
  return typeof zh === "string" && typeof en === "string" && Object.keys(rest).length === 0;
}

function blank(text: Text | undefined): boolean {
  return LANGS.every((lang) => isBlank(text?.[lang]));
}

function sorted<T>(map: Readonly<Record<string, T>> | undefined): [string, T][] {
  return Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}
