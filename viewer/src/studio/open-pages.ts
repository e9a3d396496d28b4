import type { Clock } from "./clock.ts";

/**
 * Which of this browser's studio pages are still open: each answers when it is asked.
 *
 * By BroadcastChannel, because the Web Locks that would tell it for sure exist on https only, and a museum's own network may have
 * none. A page that is too busy to answer is taken for closed: then its edits are sent twice, and made once.
 */

export type Channel = Pick<BroadcastChannel, "postMessage" | "addEventListener" | "close">;

const ANSWER_MS = 300;

type Message = { readonly ask: readonly string[] } | { readonly here: string };

export class OpenPages {
  readonly #channel: Channel;
  readonly #clock: Clock;
  readonly #heard = new Set<string>();

  constructor(channel: Channel, clock: Clock, client: string) {
    this.#channel = channel;
    this.#clock = clock;
    channel.addEventListener("message", ({ data }: MessageEvent<Message>) => {
      if ("here" in data) this.#heard.add(data.here);
      else if (data.ask.includes(client)) channel.postMessage({ here: client });
    });
  }

  /** Those of the clients whose pages are open. */
  async among(clients: readonly string[]): Promise<ReadonlySet<string>> {
    if (clients.length === 0) return new Set();
    this.#channel.postMessage({ ask: clients });
    await new Promise<void>((resolve) => this.#clock.after(ANSWER_MS, resolve));
    return this.#heard;
  }

  close(): void {
    this.#channel.close();
  }
}
