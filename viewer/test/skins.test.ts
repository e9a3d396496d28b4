import {
  Bone,
  BoxGeometry,
  Float32BufferAttribute,
  Group,
  type Mesh,
  Skeleton,
  SkinnedMesh,
  Uint16BufferAttribute,
  Vector3,
} from "three";
import { expect, it } from "vitest";
import { applySkins, hasSkin } from "../src/core/skins.ts";
import { Surface } from "../src/core/surface.ts";

/** A box of 100 m that its one joint makes 1 m large and puts to x = 5, turned by a quarter about Y. Its own scale does not count. */
function skinnedBox(): Group {
  const geometry = new BoxGeometry(100, 100, 100);
  const count = geometry.attributes.position?.count ?? 0;
  geometry.setAttribute("skinIndex", new Uint16BufferAttribute(new Uint16Array(4 * count), 4));
  const weights = Array.from({ length: count }, () => [1, 0, 0, 0]).flat();
  geometry.setAttribute("skinWeight", new Float32BufferAttribute(weights, 4));
  const joint = new Bone();
  joint.position.set(5, 0, 0);
  joint.rotation.y = Math.PI / 2;
  joint.scale.setScalar(0.01);
  const mesh = new SkinnedMesh(geometry);
  mesh.name = "box";
  mesh.scale.setScalar(7);
  const root = new Group().add(mesh, joint);
  root.updateMatrixWorld(true);
  mesh.bind(new Skeleton([joint], [joint.matrixWorld.clone().identity()]), joint.matrixWorld.clone().identity());
  return root;
}

it("a skinned mesh becomes a plain one where its joints put it, with its normals", () => {
  const root = skinnedBox();
  expect(hasSkin(root)).toBe(true);
  applySkins(root);
  expect(hasSkin(root)).toBe(false);
  const mesh = root.getObjectByName("box") as Mesh;
  expect([...Object.keys(mesh.geometry.attributes)].sort()).toEqual(["normal", "position", "uv"]);
  const surface = new Surface(root);
  const hit = surface.ray(new Vector3(5.2, 0.1, 9), new Vector3(0, 0, -1));
  expect(hit?.point.toArray()).toEqual([5.2, 0.1, 0.5].map((x) => expect.closeTo(x, 5)));
  expect(surface.ray(new Vector3(0, 0, 9), new Vector3(0, 0, -1))).toBeNull();
  // The box's own +X side looks along -Z after the turn.
  const { normal, position } = mesh.geometry.attributes;
  const normals = new Set(
    Array.from({ length: position?.count ?? 0 }, (_, i) => [normal?.getX(i), normal?.getY(i), normal?.getZ(i)])
      .slice(0, 4)
      .map((xyz) => xyz.map((v) => Math.round(v ?? 0) + 0).join()),
  );
  expect([...normals]).toEqual(["0,0,-1"]);
});
