import { h, setLabel } from "./dom.ts";
import { type Lang, translate } from "./i18n.ts";
import { icon } from "./icons.ts";

/** The actions of the page around the visit. A button sends an event of this name, which bubbles up to the dialog. */
export type Ask = "ly-share" | "ly-settings";

/** Whether the page offers an action: a page may have no settings, and a public screen shares nothing. */
function offered(ask: Ask): boolean {
  if (ask === "ly-settings") return settingsButton() !== null;
  return !isPublicScreen();
}

export function isPublicScreen(): boolean {
  return document.documentElement.dataset.kiosk !== undefined;
}

/** The settings button of the page, which the visit clicks. */
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

/** The buttons for sharing and settings in a wide bar. */
export class PageActions {
  readonly element = h("div.ly-group.ly-beside.ly-wide-only");
  readonly #buttons = new Map<Ask, HTMLButtonElement>();

  constructor() {
    for (const ask of ASKS.filter(offered)) this.#buttons.set(ask, askButton(ask));
    this.element.append(...this.#buttons.values());
    this.element.hidden = this.#buttons.size === 0;
  }

  texts(lang: Lang): void {
    for (const [ask, button] of this.#buttons) setLabel(button, translate(lang, TEXTS[ask]));
  }
}

/** The same buttons with their texts, for the help. */
export function pageActionList(lang: Lang): HTMLElement | null {
  const buttons = ASKS.filter(offered).map((ask) => {
    const button = askButton(ask);
    button.append(translate(lang, TEXTS[ask]));
    return button;
  });
  return buttons.length > 0 ? h("div.ly-page-actions", {}, ...buttons) : null;
}
