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
