import { h } from "../ui/dom.ts";
import { bySeverity, type Check } from "./check.ts";
import { checkText, severityText } from "./check-words.ts";
import { checks, unreachable } from "./checks.ts";
import type { Studio } from "./context.ts";
import { button, iconButton } from "./fields.ts";
import { glyph } from "./glyphs.ts";
import { type StudioTextKey, studioText } from "./i18n.ts";
import type { RoomApi } from "./room/room-api.ts";
import { RoomCheck } from "./room/room-check.ts";
import type { SceneSurroundings } from "./surroundings.ts";

/** What a curator should look at before visitors see the hall, with ways to each place; and the button that publishes it. */
export class Publishing {
  readonly element = h("dialog.st-dialog.st-publishing", {});
  readonly #studio: Studio;
  readonly #token: string;
  readonly #surroundings: SceneSurroundings;
  readonly #goTo: (check: Check) => void;
  readonly #mendOf: (check: Check) => (() => void) | null;
  readonly #room: RoomCheck;
  #refresh: () => void = () => {};
  #survey: AbortController | null = null;

  /** `token`: the page's, against requests from other sites. `mendOf`: what puts something right at once, if it can be. */
  constructor(
    studio: Studio,
    token: string,
    rooms: RoomApi,
    surroundings: SceneSurroundings,
    goTo: (check: Check) => void,
    mendOf: (check: Check) => (() => void) | null,
  ) {
    this.#studio = studio;
    this.#token = token;
    this.#surroundings = surroundings;
    this.#goTo = goTo;
    this.#mendOf = mendOf;
    this.#room = new RoomCheck(studio, rooms, () => this.#refresh());
    this.element.setAttribute("aria-label", studioText(studio.lang, "checksTitle"));
    this.element.addEventListener("close", () => {
      this.#room.close();
      this.#survey?.abort();
    });
  }

  open(): void {
    const { session, lang } = this.#studio;
    let found: readonly Check[] = [];
    let unseen: readonly Check[] = []; // exhibits that nobody gets to: known later
    const said = h("p.st-outcome", { role: "status" });
    const list = h("ul.st-checks", {});
    const none = h("p", {}, studioText(lang, "checksNone"));
    const looking = h("p.st-facts", { role: "status" }, studioText(lang, "checksLooking"));
    const publish = button("", () => void this.#publish(publish, said), { primary: true });
    this.#refresh = () => {
      const stopped = found.some(({ severity }) => severity === "error");
      const name: StudioTextKey = found.some(({ severity }) => severity !== "hint") ? "publishAnyway" : "publishNow";
      publish.textContent = studioText(lang, name);
      publish.disabled = stopped || this.#room.stops;
      if (stopped) said.textContent = studioText(lang, "checksStop");
      none.hidden = found.length > 0 || this.#room.stops || !looking.hidden;
      list.hidden = found.length === 0;
    };
    const show = () => {
      found = bySeverity([...checks(session.document, this.#surroundings), ...unseen]);
      list.replaceChildren(...found.map((check) => this.#row(check, show)));
      this.#refresh();
    };
    this.element.replaceChildren(
      h(
        "header",
        {},
        h("h2", {}, studioText(lang, "checksTitle")),
        iconButton(studioText(lang, "close"), "close", () => this.element.close()),
      ),
      this.#room.element,
      none,
      list,
      looking,
      h("footer", {}, said, publish),
    );
    show();
    this.element.showModal();
    this.#room.open();
    this.#survey = new AbortController();
    void this.#surroundings.unreachable(this.#survey.signal).then((ids) => {
      looking.hidden = true;
      unseen = ids.map((id) => unreachable(id));
      if (unseen.length > 0) show();
      else this.#refresh();
    });
  }

  /** `show`: once something is put right. */
  #row(check: Check, show: () => void): HTMLElement {
    const { session, lang } = this.#studio;
    const go = button(studioText(lang, "goThere"), () => {
      this.element.close();
      this.#goTo(check);
    });
    const mend = this.#mendOf(check);
    return h(
      "li",
      { "data-severity": check.severity },
      h(
        "span.st-severity",
        {},
        glyph(check.severity === "hint" ? "eye" : "warning"),
        severityText(check.severity, lang),
      ),
      h("span", {}, checkText(session.document, check, lang)),
      h("span.st-check-ways", {}, mend && this.#mendButton(mend, show), go),
    );
  }

  #mendButton(mend: () => void, show: () => void): HTMLElement {
    return button(studioText(this.#studio.lang, "mend"), () => {
      mend();
      show();
      this.element.querySelector<HTMLElement>(".st-checks button, footer button")?.focus();
    });
  }

  async #publish(publish: HTMLButtonElement, said: HTMLElement): Promise<void> {
    const { session, lang, root, slug } = this.#studio;
    if (session.status !== "saved") {
      said.textContent = studioText(lang, "saveFirst");
      return;
    }
    publish.disabled = true;
    said.textContent = studioText(lang, "publishing");
    try {
      const answer = await fetch(`${root}api/halls/${slug}/publish`, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRF-Token": this.#token, "If-Match": `"${session.version}"` },
      });
      if (!answer.ok) {
        const problem = (await answer.json().catch(() => ({}))) as { title?: string; detail?: string };
        throw new Error([problem.title, problem.detail].filter(Boolean).join(" ") || String(answer.status));
      }
      const page = h("a.st-link", { href: `${root}halls/${slug}` }, studioText(lang, "seePublished"));
      said.replaceChildren(studioText(lang, "published"), " ", page);
    } catch (error) {
      this.#refresh();
      said.textContent = studioText(lang, "publishFailed", { message: (error as Error).message });
    }
  }
}
