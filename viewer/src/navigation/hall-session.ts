import { arrivalAt } from "../core/doors.ts";
import { HallScene } from "../core/hall.ts";
import { fetchHall, fetchTitles, slugOf } from "../core/hall-api.ts";
import { poseOfView } from "../core/view.ts";
import type { Viewport } from "../core/viewport.ts";
import { doorTo, type HallTitles } from "../document/doors.ts";
import { byId } from "../document/order.ts";
import type { Door, Hall } from "../document/schema.ts";
import type { Lang } from "../document/text.ts";
import { CameraController } from "./camera-controller.ts";

/** What shows furniture; null unless the hall has some that its room does not hold: nothing is built into a room from a file. */
async function furnitureOf({
  architecture,
  furniture = {},
}: Hall): Promise<typeof import("../core/furniture.ts") | null> {
  return architecture.building || Object.keys(furniture).length === 0 ? null : import("../core/furniture.ts");
}

/** The parts of the viewport that a hall needs. */
export type HallViewport = Pick<Viewport, "renderer" | "quality" | "camera" | "show">;

/** One open hall: its scene, the visitor's camera in it, and the titles of the halls behind its doors. */
export class HallSession {
  /** URL of the hall document. */
  readonly src: string;
  readonly hall: HallScene;
  readonly viewport: HallViewport;
  /** Null until the room is loaded. */
  cameraController: CameraController | null = null;
  hallTitles: HallTitles = null;

  private constructor(src: string, hall: HallScene, viewport: HallViewport) {
    this.src = src;
    this.hall = hall;
    this.viewport = viewport;
  }

  /** Rejects if the document cannot be fetched. */
  static async fetch(
    src: string,
    media: string,
    lang: Lang,
    viewport: HallViewport,
    signal: AbortSignal,
  ): Promise<HallSession> {
    const document = await fetchHall(src, signal);
    signal.throwIfAborted();
    return new HallSession(
      src,
      new HallScene(document, media, lang, () => viewport.renderer, viewport.quality),
      viewport,
    );
  }

  get slug(): string {
    return slugOf(this.src);
  }

  get doors(): readonly (readonly [id: string, door: Door])[] {
    return byId(this.hall.document.doors);
  }

  /**
   * Resolves when the visitor can walk: at the entrance, or at the door that leads to the hall `from` (a slug).
   * Rejects if the room cannot be loaded.
   */
  async open(signal: AbortSignal, calm: () => boolean, from: string | null): Promise<void> {
    const { hall } = this;
    const start = poseOfView(hall.document.start);
    const door = from === null ? null : doorTo(hall.document, from);
    const arrival = door ? arrivalAt(door, start.fov_deg) : start;
    const [furniture] = await Promise.all([furnitureOf(hall.document), hall.open(arrival)]);
    signal.throwIfAborted();
    furniture?.furnish(hall);
    this.viewport.show(hall.scene);
    this.cameraController = new CameraController(hall, this.viewport.camera, calm, arrival);
  }

  /** Fetches the titles of the published halls. If that fails, the doors show their own titles. */
  async fetchHallTitles(signal: AbortSignal): Promise<void> {
    if (!this.doors.some(([, door]) => door.hall)) return;
    this.hallTitles = await fetchTitles(this.src, signal).catch(() => null);
  }

  /** Frees everything that the hall holds. */
  close(): void {
    this.hall.close();
  }
}
