import { expect, it } from "vitest";
import { isOfSort, type LibraryItem, wordsOf } from "../src/studio/library-item.ts";
import { model, text } from "./halls.ts";

const vase = { id: "meiping", asset: { ...model(0.3, 0.6), title: text("A vase", "梅瓶"), tags: ["Song", "白瓷"] } };

it("an asset is found by its titles, its tags and its id", () => {
  for (const word of ["A vase", "梅瓶", "Song", "白瓷", "meiping"]) expect(wordsOf(vase)).toContain(word);
});

it("an asset is of its kind and of its tags; a text panel is of no sort", () => {
  const sorts = ["", "kind:model", "kind:picture", "tag:Song", "tag:So", "tag:model"];
  const of = (item: LibraryItem) => sorts.filter((sort) => isOfSort(item, sort));
  expect(of(vase)).toEqual(["", "kind:model", "tag:Song"]);
  expect(of(null)).toEqual([""]);
});
