import { type BufferGeometry, type Mesh, type Object3D, Texture } from "three";
import { expect, it } from "vitest";
import { Exhibit } from "../src/core/exhibit.ts";
import { placed } from "./halls.ts";

function geometries(root: Object3D): BufferGeometry[] {
  const found: BufferGeometry[] = [];
  root.traverse((object) => (object as Mesh).geometry && found.push((object as Mesh).geometry));
  return found;
}

it("a picture lets go of the board on which its thumb was", () => {
  const exhibit = new Exhibit("print", placed("picture", [0, 1.6, 0], { width_m: 2 }), null);
  const picture = (width: number, height: number) => new Texture({ width, height } as HTMLCanvasElement);
  exhibit.showThumb(picture(20, 10));
  const first = geometries(exhibit.group);
  expect(first).toHaveLength(2);
  let disposed = 0;
  for (const geometry of first) geometry.addEventListener("dispose", () => disposed++);
  exhibit.showPicture(picture(2000, 1000));
  expect(disposed).toBe(2);
  expect(geometries(exhibit.group)).toHaveLength(2);
  expect(exhibit.box.max.y - exhibit.box.min.y).toBeCloseTo(1, 6);
});
