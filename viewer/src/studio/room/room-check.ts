import { h } from "../../ui/dom.ts";
import type { Studio } from "../context.ts";
import { button } from "../fields.ts";
import { glyph } from "../glyphs.ts";
import { roomText } from "./i18n.ts";
import { isAsked, problemOf, type RoomApi, type RoomJob, type RoomState } from "./room-api.ts";

const ASK_MS = 1000;

/** A check before publishing: the room must be that of the draft. It is built from here, with its progress. */
export class RoomCheck {
  readonly element = h("div.st-room-check", { role: "group", hidden: true });
  readonly #studio: Studio;
  readonly #api: RoomApi;
  readonly #changed: () => void;
  readonly #mark = h("span.st-severity", {});
  readonly #said = h("p", { role: "status" });
  readonly #progress = h("progress", { max: 100 });
  readonly #build: HTMLButtonElement;
  readonly #cancel: HTMLButtonElement;
  #state: RoomState | null = null;
  #problem = "";
  #timer = 0;
  #asking = false;
  #open = false;

  /** `changed`: whether the hall can be published may have changed. */
  constructor(studio: Studio, api: RoomApi, changed: () => void) {
    const { lang } = studio;
    this.#studio = studio;
    this.#api = api;
    this.#changed = changed;
    this.#build = button(roomText(lang, "buildRoom"), () => void this.#do(() => api.build()), { glyph: "inside" });
    this.#cancel = button(roomText(lang, "cancelBuild"), () => void this.#do(() => api.cancel()));
    this.#progress.setAttribute("aria-label", roomText(lang, "building"));
    this.element.setAttribute("aria-label", roomText(lang, "room"));
    this.element.append(this.#mark, h("div.st-room-state", {}, this.#said, this.#progress), this.#build, this.#cancel);
  }

  /** Whether the hall cannot be published before the room is built. */
  get stops(): boolean {
    return this.#state?.stale === true;
  }

  /** Begins to ask about the room, until `close`. */
  open(): void {
    this.#open = true;
    this.#state = null;
    this.#problem = "";
    this.element.hidden = true;
    if (isAsked(this.#studio.session.document)) void this.#ask();
  }

  close(): void {
    this.#open = false;
    clearTimeout(this.#timer);
  }

  get #running(): RoomJob | null {
    const job = this.#state?.job;
    return job && !job.over ? job : null;
  }

  async #do(act: () => Promise<unknown>): Promise<void> {
    this.#build.disabled = true;
    this.#cancel.disabled = true;
    this.#problem = "";
    try {
      await act();
    } catch (error) {
      this.#problem = problemOf(error);
    }
    await this.#ask();
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#asking) return;
    this.#asking = true;
    const built = this.#running;
    try {
      this.#state = await this.#api.state();
    } catch (error) {
      this.#problem = problemOf(error);
    }
    this.#asking = false;
    if (built && !this.#running) this.#studio.session.retry(); // the draft has its new room
    this.#show();
    this.#changed();
    if (this.#open && this.#running) this.#timer = setTimeout(() => void this.#ask(), ASK_MS) as unknown as number;
  }

  #show(): void {
    const { lang } = this.#studio;
    const state = this.#state;
    const running = this.#running;
    const failed =
      state?.job?.state === "failed"
        ? [state.job.failure?.message, state.job.failure?.hint].filter(Boolean).join(" ")
        : null;
    this.element.hidden = this.#problem === "" && (state === null || (!state.stale && state.job === null));
    const good = state?.stale === false && this.#problem === "";
    this.element.dataset.severity = good ? "hint" : "error";
    this.#mark.replaceChildren(glyph(good ? "saved" : "warning"), roomText(lang, "room"));
    const words = running
      ? roomText(lang, running.state === "queued" ? "buildQueued" : "building")
      : state?.stale
        ? roomText(lang, "mustBuild")
        : state
          ? roomText(lang, "isBuilt")
          : "";
    const failure = failed === null || running ? "" : roomText(lang, "buildFailed", { message: failed });
    const said = [words, failure, this.#problem].filter(Boolean).join(" ");
    if (this.#said.textContent !== said) this.#said.textContent = said;
    this.#progress.hidden = running === null;
    if (running && running.total > 0) this.#progress.value = (100 * running.done) / running.total;
    else this.#progress.removeAttribute("value");
    this.#build.hidden = running !== null || !state?.stale;
    this.#cancel.hidden = running === null;
    this.#build.disabled = false;
    this.#cancel.disabled = running?.cancelling ?? false;
  }
}
