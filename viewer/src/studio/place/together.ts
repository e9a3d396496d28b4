import { groupOf, groupPlacements, ungroupPlacements, withGroups } from "../../document/commands/groups.ts";
import { lockPlacements } from "../../document/commands/placements.ts";
import { h } from "../../ui/dom.ts";
import type { Actions } from "../actions.ts";
import type { Studio } from "../context.ts";
import { button, type Field, section } from "../fields.ts";
import { set } from "../inspector-text.ts";
import { placeText } from "./i18n.ts";

/** Groups and locks of what is chosen. */
export class Together {
  readonly #studio: Studio;
  readonly #actions: Actions;

  constructor(studio: Studio, actions: Actions) {
    this.#studio = studio;
    this.#actions = actions;
  }

  group(): void {
    const { session, selection, announce, lang } = this.#studio;
    const ids = selection.placements;
    if (ids.length < 2) return;
    this.#actions.edit("group-placements", groupPlacements(session.document, ids));
    announce(placeText(lang, "grouped", { count: ids.length }));
  }

  ungroup(): void {
    const { session, selection, announce, lang } = this.#studio;
    const next = ungroupPlacements(session.document, selection.placements);
    if (next === session.document) return;
    this.#actions.edit("ungroup-placements", next);
    announce(placeText(lang, "ungrouped"));
  }

  /** Locks what is chosen; if all of it is locked, unlocks it. */
  toggleLock(): void {
    const { session, selection, announce, lang, scene } = this.#studio;
    const ids = selection.placements;
    if (ids.length === 0) return;
    const locked = !ids.every((id) => session.document.placements[id]?.locked);
    const name = locked ? "lock-placements" : "unlock-placements";
    this.#actions.edit(name, lockPlacements(session.document, ids, locked));
    announce(placeText(lang, locked ? "locked" : "unlocked"));
    scene.invalidate();
  }
}

/** Buttons that group and lock what is chosen. */
export function togetherField(studio: Studio, actions: Actions): Field {
  const { lang, session, selection } = studio;
  const together = new Together(studio, actions);
  const said = h("p.st-facts", {});
  const group = button(placeText(lang, "group"), () => together.group(), { glyph: "group" });
  const ungroup = button(placeText(lang, "ungroup"), () => together.ungroup());
  const whole = button(placeText(lang, "wholeGroup"), () =>
    selection.choosePlacements(withGroups(session.document, selection.placements)),
  );
  const lock = button(placeText(lang, "lock"), () => together.toggleLock(), { glyph: "lock" });
  group.title = "Ctrl+G";
  ungroup.title = "Ctrl+Shift+G";
  lock.title = "L";
  const element = section(
    placeText(lang, "together"),
    said,
    h("div.st-row-of-buttons", {}, lock, group, ungroup, whole),
  );
  const refresh = () => {
    const hall = session.document;
    const ids = selection.placements;
    const locked = ids.length > 0 && ids.every((id) => hall.placements[id]?.locked);
    const groups = new Set(ids.map((id) => groupOf(hall, id)));
    const one = groups.size === 1 ? [...groups][0] : null;
    const members = hall.groups?.[one ?? ""]?.members.length ?? 0;
    const count = members > 0 ? placeText(lang, "inGroup", { count: members }) : "";
    set(said, [locked && placeText(lang, "locked"), count].filter(Boolean).join(" "));
    said.hidden = said.textContent === "";
    set(lock.querySelector("span") as HTMLElement, placeText(lang, locked ? "unlock" : "lock"));
    group.hidden = ids.length < 2 || members === ids.length;
    ungroup.hidden = !ids.some((id) => groupOf(hall, id) !== null);
    whole.hidden = members <= ids.length;
  };
  return { element, refresh };
}
