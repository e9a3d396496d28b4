import type { Viewport } from "../core/viewport.ts";
import type { Lang } from "../document/text.ts";
import type { HallSession } from "../navigation/hall-session.ts";
import type { Place } from "../navigation/place.ts";
import { REDUCED_MOTION } from "../ui/settings.ts";
import type { OpenPanel } from "./panel-content.ts";

export interface VisitOptions {
  /** URL of the first hall's document. */
  readonly src: string;
  /** URL prefix of the files. */
  readonly media: string;
  readonly lang: Lang;
  /** Where the visit begins. */
  readonly place: Place;
  /** URL of the picture that is shown until the first frame is drawn. */
  readonly poster: string | null;
}

/** The state that the parts of one visit share. */
export class VisitState {
  readonly options: VisitOptions;
  lang: Lang;
  /** The canvas; null until the visit is opened. */
  viewport: Viewport | null = null;
  /** The hall that is open. */
  session: HallSession | null = null;
  /** The panel that a button of the bar has opened. */
  openPanel: OpenPanel | null = null;
  /** The chapter whose milestones the timeline shows; null: all milestones. */
  timelineChapter: string | null = null;

  constructor(options: VisitOptions) {
    this.options = options;
    this.lang = options.lang;
  }

  /** Requests a frame. */
  draw(): void {
    this.viewport?.invalidate();
  }

  /** True if the visitor wants no motion: the eye does not fly, and nothing turns by itself. */
  calm(): boolean {
    return REDUCED_MOTION.matches;
  }
}
