import { expect, it } from "vitest";
import { hashOf, placeOf, same, WALK } from "../src/navigation/place.ts";

it.each([
  "#walk",
  "#exhibit=jar-2",
  "#note=0-glaze",
  "#tour=short",
  "#tour=short&stop=12",
  "#view=-1.25,1.6,4.5,0,1.2,-200.01",
])("%s names a place and is named by it", (hash) => {
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
  "#tour=short&stop=0",
  "#tour=short&stop=-1",
  "#exhibit=jar&stop=2",
  "#view=",
  "#view=0,0,0",
  "#view=1,2,3,1,2,3",
  "#view=1,2,3,4,5,6,7",
  "#view=1e9,0,0,0,0,0",
  "#view=99999,0,0,0,0,0",
  "#view=NaN,0,0,0,0,0",
  `#note=${"a".repeat(65)}`,
])("%j names none", (hash) => {
  expect(placeOf(hash)).toBeNull();
});

it("a tour's stops count from one in the address", () => {
  expect(placeOf("#tour=short")).toEqual({ kind: "tour", id: "short", stop: 0 });
  expect(placeOf("#tour=short&stop=1")).toEqual({ kind: "tour", id: "short", stop: 0 });
  expect(placeOf("#tour=short&stop=3")).toEqual({ kind: "tour", id: "short", stop: 2 });
});

it("places are one if kind and id are", () => {
  expect(same(WALK, { kind: "walk" })).toBe(true);
  expect(same({ kind: "note", id: "a" }, { kind: "note", id: "a" })).toBe(true);
  expect(same({ kind: "note", id: "a" }, { kind: "exhibit", id: "a" })).toBe(false);
  expect(same({ kind: "tour", id: "a", stop: 0 }, { kind: "tour", id: "a", stop: 0 })).toBe(true);
  expect(same({ kind: "tour", id: "a", stop: 0 }, { kind: "tour", id: "a", stop: 1 })).toBe(false);
  expect(same({ kind: "exhibit", id: "a" }, { kind: "exhibit", id: null })).toBe(false);
});

it("a view is told to the centimetre", () => {
  const eye = [1.23456, -0.001, 7] as const;
  expect(hashOf({ kind: "view", eye, target: [0, 1.6, -2.999] })).toBe("#view=1.23,0,7,0,1.6,-3");
});
