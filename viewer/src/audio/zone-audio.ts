import type { Vector3 } from "three";
import { said } from "../document/text.ts";
import { zoneAt } from "../document/zones.ts";
import { Loops } from "./loop-player.ts";
import type { Lang } from "../ui/i18n.ts";
import type { Visit } from "../navigation/open-hall.ts";

/** The sounds and the light of the part of the hall that one is in. Sound is off until the visitor turns it on. */
export class Ambience {
  readonly #media: string;
  readonly #changed: () => void;
  readonly #loops = new Loops();
  #on = false;
  #zone: string | null = null;
  #sound: string | null = null;

  constructor(media: string, changed: () => void, signal: AbortSignal) {
    this.#media = media;
    this.#changed = changed;
    signal.addEventListener("abort", () => this.#loops.close());
    document.addEventListener("visibilitychange", () => this.#play(), { signal });
  }

  get on(): boolean {
    return this.#on;
  }

  /** Whether a hall has any sound to turn on. */
  static sounds(visit: Visit): boolean {
    return Object.values(visit.hall.document.zones ?? {}).some((zone) => zone.sound !== undefined);
  }

  toggle(): void {
    this.#on = !this.#on;
    this.#play();
    this.#changed();
  }

  /** The eye is here now: what is to be heard where it has just come to, in words; null if there is nothing new. */
  at(visit: Visit, eye: Vector3, lang: Lang): string | null {
    const { document } = visit.hall;
    const here = zoneAt(document, eye);
    if ((here?.id ?? null) === this.#zone) return null;
    this.#zone = here?.id ?? null;
    const asset = here?.zone.sound ? document.assets[here.zone.sound] : undefined;
    this.#sound = asset?.files.audio ? this.#media + asset.files.audio.sha256 : null;
    this.#play();
    visit.hall.lighting.goal = here?.zone.ambient ?? null;
    return here?.zone.sound ? said(here.zone.caption, lang) : null;
  }

  /** Another hall, or none. */
  reset(): void {
    this.#zone = null;
    this.#sound = null;
    this.#play();
  }

  #play(): void {
    this.#loops.play(this.#on && !document.hidden ? this.#sound : null);
  }
}
