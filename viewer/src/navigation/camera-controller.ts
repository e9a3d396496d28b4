import type { PerspectiveCamera, Vector3 } from "three";
import { aim, Flight, Framing, rayThrough } from "../core/camera.ts";
import { BODY } from "../core/collide.ts";
import { DestinationMarker } from "../core/destination-marker.ts";
import type { HallScene } from "../core/hall.ts";
import { type Pick, pick } from "../core/pick.ts";
import { DEGREE } from "../core/units.ts";
import { type Pose, poseOfView } from "../core/view.ts";
import { Orbit } from "../modes/orbit.ts";
import { type Intent, Walk } from "../modes/walk.ts";
import type { Held } from "../ui/keys.ts";
import type { Viewpoint } from "./viewpoints.ts";

const ORBIT_TURN = 85 * DEGREE; // per second, by key
const ORBIT_ZOOM = 1.9; // times per second, by key
const FLING = 0.5; // of a drag's speed goes on
const BAR = 64; // px at the top that the bar covers
const PAD = 60; // px above a sheet that the buttons cover
const LEAP = 14; // m that one walks to a place on the map
const NARROW = 720; // px of a screen below which what covers its lower edge is a sheet

/** What a visitor holds down at this moment. */
export interface Hands {
  readonly held: (...any: Held[]) => boolean;
  /** The stick, -1..1. */
  readonly stick: { readonly aside: number; readonly ahead: number };
}

/** Where the eye is and how it moves: on foot, around a subject, or on the way between them. Knows nothing of the page. */
export class CameraController {
  readonly camera: PerspectiveCamera;
  readonly walk: Walk;
  pose: Pose;
  readonly #hall: HallScene;
  readonly #calm: () => boolean;
  readonly #framing = new Framing();
  readonly #ring = new DestinationMarker();
  #size = { width: 1, height: 1 };
  #orbit: Orbit | null = null;
  #flight: Flight | null = null;

  /** Begins at `arrival`. With `calm` nothing flies, glides or turns by itself. */
  constructor(hall: HallScene, camera: PerspectiveCamera, calm: () => boolean, arrival: Pose) {
    this.#hall = hall;
    this.camera = camera;
    this.#calm = calm;
    this.walk = new Walk(hall.solids, poseOfView(hall.document.start));
    this.walk.place(arrival);
    this.pose = this.walk.pose;
    hall.scene.add(this.#ring.mesh);
  }

  get onFoot(): boolean {
    return this.#orbit === null;
  }

  get flying(): boolean {
    return this.#flight !== null;
  }

  get size(): { readonly width: number; readonly height: number } {
    return this.#size;
  }

  /** What of the viewport an inspected thing can fill. */
  get room() {
    return this.#framing.room;
  }

  /** The canvas's size, and what of it is covered: the panel (CSS pixels in the canvas), `below` px at its lower edge. */
  fit(width: number, height: number, panel: DOMRectReadOnly | null, below: number): void {
    this.#size = { width, height };
    this.#framing.resize(this.camera, width, height);
    // A tall screen sees little to the sides: it gets more of the height instead.
    const fov = poseOfView(this.#hall.document.start).fov_deg;
    this.walk.fov_deg = Math.min(80, Math.max(fov, fov / (width / height) ** 0.4));
    const top = Math.min(BAR, height * 0.12);
    const sheet = panel !== null && panel.width > width * 0.7;
    const bottom = panel && sheet ? panel.top - PAD : height - below - (below > 0 && width < NARROW ? PAD : 0);
    this.#framing.free = {
      x: 0,
      y: top,
      width: panel && !sheet ? Math.max(80, panel.left) : width,
      height: Math.max(80, bottom - top),
    };
  }

  /** Goes up to something and looks at it from around. */
  inspect({ subject, pose, target }: Viewpoint): void {
    this.walk.stop();
    this.#orbit = new Orbit(subject, this.#hall.solids, pose, target);
    this.#fly(this.#orbit.pose);
  }

  /** The body comes along to where the eye goes: whoever walks off does so from there. */
  accompany(): void {
    if (this.#orbit) this.walk.accompany(this.#orbit.pose);
  }

  /** Back to where the visitor stood. */
  stand(): void {
    if (!this.#orbit) return;
    this.#orbit = null;
    this.#fly(this.walk.pose);
  }

  /** Stands where an eye was, on the ground below it, and looks as it did. */
  standAt(pose: Pose): void {
    this.#orbit = null;
    this.walk.place(pose);
    this.#fly(this.walk.pose);
  }

  /** Back to the entrance. */
  enter(): void {
    this.#orbit = null;
    this.walk.enter();
    this.#fly(this.walk.pose);
  }

  /** Sends the visitor to a place on the floor; false if there is no way. */
  goTo(place: Vector3): boolean {
    return this.walk.goTo(place, this.#calm());
  }

  /** Walks to a place, or is there at once if it is far or there is no way. Always true. */
  goOrLeap(place: Vector3): boolean {
    const { walk } = this;
    const near = walk.body.foot.distanceTo(place) < LEAP;
    const end = near && walk.goTo(place, this.#calm()) ? (walk.destination ?? walk.body.foot) : null;
    if (!end || end.distanceTo(place) > 1) {
      const { yaw, pitch } = walk;
      walk.place({ eye: place.clone().setY(place.y + BODY.eye), yaw, pitch, fov_deg: walk.fov_deg });
      if (!this.#orbit) this.#fly(walk.pose);
    }
    return true;
  }

  face(point: Vector3): void {
    if (this.#orbit || this.#flight) return;
    this.walk.face(point, this.#calm());
  }

  drag(dx: number, dy: number): void {
    if (this.#flight) return; // on the way nothing pulls at the camera
    if (this.#orbit) this.#orbit.rotate((-dx * Math.PI) / this.#size.height, (dy * Math.PI) / this.#size.height);
    else this.walk.look(dx * this.#perPixel, dy * this.#perPixel);
  }

  fling(vx: number, vy: number): void {
    if (this.#orbit || this.#flight || this.#calm()) return;
    this.walk.fling(vx * this.#perPixel * FLING, vy * this.#perPixel * FLING);
  }

  /** Above 1 goes closer; (dx, dy) px shift what is looked at. */
  zoom(factor: number, dx: number, dy: number): void {
    if (!this.#orbit || this.#flight) return;
    this.#orbit.zoom(factor);
    if (dx || dy) this.#orbit.pan(dx / this.#size.height, dy / this.#size.height);
  }

  /** What is at a point of the canvas, CSS pixels. */
  pick(x: number, y: number): Pick {
    if (this.#flight) return null;
    const ray = rayThrough(this.camera, x, y, this.#size.width, this.#size.height);
    return pick(this.#hall, ray.origin, ray.direction);
  }

  /** Moves on; true while anything moves. */
  update(seconds: number, hands: Hands): boolean {
    const calm = this.#calm();
    let moving: boolean;
    if (this.#flight) {
      this.pose = this.#flight.advance(seconds);
      if (this.#flight.done) this.#flight = null;
      moving = true;
    } else if (this.#orbit) {
      const steered = steer(this.#orbit, hands, seconds);
      moving = this.#orbit.update(seconds, calm) || steered;
      this.pose = this.#orbit.pose;
    } else {
      moving = this.walk.update(seconds, intentOf(hands), calm);
      this.pose = this.walk.pose;
    }
    moving = this.#ring.show(this.#orbit ? null : this.walk.destination) || moving;
    aim(this.camera, this.pose);
    return this.#framing.update(this.camera, calm ? 10 : seconds, this.onFoot) || moving;
  }

  get #perPixel(): number {
    return (this.pose.fov_deg * DEGREE) / this.#size.height;
  }

  #fly(to: Pose): void {
    this.#flight = this.#calm() ? null : new Flight(this.pose, to);
  }
}

function axis({ held }: Hands, plus: Held, minus: Held): number {
  return Number(held(plus)) - Number(held(minus));
}

function intentOf(hands: Hands): Intent {
  const { aside, ahead } = hands.stick;
  return {
    ahead: ahead || axis(hands, "ahead", "back"),
    aside: aside || axis(hands, "right", "left"),
    turn: axis(hands, "turnLeft", "turnRight"),
    tilt: axis(hands, "up", "down"),
    fast: hands.held("fast") || Math.hypot(ahead, aside) > 0.97,
  };
}

/** True while a key steers. */
function steer(orbit: Orbit, hands: Hands, seconds: number): boolean {
  const turn = axis(hands, "turnRight", "turnLeft") || axis(hands, "right", "left");
  const rise = axis(hands, "ahead", "back") || axis(hands, "up", "down");
  const zoom = axis(hands, "in", "out");
  if (turn || rise) orbit.rotate(turn * ORBIT_TURN * seconds, rise * ORBIT_TURN * 0.7 * seconds);
  if (zoom) orbit.zoom(ORBIT_ZOOM ** (zoom * seconds));
  return turn !== 0 || rise !== 0 || zoom !== 0;
}
