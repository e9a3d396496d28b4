import type { Hall } from "../document/schema.ts";
import type { zoneAt } from "../document/zones.ts";
import { LoopPlayer } from "./loop-player.ts";

/** Plays the sound of the zone that the visitor is in. It is silent until the visitor turns the sound on. */
export class ZoneAudio {
  readonly #media: string;
  readonly #changed: () => void;
  readonly #player = new LoopPlayer();
  #on = false;
  #sound: string | null = null; // URL of the zone's sound

  /** `media` is the URL prefix of the files. `changed` is called when the sound is turned on or off. */
  constructor(media: string, changed: () => void, signal: AbortSignal) {
    this.#media = media;
    this.#changed = changed;
    signal.addEventListener("abort", () => this.#player.close());
    document.addEventListener("visibilitychange", () => this.#play(), { signal });
  }

  get on(): boolean {
    return this.#on;
  }

  toggle(): void {
    this.#on = !this.#on;
    this.#play();
    this.#changed();
  }

  /** The visitor is in this zone now, or in none. */
  enter(hall: Hall, zone: ReturnType<typeof zoneAt>): void {
    const asset = zone?.zone.sound ? hall.assets[zone.zone.sound] : undefined;
    this.#sound = asset?.files.audio ? this.#media + asset.files.audio.sha256 : null;
    this.#play();
  }

  /** The visitor has left the hall. */
  leave(): void {
    this.#sound = null;
    this.#play();
  }

  #play(): void {
    this.#player.play(this.#on && !document.hidden ? this.#sound : null);
  }
}

/** Whether a zone of the hall has a sound. */
export function hasSound(hall: Hall): boolean {
  return Object.values(hall.zones ?? {}).some((zone) => zone.sound !== undefined);
}
