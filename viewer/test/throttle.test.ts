import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Throttle } from "../src/core/throttle.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("runs at once, then no more than once in a while, and never loses the last request", () => {
  let runs = 0;
  const throttle = new Throttle(250, () => runs++);
  throttle.request();
  expect(runs).toBe(1);
  for (let i = 0; i < 5; i++) {
    vi.advanceTimersByTime(20);
    throttle.request();
  }
  expect(runs).toBe(1);
  vi.advanceTimersByTime(149);
  expect(runs).toBe(1);
  vi.advanceTimersByTime(1);
  expect(runs).toBe(2);
  vi.advanceTimersByTime(1000);
  expect(runs).toBe(2);
  throttle.request();
  throttle.request();
  throttle.cancel();
  vi.advanceTimersByTime(1000);
  expect(runs).toBe(3);
});
