import { TemporaryModel } from "../core/temporary-model.ts";
import { clamp } from "../core/units.ts";
import { variantsInOrder } from "../document/order.ts";
import type { Asset, Text } from "../document/schema.ts";
import { localized } from "../document/text.ts";
import { yearText } from "../document/years.ts";
import { h, setLabel } from "../ui/dom.ts";
import { icon } from "../ui/icons.ts";
import { plain, Range, write } from "./controls.ts";
import { toolText } from "./i18n.ts";
import { paint } from "./split.ts";
import type { Tool, ToolContext } from "./tool.ts";

/** One shape of the exhibit. */
export interface State {
  readonly title: Text;
  readonly year: number | null;
  readonly asset: Asset | null; // null: the exhibit's own
}

/** An exhibit's shapes in order, without those whose asset the hall lacks. */
export function statesOf(context: Pick<ToolContext, "exhibit" | "hall">): State[] {
  return variantsInOrder(context.exhibit.placement).flatMap((variant) => {
    const asset = "asset" in variant ? context.hall.document.assets[variant.asset] : null;
    return asset === undefined ? [] : [{ title: variant.title, year: variant.year ?? null, asset }];
  });
}

const NUDGE = 0.02; // share of the picture's width by which an arrow key moves the divider

/** Shows the shapes of an exhibit by year or layer: one shape at a time, or two with a divider between them. */
export function open(context: ToolContext): Tool {
  return new Variants(context);
}

class Variants implements Tool {
  readonly controls: HTMLElement;
  readonly #context: ToolContext;
  readonly #states: readonly State[];
  readonly #models = new Map<State, TemporaryModel>();
  readonly #name = h("p.ly-state", { role: "status" });
  readonly #stops: Range;
  readonly #back: HTMLButtonElement;
  readonly #on: HTMLButtonElement;
  readonly #wipe: HTMLButtonElement;
  readonly #divider = h("div.ly-divider", { role: "slider", tabindex: 0, "aria-valuemin": 0, "aria-valuemax": 100 });
  readonly #tags = [h("span.ly-side"), h("span.ly-side")] as const;
  #at: number;
  #wiping: boolean;
  #share = 0.5; // of the free width that is left of the divider

  constructor(context: ToolContext) {
    this.#context = context;
    this.#states = statesOf(context);
    const own = this.#states.findIndex(({ asset }) => asset === null);
    const last = this.#states.length - 1;
    this.#wiping = last === 1;
    this.#at = this.#wiping ? 1 : own;
    this.#stops = new Range(0, last, 1, this.#at, (at) => this.#go(at));
    this.#back = plain("back", () => this.#go(this.#at - 1));
    this.#on = plain("on", () => this.#go(this.#at + 1));
    this.#wipe = plain("wipe", () => {
      this.#wiping = !this.#wiping;
      if (this.#wiping && this.#at === 0) this.#at = last;
      this.#go(this.#at);
    });
    const row = h("div.ly-row", {}, this.#back, this.#on, this.#wipe);
    this.controls = h("div", {}, this.#name, this.#stops.element, row);
    this.#divider.append(h("span.ly-divider-knob", {}, icon("flip")), ...this.#tags);
    this.#drag();
  }

  start(): void {
    this.#context.overlay.append(this.#divider);
    this.#go(this.#at);
  }

  stop(): void {
    this.#context.viewport.painter = null;
    for (const model of this.#models.values()) model.leave();
    const { body } = this.#context.exhibit;
    if (body) body.visible = true;
    this.#divider.remove();
  }

  bodyChanged(): void {
    this.#show();
  }

  write(): void {
    const { lang } = this.#context;
    const count = this.#states.length;
    const state = this.#states[this.#at] as State;
    const model = this.#models.get(state);
    const waiting = model?.state === "waiting" ? toolText(lang, "variantLoading") : "";
    this.#name.textContent =
      model?.state === "failed" ? toolText(lang, "variantFailed") : waiting || this.#title(state);
    this.#stops.write(
      toolText(lang, "variantAt", { number: this.#at + 1, count }),
      state.year === null ? "" : yearText(state.year, lang),
    );
    this.#stops.element.hidden = count < 3;
    this.#back.hidden = this.#on.hidden = count < 3;
    for (const [button, key, picture] of [
      [this.#back, "variantBack", "previous"],
      [this.#on, "variantOn", "next"],
    ] as const) {
      button.replaceChildren(icon(picture));
      setLabel(button, toolText(lang, key));
    }
    (this.#back as HTMLButtonElement).disabled = this.#at === 0;
    (this.#on as HTMLButtonElement).disabled = this.#at === count - 1;
    write(
      this.#wipe,
      toolText(lang, "variantWipe", { title: this.#title(this.#states[this.#at === 0 ? count - 1 : 0] as State) }),
      "variants",
      this.#wiping,
    );
    this.#divider.setAttribute("aria-label", toolText(lang, "variantDivider"));
    this.#tags[0].textContent = this.#title(this.#states[0] as State);
    this.#tags[1].textContent = this.#title(state);
    this.#context.fit();
  }

  drawn(): void {
    const { free, size } = this.#context;
    const at = free.x + this.#share * free.width;
    this.#divider.hidden = !this.#wiping;
    this.#divider.style.transform = `translateX(${at.toFixed(1)}px)`;
    this.#divider.style.height = `${size.height}px`;
    this.#divider.style.setProperty("--ly-knob", `${free.y + free.height / 2}px`);
    this.#divider.style.setProperty("--ly-tags", `${free.y + 8}px`);
    this.#divider.setAttribute("aria-valuenow", String(Math.round(100 * this.#share)));
  }

  #title({ title, year }: State): string {
    const { lang } = this.#context;
    const text = localized(title, lang);
    return year === null || text.includes(String(Math.abs(year))) ? text : `${yearText(year, lang)} · ${text}`;
  }

  #go(at: number): void {
    this.#at = clamp(at, this.#wiping ? 1 : 0, this.#states.length - 1);
    this.#stops.value = this.#at;
    for (const i of [this.#at, this.#at + 1, this.#at - 1, ...(this.#wiping ? [0] : [])]) this.#load(this.#states[i]);
    this.#show();
    this.write();
  }

  /** Loads a shape if it is not loaded yet. The neighbours of the shown shape are loaded too, so that stepping is quick. */
  #load(state: State | undefined): void {
    if (!state?.asset || this.#models.has(state)) return;
    const { hall, exhibit } = this.#context;
    const model = new TemporaryModel(hall.models, state.asset, () => {
      this.#show();
      this.write();
    });
    model.group.visible = false;
    this.#models.set(state, model);
    exhibit.group.add(model.group);
  }

  #show(): void {
    const { viewport, exhibit } = this.#context;
    const only = (shown: State) => {
      // While a shape is loading, the exhibit's own shape is shown.
      const model = this.#models.get(shown);
      const there = model?.state === "shown" ? model : undefined;
      for (const one of this.#models.values()) one.group.visible = one === there;
      if (exhibit.body) exhibit.body.visible = !there;
    };
    const [left, right] = [this.#states[0] as State, this.#states[this.#at] as State];
    only(right);
    viewport.painter = this.#wiping
      ? (renderer, scene, camera) => {
          const { free, size } = this.#context;
          const at = free.x + this.#share * free.width;
          only(left);
          paint(renderer, scene, camera, { x: 0, y: 0, width: at, height: size.height }, size, true);
          only(right);
          paint(renderer, scene, camera, { x: at, y: 0, width: size.width - at, height: size.height }, size, true);
        }
      : null;
    this.#context.draw();
  }

  #drag(): void {
    const to = (share: number) => {
      this.#share = clamp(share, 0, 1);
      this.#context.draw();
    };
    this.#divider.addEventListener("pointerdown", (event) => this.#divider.setPointerCapture(event.pointerId));
    this.#divider.addEventListener("pointermove", (event) => {
      if (!this.#divider.hasPointerCapture(event.pointerId)) return;
      const { free, viewport } = this.#context;
      const box = viewport.renderer.domElement.getBoundingClientRect();
      to((event.clientX - box.left - free.x) / free.width);
    });
    this.#divider.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -NUDGE, ArrowDown: -NUDGE, ArrowRight: NUDGE, ArrowUp: NUDGE }[event.key];
      const end = { Home: 0, End: 1 }[event.key];
      if (by === undefined && end === undefined) return;
      event.preventDefault();
      to(end ?? this.#share + (by ?? 0));
    });
  }
}
