import { besideOf } from "../core/hall-api.ts";
import { Signal } from "../core/signal.ts";
import type { Stage } from "../core/stage.ts";
import { isOpen } from "../document/doors.ts";
import { type Lang, localized } from "../document/text.ts";
import { HallSession } from "../navigation/hall-session.ts";
import { type Place, WALK } from "../navigation/place.ts";
import type { Announcer } from "./announcer.ts";

/** A hall that one has come into. */
export interface Entry {
  readonly session: HallSession;
  readonly place: Place;
  /** The hall that was left for it, which still stands. */
  readonly from: HallSession | null;
  /** The page's address led here; else a door did. */
  readonly byAddress: boolean;
}

export interface House {
  readonly media: string;
  readonly announcer: Announcer;
  stage(): Stage;
  lang(): Lang;
  /** The hall that is open. */
  session(): HallSession | null;
  calm(): boolean;
}

/** Lets the visitor into halls: into the first, and through doors from one into another. */
export class HallSwitcher {
  /** The first hall's document is there, the hall itself is on its way. */
  readonly began = new Signal<HallSession>();
  readonly entered = new Signal<Entry>();
  readonly failed = new Signal<string>();
  readonly #house: House;
  #way: { readonly src: string; readonly abort: AbortController } | null = null;

  constructor(house: House) {
    this.#house = house;
  }

  /** Opens the first hall. Told by `entered` or `failed`; rejects only if there is no way to draw. */
  async open(src: string, place: Place): Promise<void> {
    const { announcer } = this.#house;
    const lang = this.#house.lang();
    announcer.opening(lang);
    this.#house.stage();
    try {
      const session = await this.#go(src, null, (begun) => this.began.emit(begun));
      if (session) this.entered.emit({ session, place, from: null, byAddress: true });
    } catch (error) {
      announcer.refuse(this.#house.lang());
      this.failed.emit(String(error));
    }
  }

  /** A door was walked into, clicked or chosen. */
  goThrough(id: string): void {
    const session = this.#house.session();
    const door = session?.hall.document.doors?.[id];
    const lang = this.#house.lang();
    if (!session?.cameraController || !door) return;
    if (!door.hall || !isOpen(door, session.hallTitles)) this.#house.announcer.shut(lang);
    else {
      const title = localized(session.hallTitles?.get(door.hall) ?? door.title, lang);
      void this.cross(besideOf(session.src, door.hall), WALK, false, title);
    }
  }

  /** Leaves this hall for another one, which is entered by the door that leads back; on failure one stays in this one. */
  async cross(src: string, place: Place, byAddress: boolean, title = ""): Promise<void> {
    const from = this.#house.session();
    const { announcer } = this.#house;
    if (!from?.cameraController || this.#way?.src === src) return;
    announcer.going(this.#house.lang(), title);
    try {
      const session = await this.#go(src, from.slug);
      if (session) this.entered.emit({ session, place, from, byAddress });
    } catch (error) {
      announcer.turnedBack(this.#house.lang(), title, () => void this.cross(src, place, byAddress, title));
      this.failed.emit(String(error));
    }
  }

  /** The visitor stays here after all. */
  stay(): void {
    this.#way?.abort.abort();
    this.#way = null;
  }

  close(): void {
    this.stay();
    for (const signal of [this.began, this.entered, this.failed]) signal.clear();
  }

  /** Null if the visitor has changed their mind meanwhile; rejects if the hall cannot be had. */
  async #go(src: string, from: string | null, begun?: (session: HallSession) => void): Promise<HallSession | null> {
    this.stay();
    const way = { src, abort: new AbortController() };
    const { signal } = way.abort;
    const house = this.#house;
    this.#way = way;
    let session: HallSession | null = null;
    try {
      session = await HallSession.fetch(src, house.media, house.lang(), house.stage(), signal);
      begun?.(session);
      await session.open(signal, () => house.calm(), from);
      return session;
    } catch (error) {
      session?.close();
      if (signal.aborted) return null;
      throw error;
    } finally {
      if (this.#way === way) this.#way = null;
    }
  }
}
