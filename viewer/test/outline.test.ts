// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from "vitest";
import { reorder } from "../src/document/commands/order.ts";
import { duplicatePlacements, movePlacements, removePlacements } from "../src/document/commands/placements.ts";
import { writeText } from "../src/document/commands/texts.ts";
import type { Hall } from "../src/document/schema.ts";
import { Outline } from "../src/studio/outline.ts";
import { Selection } from "../src/studio/selection.ts";
import { arrangeChildren } from "../src/ui/dom.ts";
import { completeJsdom } from "./browser.ts";
import { openEditing } from "./editing.ts";
import { hallOf, model, placed, text } from "./halls.ts";

beforeEach(completeJsdom);

/** 300 pots, every third with a note, and a note on the hall. */
function largeHall(): Hall {
  const ids = Array.from({ length: 300 }, (_, i) => `pot-${i}`);
  const pot = (id: string, i: number) => placed("object", [i, 0, 0], { asset: "pot", title: text(id) });
  const note = (id: string) => ({
    title: text(`on ${id}`),
    body: text(""),
    anchor: [0, 1, 0] as [number, number, number],
  });
  const notes = Object.fromEntries(
    ids.filter((_, i) => i % 3 === 0).map((id) => [`note-${id}`, { ...note(id), placement: id }]),
  );
  return hallOf(Object.fromEntries(ids.map((id, i) => [id, pot(id, i)])), {
    assets: { room: model(10, 4, 20), pot: model(0.3, 0.6) },
    notes: { ...notes, whole: note("the hall") },
    note_order: [...Object.keys(notes), "whole"],
  });
}

/** A list whose every change is counted. */
async function counted() {
  const { session } = await openEditing(largeHall());
  const outline = new Outline({ session, selection: new Selection(), lang: "en", root: "/" }, { fit: () => {} });
  document.body.replaceChildren(outline.element);
  outline.refresh();
  const seen = new MutationObserver(() => {});
  const list = outline.element.querySelector(".st-list") as HTMLElement;
  seen.observe(list, { childList: true, subtree: true, attributes: true, characterData: true });
  return {
    session,
    list,
    /** What of the list is touched by an edit: rows that come, go or move, and other changes. */
    touched(next: (hall: Hall) => Hall) {
      session.edit("move-placement", next(session.document));
      outline.refresh();
      const records = seen.takeRecords();
      const rows = records.filter(({ target }) => target === list);
      const inside = records.filter(({ target }) => target !== list);
      return {
        come: rows.reduce((sum, { addedNodes }) => sum + addedNodes.length, 0),
        gone: rows.reduce((sum, { removedNodes }) => sum + removedNodes.length, 0),
        numbers: inside.filter(({ target }) => (target as Element).className === "st-order").length,
        other: inside.filter(({ target }) => (target as Element).className !== "st-order").length,
      };
    },
  };
}

const listed = (list: Element) => [...list.querySelectorAll<HTMLElement>(".st-row")].map(({ dataset }) => dataset.id);

describe("the list of a hall with 300 exhibits", () => {
  it("costs an edit what the edit changes, not what the hall has", async () => {
    const { touched } = await counted();
    expect(touched((hall) => movePlacements(hall, ["pot-7"], [1, 0, 0]))).toEqual({
      come: 0,
      gone: 0,
      numbers: 0,
      other: 0,
    });
    const written = touched((hall) => writeText(hall, ["placements", "pot-7", "title"], "en", "A jar"));
    expect(written).toEqual({ come: 1, gone: 1, numbers: 0, other: 0 });
    const doubled = touched((hall) => duplicatePlacements(hall, ["pot-290"]).hall);
    expect(doubled).toEqual({ come: 1, gone: 0, numbers: 9, other: 0 }); // those that follow have another number
    const removed = touched((hall) => removePlacements(hall, ["pot-297"], true)); // with its note
    expect(removed).toEqual({ come: 0, gone: 2, numbers: 2, other: 0 });
  });

  it("moves one row for an exhibit that moves in the order", async () => {
    const { touched, list } = await counted();
    for (const [id, to] of [
      ["pot-1", 298],
      ["pot-298", 1],
    ] as const) {
      const { come, gone, other } = touched((hall) => reorder(hall, "placement_order", [id], to));
      expect([come, gone, other]).toEqual([1, 1, 0]);
    }
    expect(
      listed(list)
        .filter((id) => id?.startsWith("pot"))
        .slice(0, 3),
    ).toEqual(["pot-0", "pot-298", "pot-2"]);
  });
});

describe("children that are arranged", () => {
  it.each([
    ["abc", "abc", 0],
    ["abc", "bca", 1],
    ["abc", "cab", 1],
    ["abc", "axbc", 1],
    ["abcd", "db", 1],
    ["", "ab", 2],
    ["abcde", "edcba", 4],
  ])("%s become %s with %d put in", (before, after, most) => {
    const parent = document.createElement("div");
    const made = new Map([..."abcdex"].map((id) => [id, Object.assign(document.createElement("p"), { id })]));
    const of = (ids: string) => [...ids].map((id) => made.get(id) as HTMLElement);
    parent.append(...of(before));
    const seen = new MutationObserver(() => {});
    seen.observe(parent, { childList: true });
    arrangeChildren(parent, of(after));
    expect([...parent.children].map(({ id }) => id).join("")).toBe(after);
    const put = seen.takeRecords().reduce((sum, { addedNodes }) => sum + addedNodes.length, 0);
    expect(put).toBeLessThanOrEqual(most);
  });
});
