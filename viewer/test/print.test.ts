import { describe, expect, it } from "vitest";
import { clip, firstSentence, wrap } from "../src/core/print.ts";
import { eraText, yearsText } from "../src/document/years.ts";

const wide = (text: string) => [...text].reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0);

describe("printing", () => {
  it("breaks lines between Han characters and Latin words, and begins none with closing punctuation", () => {
    expect(wrap("依山而上的火，依山", 12, wide)).toEqual(["依山而上的", "火，依山"]);
    expect(wrap("fire climbs the hill", 12, wide)).toEqual(["fire climbs", "the hill"]);
    expect(wrap("约1∶20的示意模型", 8, wide).join("")).toBe("约1∶20的示意模型");
  });

  it("ends what does not fit with an ellipsis, without punctuation before it", () => {
    expect(clip(["one", "two"], 2)).toEqual(["one", "two"]);
    expect(clip(["一二三四，", "五六"], 1)).toEqual(["一二三四…"]);
    expect(clip(["一二三四", "五六"], 1)).toEqual(["一二三…"]);
    expect(clip(["a long line,", "more"], 1)).toEqual(["a long line…"]);
    expect(clip(["one"], 0)).toEqual([]);
  });

  it("takes the first sentence, and knows that a point in a number ends none", () => {
    expect(firstSentence("白瓷。象牙白。")).toBe("白瓷。");
    expect(firstSentence("It is 2.5 m long. It is old.")).toBe("It is 2.5 m long.");
    expect(firstSentence("No end\nnext")).toBe("No end");
  });
});

describe("years", () => {
  it.each([
    [960, undefined, false, "960年", "960"],
    [960, 1279, false, "960–1279年", "960–1279"],
    [-221, -206, false, "前221–前206年", "221–206 BC"],
    [-202, 220, false, "前202–220年", "202 BC – AD 220"],
    [1600, undefined, true, "约1600年", "c. 1600"],
    [1915, 1915, false, "1915年", "1915"],
  ] as const)("%s to %s (circa: %s) are read as %s and %s", (from, to, circa, zh, en) => {
    expect([yearsText(from, to, "zh", circa), yearsText(from, to, "en", circa)]).toEqual([zh, en]);
  });

  it("of an open era say where it is open", () => {
    expect([
      eraText(1949, undefined, "zh"),
      eraText(undefined, 1911, "en"),
      eraText(undefined, undefined, "en"),
    ]).toEqual(["1949年起", "until 1911", ""]);
  });
});
