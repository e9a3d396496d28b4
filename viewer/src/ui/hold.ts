import { h } from "./dom.ts";
import { type IconName, icon } from "./icons.ts";
import type { Held } from "./keys.ts";

const NUDGE_MS = 350; // what one press by keyboard or screen reader counts as

/** A button that acts while it is held; one press without a pointer is a nudge. */
export function holdButton(name: IconName, what: Held, held: Set<Held>, changed: () => void): HTMLButtonElement {
  const press = () => {
    held.add(what);
    changed();
  };
  const release = () => held.delete(what);
  const button = h(
    "button.ly-button.ly-hold",
    {
      type: "button",
      onpointerdown: (event: PointerEvent) => {
        button.setPointerCapture(event.pointerId);
        press();
      },
      onpointerup: release,
      onpointercancel: release,
      onlostpointercapture: release,
      oncontextmenu: (event: Event) => event.preventDefault(),
      onclick: (event: MouseEvent) => {
        if (event.detail > 0) return;
        press();
        setTimeout(release, NUDGE_MS);
      },
    },
    icon(name),
  );
  return button;
}

/** Names a button for eyes that hover and for those who listen. */
export function name(button: HTMLElement, text: string): void {
  button.setAttribute("aria-label", text);
  button.title = text;
}
