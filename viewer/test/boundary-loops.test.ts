import { BoxGeometry, Group, Mesh, MeshBasicMaterial, PlaneGeometry, SphereGeometry, TorusGeometry } from "three";
import { describe, expect, it } from "vitest";
import { largestOpening } from "../src/core/boundary-loops.ts";

const material = new MeshBasicMaterial();
const of = (...geometries: ConstructorParameters<typeof Mesh>[0][]) => {
  const group = new Group();
  for (const geometry of geometries) group.add(new Mesh(geometry, material));
  return group;
};

describe("the largest opening", () => {
  it.each([
    ["a box", new BoxGeometry(1, 2, 3, 4, 4, 4)],
    ["a ball", new SphereGeometry(1, 64, 48)],
    ["a ring", new TorusGeometry(1, 0.3, 24, 48)],
  ])("of %s is none, though its corners are split for their normals", (_, geometry) => {
    expect(largestOpening(of(geometry))).toBe(0);
  });

  it("of two halves that meet is none, of one half all of it", () => {
    const left = new SphereGeometry(1, 64, 48, 0, Math.PI);
    const right = new SphereGeometry(1, 64, 48, Math.PI, Math.PI);
    expect(largestOpening(of(left, right))).toBe(0);
    expect(largestOpening(of(left))).toBeGreaterThan(0.9);
  });

  it("of a sheet is the sheet, however fine", () => {
    expect(largestOpening(of(new PlaneGeometry(1, 1, 200, 200)))).toBeCloseTo(1, 6);
  });

  it("of a ball that lacks a triangle is as small as the triangle", () => {
    const ball = new SphereGeometry(1, 64, 48);
    const index = [...(ball.index?.array ?? [])];
    index.splice(3 * 2000, 3);
    ball.setIndex(index);
    const opening = largestOpening(of(ball));
    expect(opening).toBeGreaterThan(0.01);
    expect(opening).toBeLessThan(0.05);
  });

  it("does not depend on where the model stands", () => {
    const group = of(new SphereGeometry(1, 64, 48, 0, Math.PI));
    const before = largestOpening(group);
    group.scale.setScalar(0.01);
    group.position.set(40, 2, -30);
    expect(largestOpening(group)).toBeCloseTo(before, 4);
  });
});
