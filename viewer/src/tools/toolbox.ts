import type { Lang } from "../document/text.ts";
import "./tools.css";
import type { Mesh } from "three";
import type { Exhibit } from "../core/exhibit.ts";
import type { HallScene } from "../core/hall.ts";
import { hasSkin } from "../core/skins.ts";
import type { Viewport } from "../core/viewport.ts";
import { byPointer, h, setLabel } from "../ui/dom.ts";
import { translate } from "../ui/i18n.ts";
import { icon } from "../ui/icons.ts";
import { toolText } from "./i18n.ts";
import type { Pane } from "./split.ts";
import type { Tool, ToolContext, ToolKind } from "./tool.ts";

const isModel = (exhibit: Exhibit) => exhibit.placement.kind === "object" && exhibit.levels.length > 0;

/**
 * Splats only show how an object looks: they have no surface to measure, and no inside. A skinned mesh that moves has another shape in
 * memory than on the screen.
 */
const isMeasurable = (exhibit: Exhibit) =>
  isModel(exhibit) && exhibit.asset?.kind !== "splat" && !(exhibit.body && hasSkin(exhibit.body));
const hasSurface = (exhibit: Exhibit) => {
  let found = false;
  exhibit.body?.traverse((object) => {
    found ||= (object as Mesh).isMesh;
  });
  return isMeasurable(exhibit) && found; // a scan may be points only
};
const hasVariants = (exhibit: Exhibit) => isModel(exhibit) && (exhibit.placement.variants?.length ?? 0) > 0;
const moves = (exhibit: Exhibit) => (exhibit.body?.animations.length ?? 0) > 0;
const hasPeers = (exhibit: Exhibit, hall: HallScene) =>
  isModel(exhibit) && [...hall.exhibits.values()].some((other) => other !== exhibit && isModel(other));

const always = () => true;
const never = () => false;
/** Points are cut one by one; a surface is hatched where all of it encloses an inside. */
const isSurface = (exhibit: Exhibit) => exhibit.asset?.kind === "model";

/** Every tool, in the order of the strip. */
const KINDS: readonly ToolKind[] = [
  { name: "measure", icon: "measure", suits: isMeasurable, whole: never, load: () => import("./measure.ts") },
  { name: "section", icon: "section", suits: isMeasurable, whole: isSurface, load: () => import("./section.ts") },
  { name: "light", icon: "light", suits: hasSurface, whole: always, load: () => import("./light.ts") },
  { name: "evidence", icon: "evidence", suits: hasSurface, whole: always, load: () => import("./evidence.ts") },
  { name: "variants", icon: "variants", suits: hasVariants, whole: always, load: () => import("./variants.ts") },
  { name: "process", icon: "process", suits: moves, whole: always, load: () => import("./process.ts") },
  { name: "compare", icon: "compare", suits: hasPeers, whole: never, load: () => import("./compare.ts") },
];

interface Actions {
  draw(): void;
  fit(): void;
  say(text: string): void;
  calm(): boolean;
}

interface Place {
  readonly hall: HallScene;
  readonly viewport: Viewport;
  readonly exhibit: Exhibit;
}

/** The strip of tools beside an exhibit, and the card of the open tool. */
export class Toolbox {
  tool: Tool | null = null;
  readonly #root: HTMLElement;
  readonly #actions: Actions;
  readonly #strip = h("div.ly-strip", { role: "group", hidden: true });
  readonly #overlay = h("div.ly-overlay");
  readonly #card = h("section.ly-card", { hidden: true, "aria-labelledby": "ly-card-title" });
  readonly #resized = new ResizeObserver(() => this.#actions.fit());
  #lang: Lang = "zh";
  #place: Place | null = null;
  #kind: ToolKind | null = null;
  #unlisten: (() => void) | null = null;

  constructor(root: HTMLElement, actions: Actions) {
    this.#root = root;
    this.#actions = actions;
    root.append(this.#overlay, this.#strip, this.#card);
    this.#resized.observe(this.#card);
  }

  get below(): number {
    if (this.#card.hidden) return 0;
    return Math.max(0, (this.#root.parentElement?.clientHeight ?? 0) - this.#card.getBoundingClientRect().top);
  }

  visit(place: Place, lang: Lang): void {
    this.#lang = lang;
    const { hall, exhibit } = place;
    if (this.#place?.exhibit === exhibit) return;
    this.leave();
    this.#place = place;
    const unlisten = [
      hall.changed.on((changed) => {
        if (changed !== exhibit) return;
        if (!exhibit.body) this.closeTool();
        this.tool?.bodyChanged?.();
        this.#write();
      }),
      hall.streaming.changed.on((changed) => {
        if (changed === exhibit) this.tool?.tilesChanged?.();
      }),
    ];
    this.#unlisten = () => {
      for (const stop of unlisten) stop();
    };
    this.#write();
  }

  leave(): void {
    this.closeTool();
    this.#unlisten?.();
    this.#unlisten = null;
    this.#place = null;
    this.#write();
  }

  setLanguage(lang: Lang): void {
    this.#lang = lang;
    this.#write();
    this.#head();
    this.tool?.write();
  }

  focus(): void {
    (this.#strip.querySelector<HTMLElement>("[aria-pressed=true]") ?? this.#strip.querySelector("button"))?.focus();
  }

  /** Closes the open tool; false if none is open. */
  closeTool(): boolean {
    const kind = this.#kind;
    if (!kind) return false;
    const focused = this.#card.contains(document.activeElement);
    this.#kind = null;
    this.tool?.stop();
    this.tool = null;
    this.#place?.hall.whole.delete(this.#place.exhibit);
    this.#card.hidden = true;
    this.#card.replaceChildren();
    this.#overlay.replaceChildren();
    this.#root.parentElement?.classList.remove("ly-tooling");
    this.#write();
    if (focused) this.#button(kind)?.focus();
    this.#actions.fit();
    this.#actions.draw();
    return true;
  }

  #button(kind: ToolKind): HTMLElement | null {
    return this.#strip.querySelector<HTMLElement>(`[data-key=${kind.name}]`);
  }

  async #open(kind: ToolKind, focus: boolean): Promise<void> {
    const again = this.#kind === kind;
    this.closeTool();
    const place = this.#place;
    if (again || !place) return;
    this.#kind = kind;
    this.#write();
    let open: (context: ToolContext) => Tool;
    try {
      ({ open } = await kind.load());
    } catch {
      if (this.#kind === kind) this.#kind = null;
      this.#write();
      this.#actions.say(toolText(this.#lang, "toolFailed"));
      return;
    }
    if (this.#kind !== kind || this.#place !== place) return; // the tool was closed meanwhile
    if (kind.whole(place.exhibit)) place.hall.showWhole(place.exhibit);
    const tool = open(this.#context(place));
    this.tool = tool;
    this.#card.dataset.tool = kind.name;
    this.#head();
    this.#card.append(tool.controls);
    this.#card.hidden = false;
    this.#root.parentElement?.classList.add("ly-tooling");
    tool.write();
    tool.start();
    if (focus) this.#card.querySelector<HTMLElement>("h2")?.focus();
    this.#actions.fit();
    this.#actions.draw();
  }

  #context({ hall, viewport, exhibit }: Place): ToolContext {
    const box = this;
    const canvas = viewport.renderer.domElement;
    return {
      hall,
      viewport,
      exhibit,
      camera: viewport.camera,
      overlay: this.#overlay,
      get size() {
        return { width: canvas.clientWidth, height: canvas.clientHeight };
      },
      get free() {
        return box.#free(canvas);
      },
      get lang() {
        return box.#lang;
      },
      get calm() {
        return box.#actions.calm();
      },
      draw: () => this.#actions.draw(),
      fit: () => this.#actions.fit(),
      say: (text) => this.#actions.say(text),
    };
  }

  /** Measured on the page, because bars, panels and cards lie over the canvas. */
  #free(canvas: HTMLCanvasElement): Pane {
    const { clientWidth, clientHeight } = canvas;
    const strip = this.#strip.getBoundingClientRect();
    const panel = this.#root.parentElement?.querySelector(".ly-panel")?.getBoundingClientRect();
    const beside = panel && panel.width > 0 && panel.width < clientWidth * 0.7;
    const lying = strip.width > strip.height;
    const top = lying ? strip.bottom + 8 : strip.top;
    const left = lying ? 0 : strip.right + 8;
    return {
      x: left,
      y: top,
      width: Math.max(80, (beside ? panel.left - 8 : clientWidth) - left),
      height: Math.max(80, clientHeight - this.below - 8 - top),
    };
  }

  /** Writes the strip: the tools that suit the exhibit; the open one is pressed. */
  #write(): void {
    const place = this.#place;
    const kinds = place?.exhibit.body ? KINDS.filter((kind) => kind.suits(place.exhibit, place.hall)) : [];
    const key = this.#strip.contains(document.activeElement) ? document.activeElement?.getAttribute("data-key") : null;
    this.#strip.hidden = kinds.length === 0;
    this.#strip.setAttribute("aria-label", toolText(this.#lang, "tools"));
    this.#strip.replaceChildren(
      ...kinds.map((kind) =>
        h(
          "button.ly-button.ly-tool",
          {
            type: "button",
            "data-key": kind.name,
            title: toolText(this.#lang, kind.name),
            "aria-pressed": String(kind === this.#kind),
            onclick: (event: MouseEvent) => void this.#open(kind, !byPointer(event)),
          },
          icon(kind.icon),
          h("span", {}, toolText(this.#lang, kind.name)),
        ),
      ),
    );
    if (key) this.#strip.querySelector<HTMLElement>(`[data-key=${key}]`)?.focus({ preventScroll: true });
  }

  /** Writes the head of the card: the tool's name and the button that closes it. */
  #head(): void {
    if (!this.#kind) return;
    const had = this.#card.querySelector("header");
    const close = h(
      "button.ly-button.ly-quiet",
      { type: "button", "data-key": "close", onclick: () => this.closeTool() },
      icon("close"),
    );
    setLabel(close, translate(this.#lang, "closePanel"));
    const title = h("h2", { id: "ly-card-title", tabindex: -1 }, toolText(this.#lang, this.#kind.name));
    const head = h("header", {}, title, close);
    if (had) had.replaceWith(head);
    else this.#card.prepend(head);
  }
}
