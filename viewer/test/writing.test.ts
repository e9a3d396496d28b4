import { expect, it } from "vitest";
import { written } from "../src/document/paths.ts";
import type { Hall } from "../src/document/schema.ts";
import { writtenIn } from "../src/studio/language-meter.ts";
import { lengthOf, mostOf } from "../src/studio/text-length.ts";
import { hallOf, placed, text } from "./halls.ts";

const hall = (): Hall =>
  hallOf(
    { vase: placed("object", [0, 0, 0], { label: text("A label") }), board: placed("panel", [0, 1.5, 0], {}) },
    { title: text("Hall"), summary: { zh: "简介", en: "" } },
  );

it("what a hall says is counted in each language; what says nothing in either is no text", () => {
  const own = writtenIn(hall());
  expect(own.zh).toBe(own.all);
  expect(own.en).toBe(own.all - 1);
  const more = written(hall(), ["notes"], { rim: { title: text("Rim"), body: { zh: "<p> </p>", en: "<p>x</p>" } } });
  expect(writtenIn(more)).toEqual({ all: own.all + 2, zh: own.zh + 1, en: own.en + 2 });
  expect(writtenIn(written(hall(), ["credit"], text(" ")))).toEqual(own);
});

it("Chinese is measured in characters, English in words, without markup", () => {
  expect(lengthOf("<p>火从 低处</p><p>点起</p>", "zh")).toBe(6);
  expect(lengthOf("<p>Fire was lit</p><p>at the <em>foot</em></p>", "en")).toBe(6);
  expect(lengthOf("", "en")).toBe(0);
});

it("a panel may say more than a label", () => {
  const [label, panel] = ["vase", "board"].map((id) => mostOf(hall(), ["placements", id, "label"]));
  expect(label?.en).toBeLessThan(panel?.en ?? 0);
  expect(mostOf(hall(), ["credit"])).toBeNull();
});
