import { besideOf } from "../core/hall-api.ts";
import { Signal } from "../core/signal.ts";
import { isOpen } from "../document/doors.ts";
import { localized } from "../document/text.ts";
import { HallSession, type HallViewport } from "../navigation/hall-session.ts";
import { type Place, WALK } from "../navigation/place.ts";
import type { VisitState } from "./visit-state.ts";

/** A hall that the visitor has entered. */
export interface Entry {
  readonly session: HallSession;
  readonly place: Place;
  /** The hall that the visitor came from; it is still open. */
  readonly from: HallSession | null;
  /** True if the URL led here, false if a door did. */
  readonly byUrl: boolean;
}

/** The progress of opening a hall, which is announced to the visitor. */
export type SwitchProgress =
  | { readonly kind: "opening" }
  | { readonly kind: "opening-failed" }
  | { readonly kind: "going"; readonly title: string }
  | { readonly kind: "going-failed"; readonly title: string; readonly retry: () => void }
  | { readonly kind: "door-shut" };

/** Opens the first hall, then the halls behind its doors. While the next hall loads, the visitor stays in the present one. */
export class HallSwitcher {
  readonly progress = new Signal<SwitchProgress>();
  /** The document of the first hall is loaded, its room is not yet. */
  readonly began = new Signal<HallSession>();
  readonly entered = new Signal<Entry>();
  /** An error message. */
  readonly failed = new Signal<string>();
  readonly #state: VisitState;
  #pending: { readonly src: string; readonly abort: AbortController } | null = null;

  constructor(state: VisitState) {
    this.#state = state;
  }

  /** Opens the first hall. Then `entered` or `failed` is emitted. */
  async open(src: string, place: Place, viewport: HallViewport): Promise<void> {
    this.progress.emit({ kind: "opening" });
    try {
      const session = await this.#load(src, viewport, null);
      if (session) this.entered.emit({ session, place, from: null, byUrl: true });
    } catch (error) {
      this.progress.emit({ kind: "opening-failed" });
      this.failed.emit(String(error));
    }
  }

  /** The visitor has walked into a door, clicked it or chosen it in the list. */
  goThrough(id: string): void {
    const { session, lang } = this.#state;
    const door = session?.hall.document.doors?.[id];
    if (!session?.cameraController || !door) return;
    if (!door.hall || !isOpen(door, session.hallTitles)) this.progress.emit({ kind: "door-shut" });
    else {
      const title = localized(session.hallTitles?.get(door.hall) ?? door.title, lang);
      void this.switchTo(besideOf(session.src, door.hall), WALK, false, title);
    }
  }

  /** Switches to another hall, which the visitor enters by the door that leads back. If it fails, the visitor stays here. */
  async switchTo(src: string, place: Place, byUrl: boolean, title = ""): Promise<void> {
    const from = this.#state.session;
    if (!from?.cameraController || this.#pending?.src === src) return;
    this.progress.emit({ kind: "going", title });
    try {
      const session = await this.#load(src, from.viewport, from.slug);
      if (session) this.entered.emit({ session, place, from, byUrl });
    } catch (error) {
      const retry = () => void this.switchTo(src, place, byUrl, title);
      this.progress.emit({ kind: "going-failed", title, retry });
      this.failed.emit(String(error));
    }
  }

  /** Cancels the switch to another hall. */
  cancel(): void {
    this.#pending?.abort.abort();
    this.#pending = null;
  }

  close(): void {
    this.cancel();
    for (const signal of [this.progress, this.began, this.entered, this.failed]) signal.clear();
  }

  /** Null if the switch was cancelled; rejects if the hall cannot be loaded. */
  async #load(src: string, viewport: HallViewport, from: string | null): Promise<HallSession | null> {
    this.cancel();
    const pending = { src, abort: new AbortController() };
    const { signal } = pending.abort;
    const { options, lang } = this.#state;
    this.#pending = pending;
    let session: HallSession | null = null;
    try {
      session = await HallSession.fetch(src, options.media, lang, viewport, signal);
      if (from === null) this.began.emit(session);
      await session.open(signal, () => this.#state.calm(), from);
      return session;
    } catch (error) {
      session?.close();
      if (signal.aborted) return null;
      throw error;
    } finally {
      if (this.#pending === pending) this.#pending = null;
    }
  }
}
