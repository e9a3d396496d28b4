import { Color } from "three";
import { expect, it } from "vitest";
import { INK, PAPER, SEAL, STONE } from "../src/core/canvas-text.ts";

/** WCAG 2.2, "contrast ratio". */
function contrast(one: string, other: string): number {
  const [high, low] = [one, other]
    .map((colour) => new Color(colour))
    .map(({ r, g, b }) => 0.2126 * r + 0.7152 * g + 0.0722 * b)
    .sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

// Panels, labels and signs are drawn in these inks and are not lit: no hall's colours can make them harder to read.
it.each([INK, STONE, SEAL])("text in %s is read on paper (WCAG 2.2 AA)", (ink) => {
  expect(contrast(ink, PAPER)).toBeGreaterThanOrEqual(4.5);
});
