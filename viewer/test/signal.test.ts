import { expect, it } from "vitest";
import { Signal } from "../src/core/signal.ts";

it("a signal tells all who listen, in order, until they stop", () => {
  const signal = new Signal<number>();
  const heard: string[] = [];
  const stop = signal.on((value) => heard.push(`a${value}`));
  signal.on((value) => heard.push(`b${value}`));
  signal.emit(1);
  stop();
  signal.emit(2);
  signal.clear();
  signal.emit(3);
  expect(heard).toEqual(["a1", "b1", "b2"]);
});

it("a listener may stop itself while it is told", () => {
  const signal = new Signal<void>();
  let heard = 0;
  const stop = signal.on(() => {
    heard++;
    stop();
  });
  signal.on(() => heard++);
  signal.emit();
  signal.emit();
  expect(heard).toBe(3);
});
