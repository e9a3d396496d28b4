import { h } from "./dom.ts";
import { LANGUAGE_TAG, type Lang, translate } from "./i18n.ts";

/** A video or a sound with its captions, ready to play. */
export interface RecordingText {
  readonly kind: "video" | "audio";
  readonly src: string;
  readonly poster: string | null;
  readonly captions: Readonly<Record<Lang, string>> | null; // URLs of WebVTT files
}

/** Plays one recording at a time. It goes on playing when the language is switched. */
export class Player {
  readonly #shown: (video: HTMLVideoElement | null) => void;
  #media: HTMLMediaElement | null = null;
  #src: string | null = null;
  #lang: Lang | null = null;

  /** `shown` is called with a video that has started to play, and with null when it is closed. */
  constructor(shown: (video: HTMLVideoElement | null) => void) {
    this.#shown = shown;
  }

  /** The player of a recording and its transcript. The same recording keeps its player. */
  show(recording: RecordingText, lang: Lang): Node[] {
    if (recording.src !== this.#src) {
      this.stop();
      this.#src = recording.src;
      this.#media = this.#build(recording);
    }
    this.#lang = lang;
    this.#caption();
    const { captions } = recording;
    return [this.#media as HTMLElement, ...(captions ? [transcript(captions[lang], lang)] : [])];
  }

  stop(): void {
    if (!this.#media) return;
    this.#media.pause();
    this.#shown(null);
    this.#media.removeAttribute("src");
    this.#media.load(); // frees the loaded data
    this.#media.replaceChildren(); // Chromium never frees a player while it has caption tracks that were shown
    this.#media = null;
    this.#src = null;
    this.#lang = null;
  }

  #build({ kind, src, poster, captions }: RecordingText): HTMLMediaElement {
    const settings = { src, controls: true, preload: "metadata", playsinline: true };
    const media =
      kind === "video"
        ? h("video.ly-media", { ...settings, poster, onplay: () => this.#shown(media as HTMLVideoElement) })
        : h("audio.ly-media", settings);
    for (const lang of ["zh", "en"] as const) {
      if (!captions) continue;
      const track = { kind: "captions", srclang: LANGUAGE_TAG[lang], label: lang === "zh" ? "中文" : "English" };
      media.append(h("track", { ...track, src: captions[lang] }));
    }
    // After loading, a browser chooses captions by its own language.
    media.addEventListener("loadedmetadata", () => this.#caption());
    return media;
  }

  /** Shows the captions in the visitor's language. */
  #caption(): void {
    if (!this.#lang) return;
    for (const track of this.#media?.textTracks ?? [])
      track.mode = track.language === LANGUAGE_TAG[this.#lang] ? "showing" : "disabled";
  }
}

/** The transcript, which is fetched when it is opened. */
function transcript(address: string, lang: Lang): HTMLElement {
  const text = h("div.ly-transcript");
  const details = h("details", { "data-key": "transcript" }, h("summary", {}, translate(lang, "transcript")), text);
  let asked = false;
  details.addEventListener("toggle", async () => {
    if (asked || !details.open) return;
    asked = true;
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(String(answer.status));
      text.replaceChildren(...cues(await answer.text()).map((cue) => h("p", {}, cue)));
    } catch {
      asked = false;
      text.replaceChildren(h("p", {}, translate(lang, "transcriptFailed")));
    }
  });
  return details;
}

/** The texts of a WebVTT file's cues, without times, settings and markup (WebVTT, section 4). */
export function cues(vtt: string): string[] {
  const blocks = vtt.replaceAll("\r", "").split(/\n{2,}/);
  return blocks.flatMap((block) => {
    const lines = block.split("\n");
    const times = lines.findIndex((line) => line.includes("-->"));
    if (times < 0) return [];
    const text = lines.slice(times + 1).join(" ");
    const plain = text.replace(/<[^>]*>/g, "").trim();
    return plain ? [plain] : [];
  });
}
