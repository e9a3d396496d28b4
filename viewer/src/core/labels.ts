import { BoxGeometry, Group, Mesh, MeshBasicMaterial, type Object3D, Vector3 } from "three";
import { byId, exhibitNumbers } from "../document/order.ts";
import { labelAnchor } from "../document/places.ts";
import type { Anchor, Hall, Placement } from "../document/schema.ts";
import { type Lang, localized } from "../document/text.ts";
import {
  firstSentence,
  fittingFontSize,
  INK,
  PAPER,
  paperCanvas,
  SANS,
  SEAL,
  SERIF,
  STONE,
  truncateLines,
  wrapLines,
} from "./canvas-text.ts";
import type { Colliders } from "./colliders.ts";
import { disposeModel, type Exhibit } from "./exhibit.ts";
import { isPlaque } from "./plaques.ts";
import { facingDirection, type Rectangle, rayDistance, uprightRectangle } from "./rectangle.ts";
import { Sign } from "./sign.ts";
import { DEGREE } from "./units.ts";

/** Museum labels: plates with an exhibit's number, title and first sentence. */

const WIDTH = 0.3; // m, of a label on a plinth or a wall
const HEIGHT = 0.16;
const LECTERN = { width: 0.36, height: 0.2, above: 0.82, tilt_deg: 40, away: 0.3 } as const;
const EDGE = "#d8d0c2";
const METAL = "#3a342e";
const DOWN = new Vector3(0, -1, 0);

/** Where a label is. `post` is its height above the floor if it stands on a post; `anchor` the hall's own place, if it is there. */
export interface LabelPlace {
  readonly face: Rectangle;
  readonly post: number | null;
  readonly anchor: Anchor | null;
}

interface Label {
  spot: LabelPlace;
  readonly sign: Sign;
  readonly post: Object3D | null;
  /** What is printed on it. */
  words: string;
}

export class Labels {
  readonly group = new Group();
  readonly #labels = new Map<string, Label>();
  readonly #colliders: Colliders;
  #hall: Hall;

  /** `colliders` contains the room, on whose surfaces the labels lie. */
  constructor(hall: Hall, exhibits: Iterable<Exhibit>, colliders: Colliders) {
    this.#hall = hall;
    this.#colliders = colliders;
    this.update(hall, exhibits);
  }

  /** Takes the next document. The labels of the exhibits in `settled`, which stand as before, stay. Write them afterwards. */
  update(hall: Hall, exhibits: Iterable<Exhibit>, settled: ReadonlySet<string> = new Set()): void {
    this.#hall = hall;
    const spots = labelPlaces(hall, exhibits, this.#colliders, (id, anchor) => {
      const spot = settled.has(id) ? this.#labels.get(id)?.spot : undefined;
      return spot?.anchor === anchor ? spot : undefined;
    });
    for (const [id, { spot, sign, post }] of this.#labels) {
      const next = spots.get(id);
      if (next && isAlike(next, spot)) continue; // it is moved, if it moves at all
      this.#labels.delete(id);
      for (const part of [sign.object, post]) {
        if (!part) continue;
        this.group.remove(part);
        disposeModel(part, true);
      }
    }
    for (const [id, spot] of spots) {
      const held = this.#labels.get(id);
      if (held?.spot === spot) continue;
      const sign = held?.sign ?? new Sign(spot.face, EDGE);
      const post = held?.post ?? (spot.post === null ? null : postOf(spot.post));
      if (held) sign.move(spot.face);
      post?.position.copy(spot.face.centre).setY(spot.face.centre.y - (spot.post ?? 0) / 2 - 0.02);
      this.#labels.set(id, { spot, sign, post, words: held?.words ?? "" });
      this.group.add(sign.object);
      if (post) this.group.add(post);
    }
  }

  /** Prints what is not printed yet, at most so many labels: first those on which nothing is printed. True if all is printed. */
  write(lang: Lang, most = Number.POSITIVE_INFINITY): boolean {
    let left = most;
    const density = matchMedia("(pointer: coarse)").matches ? 1700 : 2400; // px per metre
    const numbers = exhibitNumbers(this.#hall);
    const blankFirst = [...this.#labels].sort(([, a], [, b]) => Number(a.words !== "") - Number(b.words !== ""));
    for (const [id, label] of blankFirst) {
      const placement = this.#hall.placements[id];
      if (!placement) continue;
      const number = numbers.get(id) ?? null;
      const words = JSON.stringify([placement.title, placement.label, number, lang]);
      if (words === label.words) continue;
      if (left-- <= 0) return false;
      label.words = words;
      label.sign.print(printLabel(placement, number, label.sign.face, density, lang));
    }
    return true;
  }

  /** The exhibit whose label a ray hits first. */
  hit(origin: Vector3, direction: Vector3): { readonly id: string; readonly distance: number } | null {
    let best: { id: string; distance: number } | null = null;
    for (const [id, { sign }] of this.#labels) {
      const distance = rayDistance(sign.face, origin, direction);
      if (distance !== null && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { id, distance };
    }
    return best;
  }
}

/**
 * The place of each exhibit's label: an anchor of the hall near it, else below a picture, on the plinth, or on a post. `known` is asked
 * first for the spot of an exhibit that has this anchor.
 */
export function labelPlaces(
  hall: Hall,
  exhibits: Iterable<Exhibit>,
  colliders: Colliders,
  known: (id: string, anchor: Anchor | null) => LabelPlace | undefined = () => undefined,
): Map<string, LabelPlace> {
  const spots = new Map<string, LabelPlace>();
  let free = byId(hall.anchors).filter(([, anchor]) => anchor.kind === "label" && !isPlaque(anchor));
  for (const exhibit of exhibits) {
    const { id, placement } = exhibit;
    if (placement.kind === "panel" || placement.kind === "audio") continue; // they show their own text
    const nearest = labelAnchor(placement.translation, free);
    const anchor = nearest === null ? null : (hall.anchors?.[nearest] ?? null);
    free = free.filter(([key]) => key !== nearest);
    const spot =
      known(id, anchor) ??
      (anchor
        ? onAnchor(anchor)
        : placement.kind === "object"
          ? standing(exhibit, colliders)
          : below(exhibit, colliders));
    if (spot) spots.set(id, spot);
  }
  return spots;
}

function onAnchor(anchor: Anchor): LabelPlace {
  const { position, facing_deg, width_m, height_m } = anchor;
  return {
    face: uprightRectangle(before(position, facing_deg, 0.006), facing_deg, width_m, height_m),
    post: null,
    anchor,
  };
}

/** On the front of the object's plinth; on a post if the object stands low; on the wall if it hangs there. */
function standing(exhibit: Exhibit, colliders: Colliders): LabelPlace | null {
  const { box, front } = exhibit;
  const centre = box.getCenter(new Vector3());
  const room = (owner: string | null) => owner === null;
  const base = colliders.ray(new Vector3(centre.x, box.min.y + 0.05, centre.z), DOWN, 0.3, room);
  if (!base) return below(exhibit, colliders);
  const surface = base.point.y;
  const yaw = Math.atan2(front.x, front.z) / DEGREE;
  const reach = Math.max(box.max.x - box.min.x, box.max.z - box.min.z) / 2;
  for (const turn of [0, 90, -90, 180]) {
    const out = facingDirection(yaw + turn);
    // A ray from a reader's place, at the height of the label's centre, back to the plinth.
    const reader = new Vector3(centre.x, surface - 0.04 - HEIGHT / 2, centre.z).addScaledVector(out, reach + 1.2);
    const over = centre.clone().setY(surface + 0.1);
    if (colliders.ray(over, out, reach + 1, room)) continue; // nobody can stand there
    const floor = colliders.ray(reader.clone().setY(surface + 1), DOWN, 4, room);
    if (!floor) continue;
    if (surface - floor.point.y < 0.35) {
      const stand = centre.clone().addScaledVector(out, extent(box, out) + LECTERN.away);
      const ground = colliders.ray(stand.clone().setY(surface + 0.5), DOWN, 2, room);
      if (!ground || Math.abs(ground.point.y - floor.point.y) > 0.3) continue;
      const at = ground.point.clone().setY(ground.point.y + LECTERN.above);
      const face = uprightRectangle(at, yaw + turn, LECTERN.width, LECTERN.height, LECTERN.tilt_deg);
      return { face, post: LECTERN.above, anchor: null };
    }
    const plinth = colliders.ray(reader, out.clone().negate(), reach + 1.2, room);
    if (!plinth || plinth.distance < 0.5 || plinth.normal.dot(out) < 0.9) continue;
    const facing_deg = Math.atan2(plinth.normal.x, plinth.normal.z) / DEGREE;
    const face = uprightRectangle(before(plinth.point.toArray(), facing_deg, 0.005), facing_deg, WIDTH, HEIGHT);
    return { face, post: null, anchor: null };
  }
  return null;
}

/** Below a picture on a wall, at its left edge. */
function below(exhibit: Exhibit, colliders: Colliders): LabelPlace {
  const { box, front, placement } = exhibit;
  const centre = box.getCenter(new Vector3());
  const yaw = Math.atan2(front.x, front.z) / DEGREE;
  const half = (placement.width_m ?? extent(box, facingDirection(yaw + 90)) * 2) / 2;
  const at = centre.addScaledVector(facingDirection(yaw + 90), WIDTH / 2 - half).setY(box.min.y - 0.05 - HEIGHT / 2);
  const wall = colliders.ray(
    at.clone().addScaledVector(front, 0.4),
    front.clone().negate(),
    0.8,
    (owner) => owner === null,
  );
  const place = wall ? wall.point.addScaledVector(front, 0.005) : at;
  return { face: uprightRectangle(place, yaw, WIDTH, HEIGHT), post: null, anchor: null };
}

function before(position: readonly [number, number, number], facing_deg: number, distance: number): Vector3 {
  return new Vector3(...position).addScaledVector(facingDirection(facing_deg), distance);
}

/** The extent of a box from its centre along a horizontal direction. */
function extent(box: Exhibit["box"], out: Vector3): number {
  const size = box.getSize(new Vector3());
  return (Math.abs(out.x) * size.x + Math.abs(out.z) * size.z) / 2;
}

/** Whether one sign can hang in both places. */
function isAlike(a: LabelPlace, b: LabelPlace): boolean {
  return a.face.width === b.face.width && a.face.height === b.face.height && a.post === b.post;
}

function postOf(height: number): Mesh {
  return new Mesh(
    new BoxGeometry(0.022, height - 0.02, 0.022),
    new MeshBasicMaterial({ color: METAL, toneMapped: false }),
  );
}

function printLabel(
  placement: Placement,
  number: number | null,
  face: Rectangle,
  density: number,
  lang: Lang,
): CanvasRenderingContext2D {
  const context = paperCanvas(face.width * density, face.height * density, PAPER);
  const { width, height } = context.canvas;
  const unit = Math.min(height / 16, width / 30); // a centimetre on a label of the usual size
  const margin = 1.6 * unit;
  const room = width - 2 * margin;
  const title = localized(placement.title, lang);
  const bold = (size: number) => `600 ${size}px ${SERIF[lang]}`;
  const size = fittingFontSize(context, title, bold, (lang === "zh" ? 2.9 : 2.5) * unit, 1.7 * unit, room - 3 * unit);
  context.font = bold(size);
  const titles = truncateLines(
    wrapLines(title, room - 3 * unit, (text) => context.measureText(text).width),
    2,
  );
  context.fillStyle = INK;
  let y = margin + size * 0.6;
  for (const line of titles) {
    context.fillText(line, margin, y);
    y += size * 1.25;
  }
  if (number !== null) {
    context.textAlign = "right";
    context.fillStyle = SEAL;
    context.font = `600 ${2.2 * unit}px ${SERIF.en}`;
    context.fillText(String(number), width - margin, margin + 1.3 * unit);
    context.textAlign = "left";
  }
  y += unit * 0.1;
  context.fillStyle = SEAL;
  context.fillRect(margin, y - size * 0.25, 2.4 * unit, Math.max(2, 0.16 * unit));
  y += unit * 1.1;
  const small = (lang === "zh" ? 1.5 : 1.4) * unit;
  const lead = small * (lang === "zh" ? 1.5 : 1.35);
  context.font = `${small}px ${SANS[lang]}`;
  context.fillStyle = STONE;
  const lines = wrapLines(
    firstSentence(localized(placement.label, lang)),
    room,
    (text) => context.measureText(text).width,
  );
  for (const line of truncateLines(lines, Math.max(0, Math.floor((height - margin * 0.7 - y + small / 2) / lead)))) {
    context.fillText(line, margin, y);
    y += lead;
  }
  return context;
}
