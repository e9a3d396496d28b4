import { Signal } from "../core/signal.ts";
import { h } from "../ui/dom.ts";

/** What a mode shows. Its elements are there from the beginning, hidden while another mode is on. */
export interface ModePanel {
  readonly label: string;
  readonly element: HTMLElement;
  /** True: the element takes the place of the picture and the library. False: it stands below the picture, where the library was. */
  readonly instead: boolean;
  /** Shown at the right instead of the fields of what is chosen; null: those stay. */
  readonly side: HTMLElement | null;
  open(): void;
  close(): void;
}

/** The mode of the picture itself. */
export const HALL = "hall";

/**
 * The row of modes over the stage, as one group of radio buttons: one tab stop, arrow keys choose.
 *
 * The picture stays as it is below a panel that takes its place: it is only out of reach, so that nothing is loaded or drawn anew.
 */
export class Modes {
  /** The name of the mode that is on now. */
  readonly changed = new Signal<string>();
  /** The middle of the page: the row, the picture, the library, the panels. */
  readonly element: HTMLElement;
  readonly #row: HTMLElement;
  readonly #stage: HTMLElement;
  readonly #library: HTMLElement;
  readonly #fields: HTMLElement;
  readonly #panels = new Map<string, { readonly radio: HTMLButtonElement; readonly panel: ModePanel | null }>();
  #current = HALL;

  constructor(
    label: string,
    hall: string,
    { stage, library, fields }: Readonly<Record<"stage" | "library" | "fields", HTMLElement>>,
  ) {
    this.#stage = stage;
    this.#library = library;
    this.#fields = fields;
    this.#row = h("div.st-modes", { role: "radiogroup", "aria-label": label });
    this.#row.addEventListener("keydown", (event) => this.#press(event));
    this.element = h("div.st-middle", {}, this.#row, stage, library);
    this.#add(HALL, hall, null);
  }

  get current(): string {
    return this.#current;
  }

  /** What is seen in the middle now: the panel that takes the place of the picture, or the picture. */
  get shown(): HTMLElement {
    const panel = this.#panels.get(this.#current)?.panel;
    return panel?.instead ? panel.element : this.#stage;
  }

  /** Adds a mode at the end of the row. The fields must be in the page already if the panel replaces them. */
  register(name: string, panel: ModePanel): void {
    panel.element.hidden = true;
    panel.element.classList.add("st-mode", ...(panel.instead ? ["st-instead"] : []));
    this.element.append(panel.element);
    if (panel.side) {
      panel.side.hidden = true;
      this.#fields.after(panel.side);
    }
    this.#add(name, panel.label, panel);
  }

  choose(name: string): void {
    const next = this.#panels.get(name);
    if (!next || name === this.#current) return;
    const last = this.#panels.get(this.#current)?.panel;
    this.#current = name;
    for (const [key, { radio }] of this.#panels) mark(radio, key === name);
    if (last) {
      last.close();
      last.element.hidden = true;
      if (last.side) last.side.hidden = true;
    }
    const { panel } = next;
    this.#stage.inert = panel?.instead ?? false;
    this.#library.inert = panel?.instead ?? false;
    this.#library.hidden = panel !== null && !panel.instead;
    this.#fields.hidden = (panel?.side ?? null) !== null;
    if (panel) {
      panel.element.hidden = false;
      if (panel.side) panel.side.hidden = false;
      panel.open();
    }
    this.changed.emit(name);
  }

  #add(name: string, label: string, panel: ModePanel | null): void {
    const radio = h("button", { type: "button", role: "radio", onclick: () => this.choose(name) }, label);
    mark(radio, name === this.#current);
    this.#panels.set(name, { radio, panel });
    this.#row.append(radio);
  }

  #press(event: KeyboardEvent): void {
    const names = [...this.#panels.keys()];
    const at = names.indexOf(this.#current);
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: -1 }[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const name = names.at(to % names.length) as string;
    this.choose(name);
    this.#panels.get(name)?.radio.focus(); // not in what the mode shows: the arrows go on choosing
  }
}

function mark(radio: HTMLButtonElement, chosen: boolean): void {
  radio.setAttribute("aria-checked", String(chosen));
  radio.tabIndex = chosen ? 0 : -1;
}
