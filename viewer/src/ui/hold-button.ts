import { h } from "./dom.ts";
import { type IconName, icon } from "./icons.ts";
import type { Held } from "./keys.ts";

const NUDGE_MS = 350; // ms that a press by keyboard or screen reader acts

/** A button that acts while it is held. A press without a pointer acts for a moment. */
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
