// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from "vitest";
import { OnScreenControls } from "../src/navigation/controls.ts";
import { Shell, type ShellActions } from "../src/ui/shell.ts";
import { type TourActions, TourBar } from "../src/ui/tourbar.ts";
import { completeJsdom } from "./browser.ts";

const nothing = new Proxy({}, { get: () => () => undefined });

/** What a button is called, and what a pointer that rests on it is told. */
function nameless(root: ParentNode): string[] {
  return [...root.querySelectorAll("button")]
    .filter((button) => {
      const shown = button.textContent?.trim() ?? "";
      const name = button.getAttribute("aria-label") ?? shown;
      return name === "" || (shown === "" && button.title === "");
    })
    .map((button) => button.outerHTML);
}

beforeEach(completeJsdom);

describe.each(["zh", "en"] as const)("in %s, every button has a name and every icon a tooltip", (lang) => {
  it("in the bar, whatever the hall has", () => {
    const shell = new Shell(nothing as ShellActions, []);
    shell.texts(lang, "Hall");
    for (const on of [true, false]) {
      shell.offer({ tours: true, touring: on, map: on, sounds: true, sounding: on });
      expect(nameless(shell.dialog)).toEqual([]);
    }
    shell.notice(lang, "A text");
    expect(nameless(shell.dialog)).toEqual([]);
  });

  it("among the controls, on foot and at an exhibit", () => {
    const controls = new OnScreenControls(() => undefined);
    for (const orbiting of [true, false]) {
      controls.update(lang, orbiting);
      for (const element of controls.elements) expect(nameless(element)).toEqual([]);
    }
  });

  it.each(["playing", "paused", "away", "over"] as const)("in a tour that is %s", (state) => {
    const bar = new TourBar(nothing as TourActions);
    for (const on of [true, false]) {
      bar.show({ title: "T", stop: 1, count: 2, caption: "C", state, voice: { kind: "speech", on } }, lang);
      expect(nameless(bar.element)).toEqual([]);
    }
  });
});
