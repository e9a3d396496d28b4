import { BufferGeometry, Group, Mesh, MeshBasicMaterial, MeshStandardMaterial, Texture } from "three";
import { describe, expect, it } from "vitest";
import { Lighting, prepare } from "../src/core/light.ts";

function surface(look: Partial<MeshStandardMaterial>): Mesh {
  const material = new MeshStandardMaterial({ roughness: 0.9, metalness: 0, aoMap: new Texture(), map: new Texture() });
  Object.assign(material, look, { userData: { lightmap: { scale: 2 } } });
  return new Mesh(new BufferGeometry(), material);
}

const baked = (mesh: Mesh) => mesh.material as MeshBasicMaterial | MeshStandardMaterial;

describe("a room with baked light", () => {
  const leaves = surface({ alphaTest: 0.4, side: 2, vertexColors: true });
  const polished = surface({ roughness: 0.5 });
  const relief = surface({ normalMap: new Texture() });
  const room = new Group().add(leaves, polished, relief);
  prepare(room);

  it("needs no lamps where it is matte, and is cut out and seen from both sides as before", () => {
    const { alphaTest, side, vertexColors, toneMapped, lightMapIntensity } = baked(leaves);
    expect(baked(leaves)).toBeInstanceOf(MeshBasicMaterial);
    expect({ alphaTest, side, vertexColors, toneMapped }).toEqual({
      alphaTest: 0.4,
      side: 2,
      vertexColors: true,
      toneMapped: true,
    });
    expect(lightMapIntensity).toBeCloseTo(2 * Math.PI, 12);
    for (const mesh of [polished, relief]) expect(baked(mesh)).toBeInstanceOf(MeshStandardMaterial);
  });

  it("dims all its surfaces alike", () => {
    const lighting = new Lighting();
    lighting.set({ ambient: 1 });
    lighting.follow(room);
    lighting.goal = 0.5;
    lighting.update(0, true);
    for (const mesh of [leaves, polished, relief]) expect(baked(mesh).lightMapIntensity).toBeCloseTo(Math.PI, 12);
    expect((baked(leaves) as MeshBasicMaterial).color.getHex()).toBe(0xffffff);
  });

  it("is the same when it is prepared again", () => {
    prepare(room);
    expect(baked(leaves).toneMapped).toBe(true);
    expect(baked(leaves).lightMapIntensity).toBeCloseTo(Math.PI, 12);
  });
});
