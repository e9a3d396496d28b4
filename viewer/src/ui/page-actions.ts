import { h } from "./dom.ts";
import { name } from "./hold.ts";
import { type Lang, tell } from "./i18n.ts";
import { icon } from "./icons.ts";

/** What a visitor asks for that is not in the hall; a button sends it up through the dialog as an event of this name. */
export type Ask = "ly-share" | "ly-settings";

/** Whether the page around has it: settings are the page's own, and a public screen shares nothing. */
function offered(ask: Ask): boolean {
  if (ask === "ly-settings") return settingsButton() !== null;
  return !isPublicScreen();
}

export function isPublicScreen(): boolean {
  return document.documentElement.dataset.kiosk !== undefined;
}

/** The page's button of settings, which a visit presses for its visitor. */
export function settingsButton(): HTMLElement | null {
  return document.getElementById("settings-button");
}

function askButton(ask: Ask): HTMLButtonElement {
  return h(
    "button.ly-button",
    {
      type: "button",
      onclick: ({ currentTarget }: Event) => currentTarget?.dispatchEvent(new Event(ask, { bubbles: true })),
    },
    icon(ask === "ly-share" ? "share" : "settings"),
  );
}

const TEXTS = { "ly-share": "share", "ly-settings": "settings" } as const;
const ASKS = ["ly-share", "ly-settings"] as const;

/** Sharing and settings in the bar, where it is wide. */
export class PageActions {
  readonly element = h("div.ly-group.ly-beside.ly-wide-only");
  readonly #buttons = new Map<Ask, HTMLButtonElement>();

  constructor() {
    for (const ask of ASKS.filter(offered)) this.#buttons.set(ask, askButton(ask));
    this.element.append(...this.#buttons.values());
    this.element.hidden = this.#buttons.size === 0;
  }

  texts(lang: Lang): void {
    for (const [ask, button] of this.#buttons) name(button, tell(lang, TEXTS[ask]));
  }
}

/** The same with their words, in the help. */
export function pageActionList(lang: Lang): HTMLElement | null {
  const buttons = ASKS.filter(offered).map((ask) => {
    const button = askButton(ask);
    button.append(tell(lang, TEXTS[ask]));
    return button;
  });
  return buttons.length > 0 ? h("div.ly-asks", {}, ...buttons) : null;
}
