import { Vector3 } from "three";
import { type FloorPlan, heightAt, survey } from "../core/floorplan.ts";
import { clamp } from "../core/units.ts";
import type { Pose } from "../core/view.ts";
import { isOpen } from "../document/doors.ts";
import { exhibitNumbers } from "../document/order.ts";
import { type Lang, localized } from "../document/text.ts";
import type { HallSession } from "../navigation/hall-session.ts";
import { FloorMap, type MapMark } from "../ui/floormap.ts";

const MARGIN = 0.8; // m around the floor
const FINE = 8; // px of the drawing per cell
const FLOOR: readonly [number, number, number] = [233, 225, 210];
const HIGH: readonly [number, number, number] = [206, 190, 164];
const EDGE = "#6a6156";

/** How the map lies: which way is up, and what part of the floor it shows. */
interface Frame {
  readonly turn: 0 | 1 | 2 | 3; // quarters, clockwise from -Z being up
  readonly min: { x: number; z: number };
  readonly max: { x: number; z: number };
}

/** Draws the hall's floor once, then where the visitor is on it. */
export class FloorMapController {
  readonly map: FloorMap;
  readonly #go: (place: Vector3) => void;
  #session: HallSession | null = null;
  #plan: FloorPlan | null = null;
  #frame: Frame | null = null;
  #base: HTMLCanvasElement | null = null;
  #surveys = 0;

  constructor(go: (place: Vector3) => void, open: (exhibit: string) => void, close: () => void) {
    this.#go = go;
    this.map = new FloorMap({ go: (x, y) => this.#chosen(x, y), open, close });
  }

  /** The map of this hall: surveyed when it is first wanted. */
  async draw(session: HallSession, lang: Lang): Promise<void> {
    if (session !== this.#session) {
      this.#session = session;
      this.#base = null;
      const survey = ++this.#surveys;
      const plan = await surveyed(session);
      if (survey !== this.#surveys) return;
      this.#plan = plan;
      this.#frame = frameOf(plan, session);
      this.#base = painted(plan, this.#frame);
    }
    if (this.#base && this.#frame) this.map.plan(this.#base, this.#marks(session, this.#frame, lang), lang);
    if (session.cameraController) this.update(session.cameraController.pose);
  }

  /** Shows the visitor where the eye is. */
  update(pose: Pose): void {
    if (!this.#frame || this.map.element.hidden) return;
    const { x, y } = toMap(this.#frame, pose.eye.x, pose.eye.z);
    this.map.you({ x, y, heading: -pose.yaw + (this.#frame.turn * Math.PI) / 2 });
  }

  forget(): void {
    this.#surveys++;
    this.#session = null;
    this.#frame = null;
    this.#base = null;
  }

  #chosen(x: number, y: number): void {
    if (!this.#frame || !this.#plan) return;
    const at = toHall(this.#frame, clamp(x, 0, 1), clamp(y, 0, 1));
    const floor = nearestFloor(this.#plan, at.x, at.z);
    if (floor) this.#go(floor);
  }

  #marks(session: HallSession, frame: Frame, lang: Lang): MapMark[] {
    const { document, exhibits } = session.hall;
    const numbers = exhibitNumbers(document);
    const marks: MapMark[] = [...exhibits.values()].map(({ id, sphere, placement }) => {
      const number = numbers.get(id) ?? null;
      const at = toMap(frame, sphere.center.x, sphere.center.z);
      return { kind: number ? "exhibit" : "panel", ...at, id, number, title: localized(placement.title, lang) };
    });
    for (const [, door] of session.doors) {
      const [x, , z] = door.position;
      const kind = isOpen(door, session.hallTitles) ? "door" : "shut";
      marks.push({ kind, ...toMap(frame, x, z), id: null, number: null, title: localized(door.title, lang) });
    }
    return marks;
  }
}

async function surveyed(session: HallSession): Promise<FloorPlan> {
  const [x, y, z] = session.hall.document.start.position;
  const steps = survey(session.hall.solids, new Vector3(x, y - 1.4, z));
  for (;;) {
    const until = performance.now() + 8;
    while (performance.now() < until) {
      const step = steps.next();
      if (step.done) return step.value;
    }
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** The reached floor with a margin; the entrance looks up the map. */
function frameOf(plan: FloorPlan, session: HallSession): Frame {
  const { position, target } = session.hall.document.start;
  const yaw = Math.atan2(-(target[0] - position[0]), -(target[2] - position[2]));
  const turn = ((Math.round(yaw / (Math.PI / 2)) + 4) % 4) as Frame["turn"];
  const min = { x: Number.POSITIVE_INFINITY, z: Number.POSITIVE_INFINITY };
  const max = { x: Number.NEGATIVE_INFINITY, z: Number.NEGATIVE_INFINITY };
  const reach = (x: number, z: number) => {
    min.x = Math.min(min.x, x - MARGIN);
    min.z = Math.min(min.z, z - MARGIN);
    max.x = Math.max(max.x, x + MARGIN);
    max.z = Math.max(max.z, z + MARGIN);
  };
  for (let i = 0; i < plan.heights.length; i++) {
    if (Number.isNaN(plan.heights[i] as number)) continue;
    reach(plan.x + ((i % plan.columns) + 0.5) * plan.cell, plan.z + (Math.floor(i / plan.columns) + 0.5) * plan.cell);
  }
  for (const [, { position }] of session.doors) reach(position[0], position[2]);
  if (min.x > max.x) reach(position[0], position[2]);
  return { turn, min, max };
}

/** From the hall's x and z to shares of the map's width and height. */
function toMap({ turn, min, max }: Frame, x: number, z: number): { x: number; y: number } {
  const u = (x - min.x) / (max.x - min.x);
  const v = (z - min.z) / (max.z - min.z);
  return (
    [
      { x: u, y: v },
      { x: 1 - v, y: u },
      { x: 1 - u, y: 1 - v },
      { x: v, y: 1 - u },
    ] as const
  )[turn];
}

function toHall({ turn, min, max }: Frame, x: number, y: number): { x: number; z: number } {
  const [u, v] = (
    [
      [x, y],
      [y, 1 - x],
      [1 - x, 1 - y],
      [1 - y, x],
    ] as const
  )[turn];
  return { x: min.x + u * (max.x - min.x), z: min.z + v * (max.z - min.z) };
}

/** The floor with soft outlines: cells painted small, enlarged, and cut at half of what they cover. */
function painted(plan: FloorPlan, frame: Frame): HTMLCanvasElement {
  const [width, depth] = [frame.max.x - frame.min.x, frame.max.z - frame.min.z];
  const scale = Math.min(FINE / plan.cell, 900 / Math.max(width, depth));
  const [across, down] = frame.turn % 2 ? [depth, width] : [width, depth];
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(2, Math.round(across * scale));
  canvas.height = Math.max(2, Math.round(down * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
  const heights = plan.heights.filter((height) => !Number.isNaN(height));
  const low = Math.min(...minMax(heights));
  const rise = Math.max(minMax(heights)[1] - low, 0.5);
  const cells = document.createElement("canvas");
  cells.width = plan.columns;
  cells.height = plan.rows;
  const small = cells.getContext("2d") as CanvasRenderingContext2D;
  const image = small.createImageData(plan.columns, plan.rows);
  for (let i = 0; i < plan.heights.length; i++) {
    const height = plan.heights[i] as number;
    const share = Number.isNaN(height) ? 0 : (height - low) / rise;
    for (const k of [0, 1, 2] as const) image.data[4 * i + k] = FLOOR[k] + (HIGH[k] - FLOOR[k]) * share;
    image.data[4 * i + 3] = Number.isNaN(height) ? 0 : 255;
  }
  small.putImageData(image, 0, 0);

  context.save();
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate((frame.turn * Math.PI) / 2);
  context.scale(scale, scale);
  context.translate(-(frame.min.x + frame.max.x) / 2, -(frame.min.z + frame.max.z) / 2);
  context.imageSmoothingQuality = "high";
  context.drawImage(cells, plan.x, plan.z, plan.columns * plan.cell, plan.rows * plan.cell);
  context.restore();
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  for (let i = 3; i < pixels.data.length; i += 4) pixels.data[i] = clamp(((pixels.data[i] as number) - 96) * 4, 0, 255);
  context.putImageData(pixels, 0, 0);

  // An outline: the floor's own shape in ink, a little larger, beneath it.
  const outlined = document.createElement("canvas");
  outlined.width = canvas.width;
  outlined.height = canvas.height;
  const under = outlined.getContext("2d") as CanvasRenderingContext2D;
  const line = Math.max(canvas.width, canvas.height) / 180;
  for (let i = 0; i < 12; i++) {
    const angle = (i * Math.PI) / 6;
    under.drawImage(canvas, line * Math.cos(angle), line * Math.sin(angle));
  }
  under.globalCompositeOperation = "source-in";
  under.fillStyle = EDGE;
  under.fillRect(0, 0, outlined.width, outlined.height);
  under.globalCompositeOperation = "source-over";
  under.drawImage(canvas, 0, 0);
  return outlined;
}

function minMax(values: Float32Array): [number, number] {
  let [low, high] = [0, 0];
  for (const [i, value] of values.entries()) {
    low = i === 0 ? value : Math.min(low, value);
    high = i === 0 ? value : Math.max(high, value);
  }
  return [low, high];
}

/** The floor nearest to a place, within two metres. */
function nearestFloor(plan: FloorPlan, x: number, z: number): Vector3 | null {
  for (let radius = 0; radius <= 2; radius += plan.cell) {
    const around = radius === 0 ? 1 : 12;
    for (let i = 0; i < around; i++) {
      const [px, pz] = [x + radius * Math.cos((i * Math.PI) / 6), z + radius * Math.sin((i * Math.PI) / 6)];
      const y = heightAt(plan, px, pz);
      if (y !== null) return new Vector3(px, y, pz);
    }
  }
  return null;
}
