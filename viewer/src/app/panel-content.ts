import type { HallTitles } from "../document/doors.ts";
import type { Hall } from "../document/schema.ts";
import type { Lang } from "../document/text.ts";
import type { Place } from "../navigation/place.ts";
import type { Content } from "../ui/panel.ts";
import { exhibitText, noteText } from "./exhibit-text.ts";
import { listText } from "./list-text.ts";
import { timelineText } from "./timeline-text.ts";

/** A panel that a button of the bar opens, wherever the visitor is. */
export type OpenPanel = "list" | "help" | "timeline";

/** The state that decides on the content of the panel. */
export interface PanelInput {
  /** Null while no hall is open. */
  readonly hall: Hall | null;
  /** The ids of the exhibits that could not be loaded. */
  readonly failed: readonly string[];
  readonly hallTitles: HallTitles;
  readonly place: Place;
  readonly openPanel: OpenPanel | null;
  readonly lastExhibit: string | null;
  readonly followedChapter: string | null;
  /** The chapter whose milestones the timeline shows; null: all milestones. */
  readonly timelineChapter: string | null;
  /** URL prefix of the files. */
  readonly media: string;
}

/** The content of the panel; null: the panel is closed. */
export function panelContent(input: PanelInput, lang: Lang): Content | null {
  const { hall, place, openPanel } = input;
  if (openPanel === "help") return { kind: "help" };
  if (!hall) return null;
  if (openPanel === "timeline") {
    const timeline = timelineText(hall, input.timelineChapter, lang);
    return timeline && { kind: "timeline", timeline };
  }
  if (openPanel === "list") return { kind: "list", list: listText({ ...input, hall }, lang) };
  if (place.kind === "note") {
    const note = noteText(hall, place.id, lang);
    return note && { kind: "note", note };
  }
  if (place.kind !== "exhibit") return null;
  const exhibit = exhibitText(hall, place.id, input, lang);
  return exhibit && { kind: "exhibit", exhibit };
}
