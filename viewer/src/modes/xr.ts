import {
  BufferGeometry,
  Group,
  Line,
  LineBasicMaterial,
  type Object3D,
  Quaternion,
  Vector3,
  type WebXRManager,
} from "three";
import type { Body } from "../core/collide.ts";
import { DestinationMarker } from "../core/destination-marker.ts";
import type { Exhibit } from "../core/exhibit.ts";
import type { HallScene } from "../core/hall.ts";
import { pick } from "../core/pick.ts";
import { DEGREE } from "../core/units.ts";
import type { Viewport } from "../core/viewport.ts";

export type XrMode = "immersive-vr" | "immersive-ar";

const SNAP = 45 * DEGREE; // per turn: smooth turning makes people sick
const PUSHED = 0.7; // of a thumbstick's range
const RELEASED = 0.3;
const BEFORE = 1.3; // m between the visitor and an exhibit
const NEAR = 2.4; // m
const EXIT_BUTTON = 3; // pressing the thumbstick (WebXR Gamepads, xr-standard)
const INK = "#b3402c";

/** The modes that this device and browser support; none without WebXR. */
export async function xrModes(): Promise<XrMode[]> {
  const { xr } = navigator as { xr?: XRSystem };
  if (!xr) return [];
  const kinds: XrMode[] = ["immersive-vr", "immersive-ar"];
  const able = await Promise.all(kinds.map((kind) => xr.isSessionSupported(kind).catch(() => false)));
  return kinds.filter((_, i) => able[i]);
}

/** The position of the rig for which the head (at `head` in the rig, m) is above `foot` after turning the rig by `yaw`. */
export function rigUnder(foot: Vector3, head: Vector3, yaw: number): Vector3 {
  const turned = head
    .clone()
    .setY(0)
    .applyAxisAngle(new Vector3(0, 1, 0), yaw);
  return foot.clone().sub(turned);
}

/** A thumbstick that gives one turn for each push: -1 left, 1 right, 0 nothing. */
export class SnapTurn {
  #armed = true;

  push(aside: number): -1 | 0 | 1 {
    if (Math.abs(aside) < RELEASED) this.#armed = true;
    if (!this.#armed || Math.abs(aside) < PUSHED) return 0;
    this.#armed = false;
    return aside < 0 ? -1 : 1;
  }
}

/** Requests a session. Rejects if the device or the visitor refuses. */
async function ask(kind: XrMode, init: XRSessionInit): Promise<XRSession> {
  const system = (navigator as { xr?: XRSystem }).xr;
  if (!system) throw new Error("no WebXR");
  return system.requestSession(kind, init);
}

/** The hall through a headset: teleporting by a controller's ray, turning by steps. Resolves when the headset is taken off. */
export async function enterVr(
  viewport: Viewport,
  hall: HallScene,
  body: Body,
  yaw: number,
  refine: (eye: Vector3) => void,
): Promise<void> {
  const { camera, renderer } = viewport;
  const session = await ask("immersive-vr", { optionalFeatures: ["local-floor", "bounded-floor"] });
  const rig = new Group();
  const ring = new DestinationMarker();
  const hands = [0, 1].map((i) => new Hand(renderer.xr, i));
  const snapTurn = new SnapTurn();
  let turned = yaw;
  const stand = () => {
    rig.rotation.y = turned;
    rig.position.copy(rigUnder(body.foot, camera.position, turned));
    rig.updateMatrixWorld(true);
  };
  const target = (hand: Hand): Vector3 | null => {
    const { origin, direction } = hand.ray;
    const picked = pick(hall, origin, direction);
    if (picked?.kind === "floor") return picked.point;
    if (picked?.kind !== "exhibit") return null;
    return picked.point.clone().addScaledVector(direction.clone().setY(0).normalize(), -BEFORE).setY(body.foot.y);
  };
  const teleport = (hand: Hand) => {
    const place = target(hand);
    const before = body.foot.clone();
    // The visitor does not go where there is no room to stand, nor through a wall.
    if (place && (!body.place(place) || Math.hypot(body.foot.x - place.x, body.foot.z - place.z) > 2))
      body.place(before);
    stand();
  };
  rig.add(camera, ...hands.map((hand) => hand.space));
  hall.scene.add(rig, ring.mesh);
  for (const hand of hands) hand.chosen = () => teleport(hand);

  let frames = 0;
  const update = () => {
    if (frames++ === 1) stand(); // now the position of the head is known
    const sources = [...session.inputSources];
    const aside = sources.map(({ gamepad }) => gamepad?.axes[2] ?? 0).find((axis) => Math.abs(axis) > RELEASED) ?? 0;
    const turn = snapTurn.push(aside);
    if (turn !== 0) {
      turned -= turn * SNAP;
      stand();
    }
    if (sources.some(({ gamepad }) => gamepad?.buttons[EXIT_BUTTON]?.pressed)) void session.end();
    const aiming = hands.find((hand) => hand.connected);
    ring.show(aiming ? target(aiming) : null);
    refine(camera.getWorldPosition(new Vector3()));
  };
  try {
    rig.position.copy(body.foot);
    rig.rotation.y = turned;
    await viewport.immerse(session, update);
  } finally {
    rig.remove(camera);
    rig.removeFromParent();
    ring.mesh.removeFromParent();
    for (const hand of hands) hand.dispose();
  }
}

/** Shows one exhibit at its true size in the visitor's own room (AR). Resolves when the session has ended. */
export async function enterAr(viewport: Viewport, hall: HallScene, exhibit: Exhibit): Promise<void> {
  const { scene } = hall;
  const { renderer } = viewport;
  const shown = new Group();
  const ring = new DestinationMarker();
  const { body, group } = exhibit;
  if (!body) throw new Error("nothing to show yet");
  hall.showWhole(exhibit);
  const session = await ask("immersive-ar", { optionalFeatures: ["hit-test", "local-floor"] });
  const hidden: Object3D[] = scene.children.filter((child) => child.visible && !("isLight" in child));
  const { background } = scene;
  const hand = new Hand(renderer.xr, 0);
  let source: XRHitTestSource | undefined;
  let asked = false;

  const place = () => {
    if (!ring.mesh.visible) return;
    shown.position.copy(ring.mesh.position);
    shown.visible = true;
  };
  hand.chosen = place;

  const update = (frame: XRFrame) => {
    if (!asked) {
      asked = true;
      void session
        .requestReferenceSpace("viewer")
        .then((viewer) => session.requestHitTestSource?.({ space: viewer }))
        .then((found) => {
          source = found;
        })
        .catch(() => undefined); // the device finds no surfaces: the exhibit stands before the visitor
    }
    const space = renderer.xr.getReferenceSpace();
    const pose = source && space ? frame.getHitTestResults(source)[0]?.getPose(space) : undefined;
    const at = pose?.transform.position;
    ring.show(at ? new Vector3(at.x, at.y, at.z) : null);
  };

  try {
    for (const child of hidden) child.visible = false;
    scene.background = null; // the camera picture shows the room
    shown.add(body); // at its true size; the placement in the hall may have another scale
    // On the floor before the visitor, until a place is chosen: near enough to see, far enough to look down on.
    shown.position.set(0, 0, -Math.max(NEAR, (3 * exhibit.sphere.radius) / exhibit.placement.scale));
    scene.add(shown, ring.mesh, hand.space);
    await viewport.immerse(session, update);
  } finally {
    source?.cancel();
    hall.whole.delete(exhibit);
    shown.remove(body);
    if (exhibit.body === body) group.add(body); // otherwise a finer model has arrived meanwhile
    shown.removeFromParent();
    ring.mesh.removeFromParent();
    hand.dispose();
    scene.background = background;
    for (const child of hidden) child.visible = true;
  }
}

/** A controller and the ray that it points with. */
class Hand {
  readonly space: ReturnType<WebXRManager["getController"]>;
  readonly #line: Line;
  connected = false;
  /** The trigger was pulled and released. */
  chosen: (() => void) | null = null;

  constructor(xr: WebXRManager, i: number) {
    this.space = xr.getController(i);
    const way = new BufferGeometry().setFromPoints([new Vector3(), new Vector3(0, 0, -3)]);
    this.#line = new Line(way, new LineBasicMaterial({ color: INK, toneMapped: false }));
    this.space.addEventListener("selectend", this.#choose);
    this.space.addEventListener("connected", this.#come);
    this.space.addEventListener("disconnected", this.#go);
    this.space.add(this.#line);
  }

  get ray(): { origin: Vector3; direction: Vector3 } {
    const origin = new Vector3().setFromMatrixPosition(this.space.matrixWorld);
    const turn = new Quaternion().setFromRotationMatrix(this.space.matrixWorld);
    return { origin, direction: new Vector3(0, 0, -1).applyQuaternion(turn) };
  }

  dispose(): void {
    this.space.removeEventListener("selectend", this.#choose);
    this.space.removeEventListener("connected", this.#come);
    this.space.removeEventListener("disconnected", this.#go);
    this.space.removeFromParent();
    this.#line.removeFromParent();
    this.#line.geometry.dispose();
    (this.#line.material as LineBasicMaterial).dispose();
  }

  readonly #choose = () => this.chosen?.();
  readonly #come = () => {
    this.connected = true;
  };
  readonly #go = () => {
    this.connected = false;
  };
}
