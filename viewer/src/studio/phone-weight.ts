import { levelsOf } from "../document/levels.ts";
import type { Asset, File, Hall } from "../document/schema.ts";

/** How much a phone loads to show a whole hall. */

/** Some 13 s on slow 4G; Spoke's budget for a scene on a phone. */
export const PHONE_BYTES = 16e6;

interface Weight {
  readonly thing: readonly string[];
  readonly bytes: number;
}

/**
 * The bytes of all that is loaded without being looked at closely: the room, each exhibit's small picture, coarsest model, collider
 * and picture. Films and sounds are streamed when a visitor plays them; finer models come one at a time. What several use counts
 * once. `heaviest`: what has most of it; [] for the room.
 */
export function phoneWeight(hall: Hall): { readonly bytes: number; readonly heaviest: Weight } {
  const seen = new Set<string>();
  const weigh = (files: readonly (File | undefined)[]) => {
    let bytes = 0;
    for (const file of files) {
      if (!file || seen.has(file.sha256)) continue;
      seen.add(file.sha256);
      bytes += file.bytes;
    }
    return bytes;
  };
  const room = hall.assets[hall.architecture.asset];
  const weights: Weight[] = [
    { thing: [], bytes: room ? weigh([...levelsOf(room), room.files.collider]) : 0 },
    ...hall.placement_order.map((id) => {
      const asset = hall.assets[hall.placements[id]?.asset ?? ""];
      return { thing: ["placements", id], bytes: asset ? weigh(firstFiles(asset)) : 0 };
    }),
  ];
  const heaviest = weights.reduce((most, each) => (each.bytes > most.bytes ? each : most));
  return { bytes: weights.reduce((sum, each) => sum + each.bytes, 0), heaviest };
}

function firstFiles(asset: Asset): (File | undefined)[] {
  const { thumb, collider, picture } = asset.files;
  return [thumb, levelsOf(asset)[0], collider, picture];
}
