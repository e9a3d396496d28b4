import { besideOf } from "../core/hall-api.ts";
import { isOpen } from "../core/doors.ts";
import { Signal } from "../core/signal.ts";
import type { Stage } from "../core/stage.ts";
import { said } from "../document/text.ts";
import { type Place, WALK } from "../navigation/place.ts";
import type { Lang } from "../ui/i18n.ts";
import type { Usher } from "./announcer.ts";
import { Visit } from "../navigation/open-hall.ts";

/** A hall that one has come into. */
export interface Entry {
  readonly visit: Visit;
  readonly place: Place;
  /** The hall that was left for it, which still stands. */
  readonly from: Visit | null;
  /** The page's address led here; else a door did. */
  readonly byAddress: boolean;
}

export interface House {
  readonly media: string;
  readonly usher: Usher;
  stage(): Stage;
  lang(): Lang;
  /** The hall that is open. */
  visit(): Visit | null;
  calm(): boolean;
}

/** Lets the visitor into halls: into the first, and through doors from one into another. */
export class Doorkeeper {
  /** The first hall's document is there, the hall itself is on its way. */
  readonly began = new Signal<Visit>();
  readonly entered = new Signal<Entry>();
  readonly failed = new Signal<string>();
  readonly #house: House;
  #way: { readonly src: string; readonly abort: AbortController } | null = null;

  constructor(house: House) {
    this.#house = house;
  }

  /** Opens the first hall. Told by `entered` or `failed`; rejects only if there is no way to draw. */
  async open(src: string, place: Place): Promise<void> {
    const { usher } = this.#house;
    const lang = this.#house.lang();
    usher.opening(lang);
    this.#house.stage();
    try {
      const visit = await this.#go(src, null, (begun) => this.began.emit(begun));
      if (visit) this.entered.emit({ visit, place, from: null, byAddress: true });
    } catch (error) {
      usher.refuse(this.#house.lang());
      this.failed.emit(String(error));
    }
  }

  /** A door was walked into, clicked or chosen. */
  goThrough(id: string): void {
    const visit = this.#house.visit();
    const door = visit?.hall.document.doors?.[id];
    const lang = this.#house.lang();
    if (!visit?.journey || !door) return;
    if (!door.hall || !isOpen(door, visit.beyond)) this.#house.usher.shut(lang);
    else {
      const title = said(visit.beyond?.get(door.hall) ?? door.title, lang);
      void this.cross(besideOf(visit.src, door.hall), WALK, false, title);
    }
  }

  /** Leaves this hall for another one, which is entered by the door that leads back; on failure one stays in this one. */
  async cross(src: string, place: Place, byAddress: boolean, title = ""): Promise<void> {
    const from = this.#house.visit();
    const { usher } = this.#house;
    if (!from?.journey || this.#way?.src === src) return;
    usher.going(this.#house.lang(), title);
    try {
      const visit = await this.#go(src, from.slug);
      if (visit) this.entered.emit({ visit, place, from, byAddress });
    } catch (error) {
      usher.turnedBack(this.#house.lang(), title, () => void this.cross(src, place, byAddress, title));
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
  async #go(src: string, from: string | null, begun?: (visit: Visit) => void): Promise<Visit | null> {
    this.stay();
    const way = { src, abort: new AbortController() };
    const { signal } = way.abort;
    const house = this.#house;
    this.#way = way;
    let visit: Visit | null = null;
    try {
      visit = await Visit.fetch(src, house.media, house.lang(), house.stage(), signal);
      begun?.(visit);
      await visit.open(signal, () => house.calm(), from);
      return visit;
    } catch (error) {
      visit?.close();
      if (signal.aborted) return null;
      throw error;
    } finally {
      if (this.#way === way) this.#way = null;
    }
  }
}
