import { describe, expect, it } from "vitest";
import { evictions, wantedLevel } from "../src/core/lod.ts";
import { levelsOf } from "../src/document/levels.ts";
import type { Asset, File } from "../src/document/schema.ts";

const file = (sha256: string) => ({ sha256, bytes: 1, mime: "model/gltf-binary" }) as File;

describe("levels", () => {
  it("run from the coarsest to the model itself", () => {
    const files = { thumb: file("t"), model: file("m"), lods: [file("l1"), file("l2")] };
    expect(levelsOf({ files } as Asset).map((level) => level.sha256)).toEqual(["l2", "l1", "m"]);
    expect(levelsOf({ files: { thumb: file("t") } } as Asset)).toEqual([]);
    const compact = levelsOf({ files: { ...files, ktx2: file("k") } } as Asset);
    expect(compact.map((level) => level.sha256)).toEqual(["l2", "l1", "k"]);
  });

  it.each([1, 2, 3, 4, 6])("of %i: the larger on the screen, the finer", (count) => {
    let last = 0;
    for (let share = 0; share <= 1; share += 0.01) {
      const wanted = wantedLevel(share, count, 0);
      expect(wanted).toBeGreaterThanOrEqual(last);
      last = wanted;
    }
    expect(wantedLevel(0, count, 0)).toBe(0);
    expect(last).toBe(count - 1);
  });

  it("do not flicker at their borders", () => {
    const up = wantedLevel(0.45, 3, 1);
    expect(up).toBe(2);
    expect(wantedLevel(0.4, 3, up)).toBe(2);
    expect(wantedLevel(0.2, 3, up)).toBe(1);
  });
});

describe("memory", () => {
  const held = (name: string, bytes: number, lastWanted: number, needed = false) => ({
    name,
    bytes,
    lastWanted,
    needed,
  });

  it("lets go of what was not wanted for longest, and of no more than it has to", () => {
    const all = [held("new", 50, 9), held("shown", 80, 1, true), held("old", 40, 2), held("older", 30, 1)];
    expect(evictions(all, 200).map((level) => level.name)).toEqual([]);
    expect(evictions(all, 180).map((level) => level.name)).toEqual(["older"]);
    expect(evictions(all, 140).map((level) => level.name)).toEqual(["older", "old"]);
    expect(evictions(all, 0).map((level) => level.name)).toEqual(["older", "old", "new"]);
  });
});
