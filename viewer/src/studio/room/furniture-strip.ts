import { FURNITURE_KINDS, type FurnitureKind } from "../../document/furniture.ts";
import { h } from "../../ui/dom.ts";
import type { Actions } from "../actions.ts";
import type { Studio } from "../context.ts";
import { button } from "../fields.ts";
import type { Gizmo } from "../gizmo.ts";
import { glyph } from "../glyphs.ts";
import { studioText } from "../i18n.ts";
import { foldButton } from "../library-strip.ts";
import { roomText } from "./i18n.ts";

/** The furniture that can be put into the hall: dragged there, or put by a button. */
export class FurnitureStrip {
  readonly element: HTMLElement;
  readonly #studio: Studio;
  readonly #actions: Actions;
  readonly #gizmo: Gizmo;
  readonly #counts = new Map<FurnitureKind, HTMLElement>();
  #dragged: FurnitureKind | null = null;

  constructor(studio: Studio, actions: Actions, gizmo: Gizmo) {
    this.#studio = studio;
    this.#actions = actions;
    this.#gizmo = gizmo;
    const { lang } = studio;
    this.element = h("section.st-library", { "aria-label": roomText(lang, "furniture") });
    this.element.append(
      h(
        "div.st-library-head",
        {},
        h("h2", {}, roomText(lang, "furniture")),
        h("p.st-strip-hint", {}, roomText(lang, "furnitureHint")),
        foldButton(this.element, roomText(lang, "furnitureHide"), roomText(lang, "furnitureShow")),
      ),
      h("ul.st-items", {}, ...FURNITURE_KINDS.map((kind) => this.#item(kind))),
    );
    const { canvas } = studio.scene;
    canvas.addEventListener("dragover", (event) => this.#over(event));
    canvas.addEventListener("dragleave", () => this.#ghost(null));
    canvas.addEventListener("drop", (event) => this.#drop(event));
  }

  /** How many of each kind are in the hall. */
  refresh(): void {
    const { session, lang } = this.#studio;
    const pieces = Object.values(session.document.furniture ?? {});
    for (const [kind, said] of this.#counts) {
      const count = pieces.filter((piece) => piece.kind === kind).length;
      const text = count > 0 ? studioText(lang, "inHall", { count }) : "";
      if (said.textContent !== text) said.textContent = text;
    }
  }

  #item(kind: FurnitureKind): HTMLElement {
    const { lang, scene } = this.#studio;
    const name = roomText(lang, kind);
    const put = button(studioText(lang, "placeHere"), () => {
      this.#actions.furniture.put(kind, null);
      scene.canvas.focus();
    });
    put.setAttribute("aria-label", studioText(lang, "placeThis", { title: name }));
    const count = h("span.st-count", {});
    this.#counts.set(kind, count);
    const item = h(
      "li.st-item",
      { draggable: "true", title: name, "data-kind": kind },
      h("span.st-item-picture", {}, glyph(kind)),
      h("span.st-item-name", {}, name),
      h("span.st-item-facts", {}, count),
      put,
    );
    item.addEventListener("dragstart", (event) => {
      this.#dragged = kind;
      event.dataTransfer?.setData("text/plain", name);
      if (event.dataTransfer) event.dataTransfer.effectAllowed = "copy";
    });
    item.addEventListener("dragend", () => {
      this.#dragged = null;
      this.#ghost(null);
    });
    return item;
  }

  #over(event: DragEvent): void {
    if (!this.#dragged) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
    this.#ghost(this.#actions.furniture.ghost(this.#dragged, this.#ray(event)));
  }

  #drop(event: DragEvent): void {
    const kind = this.#dragged;
    if (!kind) return;
    event.preventDefault();
    this.#ghost(null);
    this.#actions.furniture.put(kind, this.#ray(event));
    this.#studio.scene.canvas.focus();
  }

  #ghost(points: Gizmo["ghost"]): void {
    this.#gizmo.ghost = points;
    this.#studio.scene.invalidate();
  }

  #ray(event: DragEvent) {
    const box = this.#studio.scene.canvas.getBoundingClientRect();
    return this.#studio.scene.ray({ x: event.clientX - box.left, y: event.clientY - box.top });
  }
}
