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
import { NARROW } from "../ui/narrow-screen.ts";
import type { Viewpoint } from "./viewpoints.ts";

const ORBIT_TURN = 85 * DEGREE; // per second, by key
const ORBIT_ZOOM = 1.9; // factor per second, by key
const FLING = 0.5; // share of the drag's speed with which the view goes on turning
const BAR = 64; // px at the top that the bar covers
const STRIP = 62; // px below it that the strip of tools covers on a narrow screen
const PAD = 60; // px above a sheet that the buttons cover
const LONGEST_WALK = 14; // m; a place on the map that is farther away is reached at once

/** The keys and the joystick at this moment. */
export interface Steering {
  readonly held: (...any: Held[]) => boolean;
  /** The joystick, -1..1 to the right and ahead. */
  readonly joystick: { readonly aside: number; readonly ahead: number };
}

/** Moves the camera: on foot, around a subject, or in flight between them. Knows nothing of the page. */
export class CameraController {
  readonly camera: PerspectiveCamera;
  readonly walk: Walk;
  pose: Pose;
  readonly #hall: HallScene;
  readonly #calm: () => boolean;
  readonly #framing = new Framing();
  readonly #marker = new DestinationMarker();
  #size = { width: 1, height: 1 };
  #orbit: Orbit | null = null;
  #flight: Flight | null = null;

  /** Starts on foot at `arrival`. While `calm()` is true, nothing flies, glides or turns by itself. */
  constructor(hall: HallScene, camera: PerspectiveCamera, calm: () => boolean, arrival: Pose) {
    this.#hall = hall;
    this.camera = camera;
    this.#calm = calm;
    this.walk = new Walk(hall.colliders, poseOfView(hall.document.start));
    this.walk.place(arrival);
    this.pose = this.walk.pose;
    hall.scene.add(this.#marker.mesh);
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

  /** The part of the viewport into which an inspected subject has to fit. */
  get freeArea() {
    return this.#framing.freeArea;
  }

  /** That part of the canvas, CSS pixels. */
  get free() {
    return this.#framing.free;
  }

  /** From the eye to the point that the visitor goes around, m. */
  get distance(): number {
    return this.#orbit ? this.pose.eye.distanceTo(this.#orbit.target) : 0;
  }

  /**
   * Frames the view in the part of the canvas that nothing covers. `width` and `height` are the canvas's, `panel` is the
   * rectangle that the panel covers, `below` the height that is covered at the lower edge; CSS pixels.
   */
  fit(width: number, height: number, panel: DOMRectReadOnly | null, below: number): void {
    this.#size = { width, height };
    this.#framing.resize(this.camera, width, height);
    // A tall screen shows little to the sides: a wider vertical angle makes up for it.
    const fov = poseOfView(this.#hall.document.start).fov_deg;
    this.walk.fov_deg = Math.min(80, Math.max(fov, fov / (width / height) ** 0.4));
    const sheet = panel !== null && panel.width > width * 0.7;
    const top = Math.min(sheet ? BAR + STRIP : BAR, height * (sheet ? 0.16 : 0.12));
    const bottom = panel && sheet ? panel.top - PAD : height - below - (below > 0 && width < NARROW ? PAD : 0);
    this.#framing.free = {
      x: 0,
      y: top,
      width: panel && !sheet ? Math.max(80, panel.left) : width,
      height: Math.max(80, bottom - top),
    };
  }

  /** Flies to a viewpoint, from which the visitor goes around the subject. */
  inspect({ subject, pose, target }: Viewpoint): void {
    this.walk.stop();
    this.#orbit = new Orbit(subject, this.#hall.colliders, pose, target);
    this.#fly(this.#orbit.pose);
  }

  /** Takes the body along to the eye, so that a visitor who walks off starts from there. */
  accompany(): void {
    if (this.#orbit) this.walk.accompany(this.#orbit.pose);
  }

  /** Flies back to where the visitor stood. */
  stand(): void {
    if (!this.#orbit) return;
    this.#orbit = null;
    this.#fly(this.walk.pose);
  }

  /** Stands on the ground below a pose and looks as it does. */
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

  /** Walks to a point on the floor; false if there is no way. */
  goTo(place: Vector3): boolean {
    return this.walk.goTo(place, this.#calm());
  }

  /** Walks to a point on the floor; moves there at once if it is far away or if there is no way. */
  goOrLeap(place: Vector3): void {
    const { walk } = this;
    const near = walk.body.foot.distanceTo(place) < LONGEST_WALK;
    const end = near && walk.goTo(place, this.#calm()) ? (walk.destination ?? walk.body.foot) : null;
    if (!end || end.distanceTo(place) > 1) {
      const { yaw, pitch } = walk;
      walk.place({ eye: place.clone().setY(place.y + BODY.eye), yaw, pitch, fov_deg: walk.fov_deg });
      if (!this.#orbit) this.#fly(walk.pose);
    }
  }

  /** Turns the visitor's view to a point; only on foot. */
  face(point: Vector3): void {
    if (this.#orbit || this.#flight) return;
    this.walk.face(point, this.#calm());
  }

  /** CSS pixels. */
  drag(dx: number, dy: number): void {
    if (this.#flight) return;
    if (this.#orbit) this.#orbit.rotate((-dx * Math.PI) / this.#size.height, (dy * Math.PI) / this.#size.height);
    else this.walk.look(dx * this.#perPixel, dy * this.#perPixel);
  }

  /** The speed at the end of a drag, CSS pixels per second. */
  fling(vx: number, vy: number): void {
    if (this.#orbit || this.#flight || this.#calm()) return;
    this.walk.fling(vx * this.#perPixel * FLING, vy * this.#perPixel * FLING);
  }

  /** A factor above 1 goes closer; (dx, dy) CSS pixels shift the target. */
  zoom(factor: number, dx: number, dy: number): void {
    if (!this.#orbit || this.#flight) return;
    this.#orbit.zoom(factor);
    if (dx || dy) this.#orbit.pan(dx / this.#size.height, dy / this.#size.height);
  }

  /** The object at a point of the canvas, CSS pixels. */
  pick(x: number, y: number): Pick {
    if (this.#flight) return null;
    const ray = rayThrough(this.camera, x, y, this.#size.width, this.#size.height);
    return pick(this.#hall, ray.origin, ray.direction);
  }

  /** Advances by `seconds`; true while anything moves. */
  update(seconds: number, steering: Steering): boolean {
    const calm = this.#calm();
    let moving: boolean;
    if (this.#flight) {
      this.pose = this.#flight.advance(seconds);
      if (this.#flight.done) this.#flight = null;
      moving = true;
    } else if (this.#orbit) {
      const steered = steer(this.#orbit, steering, seconds);
      moving = this.#orbit.update(seconds, calm) || steered;
      this.pose = this.#orbit.pose;
    } else {
      moving = this.walk.update(seconds, intentOf(steering), calm);
      this.pose = this.walk.pose;
    }
    moving = this.#marker.show(this.#orbit ? null : this.walk.destination) || moving;
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

function axis({ held }: Steering, plus: Held, minus: Held): number {
  return Number(held(plus)) - Number(held(minus));
}

function intentOf(steering: Steering): Intent {
  const { aside, ahead } = steering.joystick;
  return {
    ahead: ahead || axis(steering, "ahead", "back"),
    aside: aside || axis(steering, "right", "left"),
    turn: axis(steering, "turnLeft", "turnRight"),
    tilt: axis(steering, "up", "down"),
    fast: steering.held("fast") || Math.hypot(ahead, aside) > 0.97,
  };
}

/** True while a key steers. */
function steer(orbit: Orbit, steering: Steering, seconds: number): boolean {
  const turn = axis(steering, "turnRight", "turnLeft") || axis(steering, "right", "left");
  const rise = axis(steering, "ahead", "back") || axis(steering, "up", "down");
  const zoom = axis(steering, "in", "out");
  if (turn || rise) orbit.rotate(turn * ORBIT_TURN * seconds, rise * ORBIT_TURN * 0.7 * seconds);
  if (zoom) orbit.zoom(ORBIT_ZOOM ** (zoom * seconds));
  return turn !== 0 || rise !== 0 || zoom !== 0;
}
