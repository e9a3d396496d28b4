import type { Stage } from "../core/stage.ts";
import type { Guide } from "../navigation/navigator.ts";
import type { Place } from "../navigation/place.ts";
import type { Aside } from "./panel-content.ts";
import type { Lang } from "../ui/i18n.ts";
import type { Visit } from "../navigation/open-hall.ts";

export interface VisitOptions {
  readonly src: string;
  readonly media: string;
  readonly lang: Lang;
  readonly place: Place;
  readonly poster: string | null;
}

/** What all parts of one visit share. */
export interface Party {
  readonly options: VisitOptions;
  readonly guide: Guide;
  lang: Lang;
  stage: Stage | null;
  /** The hall that is open. */
  visit: Visit | null;
  /** What the panel is open for, whatever the place. */
  aside: Aside | null;
  /** The chapter to which the timeline in the panel keeps. */
  era: string | null;
  /** Asks for a frame; takes what led to it so that a caller can do and draw in one line. */
  draw(done?: unknown): void;
  /** Nothing flies, glides or turns by itself. */
  calm(): boolean;
}
