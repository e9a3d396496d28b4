import { describe, expect, it } from "vitest";
import { clip, firstSentence, wrap } from "../src/core/print.ts";

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
