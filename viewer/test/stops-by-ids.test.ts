import { expect, it } from "vitest";
import { apply } from "../src/document/changes.ts";
import type { Change, Edit, Hall } from "../src/document/schema.ts";
import { withStopIds } from "../src/studio/stops-by-ids.ts";
import { hallOf, text } from "./halls.ts";

const [wheel, kiln, ship] = ["Wheel", "Kiln", "Ship"].map((words) => ({ caption: text(words) }));
const edit = (...changes: unknown[]): Edit => ({ id: "client-1", name: "change-stop", changes: changes as Change[] });
const stops = (from: unknown[], to: unknown[]) => ({ path: ["tours", "short", "stops"], from, to });
const migrated: Hall = hallOf(
  {},
  {
    tours: {
      short: { title: text("Short"), stops: { stop: wheel, "stop-2": kiln } as never, stop_order: ["stop", "stop-2"] },
    },
    tour_order: ["short"],
  },
);

/** The tour after kept edits, as its captions in their order; the edits fit. */
function after(...edits: Edit[]): string[] | null {
  let hall = migrated;
  for (const { changes } of withStopIds(edits)) {
    const applied = apply(hall, changes);
    expect(applied.conflicts).toEqual([]);
    hall = applied.document;
  }
  const tour = hall.tours?.short;
  return tour ? tour.stop_order.map((id) => tour.stops[id]?.caption.en ?? "") : null;
}

it.each([
  ["a stop more", [edit(stops([wheel, kiln], [wheel, ship, kiln]))], ["Wheel", "Ship", "Kiln"]],
  ["a stop less", [edit(stops([wheel, kiln], [kiln]))], ["Kiln"]],
  ["another order", [edit(stops([wheel, kiln], [kiln, wheel]))], ["Kiln", "Wheel"]],
  ["another caption", [edit(stops([wheel, kiln], [wheel, ship]))], ["Wheel", "Ship"]],
  [
    "one after the other",
    [edit(stops([wheel, kiln], [kiln])), edit(stops([kiln], [kiln, ship])), edit(stops([kiln, ship], [ship, kiln]))],
    ["Ship", "Kiln"],
  ],
  [
    "the whole tour gone",
    [
      edit(
        { path: ["tours", "short"], from: { title: text("Short"), stops: [wheel, kiln] } },
        { order: ["tour_order"], id: "short", from: null },
      ),
    ],
    null,
  ],
])("kept edits of stops in a list fit the halls of today: %s", (_, edits, captions) => {
  expect(after(...edits)).toEqual(captions);
});

it("a new tour comes with ids, and what is none of a list stays as it is", () => {
  const tour = { title: text("New"), stops: [wheel, wheel] };
  const [{ changes }] = withStopIds([edit({ path: ["tours", "new"], to: tour })]) as [Edit];
  expect(changes).toEqual([
    {
      path: ["tours", "new"],
      to: { ...tour, stops: { stop: wheel, "stop-2": wheel }, stop_order: ["stop", "stop-2"] },
    },
  ]);
  const today = edit(
    { path: ["tours", "short", "stops", "stop"], to: ship },
    { path: ["title", "en"], from: "a", to: "b" },
  );
  expect(withStopIds([today])).toEqual([today]);
});
