import type { Asset, Quaternion, Vec3 } from "../document/schema.ts";

/** An asset of the library; null: a text panel. */
export type LibraryItem = { readonly id: string; readonly asset: Asset } | null;
/** Where something would be put. */
export interface Spot {
  readonly translation: Vec3;
  readonly rotation: Quaternion;
}

/** Whether it hangs on walls. */
export function isHung(item: LibraryItem): boolean {
  return item === null || ["picture", "video", "audio"].includes(item.asset.kind);
}

/** All that an asset is found by: its title in both languages, its tags, its id. */
export function wordsOf({ id, asset }: NonNullable<LibraryItem>): string {
  return [asset.title.zh, asset.title.en, ...(asset.tags ?? []), id].join(" ");
}

/** Whether it is of a sort: "kind:picture", "tag:Song"; empty: of any. */
export function isOfSort(item: LibraryItem, sort: string): boolean {
  if (sort === "" || item === null) return sort === "";
  return sort === `kind:${item.asset.kind}` || (item.asset.tags ?? []).some((tag) => sort === `tag:${tag}`);
}
