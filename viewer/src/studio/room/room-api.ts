import type { RoomFacts } from "../../document/commands/room.ts";
import type { Building, Hall, Text } from "../../document/schema.ts";

/** The server's side of a hall's room: sketches, what follows from its building, and its job (exhibit/halls). */

/** One size of a template: metres, or a number of things. */
export interface TemplateSize {
  readonly name: string;
  readonly title: Text;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly default: number;
  readonly unit: "m" | "";
}

export interface TemplateOffer {
  readonly title: Text;
  readonly sizes: readonly TemplateSize[];
}

export interface RoomJob {
  readonly id: number;
  readonly state: "queued" | "running" | "done" | "failed" | "cancelled";
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly over: boolean;
  /** Cancelling is asked for; it stops within seconds. */
  readonly cancelling: boolean;
  readonly failure?: { readonly message: string; readonly hint: string };
}

export interface RoomState {
  /** The room's model is not that of the draft's building and furniture. */
  readonly stale: boolean;
  readonly job: RoomJob | null;
}

/** Whether the server builds this hall's room: from a building, or with furniture. */
export function isAsked({ architecture: { building }, furniture = {} }: Hall): boolean {
  return building !== undefined || Object.keys(furniture).length > 0;
}

/** The server has said no: in the curator's language. */
export class RoomRefusal extends Error {
  readonly hint: string;

  constructor(title: string, hint: string) {
    super(title);
    this.hint = hint;
  }
}

/** What went wrong, and what to do. */
export function problemOf(error: unknown): string {
  const { message, hint = "" } = error as RoomRefusal;
  return [message, hint].filter(Boolean).join(" ");
}

export class RoomApi {
  readonly #root: string;
  readonly #slug: string;
  readonly #token: string;

  /** `token`: the page's, against requests from other sites. */
  constructor(root: string, slug: string, token: string) {
    this.#root = root;
    this.#slug = slug;
    this.#token = token;
  }

  async templates(): Promise<Readonly<Record<string, TemplateOffer>>> {
    const { templates } = (await (await this.#ask("templates")).json()) as {
      templates: Record<string, TemplateOffer>;
    };
    return templates;
  }

  async state(): Promise<RoomState> {
    return (await (await this.#ask(`halls/${this.#slug}/room`)).json()) as RoomState;
  }

  /** What follows from the building alone. */
  async facts(building: Building): Promise<RoomFacts> {
    const facts = (await (await this.#post("room/facts", { building, furniture: {} })).json()) as RoomFacts;
    const { light = {}, ...rest } = facts;
    return Object.keys(light).length > 0 ? facts : rest;
  }

  /** A binary glTF of the building without light, m. */
  async sketch(building: Building): Promise<ArrayBuffer> {
    return (await this.#post("room/sketch", { building, furniture: {} })).arrayBuffer();
  }

  async build(): Promise<void> {
    await this.#post("room/build", {});
  }

  async cancel(): Promise<void> {
    await this.#ask(`halls/${this.#slug}/room/build`, { method: "DELETE" });
  }

  #post(path: string, body: object): Promise<Response> {
    return this.#ask(`halls/${this.#slug}/${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json" },
    });
  }

  async #ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { Accept: "application/json", "X-CSRF-Token": this.#token, ...init.headers };
    const answer = await fetch(`${this.#root}api/${path}`, { ...init, headers, cache: "no-store" });
    if (answer.ok) return answer;
    const problem = (await answer.json().catch(() => ({}))) as { title?: string; detail?: string };
    throw new RoomRefusal(problem.title ?? `${answer.status} ${answer.statusText}`, problem.detail ?? "");
  }
}
