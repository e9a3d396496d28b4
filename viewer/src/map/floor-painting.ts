import type { FloorPlan } from "../core/floorplan.ts";
import { clamp } from "../core/units.ts";
import type { MapFrame } from "./map-frame.ts";

const PX_PER_CELL = 8;
const LONGEST_PX = 900;
const FLOOR: readonly [number, number, number] = [233, 225, 210]; // the lowest floor
const HIGH: readonly [number, number, number] = [206, 190, 164]; // the highest floor
const EDGE = "#6a6156";

/**
 * Draws the floor with soft outlines: each cell is one pixel of a small image, which is enlarged with smoothing; the enlarged
 * alpha is then cut at one half.
 */
export function paintFloor(plan: FloorPlan, frame: MapFrame): HTMLCanvasElement {
  const [width, depth] = [frame.max.x - frame.min.x, frame.max.z - frame.min.z];
  const scale = Math.min(PX_PER_CELL / plan.cell, LONGEST_PX / Math.max(width, depth));
  const [across, down] = frame.turn % 2 ? [depth, width] : [width, depth];
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(2, Math.round(across * scale));
  canvas.height = Math.max(2, Math.round(down * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
  const heights = plan.heights.filter((height) => !Number.isNaN(height));
  const low = Math.min(...minMax(heights));
  const rise = Math.max(minMax(heights)[1] - low, 0.5);
  const cells = document.createElement("canvas");
  cells.width = plan.columns;
  cells.height = plan.rows;
  const small = cells.getContext("2d") as CanvasRenderingContext2D;
  const image = small.createImageData(plan.columns, plan.rows);
  for (let i = 0; i < plan.heights.length; i++) {
    const height = plan.heights[i] as number;
    const share = Number.isNaN(height) ? 0 : (height - low) / rise;
    for (const k of [0, 1, 2] as const) image.data[4 * i + k] = FLOOR[k] + (HIGH[k] - FLOOR[k]) * share;
    image.data[4 * i + 3] = Number.isNaN(height) ? 0 : 255;
  }
  small.putImageData(image, 0, 0);

  context.save();
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate((frame.turn * Math.PI) / 2);
  context.scale(scale, scale);
  context.translate(-(frame.min.x + frame.max.x) / 2, -(frame.min.z + frame.max.z) / 2);
  context.imageSmoothingQuality = "high";
  context.drawImage(cells, plan.x, plan.z, plan.columns * plan.cell, plan.rows * plan.cell);
  context.restore();
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  for (let i = 3; i < pixels.data.length; i += 4) pixels.data[i] = clamp(((pixels.data[i] as number) - 96) * 4, 0, 255);
  context.putImageData(pixels, 0, 0);

  // The outline: the floor's own shape in the colour of ink, a little larger, below the floor.
  const outlined = document.createElement("canvas");
  outlined.width = canvas.width;
  outlined.height = canvas.height;
  const under = outlined.getContext("2d") as CanvasRenderingContext2D;
  const line = Math.max(canvas.width, canvas.height) / 180;
  for (let i = 0; i < 12; i++) {
    const angle = (i * Math.PI) / 6;
    under.drawImage(canvas, line * Math.cos(angle), line * Math.sin(angle));
  }
  under.globalCompositeOperation = "source-in";
  under.fillStyle = EDGE;
  under.fillRect(0, 0, outlined.width, outlined.height);
  under.globalCompositeOperation = "source-over";
  under.drawImage(canvas, 0, 0);
  return outlined;
}

function minMax(values: Float32Array): [number, number] {
  let [low, high] = [0, 0];
  for (const [i, value] of values.entries()) {
    low = i === 0 ? value : Math.min(low, value);
    high = i === 0 ? value : Math.max(high, value);
  }
  return [low, high];
}
