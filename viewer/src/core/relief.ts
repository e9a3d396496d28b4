import { Texture } from "three";

/** The maps that three ignores in an unlit material: normals and occlusion. */
export interface Relief {
  readonly normalMap: Texture | null;
  readonly normalScale: number;
  readonly aoMap: Texture | null;
  readonly aoStrength: number;
}

interface TextureRef {
  readonly index: number;
  readonly scale?: number;
  readonly strength?: number;
}

interface Gltf {
  readonly materials?: readonly { readonly normalTexture?: TextureRef; readonly occlusionTexture?: TextureRef }[];
  readonly textures?: readonly {
    readonly source?: number;
    readonly extensions?: { readonly EXT_texture_webp?: { readonly source: number } };
  }[];
  readonly images?: readonly { readonly bufferView?: number; readonly mimeType?: string }[];
  readonly bufferViews?: readonly { readonly byteOffset?: number; readonly byteLength: number }[];
}

/** The maps of every material of a binary glTF, by the material's index. Materials without maps are left out. */
export async function reliefOf(glb: ArrayBuffer): Promise<Map<number, Relief>> {
  const { json, binary } = chunksOf(glb);
  const pictures = new Map<number, Promise<Texture | null>>();
  const picture = (ref: TextureRef | undefined) => {
    if (!ref) return null;
    const known = pictures.get(ref.index) ?? textureOf(json, binary, ref.index);
    pictures.set(ref.index, known);
    return known;
  };
  const found = new Map<number, Relief>();
  for (const [number, { normalTexture, occlusionTexture }] of (json.materials ?? []).entries()) {
    if (!normalTexture && !occlusionTexture) continue;
    found.set(number, {
      normalMap: await picture(normalTexture),
      normalScale: normalTexture?.scale ?? 1,
      aoMap: await picture(occlusionTexture),
      aoStrength: occlusionTexture?.strength ?? 1,
    });
  }
  return found;
}

/** A binary glTF's two chunks (glTF 2.0, 4.4). */
function chunksOf(glb: ArrayBuffer): { json: Gltf; binary: Uint8Array<ArrayBuffer> } {
  const length = new DataView(glb).getUint32(12, true);
  const json = JSON.parse(new TextDecoder().decode(new Uint8Array(glb, 20, length))) as Gltf;
  return { json, binary: new Uint8Array(glb, Math.min(20 + length + 8, glb.byteLength)) };
}

async function textureOf(json: Gltf, binary: Uint8Array<ArrayBuffer>, index: number): Promise<Texture | null> {
  const texture = json.textures?.[index];
  const image = json.images?.[texture?.extensions?.EXT_texture_webp?.source ?? texture?.source ?? -1];
  const view = image?.bufferView === undefined ? undefined : json.bufferViews?.[image.bufferView];
  if (!view) return null;
  const from = view.byteOffset ?? 0;
  const blob = new Blob([binary.slice(from, from + view.byteLength)], { type: image?.mimeType ?? "image/webp" });
  // The map holds numbers, not colours: nothing may be converted.
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const made = new Texture(bitmap);
  made.flipY = false;
  made.anisotropy = 8;
  made.needsUpdate = true;
  return made;
}
