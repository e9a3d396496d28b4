import { Sphere, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { survey } from "../src/core/floorplan.ts";
import { clashes } from "../src/document/clashes.ts";
import { addFurniture, placeFurniture } from "../src/document/commands/furniture.ts";
import { movePlacements, putAtAnchor, turnPlacement } from "../src/document/commands/placements.ts";
import { standingBox } from "../src/document/overlap.ts";
import type { Hall, Placement } from "../src/document/schema.ts";
import { movedText } from "../src/studio/place/move-marks.ts";
import { crossesRoom, isSeen } from "../src/studio/surroundings.ts";
import { hallOf, model, placed } from "./halls.ts";
import { block, collidersOf, room } from "./rooms.ts";

const HALL = hallOf(
  { jar: placed("object", [0, 0, 0], { asset: "jar" }), bowl: placed("object", [3, 0, 0], { asset: "jar" }) },
  { assets: { jar: model(0.4, 0.5) } },
);

const furnished = (): Hall => addFurniture(HALL, "vitrine", [-3, 0, 0]).hall;

describe("clashes", () => {
  it("are between exhibits and furniture, with how deep they are", () => {
    expect(clashes(furnished())).toEqual([]);
    const [clash, ...others] = clashes(movePlacements(furnished(), ["bowl"], [-2.9, 0, 0]));
    expect(others).toEqual([]);
    expect(clash).toEqual({ one: ["placements", "jar"], other: ["placements", "bowl"], metres: expect.closeTo(0.3) });
    const into = placeFurniture(furnished(), "vitrine", [0.2, 0, 0], null, false);
    expect(clashes(into).map(({ one, other }) => [one, other])).toEqual([
      [
        ["placements", "jar"],
        ["furniture", "vitrine"],
      ],
    ]);
    expect(clashes(into, [["placements", "bowl"]])).toEqual([]);
    expect(clashes(into, [["furniture", "vitrine"]])).toHaveLength(1);
    const second = addFurniture(into, "bench", [0.2, 0, 0.2]).hall;
    expect(clashes(second, [["furniture", "bench"]]).length).toBeGreaterThan(0);
  });

  it("are not between furniture and what it carries", () => {
    expect(clashes(putAtAnchor(furnished(), "jar", "vitrine"))).toEqual([]); // inside its glass
  });

  it("are with walls and columns, not with the floor or a wall that is only touched", () => {
    const colliders = collidersOf(room(4), block(1, 0, 1, 1.2, 3, 1.2));
    const stands = (x: number, z: number) => {
      const jar = placed("object", [x, 0, z], { asset: "jar" }) as Placement;
      return crossesRoom(colliders, standingBox(jar, HALL.assets) as never);
    };
    expect(stands(0, 0)).toBe(false);
    expect(stands(3.8, 0)).toBe(false); // its side is on the wall
    expect(stands(3.95, 0)).toBe(true);
    expect(stands(1.1, 1.1)).toBe(true);
  });
});

describe("ways", () => {
  it("lead to what is seen from the floor that one walks on from the entrance", () => {
    const colliders = collidersOf(room(4), block(-4, 0, -0.1, 4, 3, 0.1));
    const steps = survey(colliders, new Vector3(0, 0, 3), () => true);
    let step = steps.next();
    while (!step.done) step = steps.next();
    const seen = (z: number) => isSeen(step.value as never, colliders, "jar", new Sphere(new Vector3(0, 1, z), 0.3));
    expect(seen(2)).toBe(true);
    expect(seen(-3)).toBe(false);
  });
});

describe("a drag", () => {
  it("says how far, or by how much", () => {
    const part = ["placements", "jar"] as const;
    expect(movedText(HALL, HALL, part, "en")).toBe("");
    expect(movedText(HALL, movePlacements(HALL, ["jar"], [0.3, 0, 0]), part, "zh")).toBe("移动 30 厘米");
    expect(movedText(HALL, turnPlacement(HALL, "jar", -45), part, "en")).toBe("Turned 45°");
    const moved = placeFurniture(furnished(), "vitrine", [-3, 0, 2], null, false);
    expect(movedText(furnished(), moved, ["furniture", "vitrine"], "en")).toBe("Moved 200 cm");
  });
});
