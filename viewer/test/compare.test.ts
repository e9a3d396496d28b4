import { PerspectiveCamera, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { reach, stretches } from "../src/tools/compare.ts";
import { halves } from "../src/tools/split.ts";

describe("two panes", () => {
  it("lie beside each other where it is wide, one below the other where it is high", () => {
    const wide = halves({ x: 90, y: 70, width: 602, height: 400 }, 2);
    expect(wide).toEqual([
      { x: 90, y: 70, width: 300, height: 400 },
      { x: 392, y: 70, width: 300, height: 400 },
    ]);
    const high = halves({ x: 0, y: 120, width: 390, height: 502 }, 2);
    expect(high).toEqual([
      { x: 0, y: 120, width: 390, height: 250 },
      { x: 0, y: 372, width: 390, height: 250 },
    ]);
  });
});

describe("an eye", () => {
  it.each([0.4, 1, 1.7])("at its reach sees all of a ball, and no more than that, at aspect %f", (aspect) => {
    const camera = new PerspectiveCamera(50, aspect, 0.01, 100);
    camera.position.z = reach(aspect, 50);
    camera.updateMatrixWorld();
    // The outermost points that are seen of a ball lie where its tangents touch.
    const touch = Math.sqrt(1 - camera.position.z ** -2);
    const [x, y] = aspect < 1 ? [touch, 0] : [0, touch];
    const edge = new Vector3(x, y, 1 / camera.position.z).project(camera);
    expect(Math.max(Math.abs(edge.x), Math.abs(edge.y))).toBeCloseTo(1, 9);
  });
});

describe("at one scale", () => {
  /** Pixels that a metre of a thing takes, up to a factor that both share. */
  const size = (stretch: number, own: number, scale: number) => scale / (stretch * own);

  it.each([
    [0.2, 1, 0.2, 1],
    [0.2, 1, 3, 1],
    [3, 1, 0.2, 1],
    [0.2, 2, 5, 0.05],
  ])("a thing of %f m shown at %f and one of %f m shown at %f are as they are to each other", (a, as, b, bs) => {
    const radii = [a * as, b * bs] as const;
    const [first, second] = stretches(radii, [as, bs], true);
    expect(size(first, radii[0], as)).toBeCloseTo(size(second, radii[0], bs), 9);
    // The larger one fills its pane just as it would alone.
    const largest = a > b ? 0 : 1;
    expect([first, second][largest]).toBeCloseTo(radii[largest] / radii[0], 9);
  });

  it("or each fills its own pane", () => {
    expect(stretches([0.2, 5], [1, 1], false)).toEqual([1, 25]);
  });
});
