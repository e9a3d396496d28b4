import { describe, expect, it } from "vitest";
import { museumLight, reflected } from "../src/core/environment.ts";
import type { Vec3 } from "../src/document/schema.ts";

const DIRECTIONS: readonly Vec3[] = [
  [1, 0, 0],
  [-1, 0, 0],
  [0, 1, 0],
  [0, -1, 0],
  [0, 0, 1],
  [0, 0, -1],
  [-0.6, 0.48, 0.64],
];

/** Evenly spread unit directions (Fibonacci's lattice). */
function* sphere(count: number): Generator<Vec3> {
  for (let i = 0; i < count; i++) {
    const y = 1 - (2 * i + 1) / count;
    const radius = Math.sqrt(1 - y * y);
    const turn = i * Math.PI * (3 - Math.sqrt(5));
    yield [radius * Math.cos(turn), y, radius * Math.sin(turn)];
  }
}

/** What a surface reflects along its normal by the GGX distribution, as PMREMGenerator weights it: summed over all directions. */
function summed(normal: Readonly<Vec3>, roughness: number): number {
  const alpha2 = roughness ** 4;
  let [sum, weights] = [0, 0];
  for (const light of sphere(60_000)) {
    const cosine = light[0] * normal[0] + light[1] * normal[1] + light[2] * normal[2];
    if (cosine <= 0) continue;
    const half2 = (1 + cosine) / 2; // squared cosine between the normal and the half vector
    const weight = cosine / (half2 * (alpha2 - 1) + 1) ** 2;
    sum += weight * reflected(light, 0)[1];
    weights += weight;
  }
  return sum / weights;
}

describe("The museum's light", () => {
  it.each([0.35, 0.5, 0.75, 1])("is what a surface of roughness %s reflects of it", (roughness) => {
    for (const direction of DIRECTIONS) {
      const truth = summed(direction, roughness);
      expect(Math.abs(reflected(direction, roughness)[1] - truth)).toBeLessThan(
        0.12 * truth + (roughness < 1 ? 0.06 : 0.12),
      ); // some leaks from behind
    }
  });

  it("is one cube map with a level for each roughness, and is not filtered again", () => {
    const texture = museumLight();
    const sides = [texture, ...texture.mipmaps].map((level) => (level as unknown as { image: unknown[] }).image.length);
    expect(sides).toEqual([6, 6, 6, 6, 6]);
    expect(texture).toMatchObject({ isPMREMTexture: true, generateMipmaps: false });
  });

  it("comes from above", () => {
    expect(reflected([0, 1, 0], 1)[1]).toBeGreaterThan(2 * reflected([0, -1, 0], 1)[1]);
  });
});
