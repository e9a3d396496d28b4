import { LANGUAGE_TAG, type Lang } from "../ui/i18n.ts";
import { settingOf } from "../ui/settings.ts";

/** The reader of a text: a recording of it, or a voice of this device. */
export type Speaker = "narration" | "speech";

/** Reads one text at a time aloud. It never uses a voice that sends the text to another host. */
export class Narrator {
  /** Recordings play unless the visitor has turned the sound off; the device reads only if the visitor turns it on. */
  readonly on: Record<Speaker, boolean> = { narration: settingOf("sound") !== "off", speech: false };
  #audio: HTMLAudioElement | null = null;
  #current = 0; // counts the texts, so that a late event of an earlier text is ignored

  /** `voicesChanged` is called when the browser has loaded its voices. */
  constructor(voicesChanged: () => void, signal: AbortSignal) {
    globalThis.speechSynthesis?.addEventListener?.("voiceschanged", voicesChanged, { signal });
    signal.addEventListener("abort", () => this.stop());
  }

  /** The reader that would read a text; null if there is none. `recording` is the URL of its recording, or null. */
  speaker(recording: string | null, lang: Lang): Speaker | null {
    if (recording) return "narration";
    return localVoice(lang) ? "speech" : null;
  }

  /**
   * Starts to read a text; false if nothing reads it. `done(true)` is called at its end, `done(false)` if it cannot be read;
   * nothing is called after `stop`.
   */
  say(text: string, recording: string | null, lang: Lang, done: (finished: boolean) => void): boolean {
    this.stop();
    const speaker = this.speaker(recording, lang);
    if (!speaker || !this.on[speaker]) return false;
    const mine = ++this.#current;
    const end = (finished: boolean) => {
      if (mine !== this.#current) return;
      this.#current++; // an error event and a rejected play() may both come
      done(finished);
    };
    if (recording) {
      const audio = new Audio(recording);
      this.#audio = audio;
      audio.addEventListener("ended", () => end(true));
      audio.addEventListener("error", () => end(false));
      audio.play().catch(() => end(false)); // a browser may demand a click first
    } else {
      const utterance = new SpeechSynthesisUtterance(text);
      utterance.voice = localVoice(lang);
      utterance.lang = utterance.voice?.lang ?? LANGUAGE_TAG[lang];
      utterance.onend = () => end(true);
      utterance.onerror = () => end(false);
      speechSynthesis.speak(utterance);
    }
    return true;
  }

  stop(): void {
    this.#current++;
    this.#audio?.pause();
    this.#audio = null;
    globalThis.speechSynthesis?.cancel();
  }
}

/** A voice of the device itself, not of a remote service. */
function localVoice(lang: Lang): SpeechSynthesisVoice | null {
  const voices = globalThis.speechSynthesis?.getVoices() ?? [];
  return voices.find((voice) => voice.localService === true && voice.lang.toLowerCase().startsWith(lang)) ?? null;
}
