// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CameraController } from "../src/navigation/camera-controller.ts";
import { Controls, OnScreenControls } from "../src/navigation/controls.ts";
import { completeJsdom } from "./browser.ts";
import { openSession, walkable } from "./sessions.ts";

beforeEach(completeJsdom);
afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

async function controls() {
  const session = await openSession(walkable({}));
  const controller = session.cameraController as CameraController;
  controller.fit(800, 600, null, 0);
  const events: unknown[] = [];
  const actions = {
    once: (key: string) => events.push(key),
    tap: (x: number, y: number) => events.push([x, y]),
    hover: () => {},
    steered: () => events.push("steered"),
  };
  const dialog = document.createElement("dialog");
  const canvas = document.createElement("canvas");
  const input = document.createElement("input");
  dialog.append(canvas, input);
  document.body.append(dialog);
  const onScreen = new OnScreenControls(actions.steered);
  const made = new Controls(
    onScreen,
    dialog,
    canvas,
    (node) => node === canvas,
    actions,
    () => controller,
  );
  const press = (target: Element, code: string, key = code, type = "keydown") =>
    target.dispatchEvent(new KeyboardEvent(type, { code, key, bubbles: true, cancelable: true }));
  const pointer = (type: string, x: number, y: number, more: PointerEventInit & { timeStamp?: number } = {}) => {
    const event = new MouseEvent(type, { clientX: x, clientY: y, bubbles: true, ...more });
    Object.defineProperties(event, { pointerId: { value: 1 }, pointerType: { value: "mouse" } });
    canvas.dispatchEvent(event);
  };
  return { made, controller, onScreen, canvas, input, events, press, pointer };
}

describe("the controls", () => {
  it("hold keys while they are pressed, on the hall only", async () => {
    const { made, canvas, input, press, events } = await controls();
    press(input, "KeyW", "w");
    expect(made.steering.held("ahead")).toBe(false);
    press(canvas, "KeyW", "w");
    expect(made.steering.held("back", "ahead")).toBe(true);
    expect(events).toEqual(["steered"]);
    press(canvas, "KeyW", "w", "keyup");
    expect(made.steering.held("ahead")).toBe(false);
  });

  it("let go of all keys when the focus goes into a panel", async () => {
    const { made, canvas, input, press } = await controls();
    press(canvas, "ArrowLeft");
    input.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
    expect(made.steering.held("turnLeft")).toBe(false);
  });

  it("pass single keys on once; Escape everywhere", async () => {
    const { canvas, input, press, events } = await controls();
    for (const key of ["n", "P", "l", "t", "m", "?", "Home"]) press(canvas, key, key);
    press(input, "Escape");
    press(input, "KeyN", "n");
    expect(events).toEqual(["next", "previous", "list", "tools", "map", "help", "entrance", "escape"]);
  });

  it("turn the view by a drag on the canvas, and pass taps on", async () => {
    const { controller, pointer, events } = await controls();
    pointer("pointerdown", 400, 300);
    pointer("pointermove", 440, 300, { buttons: 1 });
    pointer("pointerup", 440, 300);
    expect(controller.walk.yaw).toBeGreaterThan(0.02);
    expect(events).toContain("steered");
    events.length = 0;
    pointer("pointerdown", 120, 80);
    pointer("pointerup", 121, 81);
    expect(events).toEqual([[120, 80]]);
  });

  it("count a press of a button on the screen as a short hold", async () => {
    vi.useFakeTimers();
    try {
      const { made, onScreen } = await controls();
      onScreen.update("en", true);
      const turn = onScreen.viewButtons.element.querySelector<HTMLElement>("[aria-label='Turn it left'], button");
      turn?.click();
      expect(made.steering.held("turnLeft")).toBe(true);
      vi.advanceTimersByTime(400);
      expect(made.steering.held("turnLeft")).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  it("follow the thumb on the joystick", async () => {
    const { made, onScreen } = await controls();
    const thumb = (type: string, x: number, y: number) => {
      const event = new MouseEvent(type, { clientX: x, clientY: y, bubbles: true });
      Object.defineProperty(event, "pointerId", { value: 7 });
      onScreen.joystick.element.dispatchEvent(event);
    };
    thumb("pointerdown", 0, -46);
    expect(made.steering.joystick).toEqual({ aside: 0, ahead: 1 });
    thumb("pointermove", 46, 0);
    expect(made.steering.joystick.aside).toBeCloseTo(1, 9);
    thumb("pointermove", 3, 0); // in the middle nothing moves
    expect(made.steering.joystick).toEqual({ aside: 0, ahead: -0 });
    thumb("pointermove", 20, 0);
    thumb("pointerup", 20, 0);
    expect(made.steering.joystick).toEqual({ aside: 0, ahead: 0 });
  });

  it("do nothing any more once they are stopped", async () => {
    const { made, canvas, press, pointer, events } = await controls();
    press(canvas, "KeyW", "w");
    made.stop();
    events.length = 0;
    press(canvas, "KeyS", "s");
    pointer("pointerdown", 1, 1);
    pointer("pointerup", 1, 1);
    expect(made.steering.held("ahead", "back")).toBe(false);
    expect(events).toEqual([]);
  });
});
