// @vitest-environment jsdom
import { expect, it } from "vitest";
import { Signal } from "../src/core/signal.ts";
import type { Change, PresentEditor } from "../src/document/schema.ts";
import type { Studio } from "../src/studio/context.ts";
import { SoftLocks } from "../src/studio/people/soft-locks.ts";
import { hallOf, placed } from "./halls.ts";

const HALL = hallOf({ vase: placed("object", [0, 0, 0], { title: { zh: "花瓶", en: "Vase" } }) });
const move = { path: ["placements", "vase", "translation"], from: [0, 0, 0], to: [1, 0, 0] };
const rename = { path: ["title", "en"], from: "A hall", to: "Kiln" };

function opened(lang: "zh" | "en") {
  const session = {
    document: HALL,
    present: [] as PresentEditor[],
    edited: new Signal<readonly Change[]>(),
    presentChanged: new Signal<readonly PresentEditor[]>(),
  };
  const locks = new SoftLocks({ session, lang } as unknown as Studio);
  const others = (...chosen: (string[] | null)[]) => {
    session.present = chosen.map((path, i) => ({ client: String(i), name: "林老师", ...(path && { chosen: path }) }));
    session.presentChanged.emit(session.present);
  };
  const said = () => locks.element.querySelector("[role=status]")?.textContent;
  return { edit: (change: Change) => session.edited.emit([change]), others, said, locks };
}

it("says at once, and once, who works on what one edits", () => {
  const { edit, others, said, locks } = opened("zh");
  others(["placements", "vase"]);
  edit(rename);
  expect(said()).toBe("");
  edit(move);
  expect(said()).toBe("林老师正在编辑展品“花瓶”。您可以继续；如果改到同一处，会请您选择保留谁的。");
  locks.element.querySelector("button")?.click();
  edit(move);
  expect(said()).toBe("");
});

it("is over when the other one leaves, and begins anew when they come back", () => {
  const { edit, others, said } = opened("en");
  others(["placements", "vase"], null);
  edit(move);
  expect(said()).toContain("Exhibit “Vase”");
  others(null);
  expect(said()).toBe("");
  edit(move);
  expect(said()).toBe("");
  others(["placements", "vase"]);
  edit(move);
  expect(said()).toContain("Exhibit “Vase”");
});
