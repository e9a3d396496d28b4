import { OrthographicCamera, Sphere, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { towards } from "../src/tools/light.ts";
import { aim } from "../src/tools/shadow.ts";

describe("the lamp's view", () => {
  const sphere = new Sphere(new Vector3(3, -1, 2), 0.7);

  it.each([0, 45, 90, 180, 271])("at %d° holds the whole sphere, nearer to the lamp being nearer", (azimuth) => {
    for (const elevation of [0, 18, 90]) {
      const to = towards({ azimuth, elevation });
      const camera = new OrthographicCamera();
      aim(camera, sphere, to);
      const seen = (way: Vector3, sign: number) =>
        sphere.center
          .clone()
          .addScaledVector(way, sign * sphere.radius)
          .project(camera);
      for (const out of [new Vector3(1, 0, 0), new Vector3(0, 1, 0), new Vector3(0, 0, 1), to]) {
        for (const sign of [1, -1]) {
          const { x, y, z } = seen(out, sign);
          for (const share of [x, y, z]) expect(Math.abs(share)).toBeLessThan(1 + 1e-6);
        }
      }
      expect(seen(to, 1).z).toBeCloseTo(-1, 6);
      expect(seen(to, -1).z).toBeCloseTo(1, 6);
    }
  });
});
