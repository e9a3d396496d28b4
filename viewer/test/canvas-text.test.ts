import { describe, expect, it } from "vitest";
import { firstSentence, truncateLines, wrapLines } from "../src/core/canvas-text.ts";

const wide = (text: string) => [...text].reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0);

describe("printing", () => {
  it("breaks lines between Han characters and Latin words, and begins none with closing punctuation", () => {
    expect(wrapLines("依山而上的火，依山", 12, wide)).toEqual(["依山而上的", "火，依山"]);
    expect(wrapLines("fire climbs the hill", 12, wide)).toEqual(["fire climbs", "the hill"]);
    expect(wrapLines("约1∶20的示意模型", 8, wide).join("")).toBe("约1∶20的示意模型");
  });

  it("ends what does not fit with an ellipsis, without punctuation before it", () => {
    expect(truncateLines(["one", "two"], 2)).toEqual(["one", "two"]);
    expect(truncateLines(["一二三四，", "五六"], 1)).toEqual(["一二三四…"]);
    expect(truncateLines(["一二三四", "五六"], 1)).toEqual(["一二三…"]);
    expect(truncateLines(["a long line,", "more"], 1)).toEqual(["a long line…"]);
    expect(truncateLines(["one"], 0)).toEqual([]);
  });

  it("takes the first sentence, and knows that a point in a number ends none", () => {
    expect(firstSentence("白瓷。象牙白。")).toBe("白瓷。");
    expect(firstSentence("It is 2.5 m long. It is old.")).toBe("It is 2.5 m long.");
    expect(firstSentence("No end\nnext")).toBe("No end");
  });
});
