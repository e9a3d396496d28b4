import { bytesOf, drop, fetchHall, filesOf, type HallDocument, hasRoom, keep, stateOf } from "./keep.ts";

/** The part of a hall's page that stores the hall on the device. Its texts are data-* attributes of the element. */
export class Keeper {
  readonly #element: HTMLElement;
  readonly #slug: string;
  readonly #keep: HTMLButtonElement;
  readonly #drop: HTMLButtonElement;
  readonly #cancel: HTMLButtonElement;
  readonly #progress: HTMLProgressElement;
  readonly #said: HTMLElement;
  #hall: HallDocument | null = null;
  #abort: AbortController | null = null;

  constructor(element: HTMLElement) {
    this.#element = element;
    this.#slug = element.dataset.slug ?? "";
    const part = <T extends HTMLElement>(name: string) => element.querySelector<T>(`[data-part=${name}]`) as T;
    this.#keep = part("keep");
    this.#drop = part("drop");
    this.#cancel = part("cancel");
    this.#progress = part("progress");
    this.#said = part("said");
    this.#keep.addEventListener("click", () => void this.#take());
    this.#drop.addEventListener("click", () => void this.#leave());
    this.#cancel.addEventListener("click", () => this.#abort?.abort());
  }

  async begin(): Promise<void> {
    this.#hall = await fetchHall(this.#slug).catch(() => null);
    await this.#show();
    this.#element.hidden = false;
  }

  async #show(said = ""): Promise<void> {
    const state = await stateOf(this.#slug, this.#hall);
    const size = this.#hall ? megabytes(bytesOf(filesOf(this.#hall))) : "";
    this.#keep.textContent = this.#words(state === "old" ? "anew" : "keep", size);
    this.#keep.hidden = state === "whole" || !this.#hall;
    this.#drop.hidden = state === "none";
    this.#cancel.hidden = this.#progress.hidden = true;
    this.#say(said || (state === "whole" ? this.#words("kept", size) : ""));
  }

  async #take(): Promise<void> {
    if (!this.#hall) return;
    const total = bytesOf(filesOf(this.#hall));
    if (!(await hasRoom(total))) return this.#say(this.#words("full", megabytes(total)));
    this.#abort = new AbortController();
    this.#keep.hidden = this.#drop.hidden = true;
    this.#cancel.hidden = this.#progress.hidden = false;
    this.#cancel.focus();
    try {
      await keep(this.#slug, this.#abort.signal, ({ loaded, total }) => {
        this.#progress.max = Math.max(1, total);
        this.#progress.value = loaded;
        this.#say(this.#words("keeping", `${megabytes(loaded)} / ${megabytes(total)}`));
      });
      await this.#show();
      this.#drop.focus();
    } catch {
      await this.#show(this.#abort.signal.aborted ? this.#words("stopped", "") : this.#words("failed", ""));
      this.#keep.focus();
    }
  }

  async #leave(): Promise<void> {
    await drop(this.#slug);
    await this.#show(this.#words("dropped", ""));
    this.#keep.focus();
  }

  #words(which: string, size: string): string {
    return (this.#element.dataset[which] ?? "").replace("{size}", size);
  }

  #say(text: string): void {
    this.#said.textContent = text;
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
