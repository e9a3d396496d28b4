import { h } from "../ui/dom.ts";
import { checkText, severityText } from "./check-words.ts";
import { type Check, checks, type FloorBefore } from "./checks.ts";
import type { Studio } from "./context.ts";
import { button, iconButton } from "./fields.ts";
import { glyph } from "./glyphs.ts";
import { type StudioTextKey, studioText } from "./i18n.ts";
import type { RoomApi } from "./room/room-api.ts";
import { RoomCheck } from "./room/room-check.ts";

/** What a curator should look at before visitors see the hall, with ways to each place; and the button that publishes it. */
export class Publishing {
  readonly element = h("dialog.st-dialog.st-publishing", {});
  readonly #studio: Studio;
  readonly #token: string;
  readonly #floorBefore: FloorBefore;
  readonly #goTo: (check: Check) => void;
  readonly #room: RoomCheck;
  #refresh: () => void = () => {};

  /** `token`: the page's, against requests from other sites. */
  constructor(studio: Studio, token: string, rooms: RoomApi, floorBefore: FloorBefore, goTo: (check: Check) => void) {
    this.#studio = studio;
    this.#token = token;
    this.#floorBefore = floorBefore;
    this.#goTo = goTo;
    this.#room = new RoomCheck(studio, rooms, () => this.#refresh());
    this.element.setAttribute("aria-label", studioText(studio.lang, "checksTitle"));
    this.element.addEventListener("close", () => this.#room.close());
  }

  open(): void {
    const { session, lang } = this.#studio;
    const found = checks(session.document, this.#floorBefore);
    const stopped = found.some(({ severity }) => severity === "error");
    const name: StudioTextKey = found.some(({ severity }) => severity !== "hint") ? "publishAnyway" : "publishNow";
    const said = h("p.st-outcome", { role: "status" });
    const none = found.length === 0 && h("p", {}, studioText(lang, "checksNone"));
    const publish = button(studioText(lang, name), () => void this.#publish(publish, said), { primary: true });
    this.#refresh = () => {
      publish.disabled = stopped || this.#room.stops;
      if (none) none.hidden = this.#room.stops;
    };
    this.element.replaceChildren(
      h(
        "header",
        {},
        h("h2", {}, studioText(lang, "checksTitle")),
        iconButton(studioText(lang, "close"), "close", () => this.element.close()),
      ),
      this.#room.element,
      none || h("ul.st-checks", {}, ...found.map((check) => this.#row(check))),
      h("footer", {}, said, publish),
    );
    this.#refresh();
    this.element.showModal();
    this.#room.open();
  }

  #row(check: Check): HTMLElement {
    const { session, lang } = this.#studio;
    const go = button(studioText(lang, "goThere"), () => {
      this.element.close();
      this.#goTo(check);
    });
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
      go,
    );
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
