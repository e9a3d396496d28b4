// @vitest-environment jsdom
import { expect, it } from "vitest";
import { HALL, type ModePanel, Modes } from "../src/studio/modes.ts";
import { h } from "../src/ui/dom.ts";

function modesOf() {
  const parts = { stage: h("section"), library: h("section"), fields: h("aside") };
  const modes = new Modes("Ways to work", "Hall", parts);
  document.body.replaceChildren(modes.element, parts.fields);
  const happened: string[] = [];
  const panel = (label: string, instead: boolean, side: HTMLElement | null): ModePanel => ({
    label,
    element: h("section"),
    instead,
    side,
    open: () => happened.push(`${label} opens`),
    close: () => happened.push(`${label} closes`),
  });
  const plan = panel("Plan", true, h("aside"));
  const tours = panel("Tours", false, null);
  modes.register("plan", plan);
  modes.register("tours", tours);
  const radios = [...modes.element.querySelectorAll<HTMLElement>("[role=radio]")];
  return { modes, parts, plan, tours, happened, radios };
}

it("shows one mode at a time: instead of the picture, or below it", () => {
  const { modes, parts, plan, tours, happened } = modesOf();
  expect(modes.current).toBe(HALL);
  modes.choose("plan");
  expect([plan.element.hidden, tours.element.hidden, parts.fields.hidden, plan.side?.hidden]).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect([parts.stage.inert, parts.library.inert, parts.library.hidden]).toEqual([true, true, false]);
  expect(modes.shown).toBe(plan.element);
  modes.choose("tours");
  expect([plan.element.hidden, tours.element.hidden, parts.fields.hidden, plan.side?.hidden]).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect([parts.stage.inert, parts.library.hidden]).toEqual([false, true]);
  expect(modes.shown).toBe(parts.stage);
  modes.choose(HALL);
  expect([tours.element.hidden, parts.library.hidden, parts.stage.inert]).toEqual([true, false, false]);
  expect(happened).toEqual(["Plan opens", "Plan closes", "Tours opens", "Tours closes"]);
});

it("is one tab stop whose arrow keys choose", () => {
  const { modes, radios } = modesOf();
  const seen: string[] = [];
  modes.changed.on((name) => seen.push(name));
  radios[0]?.focus();
  for (const key of ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "Home", "End"])
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  expect(seen).toEqual(["plan", "tours", HALL, "tours", HALL, "tours"]);
  expect(radios.map((radio) => [radio.tabIndex, radio.getAttribute("aria-checked")])).toEqual([
    [-1, "false"],
    [-1, "false"],
    [0, "true"],
  ]);
  expect(document.activeElement).toBe(radios[2]);
});
