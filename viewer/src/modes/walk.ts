import { Vector3 } from "three";
import { BODY, Body } from "../core/collide.ts";
import { type Colliders, clearBetween } from "../core/colliders.ts";
import { findPath } from "../core/path.ts";
import { Signal } from "../core/signal.ts";
import { clamp, DEGREE, damp, wrapAngle } from "../core/units.ts";
import { lookAt, MAX_PITCH, type Pose } from "../core/view.ts";

/** The visitor's input at this moment; each value is in -1..1. */
export interface Intent {
  readonly ahead: number;
  readonly aside: number; // to the right
  readonly turn: number; // to the left
  readonly tilt: number; // upwards
  readonly fast: boolean;
}

export const STILL: Intent = { ahead: 0, aside: 0, turn: 0, tilt: 0, fast: false };

const SPEED = 1.7; // m/s
const FAST = 3.4;
const GO_SPEED = 2.3;
const TURN = 95 * DEGREE; // per second
const TILT = 55 * DEGREE;
const ARRIVED = 0.06; // m
const STUCK_S = 0.5;
const HELD_S = 1.5; // after this time without progress, the body checks whether it can move at all
const FALLING_S = 2;
const TRY = 0.25; // m that the body must be able to move from a good place
const APART = 0.7; // m between remembered places
const REMEMBERED = 24;

/** A visitor on foot. */
export class Walk {
  readonly body: Body;
  yaw: number;
  pitch: number;
  fov_deg: number;
  readonly #colliders: Colliders;
  #velocity = { x: 0, z: 0 };
  #spin = { yaw: 0, pitch: 0 }; // rad/s, after a drag
  #facing: { yaw: number; pitch: number } | null = null;
  #path: Vector3[] = [];
  #stuck = 0;
  #eyeY: number;
  readonly #start: Pose;
  /** The body was stuck or fell, and was put back to a good place. */
  readonly freed = new Signal<void>();
  readonly #good: Vector3[] = []; // the latest one is last
  #vain = 0; // s
  #falling = 0; // s

  constructor(colliders: Colliders, start: Pose) {
    this.#colliders = colliders;
    this.#start = start;
    this.body = new Body(colliders);
    this.yaw = start.yaw;
    this.pitch = start.pitch;
    this.fov_deg = start.fov_deg;
    this.#eyeY = start.eye.y;
    this.enter();
  }

  /** Goes (back) to the entrance. */
  enter(): void {
    this.place(this.#start);
  }

  /** Puts the body on the ground below this pose at once. */
  place({ eye, yaw, pitch }: Pose): void {
    this.stop();
    this.body.place(eye.clone().setY(eye.y - BODY.eye));
    this.#eyeY = this.body.foot.y + BODY.eye;
    this.yaw = yaw;
    this.pitch = pitch;
  }

  /** The body was moved from outside (in a headset): puts the eye above it. */
  settle(): void {
    this.stop();
    this.#eyeY = this.body.foot.y + BODY.eye;
  }

  /** Puts the body near an eye that a tour has led elsewhere, so that walking starts there. It stays if there is no free place near. */
  accompany({ eye, yaw }: Pose): void {
    const { y } = this.body.foot;
    const below = eye.y - BODY.eye;
    const before = this.body.foot.clone();
    this.stop();
    const near = this.body.place(eye.clone().setY(Math.abs(below - y) < 1.2 ? y : below));
    const head = this.body.foot.clone().setY(this.body.foot.y + BODY.eye);
    if (!near || head.distanceTo(eye) > 4 || !clearBetween(this.#colliders, eye, head, 0)) this.body.place(before);
    this.#eyeY = this.body.foot.y + BODY.eye;
    this.yaw = yaw;
    this.pitch = 0;
  }

  get pose(): Pose {
    const { x, z } = this.body.foot;
    return { eye: new Vector3(x, this.#eyeY, z), yaw: this.yaw, pitch: this.pitch, fov_deg: this.fov_deg };
  }

  /** The point that the body walks to; null if it has no destination. */
  get destination(): Vector3 | null {
    return this.#path.at(-1) ?? null;
  }

  /** Turns the view by a drag, radians. */
  look(yaw: number, pitch: number): void {
    this.#facing = null;
    this.#spin = { yaw: 0, pitch: 0 };
    this.yaw = wrapAngle(this.yaw + yaw);
    this.pitch = clamp(this.pitch + pitch, -MAX_PITCH, MAX_PITCH);
  }

  /** Lets the view go on turning after a drag, rad/s. */
  fling(yaw: number, pitch: number): void {
    this.#spin = { yaw: clamp(yaw, -4, 4), pitch: clamp(pitch, -2, 2) };
  }

  /** Turns the view to a point. */
  face(target: Vector3, calm: boolean): void {
    const { yaw, pitch } = lookAt(this.pose.eye, target);
    this.#spin = { yaw: 0, pitch: 0 };
    if (calm) {
      this.yaw = yaw;
      this.pitch = pitch;
    } else this.#facing = { yaw, pitch };
  }

  /** Starts to walk to a place; with `calm` it is there at once. False if no way leads nearer to it. */
  goTo(place: Vector3, calm: boolean): boolean {
    this.stop();
    const path = findPath(this.#colliders, this.body.foot, place);
    const end = path.at(-1);
    if (!end) return false;
    if (calm) {
      this.body.place(end);
      this.#eyeY = this.body.foot.y + BODY.eye;
    } else this.#path = path;
    return true;
  }

  stop(): void {
    this.#path = [];
    this.#velocity = { x: 0, z: 0 };
    this.#spin = { yaw: 0, pitch: 0 };
    this.#facing = null;
    this.#stuck = 0;
  }

  /** Advances by `seconds`; true while anything moves. With `calm` nothing glides. */
  update(seconds: number, intent: Intent, calm: boolean): boolean {
    if (intent.ahead || intent.aside) this.#path = [];
    const turned = this.#turn(seconds, intent, calm);
    const goal = this.#path.length > 0 ? this.#towards() : this.#wish(intent);
    const rate = calm ? 60 : 11;
    this.#velocity.x = damp(this.#velocity.x, goal.x, rate, seconds);
    this.#velocity.z = damp(this.#velocity.z, goal.z, rate, seconds);
    const speed = Math.hypot(this.#velocity.x, this.#velocity.z);
    const wanted = Math.hypot(goal.x, goal.z);
    if (speed < 0.02 && wanted === 0) this.#velocity = { x: 0, z: 0 };
    const got = this.body.move(this.#velocity.x * seconds, this.#velocity.z * seconds, seconds);
    this.#watch(seconds, wanted > 0, got);
    if (this.#path.length > 0) {
      this.#stuck = got < 0.2 * wanted * seconds ? this.#stuck + seconds : 0;
      if (this.#stuck > STUCK_S) this.stop();
    }
    const height = this.body.foot.y + BODY.eye;
    const rising = Math.abs(height - this.#eyeY);
    this.#eyeY = calm || rising < 0.002 ? height : damp(this.#eyeY, height, 12, seconds);
    return turned || speed > 0.02 || wanted > 0 || !this.body.grounded || rising >= 0.002;
  }

  /** Remembers good places, and puts a stuck body back to the last of them. */
  #watch(seconds: number, wants: boolean, got: number): void {
    this.#falling = this.body.grounded ? 0 : this.#falling + seconds;
    this.#vain = wants && got < 0.01 * seconds ? this.#vain + seconds : wants ? 0 : this.#vain;
    const { foot } = this.body;
    if (got > 0 && this.body.grounded) {
      const last = this.#good.at(-1);
      if ((!last || last.distanceTo(foot) > APART) && this.#hasWay(foot)) this.#good.push(foot.clone());
      if (this.#good.length > REMEMBERED) this.#good.shift();
    }
    if (this.#falling < FALLING_S && (this.#vain < HELD_S || this.#hasWay(foot))) {
      if (this.#vain >= HELD_S) this.#vain = 0; // the body walks against a wall, but it can move elsewhere
      return;
    }
    this.#free();
  }

  #free(): void {
    this.#vain = this.#falling = 0;
    for (let place = this.#good.pop(); place; place = this.#good.pop()) {
      if (!this.body.place(place) || !this.#hasWay(this.body.foot)) continue;
      this.stop();
      this.#eyeY = this.body.foot.y + BODY.eye;
      this.freed.emit();
      return;
    }
    this.enter();
    this.freed.emit();
  }

  /** Whether a body at this place can move in any direction. */
  #hasWay(foot: Vector3): boolean {
    const probe = new Body(this.#colliders);
    for (let i = 0; i < 8; i++) {
      probe.foot.copy(foot);
      const angle = (i * Math.PI) / 4;
      if (probe.move(TRY * Math.cos(angle), TRY * Math.sin(angle), 0.1) > TRY / 2) return true;
    }
    return false;
  }

  #turn(seconds: number, intent: Intent, calm: boolean): boolean {
    if (intent.turn || intent.tilt) {
      this.look(intent.turn * TURN * seconds, intent.tilt * TILT * seconds);
      return true;
    }
    if (this.#facing) {
      const { yaw, pitch } = this.#facing;
      const left = Math.abs(wrapAngle(yaw - this.yaw)) + Math.abs(pitch - this.pitch);
      if (left < 0.002) this.#facing = null;
      this.yaw = wrapAngle(this.yaw + damp(0, wrapAngle(yaw - this.yaw), 6, seconds));
      this.pitch = damp(this.pitch, pitch, 6, seconds);
      return true;
    }
    const spin = Math.abs(this.#spin.yaw) + Math.abs(this.#spin.pitch);
    if (spin < 0.02 || calm) return false;
    const { yaw, pitch } = this.#spin;
    this.look(yaw * seconds, pitch * seconds);
    this.#spin = { yaw: damp(yaw, 0, 5, seconds), pitch: damp(pitch, 0, 5, seconds) };
    return true;
  }

  #wish(intent: Intent): { x: number; z: number } {
    const length = Math.max(1, Math.hypot(intent.ahead, intent.aside));
    const speed = (intent.fast ? FAST : SPEED) / length;
    const sin = Math.sin(this.yaw);
    const cos = Math.cos(this.yaw);
    return {
      x: (-sin * intent.ahead + cos * intent.aside) * speed,
      z: (-cos * intent.ahead - sin * intent.aside) * speed,
    };
  }

  #towards(): { x: number; z: number } {
    const { foot } = this.body;
    while (this.#path.length > 0) {
      const next = this.#path[0] as Vector3;
      const dx = next.x - foot.x;
      const dz = next.z - foot.z;
      const left = Math.hypot(dx, dz);
      if (left > (this.#path.length > 1 ? 0.12 : ARRIVED)) {
        const speed = this.#path.length > 1 ? GO_SPEED : Math.min(GO_SPEED, Math.max(0.25, left * 3.5));
        return { x: (dx / left) * speed, z: (dz / left) * speed };
      }
      this.#path.shift();
    }
    return { x: 0, z: 0 };
  }
}
