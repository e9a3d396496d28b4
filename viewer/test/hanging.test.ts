import { describe, expect, it } from "vitest";
import { hangRow, rowOf, rowWidth } from "../src/document/commands/hang.ts";
import { HUNG_M } from "../src/document/extent.ts";
import { boardsOn, evenPositions, hungAt, neighbours, wallOf } from "../src/document/hanging.ts";
import { quaternionOfTurn, rotated, turnOf } from "../src/document/rotation.ts";
import type { Hall, Placement, Vec3 } from "../src/document/schema.ts";
import { hallOf, placed } from "./halls.ts";

const TURNS = [0, 90, 180, -37.5];

/** A wall that faces `turn`, 5 m from the origin, with boards of these widths (0.75 as high) whose middles are at these places. */
function wallWith(
  turn: number,
  boards: Readonly<Record<string, readonly [width: number, along: number, y: number]>>,
): Hall {
  const placements: Record<string, Placement> = {};
  for (const [id, [width_m, along, y]] of Object.entries(boards)) {
    const at = rotated([along, y, -5 + HUNG_M], quaternionOfTurn(turn));
    placements[id] = placed("panel", at as Vec3, { width_m, rotation: quaternionOfTurn(turn) });
  }
  return hallOf(placements);
}
const wall = (hall: Hall, id = "a") => {
  const found = wallOf(hall.placements[id] as Placement);
  if (!found) throw new Error(`${id} hangs on no wall`);
  return found;
};
const of = (hall: Hall, id: string) => hungAt(id, hall.placements[id] as Placement, wall(hall), hall.assets);

describe.each(TURNS)("boards on a wall that faces %d°", (turn) => {
  const hall = wallWith(turn, { a: [1, -2, 1.5], b: [0.6, 0, 1.6], c: [0.8, 3, 1.4], low: [0.4, 1, 0.3] });

  it("are found from left to right, and no others", () => {
    const more = {
      ...hall.placements,
      vase: placed("object", [0, 0, 0]),
      back: placed("panel", [0, 1.5, 9], { width_m: 1 }),
    };
    expect(boardsOn({ ...hall, placements: more }, wall(hall)).map(({ id }) => id)).toEqual(["a", "b", "low", "c"]);
  });

  it("have their neighbours at their own height", () => {
    const { left, right } = neighbours(of(hall, "b"), boardsOn(hall, wall(hall), ["b"]));
    expect([left?.id, right?.id]).toEqual(["a", "c"]);
    expect(of(hall, "b").left - (left?.right ?? 0)).toBeCloseTo(1.2, 9);
  });

  it("tell where gaps would be equal", () => {
    const others = boardsOn(hall, wall(hall), ["low"]);
    const middles = evenPositions(0.5, others).sort((a, b) => a - b);
    // between a and b, b and c; before a and after b by their gap of 1.2; before b and after c by theirs of 2.3
    const expected = [
      (-1.5 - 0.3) / 2,
      (0.3 + 2.6) / 2,
      -2.5 - 1.2 - 0.25,
      0.3 + 1.2 + 0.25,
      -0.3 - 2.3 - 0.25,
      3.4 + 2.3 + 0.25,
    ];
    expect(middles).toHaveLength(6);
    for (const [i, value] of expected.sort((a, b) => a - b).entries()) expect(middles[i]).toBeCloseTo(value, 6);
  });

  it.each(["centre", "top", "bottom"] as const)("hang in a row by their %s line, with equal gaps", (line) => {
    const ids = ["c", "a", "b"];
    const before = rowOf(hall, ids);
    const next = hangRow(hall, ids, { line, height_m: 1.45, gap_m: 0.25 });
    const row = rowOf(next, ids);
    if (!row || !before) throw new Error("no row");
    expect(row.boards.map(({ id }) => id)).toEqual(["a", "b", "c"]);
    for (const [i, board] of row.boards.entries()) {
      const height = { centre: (board.bottom + board.top) / 2, top: board.top, bottom: board.bottom }[line];
      expect(height).toBeCloseTo(1.45, 4);
      const after = row.boards[i + 1];
      if (after) expect(after.left - board.right).toBeCloseTo(0.25, 3);
      expect(wall(next, board.id).distance).toBeCloseTo(-5 + HUNG_M, 3);
    }
    expect(rowWidth(row.boards).width_m).toBeCloseTo(1 + 0.6 + 0.8 + 0.5, 3);
    const middle = (boards: typeof row.boards) => ((boards[0]?.left ?? 0) + (boards.at(-1)?.right ?? 0)) / 2;
    expect(middle(row.boards)).toBeCloseTo(middle(before.boards), 3);
  });
});

describe("a row", () => {
  it("brings boards of other walls to the wall of the last one", () => {
    const hall = wallWith(0, { a: [1, -2, 1.5], b: [0.6, 0, 1.6] });
    const other = placed("panel", [5, 1.5, 0], { width_m: 1, rotation: quaternionOfTurn(-90) });
    const next = hangRow({ ...hall, placements: { ...hall.placements, other } }, ["other", "a", "b"], {
      line: "centre",
      height_m: 1.5,
      gap_m: 0.3,
    });
    expect(turnOf((next.placements.other as Placement).rotation)).toBeCloseTo(0, 6);
    expect(next.placements.other?.translation[2]).toBeCloseTo(-5 + HUNG_M, 3);
  });

  it("is made of two boards at least; what stands is left alone", () => {
    const hall = wallWith(0, { a: [1, -2, 1.5] });
    const vase = placed("object", [0, 0, 0]);
    const both = { ...hall, placements: { ...hall.placements, vase } };
    expect(hangRow(both, ["a", "vase"], { line: "top", height_m: 1, gap_m: 0 })).toBe(both);
    expect(rowOf(both, ["vase"])).toBeNull();
  });
});
