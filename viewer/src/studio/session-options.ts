import type { CommandName } from "../document/commands/names.ts";
import { type Clock, newUuid, SYSTEM_CLOCK } from "./clock.ts";
import type { Fetch } from "./edits-api.ts";
import type { Channel } from "./open-pages.ts";
import { BrowserArchive, type StepArchive } from "./step-archive.ts";
import type { KeyValueStore } from "./unsaved.ts";

/** What a session needs of its page. Everything with a question mark is the browser's own, unless a test gives another one. */
export interface SessionOptions {
  /** Of the hall, such as /api/halls/kiln. */
  readonly url: string;
  /** Against requests from other sites: the page's X-CSRF-Token. */
  readonly token: string;
  /** Who edits which hall, such as "7/kiln"; unsaved edits are kept under it. */
  readonly owner: string;
  readonly store?: KeyValueStore;
  readonly archive?: StepArchive<CommandName>;
  readonly fetch?: Fetch;
  /** Opens the channel of this name between this browser's pages. */
  readonly channel?: (name: string) => Channel;
  readonly clock?: Clock;
  /** A new UUID. */
  readonly uuid?: () => string;
}

export function withBrowser(options: SessionOptions): Required<SessionOptions> {
  return {
    fetch: (url, init) => globalThis.fetch(url, init),
    channel: (name) => new BroadcastChannel(name),
    clock: SYSTEM_CLOCK,
    uuid: newUuid,
    ...options,
    store: options.store ?? browserStore(),
    archive: options.archive ?? new BrowserArchive(),
  };
}

/** localStorage; where the user allows none, a store that takes nothing. */
export function browserStore(): KeyValueStore {
  try {
    return localStorage;
  } catch {
    return {
      length: 0,
      key: () => null,
      getItem: () => null,
      removeItem: () => {},
      setItem: () => {
        throw new DOMException("This browser keeps no data.", "QuotaExceededError");
      },
    };
  }
}
