// @vitest-environment jsdom
import { Box3, Vector3 } from "three";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Spot } from "../src/asset/asset-scene.ts";
import { Picking } from "../src/asset/picking.ts";
import { TransformForm } from "../src/asset/transform-form.ts";
import { isQuarterTurn, onFace, onPlane, toFloor, turnedBox } from "../src/asset/upright.ts";
import { product, rotated } from "../src/document/rotation.ts";
import type { Asset, Quaternion, Vec3 } from "../src/document/schema.ts";

const HALF = Math.SQRT1_2;
const near = (found: readonly number[], expected: readonly number[]) => {
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 9);
};

describe("an asset is turned upright", () => {
  it("by a face that comes to lie on the floor, whichever way it looks", () => {
    for (const [x, y, z] of [
      [1, 0, 0],
      [0, 1, 0],
      [0, -1, 0],
      [0.2, -0.5, 0.9],
    ] as const) {
      const turned = rotated([x, y, z], onFace(new Vector3(x, y, z)));
      near(turned, [0, -Math.hypot(x, y, z), 0]);
    }
  });

  it("by three points of its floor, in any order, with its middle above them", () => {
    const tilt: Quaternion = product([0.3, 0, 0, Math.sqrt(1 - 0.09)], [0, 0, -0.5, Math.sqrt(0.75)]);
    const tilted = (...point: Vec3) => new Vector3(...rotated(point, tilt));
    const floor = [tilted(0, 0, 0), tilted(2, 0, 0.5), tilted(0.5, 0, 3)] as const;
    const middle = tilted(1, 2, 1);
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
    ] as const) {
      const turn = onPlane(order.map((i) => floor[i]) as [Vector3, Vector3, Vector3], middle) as Quaternion;
      const [a, b, c] = floor.map((point) => rotated(point.toArray(), turn)[1]) as Vec3;
      near([b - a, c - a], [0, 0]);
      expect(rotated(middle.toArray(), turn)[1]).toBeCloseTo(a + 2, 9);
    }
  });

  it("not by three points on one line, nor by one point three times", () => {
    const [a, b, c] = [new Vector3(0, 0, 0), new Vector3(1, 1, 1), new Vector3(3, 3, 3)];
    expect(onPlane([a, b, c], new Vector3(0, 9, 0))).toBeNull();
    expect(onPlane([a, a, a], new Vector3(0, 9, 0))).toBeNull();
  });

  it("and stands on the floor over the origin", () => {
    const box = new Box3(new Vector3(1, 2, 3), new Vector3(2, 4, 6));
    const forward: Quaternion = [HALF, 0, 0, HALF]; // its top to the front
    expect([isQuarterTurn(forward), isQuarterTurn([0.1, 0, 0, Math.sqrt(0.99)])]).toEqual([true, false]);
    const turned = turnedBox(box, forward);
    near(turned.getSize(new Vector3()).toArray(), [1, 3, 2]);
    const stood = turned.translate(toFloor(turned));
    near([...stood.min.toArray(), ...stood.max.toArray()], [-0.5, 0, -1, 0.5, 3, 1]);
  });
});

describe("points are picked", () => {
  const spot = (x: number): Spot => ({ point: new Vector3(x, 0, 0), normal: new Vector3(0, 1, 0) });
  const made = () => {
    const missed = vi.fn();
    const picking = new Picking(
      ({ x }) => (x < 50 ? null : spot(x)),
      () => ({ width: 400, height: 300 }),
      missed,
      () => {},
    );
    const picked = vi.fn();
    return { picking, picked, missed };
  };

  it("only while a task asks for them, and what misses the asset is told", () => {
    const { picking, picked, missed } = made();
    picking.tap({ x: 100, y: 9 });
    expect(picked).not.toHaveBeenCalled();
    picking.begin({ name: "measure", count: 2, picked });
    picking.tap({ x: 10, y: 9 });
    expect([missed.mock.calls.length, picking.spots.length]).toEqual([1, 0]);
    picking.tap({ x: 100, y: 9 });
    expect(picked).toHaveBeenLastCalledWith([spot(100)]);
  });

  it("by keys: the cross moves, stays within the picture, picks, and Escape gives up", () => {
    const { picking, picked } = made();
    expect(picking.press({ key: "ArrowLeft", shiftKey: false })).toBe(false); // the view's key
    picking.begin({ name: "face", count: 1, picked });
    picking.press({ key: "ArrowRight", shiftKey: false });
    picking.press({ key: "ArrowUp", shiftKey: true });
    expect(picking.cross).toEqual({ x: 212, y: 149 });
    picking.press({ key: "Enter", shiftKey: false });
    expect(picked).toHaveBeenLastCalledWith([spot(212)]);
    for (let i = 0; i < 40; i++) picking.press({ key: "ArrowDown", shiftKey: false });
    expect(picking.cross?.y).toBe(300);
    picking.press({ key: "Escape", shiftKey: false });
    expect([picking.task, picking.cross, picking.spots]).toEqual([null, null, []]);
  });
});

describe("the form", () => {
  let form: HTMLFormElement;
  beforeAll(() => {
    form = document.createElement("form");
    form.innerHTML = `<select name="along"><option value="y"></option><option value="x"></option></select>
      <input type="hidden" name="from"><input type="hidden" name="to"><input type="number" name="length_cm">
      <select name="rotation"><option value=""></option><option value="${HALF} 0 0 ${HALF}"></option></select>
      <p class="actions"></p>`;
    document.body.append(form);
  });
  afterAll(() => form.remove());

  it("takes points and turns from the picture, and tells the factor and the size", () => {
    const asset = { unit: "arbitrary", bounds: { min: [0, 0, 0], max: [4, 2, 1] } } as unknown as Asset;
    const made = new TransformForm(
      form,
      asset,
      "en",
      () => {},
      () => {},
    );
    const own = new Vector3(4, 2, 1);
    expect(made.figures(own, own)).toBeNull();
    expect(made.tell(own, own)).toBe("It has no scale");
    made.measure(new Vector3(0, 0, 0), new Vector3(3, 0, 4));
    const data = () => Object.fromEntries(new FormData(form)) as Record<string, string>;
    expect(data()).toMatchObject({ along: "points", from: "0 0 0", to: "3 0 4" });
    (form.elements.namedItem("length_cm") as HTMLInputElement).value = "20";
    expect(made.tell(own, own)).toBe("16 × 4 × 8 cm (L × W × H)");
    expect(form.querySelector(".av-outcome")?.textContent).toBe("Factor 0.04; afterwards 16 × 4 × 8 cm (L × W × H)");
    (form.elements.namedItem("along") as HTMLSelectElement).value = "y";
    expect(made.figures(own, own)).toEqual(["40 cm", "20 cm", "10 cm"]);
    made.turn = [-HALF, 0, 0, -HALF]; // the same turn with the other sign
    expect(data().rotation).toBe(`${HALF} 0 0 ${HALF}`);
    made.turn = [0, 0.6, 0, 0.8];
    expect([data().rotation, made.turn]).toEqual(["0 0.6 0 0.8", [0, 0.6, 0, 0.8]]);
    made.turn = [0, 0, 0, 1];
    expect(data().rotation).toBe("");
  });
});
