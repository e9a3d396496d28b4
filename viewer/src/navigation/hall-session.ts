import { arrivalAt } from "../core/doors.ts";
import { HallScene } from "../core/hall.ts";
import { fetchHall, fetchTitles, slugOf } from "../core/hall-api.ts";
import type { Stage } from "../core/stage.ts";
import { poseOfView } from "../core/view.ts";
import { doorTo, type HallTitles } from "../document/doors.ts";
import type { Door } from "../document/schema.ts";
import type { Lang } from "../document/text.ts";
import { CameraController } from "./camera-controller.ts";

/** A hall that is open, with the eye in it. */
export class HallSession {
  /** Address of its document. */
  readonly src: string;
  readonly hall: HallScene;
  /** Begins when the room stands. */
  cameraController: CameraController | null = null;
  hallTitles: HallTitles = null;
  readonly #stage: Stage;

  private constructor(src: string, hall: HallScene, stage: Stage) {
    this.src = src;
    this.hall = hall;
    this.#stage = stage;
  }

  /** Rejects if the document cannot be had. */
  static async fetch(src: string, media: string, lang: Lang, stage: Stage, signal: AbortSignal): Promise<HallSession> {
    const document = await fetchHall(src, signal);
    signal.throwIfAborted();
    return new HallSession(src, new HallScene(document, media, lang, () => stage.renderer, stage.quality), stage);
  }

  get slug(): string {
    return slugOf(this.src);
  }

  get doors(): readonly (readonly [id: string, door: Door])[] {
    return Object.entries(this.hall.document.doors ?? {});
  }

  /**
   * Resolves when one can walk, at the entrance or at the door that leads to the hall `from`; rejects if the room cannot
   * be had.
   */
  async open(signal: AbortSignal, calm: () => boolean, from: string | null): Promise<void> {
    const { hall } = this;
    const start = poseOfView(hall.document.start);
    const door = from === null ? null : doorTo(hall.document, from);
    const arrival = door ? arrivalAt(door, start.fov_deg) : start;
    await hall.open(arrival);
    signal.throwIfAborted();
    this.#stage.show(hall.scene);
    this.cameraController = new CameraController(hall, this.#stage.camera, calm, arrival);
  }

  /** Asks which halls are behind the doors; without an answer the doors' own titles have to do. */
  async look(signal: AbortSignal): Promise<void> {
    if (!this.doors.some(([, door]) => door.hall)) return;
    this.hallTitles = await fetchTitles(this.src, signal).catch(() => null);
  }

  /** Lets go of all that the hall holds. */
  close(): void {
    this.hall.close();
  }
}
