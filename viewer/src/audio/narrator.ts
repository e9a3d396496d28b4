import type { Lang } from "../document/text.ts";
import { LANGUAGE_TAG } from "../ui/i18n.ts";
import { chosen } from "../ui/look.ts";

/** What can say a text: a recording of it, or a voice of this device. */
export type Speaker = "narration" | "speech";

/** One text at a time, said aloud. A voice that sends what it reads to another host is never used. */
export class Narrator {
  /** Recordings are played unless the visitor has turned them off; the device reads only if it was asked to. */
  readonly on: Record<Speaker, boolean> = { narration: chosen("sound") !== "off", speech: false };
  #audio: HTMLAudioElement | null = null;
  #said = 0; // counts texts, so that a late end is not taken for this one's

  /** Tells when voices have become known. */
  constructor(changed: () => void, signal: AbortSignal) {
    globalThis.speechSynthesis?.addEventListener?.("voiceschanged", changed, { signal });
    signal.addEventListener("abort", () => this.stop());
  }

  /** What would say a text for which there is this recording, or none. */
  speaker(recording: string | null, lang: Lang): Speaker | null {
    if (recording) return "narration";
    return localVoice(lang) ? "speech" : null;
  }

  /** Says a text. `done` is told if it was said to its end or could not be said (false), not if it was stopped. */
  say(text: string, recording: string | null, lang: Lang, done: (said: boolean) => void): boolean {
    this.stop();
    const speaker = this.speaker(recording, lang);
    if (!speaker || !this.on[speaker]) return false;
    const mine = ++this.#said;
    const tell = (said: boolean) => mine === this.#said && done(said);
    if (recording) {
      const audio = new Audio(recording);
      this.#audio = audio;
      audio.addEventListener("ended", () => tell(true));
      audio.addEventListener("error", () => tell(false));
      audio.play().catch(() => tell(false)); // a browser may want a click first
    } else {
      const utterance = new SpeechSynthesisUtterance(text);
      utterance.voice = localVoice(lang);
      utterance.lang = utterance.voice?.lang ?? LANGUAGE_TAG[lang];
      utterance.onend = () => tell(true);
      utterance.onerror = () => tell(false);
      speechSynthesis.speak(utterance);
    }
    return true;
  }

  stop(): void {
    this.#said++;
    this.#audio?.pause();
    this.#audio = null;
    globalThis.speechSynthesis?.cancel();
  }
}

/** A voice of this device, not of a service elsewhere. */
function localVoice(lang: Lang): SpeechSynthesisVoice | null {
  const voices = globalThis.speechSynthesis?.getVoices() ?? [];
  return voices.find((voice) => voice.localService === true && voice.lang.toLowerCase().startsWith(lang)) ?? null;
}
