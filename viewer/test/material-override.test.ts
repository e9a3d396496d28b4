import { BufferGeometry, Group, Mesh, MeshBasicMaterial, Points, PointsMaterial } from "three";
import { expect, it, vi } from "vitest";
import type { Exhibit } from "../src/core/exhibit.ts";
import { MaterialOverride } from "../src/tools/material-override.ts";

it("replaces the materials of tiles that come, restores and frees those of tiles that go", () => {
  const body = new Mesh(new BufferGeometry(), new MeshBasicMaterial());
  const tiles = new Group();
  const tile = () => new Points(new BufferGeometry(), new PointsMaterial());
  const [first, second] = [tile(), tile()];
  tiles.add(first);
  const override = new MaterialOverride(
    { body, models: [body, tiles] } as unknown as Exhibit,
    (own) => own.clone(),
    true,
  );
  expect(override.apply()).toBe(true);
  const [own, made] = [first.material, override.made.get([...override.made.keys()][1] as never)];
  expect(own).toBe(made);
  const freed = vi.fn();
  made?.addEventListener("dispose", freed);
  tiles.remove(first);
  tiles.add(second);
  const before = second.material;
  expect(override.apply()).toBe(false); // the same body
  override.follow();
  expect(first.material).not.toBe(made);
  expect(freed).toHaveBeenCalledOnce();
  expect(second.material).not.toBe(before);
  expect([...override.meshes]).toEqual([body, second]);
  override.restore();
  expect(second.material).toBe(before);
});
