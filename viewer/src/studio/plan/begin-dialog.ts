import { beginPlan } from "../../document/commands/plan.ts";
import { addWalls } from "../../document/commands/plan-walls.ts";
import { h } from "../../ui/dom.ts";
import { button, iconButton } from "../fields.ts";
import { planText } from "./i18n.ts";
import type { PlanContext } from "./plan-context.ts";
import { grid } from "./plan-snapping.ts";
import { corners } from "./rectangle-tool.ts";

/** Asks before a plan takes the place of the hall's building. `begun` is called when it has. */
export function beginDialog(context: PlanContext, begun: () => void): HTMLDialogElement {
  const { lang } = context.studio;
  const begin = (sized: boolean) => {
    const { hall } = context;
    const room = hall.assets[hall.architecture.asset]?.bounds;
    let next = beginPlan(hall);
    if (sized && room) {
      const [low, high] = [room.min, room.max].map(([x, , z]) => [grid(x), grid(z)] as [number, number]);
      if (low && high) next = addWalls(next, corners(low, high), { closed: true }).hall;
    }
    context.edit("begin-plan", next);
    dialog.close();
    begun();
  };
  const dialog: HTMLDialogElement = h(
    "dialog.st-dialog.pl-begin",
    { "aria-label": planText(lang, "begin") },
    h(
      "header",
      {},
      h("h2", {}, planText(lang, "begin")),
      iconButton(planText(lang, "cancel"), "close", () => dialog.close()),
    ),
    h("p", {}, planText(lang, "beginWhat")),
    h("p", {}, planText(lang, "beginUndo")),
    h(
      "footer",
      {},
      button(planText(lang, "cancel"), () => dialog.close()),
      button(planText(lang, "beginEmpty"), () => begin(false)),
      button(planText(lang, "beginSized"), () => begin(true), { primary: true }),
    ),
  );
  return dialog;
}
