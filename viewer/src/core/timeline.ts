import { type Object3D, Vector3 } from "three";
import { milestonesInOrder } from "../document/order.ts";
import type { Anchor, Hall, Milestone } from "../document/schema.ts";
import { type Lang, localized } from "../document/text.ts";
import { milestoneYears, yearText } from "../document/years.ts";
import { INK, PAPER, paperCanvas, SANS, SEAL, SERIF, STONE, truncateLines, wrapLines } from "./canvas-text.ts";
import { facingDirection, uprightRectangle } from "./rectangle.ts";
import { Sign } from "./sign.ts";
import { clamp } from "./units.ts";

/** The timeline on a wall of the hall: years along a line, chapters as bands on it, milestones above and below. */

const PX_PER_M = 720;
const YEARS = 1.7; // height of a milestone's years, in sizes of the text
const LEAD = 1.45; // from one line of its title to the next
const WIDEST_PX = 2800;
const BANDS = ["#b9c7b4", "#dcc6a0", "#b8c4d2", "#d6b3a4", "#c9bfd0", "#cfd2b0"];

export interface Tick {
  readonly year: number;
  readonly x: number;
}
export interface Band {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  /** Chapters that overlap in time lie in rows. */
  readonly row: number;
}
export interface Mark {
  readonly id: string;
  /** The position of its years on the line. */
  readonly from: number;
  readonly to: number;
  /** The left edge of its text. */
  readonly x: number;
  readonly above: boolean;
}
export interface Layout {
  readonly ticks: readonly Tick[];
  readonly bands: readonly Band[];
  readonly rows: number;
  readonly marks: readonly Mark[];
  /** The width of a milestone's text. */
  readonly column: number;
}

/** The positions of everything on a line of this length. The line does not go on after `today`, a year, unless a milestone does. */
export function layOut(hall: Hall, width: number, today: number = new Date().getFullYear()): Layout {
  const milestones = milestonesInOrder(hall);
  const chapters = (hall.chapter_order ?? []).flatMap((id) => {
    const chapter = hall.chapters?.[id];
    const known = chapter && chapter.from_year !== undefined && chapter.to_year !== undefined;
    return known ? [{ id, from: chapter.from_year as number, to: chapter.to_year as number }] : [];
  });
  const years = [
    ...milestones.flatMap(([, { year, to_year }]) => [year, to_year ?? year]),
    ...chapters.flatMap(({ from, to }) => [from, to]),
  ];
  const step = niceStep(Math.min(...years), Math.max(...years), 8);
  const first = Math.floor(Math.min(...years) / step) * step;
  const latest = Math.max(...years);
  const round = Math.max(Math.ceil(latest / step) * step, first + step);
  const last = latest <= today ? Math.max(Math.min(round, today), first + 1) : round;
  const at = (year: number) => ((year - first) / (last - first)) * width;

  const ticks: Tick[] = [];
  for (let year = first; year <= last; year += step) ticks.push({ year, x: at(year) });

  const ends: number[] = []; // of the rows
  const bands = [...chapters]
    .sort((a, b) => a.from - b.from)
    .map(({ id, from, to }) => {
      const free = ends.findIndex((end) => end <= from);
      const row = free < 0 ? ends.length : free;
      ends[row] = to;
      return { id, from: at(from), to: at(to), row };
    });

  const perSide = Math.ceil(milestones.length / 2);
  const column = Math.min(width / Math.max(perSide, 3), width * 0.24);
  const marks = [true, false].flatMap((above) => {
    const side = milestones.filter((_, i) => (i % 2 === 0) === above);
    const lefts = spreadColumns(
      side.map(([, { year }]) => at(year) - column * 0.12),
      column,
      width,
    );
    return side.map(([id, { year, to_year }], i) => {
      return { id, from: at(year), to: at(to_year ?? year), x: lefts[i] as number, above };
    });
  });
  return { ticks, bands, rows: ends.length, marks, column };
}

/** Left edges of columns, as near as possible to the wanted ones (which are in order), without overlap and within the width. */
export function spreadColumns(wanted: readonly number[], column: number, width: number): number[] {
  const lefts = [...wanted];
  for (const i of lefts.keys()) lefts[i] = Math.max(lefts[i] as number, i > 0 ? (lefts[i - 1] as number) + column : 0);
  for (let i = lefts.length - 1; i >= 0; i--) {
    const most = i + 1 < lefts.length ? (lefts[i + 1] as number) - column : width - column;
    lefts[i] = Math.min(lefts[i] as number, most);
  }
  return lefts;
}

/** A step of 1, 2 or 5 times a power of ten that divides a span into about `count` parts. */
function niceStep(from: number, to: number, count: number): number {
  const raw = Math.max(to - from, 1) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find((nice) => nice * power >= raw) ?? 10;
  return Math.max(1, step * power);
}

/** The panel or screen of the hall that the timeline is on. */
export class TimelineWall {
  readonly sign: Sign;
  readonly #hall: Hall;
  readonly #dark: boolean;

  constructor(hall: Hall, { kind, position, facing_deg, width_m, height_m }: Anchor) {
    this.#hall = hall;
    this.#dark = kind === "screen";
    const centre = new Vector3(...position).addScaledVector(facingDirection(facing_deg), 0.008);
    this.sign = new Sign(uprightRectangle(centre, facing_deg, width_m, height_m), "#cfc6b8");
  }

  get group(): Object3D {
    return this.sign.object;
  }

  write(lang: Lang): void {
    this.sign.print(printTimeline(this.#hall, this.sign.face.width, this.sign.face.height, this.#dark, lang));
  }
}

function printTimeline(
  hall: Hall,
  width_m: number,
  height_m: number,
  dark: boolean,
  lang: Lang,
): CanvasRenderingContext2D {
  const density = Math.min(PX_PER_M, WIDEST_PX / width_m);
  const [paper, ink, quiet, seal] = dark ? ["#1f1a17", "#f3ead8", "#b9ad9b", "#e08a6c"] : [PAPER, INK, STONE, SEAL];
  const context = paperCanvas(width_m * density, height_m * density, paper as string);
  const { width, height } = context.canvas;
  const margin = Math.min(width, height) * 0.07;
  const layout = layOut(hall, width - 2 * margin);
  const milestones = new Map(milestonesInOrder(hall));
  const rows = Math.max(layout.rows, 1);
  /** The lines of a milestone's title in text of this size. */
  const linesOf = (id: string, unit: number) => {
    context.font = `${unit * 1.1}px ${SANS[lang]}`;
    const words = localized(milestones.get(id)?.title, lang);
    return wrapLines(words, layout.column - unit * 0.9, (text) => context.measureText(text).width);
  };
  const blockOf = (numLines: number, unit: number) => unit * (YEARS + LEAD * numLines); // height of a milestone's text
  const deepest = (above: boolean, unit: number) => {
    const sides = layout.marks.filter((mark) => mark.above === above);
    return Math.max(0, ...sides.map(({ id }) => blockOf(linesOf(id, unit).length, unit)));
  };
  /** The height of everything, in text of this size: the heading, the texts above, the bands, the years, the texts below. */
  const heightOf = (unit: number) =>
    unit * (3 + 1.6 + 1.9 * rows + 2 + 1.6) + deepest(true, unit) + deepest(false, unit) + 2 * margin;
  // The largest text with which all of it fits.
  const largest = Math.min(height / 14, layout.column / 6);
  const smallest = Math.min(height / 27, layout.column / 8.4);
  let unit = largest;
  while (unit > smallest && heightOf(unit) > height) unit *= 0.96;
  unit = Math.max(unit, smallest);

  context.fillStyle = ink as string;
  context.font = `600 ${unit * 2}px ${SERIF[lang]}`;
  context.fillText(localized(hall.timeline?.title, lang), margin, margin + unit, width - 2 * margin);

  const bandHeight = unit * 1.9;
  const top = margin + unit * 3;
  const ribbon = rows * bandHeight;
  const spare = Math.max(0, height - heightOf(unit)); // half of it above the line, half below
  const line = top + deepest(true, unit) + unit * 1.6 + spare / 2; // upper edge of the bands
  const foot = line + ribbon + unit * 2; // below the years

  for (const band of layout.bands) {
    const i = (hall.chapter_order ?? []).indexOf(band.id);
    const y = line + band.row * bandHeight;
    context.fillStyle = BANDS[i % BANDS.length] as string;
    context.fillRect(margin + band.from, y, Math.max(band.to - band.from, unit * 0.4), bandHeight - unit * 0.2);
    const name = localized(hall.chapters?.[band.id]?.title, lang);
    context.font = `${unit * 1.05}px ${SANS[lang]}`;
    if (context.measureText(name).width < band.to - band.from - unit) {
      context.fillStyle = INK;
      context.fillText(name, margin + band.from + unit * 0.5, y + bandHeight / 2 - unit * 0.1);
    }
  }

  const axis = line + ribbon + unit * 0.3;
  context.fillStyle = quiet as string;
  context.fillRect(margin, axis, width - 2 * margin, Math.max(1, unit * 0.08));
  context.font = `${unit * 0.95}px ${SANS[lang]}`;
  const crossing = layout.marks.filter(({ above }) => !above).map(({ from }) => from);
  for (const { year, x } of layout.ticks) {
    context.fillRect(margin + x, axis, Math.max(1, unit * 0.08), unit * 0.45);
    const text = year < 0 ? yearText(year, lang) : String(year);
    const half = context.measureText(text).width / 2 + unit * 0.3;
    const centre = clamp(x, half, width - 2 * margin - half);
    if (crossing.some((at) => Math.abs(at - centre) < half)) continue; // a milestone's line would strike it through
    context.textAlign = "center";
    context.fillText(text, margin + centre, axis + unit * 1.15);
  }
  context.textAlign = "left";

  for (const mark of layout.marks) {
    const milestone = milestones.get(mark.id) as Milestone;
    const x = margin + mark.x;
    const room = layout.column - unit * 0.9;
    const lead = unit * LEAD;
    const deep = (mark.above ? line - top : height - margin - foot) - unit * 2.6;
    const lines = truncateLines(linesOf(mark.id, unit), Math.max(1, Math.floor(deep / lead)));
    const block = blockOf(lines.length, unit);
    const y = mark.above ? line - unit * 1.4 - block : foot + unit * 1.2;
    // A thin line from the years to the text.
    context.strokeStyle = quiet as string;
    context.lineWidth = Math.max(1, unit * 0.07);
    context.beginPath();
    const end = mark.above ? line : axis;
    context.moveTo(margin + mark.from, end);
    context.lineTo(margin + mark.from, mark.above ? line - unit * 0.6 : foot + unit * 0.3);
    context.lineTo(x, mark.above ? line - unit * 1.2 : foot + unit * 1);
    context.lineTo(x, mark.above ? y : y + block - unit * 0.4);
    context.stroke();
    context.fillStyle = seal as string;
    if (mark.to > mark.from) context.fillRect(margin + mark.from, end - unit * 0.14, mark.to - mark.from, unit * 0.28);
    context.beginPath();
    context.arc(margin + mark.from, end, unit * 0.3, 0, 2 * Math.PI);
    context.fill();
    context.font = `600 ${unit * 1.15}px ${SERIF[lang]}`;
    context.fillText(milestoneYears(milestone, lang), x + unit * 0.45, y + unit * 0.8, room);
    context.fillStyle = ink as string;
    context.font = `${unit * 1.1}px ${SANS[lang]}`;
    for (const [i, text] of lines.entries()) context.fillText(text, x + unit * 0.45, y + unit * 2.1 + i * lead);
  }
  return context;
}
