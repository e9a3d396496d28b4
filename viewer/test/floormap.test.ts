// @vitest-environment jsdom
import { describe, expect, it, vi } from "vitest";
import { FloorMap, type MapMark } from "../src/ui/floormap.ts";

vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null); // nothing is drawn here

const EDGE = 16; // px around the floor
const mark = (number: number, x: number, y: number): MapMark => {
  return { kind: "exhibit", x, y, id: `e${number}`, number, title: `Exhibit ${number}` };
};

function floorMap() {
  const asked: unknown[] = [];
  const map = new FloorMap({
    open: (id) => asked.push(id),
    go: (x, y) => asked.push([x, y]),
    close: () => asked.push("close"),
  });
  const base = document.createElement("canvas"); // twice as deep as wide: 116 x 232 px on the page
  base.width = 100;
  base.height = 200;
  map.plan(base, [mark(1, 0.5, 0.25), mark(2, 0.5, 0.25), { ...mark(3, 0.5, 0.75), kind: "panel" }], "en");
  const point = (type: string, x: number, y: number) => {
    const event = new MouseEvent(type, { bubbles: true });
    Object.defineProperties(event, { offsetX: { value: x }, offsetY: { value: y } });
    map.canvas.dispatchEvent(event);
  };
  return { map, asked, point };
}

describe("the floor plan on the page", () => {
  it("leads to the place that is clicked, by shares of the floor", () => {
    const { asked, point } = floorMap();
    point("click", EDGE + 0.25 * 116, EDGE + 0.5 * 232);
    point("click", EDGE + 0.5 * 116, EDGE + 0.75 * 232); // a panel has no number
    expect(asked).toEqual([
      [0.25, 0.5],
      [0.5, 0.75],
    ]);
  });

  it("opens the exhibit whose number is clicked, also where two stand at one place", () => {
    const { map, asked, point } = floorMap();
    const found = new Set<string>();
    for (let x = 0; x <= 148; x += 4) {
      for (let y = 0; y <= 264; y += 4) {
        point("pointermove", x, y);
        found.add(map.canvas.title);
        if (map.canvas.title.startsWith("Exhibit")) point("click", x, y);
      }
    }
    expect([...found].sort()).toEqual(["Exhibit 1", "Exhibit 2", map.canvas.getAttribute("aria-label")]);
    const hits = (id: string) => asked.filter((each) => each === id).length;
    expect(hits("e1") + hits("e2")).toBe(asked.length);
    for (const id of ["e1", "e2"]) expect(hits(id) * 4 * 4).toBeGreaterThan(0.8 * Math.PI * 12 ** 2); // 24 px across
  });
});
