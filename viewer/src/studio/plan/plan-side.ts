import { faceAt } from "../../document/plan.ts";
import { h } from "../../ui/dom.ts";
import type { Field } from "../fields.ts";
import { set } from "../inspector-text.ts";
import { planText } from "./i18n.ts";
import {
  cornerFields,
  ends,
  openingFields,
  planFields,
  platformFields,
  roomFields,
  stairFields,
  wallFields,
} from "./part-fields.ts";
import { partName } from "./part-names.ts";
import { type PlanPart, pointOf } from "./plan-choice.ts";
import type { PlanContext } from "./plan-context.ts";
import { Sounds, zoneFields } from "./zone-fields.ts";

/** The fields at the right while the plan is shown: those of the chosen part, else of the whole plan. */
export class PlanSide {
  readonly element: HTMLElement;
  readonly #context: PlanContext;
  readonly #sounds: Sounds;
  readonly #begin: HTMLButtonElement;
  #fields: readonly Field[] = [];
  #shown = "";

  /** `begin`: the button that begins a plan for a hall that has none. */
  constructor(context: PlanContext, begin: HTMLButtonElement) {
    this.#context = context;
    this.#begin = begin;
    this.#sounds = new Sounds(context.studio.root);
    this.element = h("aside.st-inspector.pl-side", { "aria-label": planText(context.studio.lang, "plan") });
  }

  /** Follows the document and the choice; the fields are made anew only for something else. */
  refresh(): void {
    const { choice, geometry } = this.#context;
    const { part } = choice;
    const kind = part?.kind === "opening" ? geometry.plan?.openings?.[part.id]?.kind : null;
    const room = part?.kind === "room" ? faceAt(geometry.faces, pointOf(part.id))?.outline.walls : null;
    const wanted = JSON.stringify([part?.kind, room ? [...room].sort() : part?.id, kind, geometry.plan !== null]);
    if (wanted !== this.#shown) {
      this.#shown = wanted;
      this.#show(part);
    }
    for (const field of this.#fields) field.refresh();
  }

  /** Puts the focus into the first field. */
  focus(): void {
    this.element.querySelector<HTMLElement>("input, select, button")?.focus();
  }

  #show(part: PlanPart | null): void {
    const { lang } = this.#context.studio;
    const title = h("h2", {});
    const head: Field = {
      element: h("header.st-head", {}, h("div", {}, h("p.st-facts", {}, planText(lang, "plan")), title)),
      refresh: () => set(title, part ? partName(this.#context, part) : planText(lang, "wholePlan")),
    };
    this.#fields = [head, ...this.#fieldsOf(part)];
    this.element.replaceChildren(...this.#fields.map(({ element }) => element));
    this.element.scrollTop = 0;
  }

  #fieldsOf(part: PlanPart | null): Field[] {
    const context = this.#context;
    const { lang } = context.studio;
    const hint = (key: "startHint" | "noPlanHint"): Field => {
      return { element: h("p.st-hint", {}, planText(lang, key)), refresh: () => {} };
    };
    if (!part) return context.geometry.plan ? planFields(context) : [hint("noPlanHint"), ends(this.#begin)];
    const { kind, id } = part;
    if (kind === "start") return [hint("startHint")];
    if (kind === "zone") return zoneFields(context, id, this.#sounds);
    const makers = {
      wall: wallFields,
      corner: cornerFields,
      opening: openingFields,
      room: roomFields,
      platform: platformFields,
      stair: stairFields,
    };
    return makers[kind](context, id);
  }
}
