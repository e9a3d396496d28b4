import { readdirSync, readFileSync } from "node:fs";
import { PerspectiveCamera, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { aim, project } from "../src/core/camera.ts";
import { poseOfView } from "../src/core/view.ts";
import type { View } from "../src/document/schema.ts";
import { PIN_RADIUS, pinPlaces } from "../src/ui/note-pins.ts";
import { random } from "./rooms.ts";

const SCREENS = [
  { width: 390, height: 844 },
  { width: 1366, height: 768 },
];
const DEMO = new URL("../../assets/demo/halls/", import.meta.url);

interface DemoNote {
  readonly placement?: string;
  readonly anchor: [number, number, number];
  readonly view?: Omit<View, "target"> & { readonly target?: View["target"] };
}

describe("the pins of notes", () => {
  const views = readdirSync(DEMO).flatMap((file) => {
    const { notes } = JSON.parse(readFileSync(new URL(file, DEMO), "utf8")) as { notes: Record<string, DemoNote> };
    return Object.entries(notes).flatMap(([id, { view, ...note }]) =>
      view ? [[`${file} ${id}`, { ...note, view }, notes] as const] : [],
    );
  });

  it.each(views)("cover no target at the saved view of %s", (_, { anchor, view, placement }, notes) => {
    for (const { width, height } of SCREENS) {
      const camera = new PerspectiveCamera(60, width / height, 0.04, 250);
      aim(camera, poseOfView({ ...view, target: view.target ?? anchor }));
      camera.updateProjectionMatrix();
      const targets = Object.values(notes)
        .filter((other) => other.placement === placement)
        .map(({ anchor }) => project(camera, new Vector3(...anchor), width, height))
        .filter((spot) => spot !== null)
        .filter(({ x, y }) => x > 0 && x < width && y > 0 && y < height);
      expectFree(targets, { x: width / 2, y: height / 2 }, { width, height });
    }
  });

  it("cover no target wherever six notes are on the screen", () => {
    const next = random(11);
    for (const screen of SCREENS)
      for (let i = 0; i < 100; i++) {
        const targets = Array.from({ length: 6 }, () => ({ x: next() * screen.width, y: next() * screen.height }));
        expectFree(targets, { x: screen.width / 2, y: screen.height / 2 }, screen);
      }
  });
});

function expectFree(
  targets: { readonly x: number; readonly y: number }[],
  middle: { readonly x: number; readonly y: number },
  screen: { readonly width: number; readonly height: number },
): void {
  for (const pin of pinPlaces(targets, middle, screen))
    for (const target of targets)
      expect(Math.hypot(pin.x - target.x, pin.y - target.y)).toBeGreaterThan(PIN_RADIUS + 4);
}
