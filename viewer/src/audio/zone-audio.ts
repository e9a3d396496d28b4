import { Signal } from "../core/signal.ts";
import type { Hall, Zone } from "../document/schema.ts";
import { LoopPlayer } from "./loop-player.ts";

/** Plays the sound of the zone that the visitor is in. It is silent until the visitor turns the sound on. */
export class ZoneAudio {
  /** The sound was turned on or off. */
  readonly toggled = new Signal<void>();
  readonly #media: string;
  readonly #player = new LoopPlayer();
  #on = false;
  #sound: string | null = null; // URL of the zone's sound

  /** `media` is the URL prefix of the files. Aborting `signal` ends the sound for good. */
  constructor(media: string, signal: AbortSignal) {
    this.#media = media;
    signal.addEventListener("abort", () => this.#player.close());
    document.addEventListener("visibilitychange", () => this.#play(), { signal });
  }

  get on(): boolean {
    return this.#on;
  }

  toggle(): void {
    this.#on = !this.#on;
    this.#play();
    this.toggled.emit();
  }

  /** The visitor is in this zone now, or in none. */
  enter(hall: Hall, zone: Zone | null): void {
    const asset = zone?.sound ? hall.assets[zone.sound] : undefined;
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
