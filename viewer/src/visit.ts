import { fetchHall } from "./api.ts";
import { HallScene } from "./core/hall.ts";
import type { Stage } from "./core/stage.ts";
import { poseOfView } from "./core/view.ts";
import { Journey } from "./journey.ts";
import type { Lang } from "./ui/i18n.ts";

/** A hall that is open, with the eye in it. */
export class Visit {
  /** Address of its document. */
  readonly src: string;
  readonly hall: HallScene;
  /** Begins when the room stands. */
  journey: Journey | null = null;
  readonly #stage: Stage;

  private constructor(src: string, hall: HallScene, stage: Stage) {
    this.src = src;
    this.hall = hall;
    this.#stage = stage;
  }

  /** Rejects if the document cannot be had. */
  static async fetch(src: string, media: string, lang: Lang, stage: Stage, signal: AbortSignal): Promise<Visit> {
    const document = await fetchHall(src, signal);
    signal.throwIfAborted();
    return new Visit(src, new HallScene(document, media, lang, () => stage.renderer), stage);
  }

  /** Resolves when one can walk; rejects if the room cannot be had. */
  async open(signal: AbortSignal, calm: () => boolean): Promise<void> {
    const { hall } = this;
    await hall.open(poseOfView(hall.document.start));
    signal.throwIfAborted();
    this.#stage.show(hall.scene);
    this.journey = new Journey(hall, this.#stage.camera, calm);
  }

  /** Lets go of all that the hall holds. */
  close(): void {
    this.hall.close();
  }
}
