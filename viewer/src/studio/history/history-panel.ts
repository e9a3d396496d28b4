import { canonical, normal } from "../../document/changes.ts";
import type { Hall } from "../../document/schema.ts";
import { localized } from "../../document/text.ts";
import { h } from "../../ui/dom.ts";
import { LANGUAGE_TAG } from "../../ui/i18n.ts";
import type { Studio } from "../context.ts";
import { button, iconButton } from "../fields.ts";
import { editName } from "../words.ts";
import { compareHalls, type Difference, VERBS } from "./comparison.ts";
import { HistoryApi, type KeptVersion } from "./history-api.ts";
import { type HistoryTextKey, historyText } from "./i18n.ts";
import { planPicture } from "./plan-picture.ts";

const MOST_NAMES = 4; // of edits in one row

/** The versions of the hall by days, each with its plan; what differs between one and now; and a way back to it. */
export class HistoryPanel {
  readonly element: HTMLDialogElement;
  readonly #studio: Studio;
  readonly #api: HistoryApi;
  readonly #list = h("div.st-versions", {});
  readonly #shown = h("section.st-version", { "aria-live": "polite" });
  #seen: IntersectionObserver | null = null;
  #day = "";

  constructor(studio: Studio) {
    this.#studio = studio;
    this.#api = new HistoryApi(`${studio.root}api/halls/${studio.slug}`);
    const { lang } = studio;
    this.element = h(
      "dialog.st-dialog.st-history",
      { "aria-label": historyText(lang, "history") },
      h(
        "header",
        {},
        h("h2", {}, historyText(lang, "history")),
        iconButton(historyText(lang, "close"), "close", () => this.element.close()),
      ),
      h("p.st-hint", {}, historyText(lang, "hint")),
      h("div.st-history-parts", {}, this.#list, this.#shown),
    );
  }

  open(): void {
    this.#day = "";
    this.#seen?.disconnect();
    // A plan is drawn when its row is first seen: each needs its version's whole document.
    this.#seen = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) if (isIntersecting) this.#draw(target as HTMLElement);
    });
    this.#list.replaceChildren();
    this.#shown.replaceChildren(h("p.st-none", {}, historyText(this.#studio.lang, "choose")));
    this.element.showModal();
    void this.#load();
  }

  async #load(before?: number): Promise<void> {
    const { lang } = this.#studio;
    const waiting = h("p.st-none", { role: "status" }, historyText(lang, "loading"));
    this.#list.append(waiting);
    try {
      const { versions, more } = await this.#api.versions(before);
      for (const version of versions) this.#add(version, before === undefined && version === versions[0]);
      const last = versions.at(-1);
      if (more && last) {
        const older = button(historyText(lang, "older"), () => {
          older.remove();
          void this.#load(last.version);
        });
        this.#list.append(older);
      }
    } catch {
      const failed = h("div.st-none", { role: "alert" }, h("p", {}, historyText(lang, "failed")));
      failed.append(
        button(historyText(lang, "tryAgain"), () => {
          failed.remove();
          void this.#load(before);
        }),
      );
      this.#list.append(failed);
    }
    waiting.remove();
  }

  #add(kept: KeptVersion, newest: boolean): void {
    const { lang } = this.#studio;
    const at = new Date(kept.at);
    const day = this.#dayOf(at);
    if (day !== this.#day) this.#list.append(h("h3.st-list-head", {}, day));
    this.#day = day;
    const time = at.toLocaleTimeString(LANGUAGE_TAG[lang], { hour: "2-digit", minute: "2-digit" });
    const authors = kept.authors.join(lang === "zh" ? "、" : ", ") || historyText(lang, "nobody");
    const marks = [newest && historyText(lang, "newest"), kept.on_show && historyText(lang, "onShow")].filter(Boolean);
    const row = h(
      "button.st-version-row",
      {
        type: "button",
        "aria-pressed": "false",
        "data-version": kept.version,
        onclick: () => void this.#show(row, kept),
      },
      h("span.st-version-plan", {}),
      h(
        "span.st-what",
        {},
        h("span.st-title", {}, `${time} · ${authors}`),
        h("span.st-done", {}, this.#done(kept)),
        marks.length > 0 && h("span.st-kind", {}, marks.join(" · ")),
      ),
    );
    this.#list.append(row);
    this.#seen?.observe(row);
  }

  /** What was done, such as "Move ×3, Write title". */
  #done({ edits, version }: KeptVersion): string {
    const { lang } = this.#studio;
    if (edits.length === 0) return version === 1 ? historyText(lang, "begun") : "";
    const names = edits.map(({ name, count }) =>
      count > 1 ? historyText(lang, "times", { name: editName(name, lang), count }) : editName(name, lang),
    );
    const more = names.length > MOST_NAMES ? ["…"] : [];
    return [...names.slice(0, MOST_NAMES), ...more].join(lang === "zh" ? "、" : ", ");
  }

  #dayOf(at: Date): string {
    const { lang } = this.#studio;
    const midnight = new Date();
    midnight.setHours(0, 0, 0, 0);
    if (at >= midnight) return historyText(lang, "today");
    const before = new Date(midnight);
    before.setDate(before.getDate() - 1);
    if (at >= before) return historyText(lang, "yesterday");
    return at.toLocaleDateString(LANGUAGE_TAG[lang], {
      year: "numeric",
      month: "long",
      day: "numeric",
      weekday: "long",
    });
  }

  #draw(row: HTMLElement): void {
    this.#seen?.unobserve(row);
    const place = row.querySelector(".st-version-plan");
    void this.#api.document(Number(row.dataset.version)).then(
      (hall) => {
        const plan = planPicture(hall, "");
        plan.setAttribute("aria-hidden", "true");
        place?.replaceChildren(plan);
      },
      () => {}, // it is asked for again when the row is chosen
    );
  }

  async #show(row: HTMLButtonElement, kept: KeptVersion): Promise<void> {
    const { lang, session, root, slug } = this.#studio;
    for (const other of this.#list.querySelectorAll("[aria-pressed=true]")) other.setAttribute("aria-pressed", "false");
    row.setAttribute("aria-pressed", "true");
    this.#shown.replaceChildren(h("p.st-none", {}, historyText(lang, "loading")));
    const then = await this.#api.document(kept.version).catch(() => null);
    if (row.getAttribute("aria-pressed") !== "true") return; // another one has been chosen meanwhile
    if (!then) {
      this.#shown.replaceChildren(h("p.st-none", { role: "alert" }, historyText(lang, "failed")));
      return;
    }
    const now = session.document;
    const when = new Date(kept.at).toLocaleString(LANGUAGE_TAG[lang], { dateStyle: "medium", timeStyle: "short" });
    const found = compareHalls(then, now);
    const same = found.length === 0 && withoutAssets(then) === withoutAssets(now);
    const marked = (verbs: readonly string[]) =>
      new Set(found.filter(({ part, verb }) => part === "placements" && verbs.includes(verb)).map(({ id }) => id));
    const restore = button(historyText(lang, "restore"), () => this.#restore(then, when), { primary: true });
    restore.disabled = same;
    this.#shown.replaceChildren(
      h(
        "div.st-plans",
        {},
        figure(planPicture(then, historyText(lang, "planOf", { when }), marked(["removed", "moved", "resized"])), when),
        figure(
          planPicture(
            now,
            historyText(lang, "planOf", { when: historyText(lang, "now") }),
            marked(["added", "moved", "resized"]),
          ),
          historyText(lang, "now"),
        ),
      ),
      h("h3", {}, historyText(lang, "changedSince")),
      same ? h("p", {}, historyText(lang, "same")) : this.#differences(found),
      h(
        "footer",
        {},
        h(
          "a.st-link",
          { href: `${root}desk/halls/${slug}/history/${kept.version}`, target: "_blank" },
          historyText(lang, "see"),
        ),
        restore,
      ),
    );
  }

  #differences(found: readonly Difference[]): HTMLElement {
    const { lang } = this.#studio;
    const list = h("dl.st-differences", {});
    for (const verb of VERBS) {
      const those = found.filter((each) => each.verb === verb);
      if (those.length === 0) continue;
      list.append(
        h("dt", {}, historyText(lang, verb)),
        h("dd", {}, h("ul", {}, ...those.map((each) => h("li", {}, ...this.#said(each))))),
      );
    }
    return list;
  }

  #said(each: Difference): (string | HTMLElement)[] {
    const { lang } = this.#studio;
    const what = this.#nameOf(each);
    const metres = each.metres?.toFixed(2) ?? "";
    const degrees = each.turned_deg?.toFixed(0) ?? "";
    if (metres && degrees) return [historyText(lang, "byBoth", { what, metres, degrees })];
    if (metres) return [historyText(lang, "byMetres", { what, metres })];
    if (degrees) return [historyText(lang, "byDegrees", { what, degrees })];
    if (!each.texts) return [what];
    return each.texts.map(({ lang: tongue, from, to }) =>
      h(
        "p.st-rewritten",
        {},
        historyText(lang, "textOf", { what, language: historyText(lang, tongue) }),
        h("del", { lang: LANGUAGE_TAG[tongue] }, from || historyText(lang, "empty")),
        h("ins", { lang: LANGUAGE_TAG[tongue] }, to || historyText(lang, "empty")),
      ),
    );
  }

  #nameOf({ part, title, id }: Difference): string {
    const { lang } = this.#studio;
    if (part === "hall") return historyText(lang, "partHall");
    const name = historyText(lang, part as HistoryTextKey);
    if (id === "") return name;
    return historyText(lang, "partOf", {
      part: name,
      title: localized(title ?? undefined, lang) || historyText(lang, "untitled"),
    });
  }

  #restore(then: Hall, when: string): void {
    const { session, announce, lang } = this.#studio;
    this.element.close();
    session.edit("restore-version", then);
    announce(historyText(lang, "restored", { when }));
  }
}

function figure(picture: SVGSVGElement, caption: string): HTMLElement {
  return h("figure", {}, picture as unknown as Node, h("figcaption", {}, caption));
}

function withoutAssets(hall: Hall): string {
  return canonical({ ...normal(hall), assets: {} });
}
