// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hasSound, ZoneAudio } from "../src/audio/zone-audio.ts";
import type { Asset, Zone } from "../src/document/schema.ts";
import { hallOf, text } from "./halls.ts";
import { serve } from "./sessions.ts";

/** A Web Audio context whose clock the test moves; it keeps what it was asked to play. */
class Context {
  static made: Context[] = [];
  readonly destination = {};
  readonly sources: Source[] = [];
  currentTime = 0;
  closed = false;
  constructor() {
    Context.made.push(this);
  }
  async resume(): Promise<void> {}
  async close(): Promise<void> {
    this.closed = true;
  }
  async decodeAudioData(bytes: ArrayBuffer): Promise<string> {
    return new TextDecoder().decode(bytes);
  }
}
class Source {
  readonly buffer: string;
  readonly loop: boolean;
  from: number | null = null;
  until: number | null = null;
  readonly #context: Context;
  constructor(context: Context, { buffer, loop }: { buffer: string; loop: boolean }) {
    this.#context = context;
    this.buffer = buffer;
    this.loop = loop;
    context.sources.push(this);
  }
  connect<T>(target: T): T {
    return target;
  }
  start(): void {
    this.from = this.#context.currentTime;
  }
  stop(at: number): void {
    this.until = at;
  }
}
class Gain {
  readonly gain = {
    value: 1,
    linearRampToValueAtTime() {},
    cancelScheduledValues() {},
    setValueAtTime() {},
  };
  connect<T>(target: T): T {
    return target;
  }
}

const bytes = (content: string) => new TextEncoder().encode(content).buffer as ArrayBuffer;
const audio = (sha256: string) => ({ files: { audio: { sha256 } } }) as unknown as Asset;
const zone = (sound?: string): Zone => {
  return { title: text("Z"), min: [0, 0, 0], max: [1, 1, 1], ...(sound ? { sound } : {}) } as Zone;
};
const HALL = hallOf(
  {},
  {
    assets: { fire: audio("f1re"), stream: audio("5tream"), mute: { files: {} } as Asset },
    zones: { a: zone("fire") },
  },
);

let abort: AbortController;
let zones: ZoneAudio;

beforeEach(() => {
  Context.made = [];
  vi.stubGlobal("AudioContext", Context);
  vi.stubGlobal("AudioBufferSourceNode", Source);
  vi.stubGlobal("GainNode", Gain);
  serve({ "/media/f1re": bytes("fire"), "/media/5tream": bytes("stream") });
  abort = new AbortController();
  zones = new ZoneAudio("/media/", abort.signal);
});
afterEach(() => {
  abort.abort();
  vi.unstubAllGlobals();
});

const playing = () => Context.made.flatMap(({ sources }) => sources.filter(({ until }) => until === null));
const heard = (...names: string[]) => vi.waitFor(() => expect(playing().map(({ buffer }) => buffer)).toEqual(names));

describe("the sound of a zone", () => {
  it("is silent, and fetches nothing, until the visitor turns it on", async () => {
    const asked = serve({ "/media/f1re": bytes("fire") });
    zones.enter(HALL, zone("fire"));
    expect([asked, Context.made]).toEqual([[], []]);
    let toggled = 0;
    zones.toggled.on(() => toggled++);
    zones.toggle();
    expect([toggled, zones.on]).toEqual([1, true]);
    await heard("fire");
    expect(playing()[0]?.loop).toBe(true);
  });

  it("fades over into the next zone's, and stops where there is none", async () => {
    zones.toggle();
    zones.enter(HALL, zone("fire"));
    await heard("fire");
    const [context] = Context.made as [Context];
    context.currentTime = 10;
    zones.enter(HALL, zone("stream"));
    await heard("stream");
    expect(context.sources.map(({ from, until }) => [from, until])).toEqual([
      [0, 11.4],
      [10, null],
    ]);
    zones.enter(HALL, null);
    await heard();
    zones.enter(HALL, zone("mute"));
    zones.enter(HALL, zone());
    await heard();
  });

  it("of a zone that was left while it loaded is not played", async () => {
    zones.toggle();
    zones.enter(HALL, zone("fire"));
    zones.enter(HALL, zone("stream"));
    await heard("stream");
    zones.enter(HALL, zone("fire"));
    zones.leave();
    await heard();
    expect(Context.made).toHaveLength(1);
  });

  it("is asked for again after it could not be fetched", async () => {
    let asked = serve({ "/media/f1re": 503 });
    zones.toggle();
    zones.enter(HALL, zone("fire"));
    await vi.waitFor(() => expect(asked).toEqual(["/media/f1re"]));
    await new Promise((resolve) => setImmediate(resolve));
    asked = serve({ "/media/f1re": bytes("fire") });
    zones.enter(HALL, null);
    zones.enter(HALL, zone("fire"));
    await heard("fire");
    zones.enter(HALL, null);
    zones.enter(HALL, zone("fire"));
    await heard("fire");
    expect(asked).toEqual(["/media/f1re"]); // once is enough
  });

  it("pauses while the page is hidden, and ends with the visit", async () => {
    zones.toggle();
    zones.enter(HALL, zone("fire"));
    await heard("fire");
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    document.dispatchEvent(new Event("visibilitychange"));
    await heard();
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event("visibilitychange"));
    await heard("fire");
    abort.abort();
    expect(Context.made[0]?.closed).toBe(true);
  });

  it("is offered by halls of which a zone has one", () => {
    expect(hasSound(HALL)).toBe(true);
    expect(hasSound(hallOf({}, { zones: { a: zone() } }))).toBe(false);
    expect(hasSound(hallOf({}))).toBe(false);
  });
});
