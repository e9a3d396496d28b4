import { BoxGeometry, Group, Mesh, MeshBasicMaterial, PerspectiveCamera, SphereGeometry, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { project, rayThrough } from "../src/core/camera.ts";
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

  it("picked through the picture gives back lengths of the thing itself, at whatever size it is shown", () => {
    const exhibit = new Group(); // a box of 30 x 20 x 10 cm at twice its size
    exhibit.add(new Mesh(new BoxGeometry(0.3, 0.2, 0.1), material));
    exhibit.position.set(-2, 1, 4);
    exhibit.rotation.y = 0.4;
    exhibit.scale.setScalar(2);
    exhibit.updateMatrixWorld(true);
    const camera = new PerspectiveCamera(50, 3 / 2, 0.04, 250);
    camera.position.set(-1.6, 1.5, 6);
    camera.lookAt(exhibit.position);
    camera.setViewOffset(900, 600, 120, -40, 900, 600); // a panel takes a part of the picture
    camera.updateMatrixWorld();
    const surface = new Surface(exhibit);
    const corners = [new Vector3(-0.15, 0.1, 0.05), new Vector3(0.15, 0.1, 0.05)];
    const [a, b] = corners.map((corner) => {
      const inside = corner.clone().multiplyScalar(0.999); // a corner itself may be missed
      inside.z = 0.05;
      const at = project(camera, exhibit.localToWorld(inside), 900, 600);
      const ray = rayThrough(camera, at?.x ?? 0, at?.y ?? 0, 900, 600);
      const touch = surface.ray(ray.origin, ray.direction);
      return exhibit.worldToLocal(touch?.point.clone() ?? new Vector3());
    }) as [Vector3, Vector3];
    expect(a.distanceTo(b)).toBeCloseTo(0.3 * 0.999, 6);
  });
});
