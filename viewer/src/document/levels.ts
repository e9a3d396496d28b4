import type { Asset, File } from "./schema.ts";

/** The models of an asset, coarsest first. The finest one is the file whose texture stays compressed on the GPU, if there is one. */
export function levelsOf(asset: Asset): File[] {
  const { model, ktx2, lods = [] } = asset.files;
  const finest = ktx2 ?? model;
  return [...(finest ? [finest] : []), ...lods].reverse();
}
