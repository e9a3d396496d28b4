import { Group, Vector3 } from "three";
import { type HallTitles, isOpen } from "../document/doors.ts";
import { byId } from "../document/order.ts";
import type { Door, Hall } from "../document/schema.ts";
import { type Lang, localized } from "../document/text.ts";
import { fittingFontSize, paperCanvas, SANS, SERIF, truncateLines, wrapLines } from "./canvas-text.ts";
import { BODY } from "./collide.ts";
import type { Colliders } from "./colliders.ts";
import { facingDirection, type Rectangle, rayDistance, uprightRectangle } from "./rectangle.ts";
import { Sign } from "./sign.ts";
import { lookAt, type Pose } from "./view.ts";

/** The doors to other halls: their signs, when the visitor walks through one, and where a visitor comes in. */

const NEAR = 0.5; // m before the opening, where walking on leads through; a closed leaf stops the body at 0.3 m
const BEHIND = 1.2;
const INSIDE = 1.3; // m from the door to a visitor who has come in
const SIGN = { width: 1.3, height: 0.24 } as const;
const DARK = "#2b231d";
const CREAM = "#f3ead8";
const FADED = "#c9bda8";

export class Doors {
  readonly group = new Group();
  readonly #doors: ReadonlyMap<string, Door>;
  readonly #signs = new Map<string, Sign>();
  readonly #openings = new Map<string, Rectangle>();
  #at: string | null = null;

  /** `colliders` contains the room: signs hang on the wall above their door. */
  constructor(hall: Hall, colliders: Colliders) {
    this.#doors = new Map(byId(hall.doors));
    for (const [id, door] of this.#doors) {
      const sign = new Sign(signFace(door, colliders), DARK);
      this.#signs.set(id, sign);
      this.group.add(sign.object);
      const middle = new Vector3(...door.position).setY(door.position[1] + door.height_m / 2);
      this.#openings.set(id, uprightRectangle(middle, door.facing_deg, door.width_m, door.height_m));
    }
  }

  /** `shut` is the text for a door that leads nowhere. */
  write(lang: Lang, hallTitles: HallTitles, shut: string): void {
    for (const [id, sign] of this.#signs) {
      const door = this.#doors.get(id) as Door;
      const hall = door.hall ? hallTitles?.get(door.hall) : undefined;
      const title = localized(door.title, lang);
      const [large, small] = hall ? [localized(hall, lang), title] : [title, isOpen(door, hallTitles) ? "" : shut];
      sign.print(printSign(large, small === large ? "" : small, sign.face, lang));
    }
  }

  /** The door that a ray goes through, if it hits no collider before `reach` metres. */
  hit(origin: Vector3, direction: Vector3, reach: number): { readonly id: string; readonly distance: number } | null {
    let best: { id: string; distance: number } | null = null;
    for (const faces of [this.#openings, new Map([...this.#signs].map(([id, { face }]) => [id, face]))]) {
      for (const [id, face] of faces) {
        const distance = rayDistance(face, origin, direction);
        // The leaf of a door may be in front of the opening's middle or behind it.
        if (distance === null || distance > reach + 0.4) continue;
        if (distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { id, distance };
      }
    }
    return best;
  }

  /** The door that a body at `foot` walks into by moving (dx, dz). It is returned once, and again only after the body has left the door. */
  entered(foot: Vector3, dx: number, dz: number): string | null {
    const at = [...this.#doors].find(([, door]) => standsIn(door, foot))?.[0] ?? null;
    if (at === null) this.#at = null;
    if (at === null || at === this.#at) return null;
    const front = facingDirection((this.#doors.get(at) as Door).facing_deg);
    if (dx * front.x + dz * front.z >= -0.3 * Math.hypot(dx, dz)) return null; // along the wall, or out of it
    this.#at = at;
    return at;
  }
}

/** Whether a foot is in an opening, or so close before it that the next step leads through. */
export function standsIn(door: Door, foot: Vector3): boolean {
  const front = facingDirection(door.facing_deg);
  const way = foot.clone().sub(new Vector3(...door.position));
  const out = way.dot(front);
  const aside = Math.abs(way.x * front.z - way.z * front.x);
  return out < NEAR && out > -BEHIND && aside < door.width_m / 2 && way.y > -0.6 && way.y < 1.2;
}

/** The pose of a visitor who comes in by a door: just inside, facing the hall. */
export function arrivalAt(door: Door, fov_deg: number): Pose {
  const front = facingDirection(door.facing_deg);
  const eye = new Vector3(...door.position).addScaledVector(front, INSIDE);
  eye.y += BODY.eye;
  return lookAt(eye, eye.clone().addScaledVector(front, 4), fov_deg);
}

/** On the wall above the opening; below the lintel if there is no wall. */
function signFace(door: Door, colliders: Colliders): Rectangle {
  const front = facingDirection(door.facing_deg);
  const width = Math.min(SIGN.width, Math.max(0.6, door.width_m));
  const foot = new Vector3(...door.position);
  const above = foot.clone().setY(foot.y + door.height_m + 0.1 + SIGN.height / 2);
  const room = (owner: string | null) => owner === null;
  const reader = above.clone().addScaledVector(front, 1.2);
  const wall = colliders.ray(reader, front.clone().negate(), 2, room);
  if (wall && wall.normal.dot(front) > 0.8 && wall.distance > 0.3) {
    return uprightRectangle(wall.point.addScaledVector(front, 0.012), door.facing_deg, width, SIGN.height);
  }
  const lintel = above.setY(foot.y + door.height_m - 0.12 - SIGN.height / 2).addScaledVector(front, 0.06);
  return uprightRectangle(lintel, door.facing_deg, width, SIGN.height);
}

function printSign(title: string, below: string, face: Rectangle, lang: Lang): CanvasRenderingContext2D {
  const density = 900;
  const context = paperCanvas(face.width * density, face.height * density, DARK);
  const { width, height } = context.canvas;
  const room = width * 0.9;
  context.textAlign = "center";
  const bold = (size: number) => `600 ${size}px ${SERIF[lang]}`;
  const size = fittingFontSize(context, title, bold, height * (below ? 0.4 : 0.46), height * 0.24, room);
  const lines = below
    ? [title]
    : truncateLines(
        wrapLines(title, room, (text) => context.measureText(text).width),
        1,
      );
  context.font = bold(size);
  context.fillStyle = CREAM;
  context.fillText(lines[0] ?? "", width / 2, height * (below ? 0.38 : 0.52), room);
  if (below) {
    const plain = (small: number) => `${small}px ${SANS[lang]}`;
    context.font = plain(fittingFontSize(context, below, plain, height * 0.21, height * 0.15, room));
    context.fillStyle = FADED;
    context.fillText(below, width / 2, height * 0.76, room);
  }
  return context;
}
