import type { Asset, Hall } from "./schema.ts";

/** Which assets a hall names; its own copies of them are derived from that: exhibit/documents/hall.py. */

export function usedAssets(hall: Hall): ReadonlySet<string> {
  const named: (string | undefined)[] = [hall.architecture.asset];
  for (const { asset, variants } of Object.values(hall.placements))
    if (asset !== undefined) named.push(asset, ...(variants ?? []).map((variant) => variant.asset));
  for (const { picture } of Object.values(hall.notes)) named.push(picture);
  for (const { stops } of Object.values(hall.tours ?? {}))
    for (const { narration } of Object.values(stops)) named.push(narration?.zh, narration?.en);
  for (const { sound } of Object.values(hall.zones ?? {})) named.push(sound);
  return new Set(named.filter((id) => id !== undefined));
}

/** The hall with the copies of exactly those assets that it names, as far as they are known. The same hall if it has them. */
export function withUsedAssets(hall: Hall, known: ReadonlyMap<string, Asset>): Hall {
  const assets: Record<string, Asset> = {};
  for (const id of usedAssets(hall)) {
    const asset = known.get(id) ?? hall.assets[id];
    if (asset) assets[id] = asset;
  }
  const ids = Object.keys(assets);
  const same = ids.length === Object.keys(hall.assets).length && ids.every((id) => hall.assets[id] === assets[id]);
  return same ? hall : { ...hall, assets };
}
