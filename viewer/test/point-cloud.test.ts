import {
  Box3,
  BufferAttribute,
  BufferGeometry,
  Group,
  PerspectiveCamera,
  Points,
  PointsMaterial,
  type Vector2,
  Vector3,
} from "three";
import { describe, expect, it } from "vitest";
import { drawDiscs, FinerClouds, spacingOf } from "../src/core/point-cloud.ts";
import { Surface } from "../src/core/surface.ts";

/** n x n points on a square of this side, in a plane that no axis lies in. */
function sheet(n: number, side: number): BufferAttribute {
  const at = new Float32Array(n * n * 3);
  const [u, v] = [new Vector3(1, 1, 0).normalize(), new Vector3(1, -1, 2).normalize()];
  for (let i = 0; i < n * n; i++) {
    const [a, b] = [((i % n) / (n - 1) - 0.5) * side, (Math.floor(i / n) / (n - 1) - 0.5) * side];
    u.clone()
      .multiplyScalar(a)
      .addScaledVector(v, b)
      .toArray(at, 3 * i);
  }
  return new BufferAttribute(at, 3);
}

describe("a cloud's spacing", () => {
  it.each([
    [30, 1],
    [100, 1],
    [400, 1],
    [400, 25],
    [1200, 0.1],
  ])("of %i by %i points on a sheet is known within a factor that discs forgive", (n, side) => {
    const told = spacingOf(sheet(n, side)) / (side / (n - 1));
    expect(told).toBeGreaterThan(0.9);
    expect(told).toBeLessThan(1.7);
  });

  it("of one point is none", () => {
    expect(spacingOf(sheet(1, 1))).toBe(0);
  });
});

describe("a disc", () => {
  it("is grey where no colour is known, and has its point's colour otherwise", () => {
    const [bare, coloured] = [new PointsMaterial(), new PointsMaterial({ vertexColors: true })];
    for (const material of [bare, coloured]) drawDiscs(material, 0.1, new FinerClouds({ value: 0 }));
    expect(bare.color.getHexString()).toBe("c8c8c8");
    expect(coloured.color.getHexString()).toBe("ffffff");
    expect(bare.size).toBe(0.1);
  });
});

describe("finer clouds within a cloud", () => {
  it("tell where its points become smaller, and where they have a limit, until they go", () => {
    const limit = { value: 7 };
    const finer = new FinerClouds(limit);
    const box = new Box3(new Vector3(0, 0, 0), new Vector3(1, 2, 3));
    finer.set(0.1, [
      { box, spacing: 0.05, refined: true },
      { box, spacing: 0.3, refined: false }, // never larger than its own
    ]);
    const { finerCount, finerSize, finerHigh, finerLimit } = finer.uniforms;
    expect(finerCount?.value).toBe(2);
    expect(finerSize?.value.slice(0, 2).map((size: Vector2) => size.toArray())).toEqual([
      [0.5, 1],
      [1, 0],
    ]);
    expect(finerHigh?.value[0].toArray()).toEqual([1, 2, 3]);
    expect(finerLimit).toBe(limit);
    finer.set(0.1, []);
    expect(finerCount?.value).toBe(0);
  });
});

describe("a cloud's surface", () => {
  it("is touched at the nearest point close to the ray, where rays alone would pass between", () => {
    const geometry = new BufferGeometry();
    geometry.setAttribute(
      "position",
      new BufferAttribute(new Float32Array([0, 0, 0, 0.002, 0, 1, 0.5, 0, 3]), 3), // behind, before, aside
    );
    const group = new Group().add(new Points(geometry, new PointsMaterial()));
    group.scale.setScalar(2);
    const camera = new PerspectiveCamera();
    camera.position.z = 10;
    const ahead = new Vector3(0, 0, -1);
    const surface = new Surface(group);
    expect(surface.ray(camera.position, ahead)).toBeNull();
    const touch = surface.ray(camera.position, ahead, 100, 0.001);
    expect(touch?.point.toArray().map((v) => Math.round(v * 1e4) / 1e4)).toEqual([0.004, 0, 2]);
    expect(surface.ray(camera.position, ahead, 7, 0.001)).toBeNull();
    expect(surface.ray(camera.position, ahead, 100, 0.0002)?.point.z).toBe(0);
  });
});
