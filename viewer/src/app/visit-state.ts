import type { Stage } from "../core/stage.ts";
import type { Lang } from "../document/text.ts";
import type { HallSession } from "../navigation/hall-session.ts";
import type { Navigator } from "../navigation/navigator.ts";
import type { Place } from "../navigation/place.ts";
import type { OpenPanel } from "./panel-content.ts";

export interface VisitOptions {
  readonly src: string;
  readonly media: string;
  readonly lang: Lang;
  readonly place: Place;
  readonly poster: string | null;
}

/** What all parts of one visit share. */
export interface VisitState {
  readonly options: VisitOptions;
  readonly navigator: Navigator;
  lang: Lang;
  stage: Stage | null;
  /** The hall that is open. */
  session: HallSession | null;
  /** What the panel is open for, whatever the place. */
  openPanel: OpenPanel | null;
  /** The chapter to which the timeline in the panel keeps. */
  timelineChapter: string | null;
  /** Asks for a frame; takes what led to it so that a caller can do and draw in one line. */
  draw(done?: unknown): void;
  /** Nothing flies, glides or turns by itself. */
  calm(): boolean;
}
