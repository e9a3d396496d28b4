import type { Lang } from "../document/text.ts";
import type { EditSession } from "./edit-session.ts";
import type { Selection } from "./selection.ts";
import type { StudioScene } from "./studio-scene.ts";

/** What all parts of the studio share. */
export interface Studio {
  readonly session: EditSession;
  readonly scene: StudioScene;
  readonly selection: Selection;
  readonly lang: Lang;
  /** Prefix of the exhibition's addresses: ends with a slash. */
  readonly root: string;
  readonly slug: string;
  /** Says something to screen readers, and shows it for a moment. */
  announce(text: string): void;
}
