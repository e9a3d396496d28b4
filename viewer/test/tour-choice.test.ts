import { describe, expect, it } from "vitest";
import { addStop, addTour, changeStop, moveStop, removeStop, removeThing } from "../src/document/commands/story.ts";
import type { Hall } from "../src/document/schema.ts";
import { TourChoice } from "../src/studio/direct/tour-choice.ts";
import { hallOf, text } from "./halls.ts";

const said = (hall: Hall, choice: TourChoice) =>
  hall.tours?.[choice.tour ?? ""]?.stops[choice.stop ?? ""]?.caption.en ?? null;

function toured() {
  const one = addTour(hallOf({}), text("Round"), { caption: text("First") });
  const hall = ["Second", "Third"].reduce(
    (next, words) => addStop(next, one.id, { caption: text(words) }).hall,
    one.hall,
  );
  const choice = new TourChoice(hall);
  choice.choose(one.id, "stop-2");
  return { hall, id: one.id, choice };
}

describe("the chosen stop of a tour", () => {
  it("stays chosen where stops are moved, added and removed around it", () => {
    const { hall, id, choice } = toured();
    let next = hall;
    for (const change of [
      (now: Hall) => moveStop(now, id, "stop-2", 2),
      (now: Hall) => addStop(now, id, { caption: text("Before") }, 0).hall,
      (now: Hall) => removeStop(now, id, "stop"),
    ]) {
      next = change(next);
      choice.follow(next, false);
      expect(said(next, choice)).toBe("Second");
    }
  });

  it("stays in its place while its own words change, and gives way to its neighbour where it is removed", () => {
    const { hall, id, choice } = toured();
    const written = changeStop(hall, id, "stop-2", { caption: text("Rewritten") });
    choice.follow(written, false);
    expect(said(written, choice)).toBe("Rewritten");
    const removed = removeStop(removeStop(written, id, "stop-3"), id, "stop-2");
    choice.follow(removed, false);
    expect(said(removed, choice)).toBe("First");
  });

  it("goes with its tour; while one is recorded, no other takes its place", () => {
    const { hall, id, choice } = toured();
    const two = addTour(hall, text("Other"));
    choice.follow(two.hall, false);
    const gone = removeThing(two.hall, "tours", id);
    choice.follow(gone, false);
    expect([choice.tour, choice.stop]).toEqual([two.id, null]);
    choice.choose(null);
    choice.follow(gone, true);
    expect(choice.tour).toBeNull();
  });
});
