import { BoxGeometry, Group, Mesh, MeshBasicMaterial, SphereGeometry, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { Surface } from "../src/core/surface.ts";

const material = new MeshBasicMaterial();

describe("a surface", () => {
  it("is met where it stands in the hall, whatever turned and scaled it", () => {
    const group = new Group();
    const ball = new Mesh(new SphereGeometry(1, 96, 64), material);
    group.add(ball);
    group.position.set(3, 1, -2);
    group.rotation.set(0.3, 1.1, -0.2);
    group.scale.setScalar(0.25);
    const surface = new Surface(group);
    const eye = new Vector3(3, 1, 8);
    const hit = surface.ray(eye, new Vector3(0, 0, -1));
    expect(hit?.distance).toBeCloseTo(10 - 0.25, 2);
    expect(hit?.point.distanceTo(group.position)).toBeCloseTo(0.25, 2);
    expect(hit?.normal.dot(new Vector3(0, 0, 1))).toBeGreaterThan(0.99);
    expect(surface.ray(eye, new Vector3(0, 0, -1), 9)).toBeNull();
    expect(surface.ray(eye, new Vector3(0, 1, 0))).toBeNull();
  });

  it("is the nearest of all its meshes, moves with them, and leaves their triangles in order", () => {
    const group = new Group();
    const near = new Mesh(new BoxGeometry(1, 1, 1), material);
    const far = new Mesh(near.geometry, material);
    near.position.z = 2;
    group.add(far, near);
    const order = [...(near.geometry.index?.array ?? [])];
    const surface = new Surface(group);
    const eye = new Vector3(0, 0, 10);
    const ahead = new Vector3(0, 0, -1);
    expect(surface.ray(eye, ahead)?.distance).toBeCloseTo(7.5, 9);
    near.position.x = 5;
    expect(surface.ray(eye, ahead)?.distance).toBeCloseTo(9.5, 9);
    near.position.x = 0;
    near.visible = false;
    expect(surface.ray(eye, ahead)?.distance).toBeCloseTo(9.5, 9);
    expect([...(near.geometry.index?.array ?? [])]).toEqual(order);
  });
});
