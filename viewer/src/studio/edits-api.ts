import type { EditsAnswer, EditsRequest, Hall } from "../document/schema.ts";

/** The server's side of a hall's studio: its draft, and the edits of everyone in it (exhibit/halls/api.py). */

const LARGEST_LAST_BYTES = 16_000; // browsers allow 64 KB, and a character has up to 3 bytes

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The server has answered, but not as it was asked: what it says, in the user's language. */
export class Refused extends Error {
  readonly status: number;
  readonly hint: string;

  constructor(status: number, title: string, hint: string) {
    super(title);
    this.status = status;
    this.hint = hint;
  }

  /** The answer is not to one edit, but to a request that the server does not read. */
  get isUnread(): boolean {
    return this.status === 400 || this.status === 413 || this.status === 422;
  }

  /** The server cannot tell what has happened since the version that it was asked about. */
  get isStale(): boolean {
    return this.status === 409;
  }
}

export class EditsApi {
  readonly #url: string;
  readonly #token: string;
  readonly #fetch: Fetch;

  /** `url`: of the hall, as /api/halls/kiln. `token`: the page's, against requests from other sites. */
  constructor(url: string, token: string, fetch: Fetch) {
    this.#url = url;
    this.#token = token;
    this.#fetch = fetch;
  }

  /** The draft and its version. Rejects with Refused, or with the network's error. */
  async draft(signal: AbortSignal): Promise<{ readonly document: Hall; readonly version: number }> {
    const answer = await this.#ask(`${this.#url}/draft`, { signal });
    const version = Number(/"(\d+)"/.exec(answer.headers.get("ETag") ?? "")?.[1]);
    if (!Number.isInteger(version)) throw new Refused(answer.status, "The draft came without its version.", "");
    return { document: (await answer.json()) as Hall, version };
  }

  /** Sends edits and gets those of everyone. Rejects as `draft`. */
  async exchange(request: EditsRequest, signal: AbortSignal): Promise<EditsAnswer> {
    const body = JSON.stringify(request);
    const answer = await this.#ask(`${this.#url}/edits`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": this.#token },
      body,
      signal,
      keepalive: body.length < LARGEST_LAST_BYTES, // it arrives even if the page is closed meanwhile
    });
    return (await answer.json()) as EditsAnswer;
  }

  async #ask(url: string, init: RequestInit): Promise<Response> {
    const headers = { Accept: "application/json", ...init.headers };
    const answer = await this.#fetch(url, { ...init, headers, credentials: "same-origin", cache: "no-store" });
    if (answer.ok) return answer;
    // Problem details (RFC 9457); what stands between may answer something else.
    const problem = (await answer.json().catch(() => ({}))) as { title?: string; detail?: string };
    throw new Refused(answer.status, problem.title ?? `${answer.status} ${answer.statusText}`, problem.detail ?? "");
  }
}
