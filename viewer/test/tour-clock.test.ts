import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readingSeconds, TourClock } from "../src/tour/tour-clock.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A tour whose every stop takes ten seconds, and what it told. */
function tour(count: number): { tour: TourClock; told: string[] } {
  const made = new TourClock(count);
  const told: string[] = [];
  let at = -1;
  made.changed.on(() => {
    told.push(`${made.at} ${made.state}`);
    if (made.state === "playing" && made.at !== at) {
      at = made.at;
      made.lasts(10);
    }
  });
  return { tour: made, told };
}

describe("a guided tour", () => {
  it("goes from stop to stop by itself, and ends after the last", () => {
    const { tour: led, told } = tour(3);
    led.go(0);
    vi.advanceTimersByTime(9_999);
    expect(led.at).toBe(0);
    vi.advanceTimersByTime(1);
    expect(led.at).toBe(1);
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual(["0 playing", "1 playing", "2 playing", "2 over"]);
  });

  it("waits while it is paused, and takes what was left of its stop afterwards", () => {
    const { tour: led } = tour(2);
    led.go(0);
    vi.advanceTimersByTime(6_000);
    led.pause();
    vi.advanceTimersByTime(60_000);
    expect([led.at, led.state]).toEqual([0, "paused"]);
    expect(led.left).toBeCloseTo(4, 6);
    led.resume();
    vi.advanceTimersByTime(4_000);
    expect(led.at).toBe(1);
  });

  it("waits at its stop for who has wandered off", () => {
    const { tour: led } = tour(3);
    led.go(1);
    led.wander();
    led.pause(); // says nothing new
    vi.advanceTimersByTime(60_000);
    expect([led.at, led.state]).toEqual([1, "away"]);
    led.resume();
    expect(led.state).toBe("playing");
  });

  it("has no clock while someone else tells when the stop is told", () => {
    const { tour: led } = tour(2);
    led.go(0);
    led.waits();
    vi.advanceTimersByTime(60_000);
    expect(led.at).toBe(0);
    led.lasts(1);
    vi.advanceTimersByTime(1_000);
    expect(led.at).toBe(1);
  });

  it("begins again after the end, and stays within its stops", () => {
    const { tour: led } = tour(2);
    led.go(7);
    expect(led.at).toBe(1);
    led.next();
    expect(led.state).toBe("over");
    led.resume();
    expect([led.at, led.state]).toEqual([0, "playing"]);
    led.previous();
    expect(led.at).toBe(0);
    led.stop();
    vi.advanceTimersByTime(60_000);
    expect(led.at).toBe(0);
  });

  it("leaves time to read, in both scripts, and never rushes", () => {
    expect(readingSeconds("窑")).toBe(5);
    expect(readingSeconds("火".repeat(92))).toBeCloseTo(22.2, 6);
    expect(readingSeconds("fire ".repeat(54))).toBeCloseTo(22.2, 6);
    expect(readingSeconds("火".repeat(46) + " kiln".repeat(27))).toBeCloseTo(22.2, 6);
  });
});
