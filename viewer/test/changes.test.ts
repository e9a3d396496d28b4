import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { apply, canonical, difference, equal, invert, normal } from "../src/document/changes.ts";
import type { Change, Conflict, Hall } from "../src/document/schema.ts";
import { combined } from "../src/studio/undo.ts";
import { randomEdit, storyHall } from "./random-commands.ts";
import { Randomness } from "./randomness.ts";
import { brokenRule } from "./studio-server.ts";

/** Changes between documents, by the cases that the server keeps too (tests/exhibit/test_changes.py). */

interface Cases {
  readonly canonical: readonly { readonly value: unknown; readonly text: string }[];
  readonly differences: readonly {
    readonly about: string;
    readonly before: Hall;
    readonly next: Hall;
    readonly changes: Change[];
    readonly inverse: Change[];
  }[];
  readonly applied: readonly {
    readonly about: string;
    readonly document: Hall;
    readonly changes: Change[];
    readonly next?: Hall;
    readonly conflicts?: Conflict[];
  }[];
}

const CASES = JSON.parse(
  readFileSync(new URL("../../assets/schema/cases/edits.json", import.meta.url), "utf8"),
) as Cases;

/** The canonical text of a document without assets, which are never part of an edit. */
const text = (hall: Hall) => canonical({ ...normal(hall), assets: {} });

describe("canonical texts", () => {
  it.each(CASES.canonical)("of $text", ({ value, text }) => {
    expect(canonical(value)).toBe(text);
  });

  it("are equal where the values are", () => {
    expect(equal({ a: [0, { b: -0 }] }, { a: [-0, { b: 0 }] })).toBe(true);
    expect(equal({ a: 1 }, { a: 1, b: undefined })).toBe(false);
    expect(equal([1], { 0: 1 })).toBe(false);
  });
});

describe("differences", () => {
  it.each(CASES.differences)("$about", ({ before, next, changes, inverse }) => {
    const kept = canonical([before, next]);
    const found = difference(before, next);
    expect(canonical(found)).toBe(canonical(changes));
    expect(canonical(invert(found))).toBe(canonical(inverse));
    const there = apply(before, found);
    expect([text(there.document), there.conflicts]).toEqual([text(next), []]);
    const back = apply(there.document, inverse);
    expect([text(back.document), back.conflicts]).toEqual([text(before), []]);
    expect(canonical([before, next])).toBe(kept);
  });
});

describe("changes", () => {
  it.each(CASES.applied)("$about", ({ document, changes, next, conflicts = [] }) => {
    const applied = apply(document, changes);
    expect(canonical(applied.conflicts)).toBe(canonical(conflicts));
    if (conflicts.length > 0) expect(applied.document).toBe(document);
    else expect(text(applied.document)).toBe(text(next as Hall));
  });
});

const SEEDS = [...Array(6).keys()];

describe("random edits", () => {
  it.each(SEEDS)("are found, applied, and undone byte for byte (seed %d)", (seed) => {
    const random = new Randomness(seed);
    const first = storyHall();
    const done: Change[][] = [];
    let hall = first;
    for (let i = 0; i < 60; i++) {
      const { name, next } = randomEdit(random, hall, "ab");
      const changes = difference(hall, next);
      const applied = apply(hall, changes);
      expect([name, text(applied.document), applied.conflicts]).toEqual([name, text(next), []]);
      expect([name, brokenRule(applied.document)]).toEqual([name, ""]);
      expect(difference(applied.document, next)).toEqual([]);
      done.push(changes);
      hall = applied.document;
    }
    const all = apply(first, done.reduce<Change[]>(combined, []));
    expect([text(all.document), all.conflicts]).toEqual([text(hall), []]);
    for (const changes of done.reverse()) hall = apply(hall, invert(changes)).document;
    expect(text(hall)).toBe(text(first));
  });

  it.each(SEEDS)("of different places commute (seed %d)", (seed) => {
    const random = new Randomness(seed);
    const first = storyHall();
    const place = (change: Change) => ("order" in change ? change.order : change.path);
    const meet = (a: Change, b: Change) => {
      const [x, y] = [place(a), place(b)];
      return (
        x.slice(0, y.length).every((key, i) => key === y[i]) || y.slice(0, x.length).every((key, i) => key === x[i])
      );
    };
    let tried = 0;
    for (let i = 0; i < 60; i++) {
      const [mine, theirs] = [0, 1].map(() => difference(first, randomEdit(random, first, "ab").next)) as [
        Change[],
        Change[],
      ];
      if (mine.some((a) => theirs.some((b) => meet(a, b)))) continue;
      tried += 1;
      const both = (a: Change[], b: Change[]) => apply(apply(first, a).document, b);
      expect(both(mine, theirs).conflicts).toEqual([]);
      expect(text(both(mine, theirs).document)).toBe(text(both(theirs, mine).document));
    }
    expect(tried).toBeGreaterThan(10);
  });
});
