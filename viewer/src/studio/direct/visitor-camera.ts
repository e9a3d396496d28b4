import type { Vector3 } from "three";
import { Signal } from "../../core/signal.ts";
import { DEGREE } from "../../core/units.ts";
import { DEFAULT_FOV_DEG, direction, poseOfView } from "../../core/view.ts";
import type { Stop, Vec3, View } from "../../document/schema.ts";
import { CameraController, type Steering } from "../../navigation/camera-controller.ts";
import { closeness, exhibitView, noteView, stopView } from "../../navigation/viewpoints.ts";
import { h } from "../../ui/dom.ts";
import { listen } from "../../ui/gestures.ts";
import { Keys, type Once } from "../../ui/keys.ts";
import type { Studio } from "../context.ts";
import { vec3 } from "../drag.ts";
import type { CameraDriver } from "../studio-scene.ts";
import { directText } from "./i18n.ts";

const AIMED_DEG = 9; // from the middle of the picture: what is so near to it is looked at
const AHEAD_M = 4; // to what is looked at where no surface is hit
const FARTHEST_M = 60;

/** What a visitor would look at from where the curator is: a stop's view, and its exhibit or note. */
export type LookedAt = Pick<Stop, "placement" | "note"> & { readonly view: View };

export interface VisitorKeys {
  /** Called before a key steers; true if it meant something else. */
  press(event: KeyboardEvent): boolean;
  once(key: Once): void;
}

/** The curator as a visitor: on foot, or close to an exhibit, by the visit's own keys, pointer and body. */
export class VisitorCamera implements CameraDriver {
  /** Lies over the picture and takes keys and pointer. */
  readonly element: HTMLElement;
  /** The curator has moved the view by hand. */
  readonly steered = new Signal<void>();
  /** Is asked for the height that is covered at the foot of the picture, px. */
  below: () => number = () => 0;
  readonly #studio: Studio;
  readonly #targets: VisitorKeys;
  #controller: CameraController | null = null;
  #subject: Pick<Stop, "placement" | "note"> = {};
  #keys: Keys | null = null;
  #close: (() => void) | null = null;

  constructor(studio: Studio, targets: VisitorKeys) {
    this.#studio = studio;
    this.#targets = targets;
    const { lang } = studio;
    this.element = h(
      "div.st-foot",
      {
        tabindex: 0,
        role: "application",
        "aria-label": directText(lang, "onFoot"),
        "aria-describedby": "st-foot-help",
      },
      h("p.unseen", { id: "st-foot-help" }, directText(lang, "footHelp")),
      h("span.st-reticle", { "aria-hidden": "true" }),
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !targets.press(event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    });
  }

  /** Goes into the hall: to the entrance, or to where the curator was. */
  open(): void {
    const { scene } = this.#studio;
    const { hall, camera } = scene;
    if (!this.#controller) {
      const controller = new CameraController(hall, camera.camera, scene.calm, poseOfView(hall.document.start));
      this.#controller = controller;
      hall.solidified.on(() => controller.walk.body.release() && scene.invalidate());
    }
    this.#keys = new Keys(
      this.element,
      () => true,
      (key) => this.#targets.once(key),
      () => this.#steered(),
    );
    const controller = this.#controller;
    const stop = listen(this.element, {
      drag: (dx, dy) => this.#steered(() => controller.drag(dx, dy)),
      fling: (vx, vy) => this.#steered(() => controller.fling(vx, vy)),
      tap: (x, y) => this.#tap(x, y),
      pinch: (factor, dx, dy) => this.#steered(() => controller.zoom(factor, dx, dy)),
      wheel: (factor) => this.#steered(() => controller.zoom(factor, 0, 0)),
      shift: (dx, dy) => this.#steered(() => controller.zoom(1, dx, dy)),
      hover: (at) =>
        this.element.classList.toggle("st-over", at !== null && controller.pick(at.x, at.y)?.kind === "exhibit"),
    });
    const resize = new ResizeObserver(() => this.fit());
    resize.observe(this.element);
    this.element.addEventListener("keydown", ownKey);
    this.#close = () => {
      this.element.removeEventListener("keydown", ownKey);
      stop();
      resize.disconnect();
      this.#keys?.stop();
    };
    scene.drive(this);
    this.fit();
  }

  /** Leaves the camera where it is to the curator's own way of looking. */
  close(): void {
    this.#close?.();
    this.#close = null;
    const { camera } = this.#studio.scene;
    if (this.#controller) {
      camera.look(this.#present());
      this.#controller.walk.stop();
      this.update(0); // takes the mark off the floor
    }
    this.#studio.scene.drive(null);
    const { width, height } = this.#studio.scene.size;
    camera.resize(width, height);
  }

  /** Frames the view in what is not covered. */
  fit(): void {
    const { width, height } = this.#studio.scene.size;
    this.#controller?.fit(width, height, null, this.below());
    this.#studio.scene.invalidate();
  }

  get onFoot(): boolean {
    return this.#controller?.onFoot ?? true;
  }

  update(seconds: number): boolean {
    const keys = this.#keys;
    const steering: Steering = {
      held: (...any) => any.some((one) => keys?.held.has(one)),
      joystick: { aside: 0, ahead: 0 },
    };
    return this.#controller?.update(seconds, steering) ?? false;
  }

  /** Steps back from what is looked at closely; false if the curator is on foot already. */
  stand(): boolean {
    if (!this.#controller || this.onFoot) return false;
    this.#subject = {};
    this.#controller.accompany();
    this.#controller.stand();
    this.#studio.scene.invalidate();
    return true;
  }

  enter(): void {
    this.#subject = {};
    this.#controller?.enter();
    this.#studio.scene.invalidate();
  }

  /** Looks at an exhibit or a note, as visitors do who choose it. */
  inspect(subject: Pick<Stop, "placement" | "note">): void {
    const { hall } = this.#studio.scene;
    const controller = this.#controller;
    const note = subject.note === undefined ? undefined : hall.document.notes[subject.note];
    const exhibit = hall.exhibits.get(subject.placement ?? "");
    if (!controller || !(note ?? exhibit)) return;
    const { freeArea, pose } = controller;
    this.#subject = subject;
    if (note) controller.inspect(noteView(note, hall, pose.eye, freeArea));
    else if (exhibit) controller.inspect(exhibitView(exhibit, hall.colliders, freeArea));
    this.#studio.scene.invalidate();
  }

  /** Goes to a stop, as a tour leads there. */
  goTo(stop: Stop): void {
    const controller = this.#controller;
    if (!controller) return;
    const { placement, note } = stop;
    this.#subject = { ...(placement ? { placement } : {}), ...(note ? { note } : {}) };
    controller.inspect(stopView(stop, this.#studio.scene.hall, controller.pose.eye, controller.freeArea));
    controller.accompany();
    this.#studio.scene.invalidate();
  }

  /** What is looked at now; null before the hall is open. */
  get lookedAt(): LookedAt | null {
    const controller = this.#controller;
    if (!controller) return null;
    if (!controller.onFoot) return { ...this.#subject, view: this.#present() };
    const placement = this.#aimedAt(controller);
    return { view: this.#present(), ...(placement === null ? {} : { placement }) };
  }

  /** The view to be saved: that of a whole screen. */
  #present(): View {
    const controller = this.#controller as CameraController;
    const { eye, yaw, pitch, fov_deg } = controller.pose;
    const ray = direction(yaw, pitch);
    const hit = this.#studio.scene.hall.colliders.ray(eye, ray, FARTHEST_M);
    const target = hit?.point ?? eye.clone().addScaledVector(ray, AHEAD_M);
    const share = controller.onFoot ? 1 : closeness(controller.freeArea);
    const position = target.clone().lerp(eye, share);
    const fov = Math.round(fov_deg);
    const view = { position: shortened(position), target: shortened(target) };
    return fov === DEFAULT_FOV_DEG ? view : { ...view, fov_deg: fov };
  }

  /** The exhibit in the middle of the picture, or so near to it that it is meant. */
  #aimedAt({ pose }: CameraController): string | null {
    const { size, hall, camera } = this.#studio.scene;
    const ray = direction(pose.yaw, pose.pitch);
    const picked = this.#controller?.pick(size.width / 2, size.height / 2);
    if (picked?.kind === "exhibit" && hall.exhibits.has(picked.id)) return picked.id;
    let best: { readonly id: string; readonly angle: number } | null = null;
    for (const { id, sphere } of hall.exhibits.values()) {
      const way = sphere.center.clone().sub(pose.eye);
      const distance = way.length();
      const angle = Math.max(0, way.angleTo(ray) - Math.atan2(sphere.radius * 0.5, distance));
      if (angle > AIMED_DEG * DEGREE || angle > (best?.angle ?? Number.POSITIVE_INFINITY)) continue;
      const hit = hall.colliders.ray(camera.camera.position, way.normalize(), distance, (owner) => owner !== id);
      if (!hit) best = { id, angle };
    }
    return best?.id ?? null;
  }

  #tap(x: number, y: number): void {
    const controller = this.#controller;
    const { scene, announce, lang } = this.#studio;
    const picked = controller?.pick(x, y);
    if (!controller || !picked) return;
    this.steered.emit();
    const thing = picked.kind === "exhibit" ? picked.id : null; // an exhibit, or furniture that is not built yet
    if (thing !== null) this.inspect({ placement: thing });
    else {
      this.stand();
      if (!controller.goTo(picked.point)) announce(directText(lang, "nowhere"));
    }
    scene.invalidate();
  }

  #steered(move?: () => void): void {
    move?.();
    this.steered.emit();
    this.#studio.scene.invalidate();
  }
}

/** Keys of the studio that act on what is chosen or on its camera mean nothing to a visitor. */
function ownKey(event: KeyboardEvent): void {
  if (!event.ctrlKey && !event.metaKey && !event.altKey && !["Tab", "/"].includes(event.key)) event.preventDefault();
}

function shortened(point: Vector3): Vec3 {
  return vec3(point).map((v) => Math.round(v * 1000) / 1000) as Vec3;
}
