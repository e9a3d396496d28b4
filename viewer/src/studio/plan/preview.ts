import type { Vec2 } from "../../document/schema.ts";
import type { PlanView } from "./plan-view.ts";
import { pathOf, svg, write } from "./svg.ts";

/** What a tool shows of what it is about to make. Metres. */
export interface Shown {
  readonly line?: readonly Readonly<Vec2>[];
  readonly area?: readonly Readonly<Vec2>[];
  /** Lines along which something is aligned. */
  readonly guides?: readonly (readonly [Readonly<Vec2>, Readonly<Vec2>])[];
  /** The point where the next click counts. */
  readonly cursor?: Readonly<Vec2>;
  readonly label?: { readonly at: Readonly<Vec2>; readonly text: string; readonly typed?: boolean };
  /** Whether it cannot be made. */
  readonly refused?: boolean;
}

/** Draws what a tool is about to make over the plan. */
export class Preview {
  readonly element: SVGGElement;
  readonly #view: PlanView;
  readonly #line = svg("path.pl-preview-line");
  readonly #area = svg("path.pl-preview-area");
  readonly #guides = svg("path.pl-guide");
  readonly #cursor = svg("path.pl-cursor");
  readonly #back = svg("rect.pl-label-back", { rx: 4 });
  readonly #label = svg("text.pl-label");
  #shown: Shown = {};

  constructor(view: PlanView) {
    this.#view = view;
    this.element = svg("g.pl-preview", { "aria-hidden": true }, this.#area, this.#line, this.#guides, this.#cursor);
    this.element.append(this.#back, this.#label);
  }

  show(shown: Shown): void {
    this.#shown = shown;
    this.lay();
  }

  clear(): void {
    this.show({});
  }

  /** Follows the view. */
  lay(): void {
    const { line = [], area = [], guides = [], cursor, label, refused = false } = this.#shown;
    const at = (point: Readonly<Vec2>): [number, number] => {
      const { x, y } = this.#view.toScreen(point);
      return [x, y];
    };
    write(this.element, { class: refused ? "pl-preview pl-refused" : "pl-preview" });
    write(this.#line, { d: pathOf(line.map(at), false) || null });
    write(this.#area, { d: pathOf(area.map(at)) || null });
    write(this.#guides, { d: guides.map((ends) => pathOf(ends.map(at), false)).join("") || null });
    const [x, y] = cursor ? at(cursor) : [0, 0];
    write(this.#cursor, { d: cursor ? `M${x - 7} ${y}H${x + 7}M${x} ${y - 7}V${y + 7}` : null });
    this.#lay(label);
  }

  /** The words at the cursor, within the drawing. */
  #lay(label: Shown["label"]): void {
    this.#label.textContent = label?.text ?? "";
    write(this.#back, { visibility: label ? "visible" : "hidden" });
    if (!label) return;
    const { x, y } = this.#view.toScreen(label.at);
    const width = 14 + 8.2 * [...label.text].reduce((sum, letter) => sum + (letter > "\u2e80" ? 1.75 : 1), 0);
    const left = Math.min(Math.max(x + 14, 4), Math.max(this.#view.width - width - 4, 4));
    const top = Math.min(Math.max(y + 14, 4), Math.max(this.#view.height - 30, 4));
    write(this.#back, { x: left, y: top, width, height: 26, class: `pl-label-back${label.typed ? " pl-typed" : ""}` });
    write(this.#label, { x: left + width / 2, y: top + 14 });
  }
}
