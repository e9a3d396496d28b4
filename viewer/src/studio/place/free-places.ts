import { Vector3 } from "three";
import { facingDirection } from "../../core/rectangle.ts";
import { byId } from "../../document/order.ts";
import { labelAnchor, type PlaceFor, placesFor, takesHold } from "../../document/places.ts";
import type { Anchor, Hall, Placement } from "../../document/schema.ts";
import type { Studio } from "../context.ts";
import { hitRoom, type Ray, vec3 } from "../drag.ts";
import { pathOf, svg } from "../overlay.ts";
import type { Snapping } from "../snapping.ts";
import { placeFacts } from "./place-names.ts";

const GLASS_M = 0.6; // before a place in a showcase, which hides nothing
const LINE_PX = 20; // of a name
const LETTER_PX = { zh: 14, en: 8 } as const;

/** What is being dragged: a placement of the hall, or of the library (`id` is null). */
export interface Dragged {
  readonly id: string | null;
  readonly placement: Placement;
  readonly assets: Hall["assets"];
}

/** While something is dragged, shows the free places that are made for it, and finds the one that takes hold of it. */
export class FreePlaces {
  readonly element = svg("svg", { class: "st-overlay st-places", "aria-hidden": "true" });
  readonly #studio: Studio;
  readonly #snapping: Snapping;
  #dragged: Dragged | null = null;
  #held: string | null = null;
  #refused: string | null = null;

  constructor(studio: Studio, snapping: Snapping) {
    this.#studio = studio;
    this.#snapping = snapping;
    studio.scene.drawn.on(() => this.#draw());
  }

  /** The place that takes hold of what is dragged along a ray. `free`: without snapping. A place that is too small says so. */
  follow(dragged: Dragged, ray: Ray, free: boolean): Anchor | null {
    const { scene, announce, session, lang } = this.#studio;
    this.#dragged = dragged;
    scene.invalidate();
    const hit = free || !this.#snapping.on ? null : hitRoom(scene.hall.colliders, ray);
    const hovered = hit && this.#nearest(hit.point);
    this.#held = hovered && !hovered.misfit ? hovered.id : null;
    const refused = hovered?.misfit ? hovered.id : null;
    if (hovered && refused !== null && refused !== this.#refused) announce(placeFacts(session.document, hovered, lang));
    this.#refused = refused;
    return this.#held === null ? null : (hovered?.anchor ?? null);
  }

  /** The id of the place that has taken hold. */
  get held(): string | null {
    return this.#held;
  }

  /** Nothing is dragged any more. */
  end(): void {
    this.#dragged = null;
    this.#held = null;
    this.#refused = null;
    this.#studio.scene.invalidate();
  }

  #places(): PlaceFor[] {
    const { document } = this.#studio.session;
    if (!this.#dragged) return [];
    const { id, placement, assets } = this.#dragged;
    return placesFor(document, id, placement, assets);
  }

  #nearest(point: Vector3): PlaceFor | null {
    const away = ({ anchor }: PlaceFor) => point.distanceTo(new Vector3(...anchor.position));
    const near = this.#places().filter(({ anchor }) => takesHold(anchor, vec3(point)));
    return near.sort((a, b) => away(a) - away(b))[0] ?? null;
  }

  #draw(): void {
    const { session, scene, lang } = this.#studio;
    const hall = session.document;
    const parts: SVGElement[] = [];
    const written: { x: number; y: number; half: number }[] = [];
    const { position } = scene.camera.camera;
    const away = ({ anchor }: PlaceFor) => position.distanceTo(new Vector3(...anchor.position));
    const labels = byId(hall.anchors).filter(([, anchor]) => anchor.kind === "label");
    const first = ({ id }: PlaceFor) => Number(id === this.#held || id === this.#refused);
    const places = this.#places().sort((a, b) => first(b) - first(a) || away(a) - away(b));
    for (const place of places) {
      const { id, anchor, misfit } = place;
      const isHeld = id === this.#held;
      const path = pathOf(scene, outline(anchor), true);
      const hidden = !isHeld && this.#isHidden(anchor);
      const classes = ["st-place", misfit && "st-tight", isHeld && "st-held", hidden && "st-hidden"];
      parts.push(svg("path", { class: classes.filter(Boolean).join(" "), d: path }));
      const label = misfit ? null : labelAnchor(anchor.position, labels);
      const plate = label === null ? null : hall.anchors?.[label];
      if (plate) parts.push(svg("path", { class: "st-place st-plate", d: pathOf(scene, outline(plate), true) }));
      const at = hidden ? null : scene.project(new Vector3(...anchor.position));
      const words = placeFacts(hall, place, lang);
      const half = (words.length * LETTER_PX[lang]) / 2;
      if (
        !at ||
        written.some((other) => Math.abs(other.y - at.y) < LINE_PX && Math.abs(other.x - at.x) < other.half + half)
      )
        continue;
      written.push({ ...at, half });
      const text = svg("text", { x: at.x.toFixed(1), y: at.y.toFixed(1), class: misfit ? "st-tight" : "" });
      text.textContent = words;
      parts.push(text);
    }
    if (parts.length > 0 || this.element.hasChildNodes()) this.element.replaceChildren(...parts);
  }

  /** Whether a wall stands between the camera and a place. */
  #isHidden({ position }: Anchor): boolean {
    const { scene } = this.#studio;
    const point = new Vector3(...position);
    const at = scene.project(point);
    if (!at) return true;
    const { origin, direction } = scene.ray(at);
    const reach = point.distanceTo(origin) - GLASS_M;
    return reach > 0 && scene.hall.colliders.ray(origin, direction, reach, (owner) => owner === null) !== null;
  }
}

/** The surface of a plinth or a showcase, or the face of a wall, of a plate. */
function outline({ kind, position, facing_deg, width_m, height_m }: Anchor): Vector3[] {
  const centre = new Vector3(...position);
  const across = facingDirection(facing_deg + 90).multiplyScalar(width_m / 2);
  const stands = kind === "plinth" || kind === "vitrine";
  const other = stands ? facingDirection(facing_deg).multiplyScalar(width_m / 2) : new Vector3(0, height_m / 2, 0);
  return [
    centre.clone().add(across).add(other),
    centre.clone().add(across).sub(other),
    centre.clone().sub(across).sub(other),
    centre.clone().sub(across).add(other),
  ];
}
