import { CanvasTexture, SRGBColorSpace } from "three";

/** Texts in the hall: their fonts and colours, line breaks, and the canvases that become textures. All fonts are the system's. */

// In a Chinese font, curly quotes are as wide as a character: the English list starts with a Latin font.
export const SERIF = {
  zh: '"Songti SC", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", SimSun, serif',
  en: 'Georgia, "Noto Serif", "Liberation Serif", "Times New Roman", "Songti SC", "Noto Serif CJK SC", serif',
} as const;
export const SANS = {
  zh: '"PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", sans-serif',
  en: 'system-ui, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, "PingFang SC", "Noto Sans CJK SC", sans-serif',
} as const;
export const INK = "#211c18";
export const STONE = "#6a6156";
export const PAPER = "#f8f5ee";
export const SEAL = "#9c2f1f";

/** A canvas to print on, filled with `paper`. */
export function paperCanvas(width: number, height: number, paper: string): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width);
  canvas.height = Math.ceil(height);
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.fillStyle = paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = "middle";
  return context;
}

/** The canvas as a texture, which stays sharp when it is seen from the side. */
export function canvasTexture(context: CanvasRenderingContext2D): CanvasTexture {
  const texture = new CanvasTexture(context.canvas);
  texture.colorSpace = SRGBColorSpace;
  texture.anisotropy = 8;
  return texture;
}

/** Breaks a text into lines: between Han characters, but no line begins with closing punctuation; Latin words stay whole. */
export function wrapLines(text: string, width: number, measure: (text: string) => number): string[] {
  const pieces =
    text.match(/[\u3000-\u9fff\uff00-\uffef][，。、；：！？）》」』”’…]*|\s+|[^\s\u3000-\u9fff\uff00-\uffef]+/g) ?? [];
  const lines: string[] = [];
  let line = "";
  for (const piece of pieces) {
    if (line && measure(line + piece.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    } else line += piece;
  }
  if (line.trim()) lines.push(line.trimEnd());
  return lines;
}

/** At most `most` lines; if lines are left out, the last one ends with an ellipsis. */
export function truncateLines(lines: readonly string[], most: number): string[] {
  if (lines.length <= most) return [...lines];
  const kept = lines.slice(0, most);
  const last = kept.pop() ?? "";
  const bare = last.replace(/[\s，。、；：,.;:]+$/, "");
  // The ellipsis takes the place of punctuation, else of a Han character or two letters.
  const cut = bare.length < last.length ? 0 : /[\u3000-\u9fff]$/.test(bare) ? 1 : 2;
  return most > 0 ? [...kept, `${bare.slice(0, bare.length - cut).trimEnd()}…`] : [];
}

/** The first sentence of a text. */
export function firstSentence(text: string): string {
  const line = text.trim().split(/\n/)[0] ?? "";
  return /^.*?(?:[。！？]|[.!?](?=\s|$))/.exec(line)?.[0] ?? line;
}

/** The largest font size up to `size` at which a text fits into one line of `width`; never below `least`. */
export function fittingFontSize(
  context: CanvasRenderingContext2D,
  text: string,
  font: (size: number) => string,
  size: number,
  least: number,
  width: number,
): number {
  context.font = font(size);
  const measured = context.measureText(text).width;
  return Math.max(least, measured > width ? (size * width) / measured : size);
}
