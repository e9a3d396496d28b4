// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Narrator } from "../src/audio/narrator.ts";
import { completeJsdom } from "./browser.ts";

interface Voice {
  readonly lang: string;
  readonly localService: boolean;
}
interface Utterance {
  readonly text: string;
  lang: string;
  voice: Voice | null;
  onend: (() => void) | null;
  onerror: (() => void) | null;
}

/** The speech synthesis of a device with these voices. */
function device(...voices: Voice[]) {
  const spoken: Utterance[] = [];
  const speech = Object.assign(new EventTarget(), {
    getVoices: () => voices,
    speak: (utterance: Utterance) => spoken.push(utterance),
    cancel: vi.fn(),
  });
  vi.stubGlobal("speechSynthesis", speech);
  vi.stubGlobal(
    "SpeechSynthesisUtterance",
    class {
      readonly text: string;
      constructor(text: string) {
        this.text = text;
      }
    },
  );
  return { spoken, speech, voices };
}

const narrator = () => new Narrator(() => {}, new AbortController().signal);

beforeEach(completeJsdom);
afterEach(() => {
  vi.unstubAllGlobals();
  delete document.documentElement.dataset.sound;
});

describe("the narrator", () => {
  it("reads with a voice of the device itself, in the language of the text, once the visitor has turned it on", () => {
    const remote = { lang: "en-US", localService: false };
    const local = { lang: "en-GB", localService: true };
    const { spoken } = device(remote, { lang: "zh-CN", localService: true }, local);
    const made = narrator();
    const done = vi.fn();
    expect(made.speaker(null, "en")).toBe("speech");
    expect(made.say("A jar.", null, "en", done)).toBe(false);
    made.on.speech = true;
    expect(made.say("A jar.", null, "en", done)).toBe(true);
    expect(spoken).toMatchObject([{ text: "A jar.", lang: "en-GB", voice: local }]);
    spoken[0]?.onend?.();
    expect(done.mock.calls).toEqual([[true]]);
  });

  it("never reads with a voice that sends the text to another host", () => {
    const { spoken } = device({ lang: "en-US", localService: false });
    const made = narrator();
    made.on.speech = true;
    expect(made.speaker(null, "en")).toBeNull();
    expect(made.say("A jar.", null, "en", () => {})).toBe(false);
    expect(spoken).toEqual([]);
  });

  it("prefers a recording, unless the visitor wants no sound", () => {
    device({ lang: "zh-CN", localService: true });
    const play = vi.spyOn(HTMLMediaElement.prototype, "play").mockResolvedValue(undefined);
    expect(narrator().say("罐。", "/media/a", "zh", () => {})).toBe(true);
    expect(play).toHaveBeenCalledOnce();
    document.documentElement.dataset.sound = "off";
    expect(narrator().speaker("/media/a", "zh")).toBe("narration");
    expect(narrator().say("罐。", "/media/a", "zh", () => {})).toBe(false);
    expect(play).toHaveBeenCalledOnce();
  });

  it("tells once that a recording cannot be played, and nothing after it was stopped", async () => {
    const playing: HTMLMediaElement[] = [];
    const play = vi.spyOn(HTMLMediaElement.prototype, "play").mockImplementation(function play(this: HTMLMediaElement) {
      playing.push(this);
      return Promise.reject(new Error("not allowed"));
    });
    const made = narrator();
    const done = vi.fn();
    made.say("A jar.", "/media/a", "en", done);
    playing[0]?.dispatchEvent(new Event("error"));
    await Promise.resolve();
    expect(done.mock.calls).toEqual([[false]]);
    play.mockResolvedValue(undefined);
    const later = vi.fn();
    made.say("A jar.", "/media/a", "en", later);
    made.stop();
    playing[1]?.dispatchEvent(new Event("ended"));
    expect(later).not.toHaveBeenCalled();
  });

  it("stops the text before with the next one, and with the visit", () => {
    const { spoken, speech } = device({ lang: "en-GB", localService: true });
    const abort = new AbortController();
    const changed = vi.fn();
    const made = new Narrator(changed, abort.signal);
    made.on.speech = true;
    const first = vi.fn();
    made.say("One.", null, "en", first);
    made.say("Two.", null, "en", () => {});
    spoken[0]?.onend?.();
    expect(first).not.toHaveBeenCalled();
    speech.dispatchEvent(new Event("voiceschanged"));
    expect(changed).toHaveBeenCalledOnce();
    speech.cancel.mockClear();
    abort.abort();
    expect(speech.cancel).toHaveBeenCalled();
    speech.dispatchEvent(new Event("voiceschanged"));
    expect(changed).toHaveBeenCalledOnce();
  });
});
