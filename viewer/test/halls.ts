import type { Asset, Hall, Placement, Text } from "../src/document/schema.ts";

/** Hall documents for tests: as little as a hall needs, and what the test is about. */

export const text = (en: string, zh = en): Text => ({ zh, en });

export function placed(
  kind: Placement["kind"],
  at: [number, number, number],
  more: Partial<Placement> = {},
): Placement {
  return { kind, title: text("A thing"), translation: at, rotation: [0, 0, 0, 1], scale: 1, ...more };
}

/** A model in metres that stands on y = 0 with its centre over the origin. */
export function model(width: number, height: number, depth = width): Asset {
  const file = { sha256: "0".repeat(64), bytes: 1, mime: "image/webp" } as const;
  return {
    schema: "longyao:asset/1",
    kind: "model",
    title: text("A thing"),
    unit: "metre",
    bounds: { min: [-width / 2, 0, -depth / 2], max: [width / 2, height, depth / 2] },
    files: { thumb: file },
    origin: { method: "modelled", statement: text("Made for a test.") },
  };
}

export function hallOf(placements: Record<string, Placement>, more: Partial<Hall> = {}): Hall {
  return {
    schema: "longyao:hall/1",
    title: text("A hall"),
    summary: text(""),
    assets: {},
    architecture: { asset: "room" },
    start: { position: [0, 1.6, 4], target: [0, 1.6, 0] },
    placements,
    placement_order: Object.keys(placements),
    notes: {},
    note_order: [],
    ...more,
  };
}
