import {
  bytesOf,
  fetchHall,
  filesOf,
  type HallDocument,
  hasRoom,
  removeHall,
  stateOf,
  storeHall,
} from "./offline-store.ts";

/** The part of a hall's page that stores the hall on the device. Its texts are data-* attributes of the element. */
export class OfflineControls {
  readonly #element: HTMLElement;
  readonly #slug: string;
  readonly #storeButton: HTMLButtonElement;
  readonly #removeButton: HTMLButtonElement;
  readonly #cancelButton: HTMLButtonElement;
  readonly #progress: HTMLProgressElement;
  readonly #message: HTMLElement;
  #hall: HallDocument | null = null;
  #abort: AbortController | null = null;

  constructor(element: HTMLElement) {
    this.#element = element;
    this.#slug = element.dataset.slug ?? "";
    const part = <T extends HTMLElement>(name: string) => element.querySelector<T>(`[data-part=${name}]`) as T;
    this.#storeButton = part("keep");
    this.#removeButton = part("drop");
    this.#cancelButton = part("cancel");
    this.#progress = part("progress");
    this.#message = part("said");
    this.#storeButton.addEventListener("click", () => void this.#store());
    this.#removeButton.addEventListener("click", () => void this.#remove());
    this.#cancelButton.addEventListener("click", () => this.#abort?.abort());
  }

  async start(): Promise<void> {
    this.#hall = await fetchHall(this.#slug).catch(() => null);
    await this.#show();
    this.#element.hidden = false;
  }

  async #show(message = ""): Promise<void> {
    const state = await stateOf(this.#slug, this.#hall);
    const size = this.#hall ? megabytes(bytesOf(filesOf(this.#hall))) : "";
    this.#storeButton.textContent = this.#text(state === "outdated" ? "anew" : "keep", size);
    this.#storeButton.hidden = state === "complete" || !this.#hall;
    this.#removeButton.hidden = state === "none";
    this.#cancelButton.hidden = this.#progress.hidden = true;
    this.#report(message || (state === "complete" ? this.#text("kept", size) : ""));
  }

  async #store(): Promise<void> {
    if (!this.#hall) return;
    const total = bytesOf(filesOf(this.#hall));
    if (!(await hasRoom(total))) return this.#report(this.#text("full", megabytes(total)));
    this.#abort = new AbortController();
    this.#storeButton.hidden = this.#removeButton.hidden = true;
    this.#cancelButton.hidden = this.#progress.hidden = false;
    this.#cancelButton.focus();
    try {
      await storeHall(this.#slug, this.#abort.signal, ({ loaded, total }) => {
        this.#progress.max = Math.max(1, total);
        this.#progress.value = loaded;
        this.#report(this.#text("keeping", `${megabytes(loaded)} / ${megabytes(total)}`));
      });
      await this.#show();
      this.#removeButton.focus();
    } catch {
      await this.#show(this.#abort.signal.aborted ? this.#text("stopped", "") : this.#text("failed", ""));
      this.#storeButton.focus();
    }
  }

  async #remove(): Promise<void> {
    await removeHall(this.#slug);
    await this.#show(this.#text("dropped", ""));
    this.#storeButton.focus();
  }

  #text(which: string, size: string): string {
    return (this.#element.dataset[which] ?? "").replace("{size}", size);
  }

  #report(text: string): void {
    this.#message.textContent = text;
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
