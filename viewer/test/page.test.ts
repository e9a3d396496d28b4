// @vitest-environment jsdom
import { beforeEach, expect, it } from "vitest";
import { bytesOf, filesOf } from "../src/page/keep.ts";
import { choose, forget, look } from "../src/page/settings.ts";
import { CALM } from "../src/ui/look.ts";

const root = document.documentElement;

beforeEach(() => {
  localStorage.clear();
  forget(root);
});

it("a choice is shown, remembered and forgotten", () => {
  choose(root, "text", "large");
  choose(root, "hand", "left");
  expect(look(root)).toEqual({ text: "large", hand: "left" });
  expect(JSON.parse(localStorage.getItem("longyao-look") ?? "")).toEqual({ text: "large", hand: "left" });
  choose(root, "text", "");
  expect(root.dataset.text).toBeUndefined();
  forget(root);
  expect(look(root)).toEqual({});
  expect(localStorage.getItem("longyao-look")).toBe("{}");
});

it("the visitor's wish for calm goes before the system's", () => {
  expect(CALM.matches).toBe(false); // nothing is asked for here
  choose(root, "motion", "calm");
  expect(CALM.matches).toBe(true);
  choose(root, "motion", "full");
  expect(CALM.matches).toBe(false);
});

it("a hall's files are counted once each, wherever they are named", () => {
  const file = (sha256: string, bytes: number) => ({ sha256, bytes, mime: "x/y" });
  const hall = {
    assets: {
      a: { files: { thumb: file("t", 1), lods: [file("l", 2), file("m", 4)], captions: { zh: file("z", 8) } } },
      b: { files: { thumb: file("t", 1), video: file("v", 16) } },
    },
  };
  const files = filesOf(hall);
  expect([...files.keys()].sort()).toEqual(["/media/l", "/media/m", "/media/t", "/media/v", "/media/z"]);
  expect(bytesOf(files)).toBe(31);
});
