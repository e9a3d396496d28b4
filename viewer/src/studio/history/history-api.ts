import type { Hall } from "../../document/schema.ts";

/** A hall's kept versions on the server: exhibit/halls/history.py. */

export interface KeptVersion {
  readonly version: number;
  /** When it was saved last, ISO 8601. */
  readonly at: string;
  readonly authors: readonly string[];
  readonly edits: readonly { readonly name: string; readonly count: number }[];
  readonly on_show: boolean;
}

export interface History {
  readonly versions: readonly KeptVersion[];
  readonly more: boolean;
}

export class HistoryApi {
  readonly #url: string;
  readonly #documents = new Map<number, Promise<Hall>>();

  /** `url`: of the hall, as /api/halls/kiln. */
  constructor(url: string) {
    this.#url = url;
  }

  /** The newest versions, or those before one. Rejects if they cannot be read. */
  versions(before?: number): Promise<History> {
    return ask<History>(`${this.#url}/versions${before === undefined ? "" : `?before=${before}`}`);
  }

  /** A version's document, which is read once: it never changes, but for the newest. */
  document(version: number): Promise<Hall> {
    const known = this.#documents.get(version);
    if (known) return known;
    const asked = ask<Hall>(`${this.#url}/versions/${version}`);
    this.#documents.set(version, asked);
    asked.catch(() => this.#documents.delete(version));
    return asked;
  }
}

async function ask<T>(url: string): Promise<T> {
  const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()) as T;
}
