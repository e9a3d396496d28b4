// @vitest-environment jsdom
import { beforeEach, expect, it } from "vitest";
import { bytesOf, filesOf } from "../src/page/offline-store.ts";
import { applySetting, readSettings, resetSettings } from "../src/page/settings-dialog.ts";
import { REDUCED_MOTION } from "../src/ui/settings.ts";

const root = document.documentElement;

beforeEach(() => {
  localStorage.clear();
  resetSettings(root);
});

it("a choice is shown, remembered and forgotten", () => {
  applySetting(root, "text", "large");
  applySetting(root, "hand", "left");
  expect(readSettings(root)).toEqual({ text: "large", hand: "left" });
  expect(JSON.parse(localStorage.getItem("longyao-look") ?? "")).toEqual({ text: "large", hand: "left" });
  applySetting(root, "text", "");
  expect(root.dataset.text).toBeUndefined();
  resetSettings(root);
  expect(readSettings(root)).toEqual({});
  expect(localStorage.getItem("longyao-look")).toBe("{}");
});

it("the visitor's wish for calm goes before the system's", () => {
  expect(REDUCED_MOTION.matches).toBe(false); // nothing is asked for here
  applySetting(root, "motion", "calm");
  expect(REDUCED_MOTION.matches).toBe(true);
  applySetting(root, "motion", "full");
  expect(REDUCED_MOTION.matches).toBe(false);
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
