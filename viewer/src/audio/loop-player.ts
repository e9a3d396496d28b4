const FADE_S = 1.4;
const VOLUME = 0.8;

interface Loop {
  readonly source: AudioBufferSourceNode;
  readonly gain: GainNode;
}

/** Plays one looping sound at a time and crossfades to the next. It makes no AudioContext before the first sound. */
export class LoopPlayer {
  #context: AudioContext | null = null;
  #buffers = new Map<string, Promise<AudioBuffer>>();
  #loop: Loop | null = null;
  #wanted: string | null = null;

  /** Crossfades to the sound at this URL; null is silence. */
  play(url: string | null): void {
    if (url === this.#wanted) return;
    this.#wanted = url;
    this.#fadeOut();
    if (url === null) return;
    this.#context ??= new AudioContext();
    const context = this.#context;
    void context.resume();
    this.#fetch(context, url).then(
      (buffer) => url === this.#wanted && !this.#loop && this.#fadeIn(context, buffer),
      () => this.#buffers.delete(url), // the visitor reads the caption; the next time, the sound is fetched again
    );
  }

  close(): void {
    this.#wanted = null;
    this.#loop = null;
    void this.#context?.close();
    this.#context = null;
    this.#buffers.clear();
  }

  #fadeIn(context: AudioContext, buffer: AudioBuffer): void {
    const source = new AudioBufferSourceNode(context, { buffer, loop: true });
    const gain = new GainNode(context, { gain: 0 });
    source.connect(gain).connect(context.destination);
    gain.gain.linearRampToValueAtTime(VOLUME, context.currentTime + FADE_S);
    source.start();
    this.#loop = { source, gain };
  }

  #fadeOut(): void {
    const context = this.#context;
    if (!context || !this.#loop) return;
    const { source, gain } = this.#loop;
    gain.gain.cancelScheduledValues(context.currentTime);
    gain.gain.setValueAtTime(gain.gain.value, context.currentTime);
    gain.gain.linearRampToValueAtTime(0, context.currentTime + FADE_S);
    source.stop(context.currentTime + FADE_S);
    this.#loop = null;
  }

  #fetch(context: AudioContext, url: string): Promise<AudioBuffer> {
    let buffer = this.#buffers.get(url);
    if (!buffer) {
      buffer = fetch(url)
        .then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(new Error(String(answer.status)))))
        .then((bytes) => context.decodeAudioData(bytes));
      this.#buffers.set(url, buffer);
    }
    return buffer;
  }
}
