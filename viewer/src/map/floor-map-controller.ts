import { Vector3 } from "three";
import { type FloorPlan, nearestFloor, survey } from "../core/floorplan.ts";
import { Signal } from "../core/signal.ts";
import { clamp } from "../core/units.ts";
import type { Pose } from "../core/view.ts";
import { isOpen } from "../document/doors.ts";
import { exhibitNumbers } from "../document/order.ts";
import { type Lang, localized } from "../document/text.ts";
import type { HallSession } from "../navigation/hall-session.ts";
import { FloorMap, type MapMark } from "../ui/floormap.ts";
import { paintFloor } from "./floor-painting.ts";
import { type MapFrame, mapFrame, toHall, toMap } from "./map-frame.ts";

const SLICE_MS = 8; // the survey leaves the rest of each frame to the visit

/** Draws the floor plan of a hall once, then the visitor's place on it after every move. */
export class FloorMapController {
  readonly map: FloorMap;
  /** A point on the floor was chosen, hall frame. */
  readonly placeChosen = new Signal<Vector3>();
  readonly exhibitChosen = new Signal<string>();
  readonly closed = new Signal<void>();
  #session: HallSession | null = null;
  #plan: FloorPlan | null = null;
  #frame: MapFrame | null = null;
  #floor: HTMLCanvasElement | null = null;
  #surveyed: Promise<void> | null = null;

  constructor() {
    this.map = new FloorMap({
      go: (x, y) => this.#choose(x, y),
      open: (id) => this.exhibitChosen.emit(id),
      close: () => this.closed.emit(),
    });
  }

  /** Shows the map of a hall, which is surveyed the first time. */
  async draw(session: HallSession, lang: Lang): Promise<void> {
    if (session !== this.#session) {
      this.forget();
      this.#session = session;
      this.#surveyed = this.#survey(session);
    }
    await this.#surveyed;
    if (session !== this.#session || !this.#floor || !this.#frame) return; // another hall was entered meanwhile
    this.map.plan(this.#floor, marksOf(session, this.#frame, lang), lang);
    if (session.cameraController) this.update(session.cameraController.pose);
  }

  /** Shows the visitor at this pose. */
  update(pose: Pose): void {
    if (!this.#frame || this.map.element.hidden) return;
    const { x, y } = toMap(this.#frame, pose.eye.x, pose.eye.z);
    this.map.you({ x, y, heading: -pose.yaw + (this.#frame.turn * Math.PI) / 2 });
  }

  /** Another hall was entered. */
  forget(): void {
    this.#session = null;
    this.#surveyed = null;
    this.#plan = null;
    this.#frame = null;
    this.#floor = null;
  }

  async #survey(session: HallSession): Promise<void> {
    const plan = await surveyFloor(session);
    if (session !== this.#session) return;
    const doors = session.doors.map(([, door]) => door);
    this.#plan = plan;
    this.#frame = mapFrame(plan, session.hall.document.start, doors);
    this.#floor = paintFloor(plan, this.#frame);
  }

  /** A point of the map was chosen, as shares of its width and height. */
  #choose(x: number, y: number): void {
    if (!this.#frame || !this.#plan) return;
    const at = toHall(this.#frame, clamp(x, 0, 1), clamp(y, 0, 1));
    const floor = nearestFloor(this.#plan, at.x, at.z);
    if (floor) this.placeChosen.emit(floor);
  }
}

/** The exhibits and the doors on the map. */
export function marksOf({ hall, doors, hallTitles }: HallSession, frame: MapFrame, lang: Lang): MapMark[] {
  const numbers = exhibitNumbers(hall.document);
  const marks: MapMark[] = [...hall.exhibits.values()].map(({ id, sphere, placement }) => {
    const number = numbers.get(id) ?? null;
    const at = toMap(frame, sphere.center.x, sphere.center.z);
    return { kind: number ? "exhibit" : "panel", ...at, id, number, title: localized(placement.title, lang) };
  });
  for (const [, door] of doors) {
    const [x, , z] = door.position;
    const kind = isOpen(door, hallTitles) ? "door" : "shut";
    marks.push({ kind, ...toMap(frame, x, z), id: null, number: null, title: localized(door.title, lang) });
  }
  return marks;
}

async function surveyFloor({ hall }: HallSession): Promise<FloorPlan> {
  const [x, y, z] = hall.document.start.position;
  const steps = survey(hall.colliders, new Vector3(x, y - 1.4, z), (owner) => !hall.exhibits.has(owner ?? ""));
  for (;;) {
    const until = performance.now() + SLICE_MS;
    while (performance.now() < until) {
      const step = steps.next();
      if (step.done) return step.value;
    }
    await new Promise((resolve) => setTimeout(resolve));
  }
}
