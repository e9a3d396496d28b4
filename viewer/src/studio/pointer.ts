import { Vector3 } from "three";
import { changed, movePlacements, placePlacement, turnPlacements } from "../document/commands/placements.ts";
import type { Hall, Placement, Quaternion, Vec3 } from "../document/schema.ts";
import type { Actions } from "./actions.ts";
import type { Studio } from "./context.ts";
import { alongAxisFrom, bearing, groundBelow, onLevel, type Ray, standAt, vec3 } from "./drag.ts";
import type { Gizmo, Handle } from "./gizmo.ts";
import type { Motion } from "./motion.ts";
import type { Dimensions } from "./place/dimensions.ts";
import type { FreePlaces } from "./place/free-places.ts";
import type { MoveMarks } from "./place/move-marks.ts";
import { wallSpot } from "./place/wall-spot.ts";
import { carryFurniture, guideFurniture, type Holding } from "./room/furniture-drag.ts";
import type { Thing } from "./selection.ts";
import type { Snapping } from "./snapping.ts";
import type { Point } from "./studio-scene.ts";

const SLACK_PX = 4;
const TURN_STEP_DEG = 15;

/** The pointer on the picture: goes around, shifts and comes closer; chooses and moves; pins notes. */
export class Pointer {
  /** Not null while a note is to be pinned: called with the spot. */
  pin: ((at: Point) => void) | null = null;
  hovered: Thing | null = null;
  /** The handle that is being dragged. */
  held: Handle | null = null;
  readonly #studio: Studio;
  readonly #actions: Actions;
  readonly #gizmo: Gizmo;
  readonly #snapping: Snapping;
  readonly #places: FreePlaces;
  readonly #dimensions: Dimensions;
  readonly #marks: MoveMarks;
  #drags = 0;
  #abort: (() => void) | null = null;

  constructor(
    studio: Studio,
    actions: Actions,
    gizmo: Gizmo,
    snapping: Snapping,
    places: FreePlaces,
    dimensions: Dimensions,
    marks: MoveMarks,
  ) {
    this.#studio = studio;
    this.#actions = actions;
    this.#gizmo = gizmo;
    this.#snapping = snapping;
    this.#places = places;
    this.#dimensions = dimensions;
    this.#marks = marks;
    const { canvas } = studio.scene;
    canvas.addEventListener("pointerdown", (event) => this.#press(event));
    canvas.addEventListener("pointermove", (event) => event.buttons === 0 && this.#hover(this.#at(event)));
    canvas.addEventListener("pointerleave", () => this.#hover(null));
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("dblclick", (event) => {
      if (!this.pin && studio.scene.target(this.#at(event))?.thing) actions.fit();
    });
    canvas.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1;
        studio.scene.camera.zoom(Math.exp((-event.deltaY * lines) / (event.ctrlKey ? 120 : 700)));
        studio.scene.invalidate();
      },
      { passive: false },
    );
    gizmo.taken.on(({ handle, event }) => this.#take(handle, event));
  }

  /** Gives up the drag that is going on: all is as before. True if there was one. */
  cancel(): boolean {
    this.#abort?.();
    return this.#abort !== null;
  }

  #at(event: MouseEvent): Point {
    const box = this.#studio.scene.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #hover(at: Point | null): void {
    const thing = at ? (this.#studio.scene.target(at)?.thing ?? null) : null;
    this.#studio.scene.canvas.classList.toggle("st-over", thing !== null);
    if (thing?.kind === this.hovered?.kind && thing?.id === this.hovered?.id) return;
    this.hovered = thing;
    this.#studio.scene.invalidate();
  }

  #press(event: PointerEvent): void {
    const { scene, selection } = this.#studio;
    const start = this.#at(event);
    scene.canvas.focus({ preventScroll: true });
    if (event.button === 0 && this.pin) {
      this.pin(start);
      return;
    }
    const target = event.button === 0 && !event.altKey ? scene.target(start) : null;
    const thing = target?.thing ?? null;
    const more = event.shiftKey || event.ctrlKey || event.metaKey;
    let motion: Motion | null = null;
    const chosen = thing !== null && selection.has(thing.kind, thing.id);
    const { placements } = this.#studio.session.document;
    const fixed = thing?.kind === "placement" && placements[thing.id]?.locked === true; // the view moves, as by the room
    const taken = thing !== null && !more && (chosen || !this.#isGround(thing));
    if (thing && taken && !chosen) selection.choose(thing);
    this.#drag(
      event,
      (at, free, dx, dy) => {
        if (thing && taken && !fixed) {
          motion ??=
            thing.kind === "furniture"
              ? carryFurniture(this.#holding(), thing.id, start)
              : this.#carry(thing.id, start);
          motion.follow(at, free);
        } else if (event.button !== 0 || (more && thing === null)) {
          scene.camera.pan(dx / scene.size.height, dy / scene.size.height);
        } else scene.camera.rotate(dx * 0.006, dy * 0.006);
        scene.invalidate();
      },
      () => {
        if (event.button !== 0) return;
        if (thing === null) {
          const door = more ? null : scene.door(start);
          if (door) selection.choose({ kind: "door", id: door });
          else if (!more) selection.clear();
        } else if (more || chosen || !taken) selection.choose(thing, more);
      },
    );
  }

  #take(handle: Handle, event: PointerEvent): void {
    const { selection } = this.#studio;
    const on = handle === "turn" ? this.#studio.scene.target(this.#at(event), false)?.thing : null;
    if (on && selection.has(on.kind, on.id)) {
      this.#press(event); // the ring lies over the thing itself: it is the thing that is taken
      return;
    }
    const motion =
      selection.furniture.length > 0
        ? guideFurniture(this.#holding(1), handle, this.#at(event))
        : this.#guide(handle, this.#at(event));
    if (!motion) return;
    this.held = handle;
    this.#drag(
      event,
      (at, free) => {
        motion.follow(at, free);
        this.#studio.scene.invalidate();
      },
      () => {},
    );
  }

  /** Follows the pointer until it is let go. `tap`: it did not move. One move a frame is enough. */
  #drag(event: PointerEvent, move: (at: Point, free: boolean, dx: number, dy: number) => void, tap: () => void): void {
    const { canvas } = this.#studio.scene;
    const { session } = this.#studio;
    const start = this.#at(event);
    const before: Hall = session.document;
    const count = ++this.#drags;
    let last = start;
    let moved = false;
    let next: PointerEvent | null = null;
    let frame = 0;
    const stop = new AbortController();
    const { signal } = stop;
    canvas.setPointerCapture(event.pointerId);
    const step = () => {
      frame = 0;
      if (!next) return;
      const at = this.#at(next);
      if (!moved && Math.hypot(at.x - start.x, at.y - start.y) < SLACK_PX) return;
      moved = true;
      canvas.classList.add("st-dragging");
      move(at, next.altKey, at.x - last.x, at.y - last.y);
      this.#marks.measure(before);
      last = at;
      next = null;
    };
    const end = () => {
      stop.abort();
      cancelAnimationFrame(frame);
      canvas.classList.remove("st-dragging");
      this.held = null;
      this.#abort = null;
      this.#gizmo.guides = [];
      this.#places.end();
      this.#dimensions.hide();
      this.#marks.measure(null);
      this.#studio.scene.invalidate();
    };
    const mine = (other: PointerEvent) => other.pointerId === event.pointerId;
    canvas.addEventListener(
      "pointermove",
      (other) => {
        if (!mine(other)) return;
        next = other;
        frame ||= requestAnimationFrame(step);
      },
      { signal },
    );
    canvas.addEventListener(
      "pointerup",
      (other) => {
        if (!mine(other)) return;
        next = other;
        step();
        end();
        if (!moved) tap();
      },
      { signal },
    );
    canvas.addEventListener("pointercancel", (other) => mine(other) && end(), { signal });
    this.#abort = () => {
      end();
      if (session.document !== before) session.edit("move-placement", before, this.#group(count));
    };
  }

  #group(count = this.#drags): string {
    return `drag ${count}`;
  }

  /** Whether a thing is walked on: it is chosen before it is dragged, so that one can turn the view on it. */
  #isGround({ kind, id }: Thing): boolean {
    return kind === "furniture" && this.#studio.session.document.furniture?.[id]?.kind === "platform";
  }

  /** `ahead`: of a drag that has not begun. */
  #holding(ahead = 0): Holding {
    const group = this.#group(this.#drags + ahead);
    const snaps = () => this.#snapping.on;
    return { studio: this.#studio, actions: this.#actions, gizmo: this.#gizmo, snaps, group };
  }

  /** Moves what is chosen by one of its things: over the ground, or along the walls. */
  #carry(id: string, start: Point): Motion {
    const { scene, session, selection } = this.#studio;
    const placement = session.document.placements[id];
    const own = placement ? new Vector3(...placement.translation) : new Vector3();
    const seen = scene.project(own) ?? start;
    const off = { x: seen.x - start.x, y: seen.y - start.y };
    const box = scene.boxOf([{ kind: "placement", id }]);
    const depth = box
      ? Math.min(
          ...box
            .getSize(new Vector3())
            .toArray()
            .filter((_, i) => i !== 1),
        )
      : 0.3;
    const hung = placement?.kind !== "object";
    return {
      follow: (at, free) => {
        const ray = scene.ray({ x: at.x + off.x, y: at.y + off.y });
        const ids = selection.placements;
        const hall = session.document;
        const current = hall.placements[id];
        if (!placement || !current) return;
        const place =
          ids.length === 1 &&
          this.#places.follow(
            { id, placement: { ...current, ...sizeOf(placement) }, assets: hall.assets },
            ray,
            free,
          ) &&
          this.#places.held;
        if (place) {
          this.#gizmo.guides = [];
          this.#dimensions.hide();
          this.#actions.putAtAnchor(id, place, this.#group());
        } else if (hung) this.#hang(id, ids, placement, ray, free);
        else {
          const foot = standAt(scene.hall.colliders, ray, depth);
          if (foot) this.#stand(id, ids, placement, foot, free);
        }
      },
    };
  }

  #stand(id: string, ids: readonly string[], before: Placement, foot: Vector3, free: boolean): void {
    const { session, scene } = this.#studio;
    const snapped = free ? null : this.#snapping.stand(session.document, ids, vec3(foot));
    this.#gizmo.guides = snapped?.guides ?? [];
    const to = snapped ? new Vector3(...snapped.translation) : foot;
    if (snapped) to.copy(groundBelow(scene.hall.colliders, to.clone().setY(foot.y + 0.05)) ?? to);
    this.#moveTo(id, ids, before, vec3(to));
  }

  #hang(id: string, ids: readonly string[], before: Placement, ray: Ray, free: boolean): void {
    const { scene, session } = this.#studio;
    const hall = session.document;
    const { colliders } = scene.hall;
    const spot = wallSpot(colliders, ray, hall, before, ids, free ? null : this.#snapping);
    if (spot) {
      this.#gizmo.guides = spot.guides;
      this.#moveTo(id, ids, before, spot.translation, spot.rotation);
      const hung = session.document.placements[id];
      if (hung) this.#dimensions.show(session.document, id, hung, spot.floor);
      return;
    }
    this.#dimensions.hide();
    const y = session.document.placements[id]?.translation[1] ?? 1.5;
    const level = onLevel(ray, y);
    if (level) this.#moveTo(id, ids, before, vec3(level));
  }

  /**
   * Moves all by what brings one of them to a point. A single thing can be rotated on the way, and has the size and the rotation of
   * `before` again where a place that it was dragged over has given it others.
   */
  #moveTo(id: string, ids: readonly string[], before: Placement, to: Vec3, rotation?: Quaternion): void {
    const hall = this.#studio.session.document;
    const from = hall.placements[id]?.translation;
    if (!from) return;
    const shape = { ...sizeOf(before), rotation: rotation ?? before.rotation };
    const next =
      ids.length === 1
        ? placePlacement(
            changed(hall, [id], (placement) => ({ ...placement, ...shape })),
            id,
            to,
          )
        : movePlacements(hall, ids, [0, 1, 2].map((i) => (to[i] as number) - (from[i] as number)) as Vec3);
    this.#actions.edit("move-placement", next, this.#group());
  }

  /** Moves or turns what is chosen by a handle. */
  #guide(handle: Handle, start: Point): Motion | null {
    const { scene, session, selection } = this.#studio;
    const ids = selection.placements;
    const box = scene.boxOf(selection.things);
    const leader = ids.at(-1);
    if (!box || leader === undefined) return null;
    const middle = box.getCenter(new Vector3());
    if (handle === "turn") {
      const level = box.min.y;
      const begin = onLevel(scene.ray(start), level) ?? middle;
      const first = bearing(middle, begin);
      const about = ids.length > 1 ? vec3(middle) : null;
      const original = session.document;
      let turned = 0;
      return {
        follow: (at, free) => {
          const point = onLevel(scene.ray(at), level);
          if (!point) return;
          const wanted = bearing(ids.length > 1 ? middle : new Vector3(...own(original, leader)), point) - first;
          const by = free ? Math.round(wanted) : this.#stepped(original, leader, ids, wanted);
          const next = turnPlacements(session.document, ids, by - turned, about);
          turned = by;
          this.#actions.edit("turn-placement", next, this.#group());
        },
      };
    }
    const lead = alongAxisFrom(scene.ray(start), middle, this.#gizmo.axis(handle));
    return (
      lead && {
        follow: (at, free) => {
          const step = lead(scene.ray(at), free);
          if (!step) return;
          this.#actions.edit("move-placement", movePlacements(session.document, ids, vec3(step)), this.#group());
        },
      }
    );
  }

  /** The turn after which a single thing faces a multiple of 15°. */
  #stepped(hall: Hall, leader: string, ids: readonly string[], wanted: number): number {
    const now = ids.length > 1 ? 0 : this.#snapping.turnOf(hall, leader);
    return Math.round((now + wanted) / TURN_STEP_DEG) * TURN_STEP_DEG - now;
  }
}

/** What a place made for exhibits gives to what has no size of its own. */
function sizeOf({ scale, width_m }: Placement): Pick<Placement, "scale" | "width_m"> {
  return width_m === undefined ? { scale } : { scale, width_m };
}

function own(hall: Hall, id: string): Vec3 {
  return hall.placements[id]?.translation ?? [0, 0, 0];
}
