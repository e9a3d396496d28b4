import { SphereGeometry, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { smoothNormals } from "../src/core/normals.ts";

describe("smooth normals", () => {
  it("point outwards, across seams too", () => {
    const ball = new SphereGeometry(1, 96, 64);
    ball.deleteAttribute("normal");
    smoothNormals(ball);
    const { position, normal } = ball.attributes;
    const [p, n] = [new Vector3(), new Vector3()];
    for (let i = 0; i < (position?.count ?? 0); i++) {
      p.fromBufferAttribute(position as never, i);
      n.fromBufferAttribute(normal as never, i);
      expect(n.length()).toBeCloseTo(1, 5);
      expect(n.dot(p)).toBeGreaterThan(0.995);
    }
  });

  it("are left alone where there are some", () => {
    const ball = new SphereGeometry(1, 8, 6);
    const { normal } = ball.attributes;
    smoothNormals(ball);
    expect(ball.attributes.normal).toBe(normal);
  });
});
