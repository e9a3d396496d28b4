import { h } from "../../ui/dom.ts";
import { iconButton } from "../fields.ts";
import { glyph } from "../glyphs.ts";

export interface OrderedItem {
  readonly id: string;
  readonly name: string;
}

export interface OrderedActions {
  move(id: string, to: number): void;
  remove(id: string): void;
  choose(id: string): void;
}

/** A list whose items are put in order by dragging, or by Alt and the arrow keys. */
export class OrderedList {
  readonly element: HTMLElement;
  readonly #actions: OrderedActions;
  readonly #removeWord: (name: string) => string;
  #items: readonly OrderedItem[] = [];
  #dragged: string | null = null;
  #shown = "";

  /** `removeWord` names the button that takes an item off the list. */
  constructor(name: string, removeWord: (name: string) => string, actions: OrderedActions) {
    this.#actions = actions;
    this.#removeWord = removeWord;
    this.element = h("ol.st-ordered", { "aria-label": name });
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("dragover", (event) => {
      if (this.#dragged === null) return;
      event.preventDefault();
      this.#mark(this.#gap(event));
    });
    this.element.addEventListener("dragleave", () => this.#mark(null));
    this.element.addEventListener("drop", (event) => this.#drop(event));
  }

  show(items: readonly OrderedItem[]): void {
    const key = JSON.stringify(items);
    if (key === this.#shown) return;
    this.#shown = key;
    const focused = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>("[data-id]")?.dataset.id;
    const held = this.element.contains(document.activeElement) ? focused : undefined;
    this.#items = items;
    this.element.replaceChildren(...items.map((item, i) => this.#row(item, i)));
    if (held !== undefined)
      [...this.element.querySelectorAll<HTMLElement>("[data-id]")]
        .find(({ dataset }) => dataset.id === held)
        ?.querySelector("button")
        ?.focus();
  }

  #row({ id, name }: OrderedItem, i: number): HTMLElement {
    const row = h(
      "li",
      { draggable: "true", "data-id": id },
      glyph("grip"),
      h("span.st-order", {}, String(i + 1)),
      h("button.st-button.st-quiet", { type: "button", onclick: () => this.#actions.choose(id) }, name),
      iconButton(this.#removeWord(name), "close", () => this.#actions.remove(id)),
    );
    row.addEventListener("dragstart", (event) => {
      this.#dragged = id;
      event.dataTransfer?.setData("text/plain", name);
    });
    row.addEventListener("dragend", () => {
      this.#dragged = null;
      this.#mark(null);
    });
    return row;
  }

  #key(event: KeyboardEvent): void {
    const id = (event.target as HTMLElement).closest<HTMLElement>("[data-id]")?.dataset.id;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = this.#items.findIndex((item) => item.id === id);
    if (id === undefined || by === undefined || !event.altKey || !this.#items[at + by]) return;
    event.preventDefault();
    event.stopPropagation();
    this.#actions.move(id, at + by);
  }

  /** How many items are above the pointer. */
  #gap(event: DragEvent): number {
    return [...this.element.children].filter((row) => {
      const { top, height } = row.getBoundingClientRect();
      return top + height / 2 < event.clientY;
    }).length;
  }

  #mark(gap: number | null): void {
    const rows = [...this.element.children];
    for (const [i, row] of rows.entries()) {
      row.classList.toggle("st-gap-before", gap === i);
      row.classList.toggle("st-gap-after", gap === rows.length && i === rows.length - 1);
    }
  }

  #drop(event: DragEvent): void {
    const id = this.#dragged;
    if (id === null) return;
    event.preventDefault();
    const gap = this.#gap(event);
    this.#dragged = null;
    this.#mark(null);
    const from = this.#items.findIndex((item) => item.id === id);
    const to = gap > from ? gap - 1 : gap;
    if (to !== from) this.#actions.move(id, to);
  }
}
