import { expect, it } from "vitest";
import { hashOf, placeOf, same, WALK } from "../src/place.ts";

it.each(["#walk", "#exhibit=jar-2", "#note=0-glaze"])("%s names a place and is named by it", (hash) => {
  const place = placeOf(hash);
  expect(place && hashOf(place)).toBe(hash);
});

it.each([
  "",
  "#",
  "#top",
  "#exhibit=",
  "#exhibit=A",
  "#note=a b",
  "#note=<script>",
  "#walkabout",
  `#note=${"a".repeat(65)}`,
])("%j names none", (hash) => {
  expect(placeOf(hash)).toBeNull();
});

it("places are one if kind and id are", () => {
  expect(same(WALK, { kind: "walk" })).toBe(true);
  expect(same({ kind: "note", id: "a" }, { kind: "note", id: "a" })).toBe(true);
  expect(same({ kind: "note", id: "a" }, { kind: "exhibit", id: "a" })).toBe(false);
  expect(same({ kind: "exhibit", id: "a" }, { kind: "exhibit", id: null })).toBe(false);
});
