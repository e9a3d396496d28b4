// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { Guide } from "../src/studio/learn/guide.ts";
import type { KeyValueStore } from "../src/studio/unsaved.ts";
import { h } from "../src/ui/dom.ts";

function memory(): KeyValueStore {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    key: (at) => [...kept.keys()][at] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

function shown(store: KeyValueStore, account = "7") {
  const root = h("div", {}, h("div.st-strips"), h("div.st-inspector"), h("button.st-publish"));
  const guide = new Guide("en", account, store, () => root);
  guide.refresh();
  const done = () => [...guide.element.querySelectorAll("[data-done] strong")].map(({ textContent }) => textContent);
  const next = () => guide.element.querySelector("[aria-current] strong")?.textContent;
  return { root, guide, done, next };
}

describe("The first steps", () => {
  it("are ticked by what the curator does, in any order, and mark what the next one is about", () => {
    const { root, guide, done, next } = shown(memory());
    expect(next()).toBe("Put something in");
    expect(root.querySelector(".st-guided")?.className).toContain("st-strips");
    guide.edited("write-label");
    guide.edited("remove-placement");
    guide.edited(null);
    expect(done()).toEqual(["Write its label"]);
    guide.edited("put-placement");
    expect(next()).toBe("Move and turn it");
    guide.edited("turn-placement");
    guide.did("look");
    expect(root.querySelector(".st-guided")?.className).toContain("st-publish");
    guide.did("publish");
    expect(done()).toHaveLength(5);
    expect(root.querySelector(".st-guided")).toBeNull();
    expect(guide.element.textContent).toContain("All five are done");
  });

  it("are remembered for each account, skipped for good, and called again", () => {
    const store = memory();
    shown(store).guide.edited("put-placement");
    const again = shown(store);
    expect(again.done()).toEqual(["Put something in"]);
    again.guide.element.querySelector("button")?.click();
    expect(again.guide.element.hidden).toBe(true);
    expect(again.root.querySelector(".st-guided")).toBeNull();
    const later = shown(store);
    expect(later.guide.open).toBe(false);
    later.guide.again();
    expect([later.guide.element.hidden, later.done()]).toEqual([false, ["Put something in"]]);
    expect(shown(store, "8").done()).toEqual([]);
  });

  it("begin anew when all are done and they are called again", () => {
    const { guide, done } = shown(memory());
    for (const step of ["put", "move", "write", "look", "publish"] as const) guide.did(step);
    guide.again();
    expect(done()).toEqual([]);
  });

  it("are shown where the browser keeps nothing", () => {
    const none: KeyValueStore = {
      length: 0,
      key: () => null,
      getItem: () => "{broken",
      setItem: () => {
        throw new Error("full");
      },
      removeItem: () => {},
    };
    const { guide, done } = shown(none);
    guide.did("look");
    expect(done()).toEqual(["Look from the entrance"]);
  });
});
