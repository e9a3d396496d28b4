import { Vector3 } from "three";
import { clamp } from "../../core/units.ts";
import { type Clash, clashes, type Part } from "../../document/clashes.ts";
import { yaw } from "../../document/furniture.ts";
import { turnOf } from "../../document/rotation.ts";
import type { Hall, Vec3 } from "../../document/schema.ts";
import type { Lang } from "../../document/text.ts";
import { h } from "../../ui/dom.ts";
import type { Surroundings } from "../check.ts";
import { titleOf } from "../check-words.ts";
import type { Studio } from "../context.ts";
import type { Field } from "../fields.ts";
import { boxPath, cornersOf, svg } from "../overlay.ts";
import type { Thing } from "../selection.ts";
import type { Point } from "../studio-scene.ts";
import { placeText } from "./i18n.ts";
import { centimetres } from "./place-names.ts";

const LEAST_AIR_M = 0.03; // a thing that is so near to its support stands on it
const DOWN = new Vector3(0, -1, 0);
const ABOVE_PX = 16; // of the words over a thing

/** What the picture says of what is chosen: how far a drag has moved or turned it, and what it stands in. */
export class MoveMarks {
  readonly element = svg("svg", { class: "st-overlay st-marks", "aria-hidden": "true" });
  readonly #studio: Studio;
  readonly #surroundings: Surroundings;
  readonly #boxes = svg("path", { class: "st-clash" });
  readonly #measured = svg("text", {});
  readonly #warning = svg("text", { class: "st-clash-words" });
  #before: Hall | null = null;
  #found: {
    readonly hall: Hall;
    readonly key: string;
    readonly clashes: readonly Clash[];
    readonly wall: boolean;
  } | null = null;

  constructor(studio: Studio, surroundings: Surroundings) {
    this.#studio = studio;
    this.#surroundings = surroundings;
    this.element.append(this.#boxes, this.#measured, this.#warning);
    studio.scene.drawn.on(() => this.#draw());
    studio.scene.hall.changed.on(() => {
      this.#found = null; // its walls may have come, or others
    });
  }

  /** Tells how far things have come since this document; null: they are not being moved. */
  measure(before: Hall | null): void {
    this.#before = before;
  }

  /** Says in the fields what a thing stands in. */
  field(): Field {
    const element = h("div.st-hints", { role: "status" });
    return {
      element,
      refresh: () => {
        const words = this.#words();
        if (element.dataset.shown === words.join("\n")) return;
        element.dataset.shown = words.join("\n");
        element.replaceChildren(...words.map((text) => h("p.st-warning", {}, text)));
        element.hidden = words.length === 0;
      },
    };
  }

  get #parts(): Part[] {
    return this.#studio.selection.things.flatMap(({ kind, id }) => {
      const map = kind === "placement" ? "placements" : kind === "furniture" ? "furniture" : null;
      return map ? [[map, id] as const] : [];
    });
  }

  /** Found once for a document and a choice. */
  #find() {
    const { session } = this.#studio;
    const parts = this.#parts;
    const key = parts.join(" ");
    if (this.#found?.hall !== session.document || this.#found.key !== key) {
      const found = parts.length > 0 ? clashes(session.document, parts) : [];
      const wall = parts.some((part) => this.#surroundings.inWall(part));
      this.#found = { hall: session.document, key, clashes: found, wall };
    }
    return this.#found;
  }

  #words(): string[] {
    const { lang, session } = this.#studio;
    const own = new Set(this.#parts.map(String));
    const { clashes, wall } = this.#find();
    const among = clashes.map(({ one, other, metres }) => {
      const title = titleOf(session.document, own.has(String(one)) ? other : one, lang);
      return placeText(lang, "clash", { other: title, length: centimetres(metres, lang) });
    });
    const lone = this.#parts.length === 1 && this.#parts[0]?.[0] === "placements" ? this.#parts[0][1] : null;
    const height = lone === null ? 0 : this.#airBelow(lone);
    return [
      ...among,
      ...(wall ? [placeText(lang, "inWall")] : []),
      ...(height > LEAST_AIR_M ? [placeText(lang, "inAir", { height: centimetres(height, lang) })] : []),
    ];
  }

  /** How far an exhibit hangs above all that could carry it, m. */
  #airBelow(id: string): number {
    const { session, scene } = this.#studio;
    const placement = session.document.placements[id];
    const box = scene.hall.exhibits.get(id)?.box;
    if (placement?.kind !== "object" || !box) return 0;
    const foot = box.getCenter(new Vector3()).setY(box.min.y);
    const below = scene.hall.colliders.ray(foot.clone().setY(foot.y + 0.05), DOWN, 40, (owner) => owner !== id);
    return below ? foot.y - below.point.y : 0;
  }

  #draw(): void {
    const { scene, selection, session, lang } = this.#studio;
    const box = scene.boxOf(selection.things);
    const { clashes, wall } = this.#find();
    const boxed = new Map(
      clashes.flatMap(({ one, other }) => [one, other]).map((part) => [String(part), thingOf(part)]),
    );
    if (wall) for (const part of this.#parts) boxed.set(String(part), thingOf(part));
    const path = [...boxed.values()].map((thing) => {
      const shape = scene.shapeOf(thing);
      return shape ? boxPath(scene, cornersOf(shape)) : "";
    });
    this.#boxes.setAttribute("d", path.join(""));
    const top = box && scene.project(box.getCenter(new Vector3()).setY(box.max.y));
    const [leader] = this.#parts.slice(-1);
    const moved = this.#before && leader ? movedText(this.#before, session.document, leader, lang) : "";
    write(this.#measured, moved, top, 0, scene.size.width);
    write(this.#warning, this.#words()[0] ?? "", top, moved ? 1 : 0, scene.size.width);
  }
}

function thingOf([map, id]: Part): Thing {
  return { kind: map === "furniture" ? "furniture" : "placement", id };
}

/** Words over a point of the picture, in a line above it; they stay within the picture's width, px. */
function write(text: SVGTextElement, words: string, at: Point | null, line: number, width: number): void {
  if (text.textContent !== words) {
    text.textContent = words;
    text.dataset.half = (text.getComputedTextLength() / 2).toFixed(1); // measured once: asking lays out the page
  }
  if (!at || words === "") return;
  const side = Math.min(Number(text.dataset.half) + ABOVE_PX / 2, width / 2);
  text.setAttribute("x", clamp(at.x, side, width - side).toFixed(1));
  text.setAttribute("y", Math.max(2 * ABOVE_PX, at.y - ABOVE_PX - line * 1.4 * ABOVE_PX).toFixed(1));
}

/** How far a thing is from where it was, or by how much it is turned; empty if neither. */
export function movedText(before: Hall, now: Hall, part: Part, lang: Lang): string {
  const [from, to] = [placeOf(before, part), placeOf(now, part)];
  if (!from || !to) return "";
  const metres = Math.hypot(...from.at.map((v, i) => v - (to.at[i] as number)));
  if (metres >= 0.005) return placeText(lang, "moved", { length: centimetres(metres, lang) });
  const angle = Math.round(yaw(to.turn - from.turn));
  return angle === 0 ? "" : placeText(lang, "turned", { angle: Math.abs(angle) });
}

function placeOf(hall: Hall, [map, id]: Part): { readonly at: Readonly<Vec3>; readonly turn: number } | null {
  const piece = map === "furniture" ? hall.furniture?.[id] : undefined;
  if (piece) return { at: piece.position, turn: piece.facing_deg };
  const placement = map === "placements" ? hall.placements[id] : undefined;
  return placement ? { at: placement.translation, turn: turnOf(placement.rotation) } : null;
}
