const FADE_S = 1.4;

interface Loop {
  readonly source: AudioBufferSourceNode;
  readonly volume: GainNode;
}

/** Sounds that go round and round, fading into one another. Silent until somebody asks for sound. */
export class LoopPlayer {
  #context: AudioContext | null = null;
  #buffers = new Map<string, Promise<AudioBuffer>>();
  #loop: Loop | null = null;
  #wanted: string | null = null;

  /** Goes over to the sound at this address; null is silence. */
  play(address: string | null): void {
    if (address === this.#wanted) return;
    this.#wanted = address;
    this.#fade();
    if (address === null) return;
    this.#context ??= new AudioContext();
    const context = this.#context;
    void context.resume();
    this.#fetch(context, address).then(
      (buffer) => address === this.#wanted && !this.#loop && this.#begin(context, buffer),
      () => this.#buffers.delete(address), // its caption has to do; the next visit to the zone tries again
    );
  }

  close(): void {
    this.#wanted = null;
    void this.#context?.close();
    this.#context = null;
    this.#buffers.clear();
  }

  #begin(context: AudioContext, buffer: AudioBuffer): void {
    const source = new AudioBufferSourceNode(context, { buffer, loop: true });
    const volume = new GainNode(context, { gain: 0 });
    source.connect(volume).connect(context.destination);
    volume.gain.linearRampToValueAtTime(0.8, context.currentTime + FADE_S);
    source.start();
    this.#loop = { source, volume };
  }

  #fade(): void {
    const context = this.#context;
    if (!context || !this.#loop) return;
    const { source, volume } = this.#loop;
    volume.gain.cancelScheduledValues(context.currentTime);
    volume.gain.setValueAtTime(volume.gain.value, context.currentTime);
    volume.gain.linearRampToValueAtTime(0, context.currentTime + FADE_S);
    source.stop(context.currentTime + FADE_S);
    this.#loop = null;
  }

  #fetch(context: AudioContext, address: string): Promise<AudioBuffer> {
    let buffer = this.#buffers.get(address);
    if (!buffer) {
      buffer = fetch(address)
        .then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(new Error(String(answer.status)))))
        .then((bytes) => context.decodeAudioData(bytes));
      this.#buffers.set(address, buffer);
    }
    return buffer;
  }
}
