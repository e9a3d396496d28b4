import { h } from "../../ui/dom.ts";

interface Strip {
  readonly name: string;
  readonly element: HTMLElement;
}

/** The strips below the picture as tabs (WAI-ARIA tabs with automatic activation): one is shown. */
export class Strips {
  readonly element: HTMLElement;
  readonly #tabs: readonly HTMLButtonElement[];
  readonly #strips: readonly Strip[];

  constructor(name: string, strips: readonly Strip[]) {
    this.#strips = strips;
    this.#tabs = strips.map(({ name: tab, element }, i) => {
      element.id ||= `st-strip-${i}`;
      element.setAttribute("role", "tabpanel");
      return h(
        "button.st-tab",
        { type: "button", role: "tab", "aria-controls": element.id, onclick: () => this.show(i) },
        tab,
      );
    });
    const list = h("div.st-tabs", { role: "tablist", "aria-label": name }, ...this.#tabs);
    list.addEventListener("keydown", (event) => this.#step(event));
    this.element = h("div.st-strips", {}, list, ...strips.map(({ element }) => element));
    this.show(0);
  }

  show(index: number): void {
    for (const [i, { element }] of this.#strips.entries()) {
      element.hidden = i !== index;
      this.#tabs[i]?.setAttribute("aria-selected", String(i === index));
      this.#tabs[i]?.setAttribute("tabindex", i === index ? "0" : "-1");
    }
  }

  #step(event: KeyboardEvent): void {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const at = this.#tabs.indexOf(event.target as HTMLButtonElement);
    if (by === 0 || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = (at + by + this.#tabs.length) % this.#tabs.length;
    this.show(next);
    this.#tabs[next]?.focus();
  }
}
