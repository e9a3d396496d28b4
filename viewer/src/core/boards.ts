import { BoxGeometry, Group, Mesh, MeshBasicMaterial, type Object3D, PlaneGeometry, type Texture } from "three";
import type { Text } from "../document/schema.ts";
import { type Lang, localized } from "../document/text.ts";
import { canvasTexture, INK, PAPER, paperCanvas, SANS, SEAL, SERIF, wrapLines } from "./canvas-text.ts";
import { POLYGON_OFFSET } from "./rectangle.ts";

/** Pictures and text panels on a wall: they face +Z, with their centre in the origin. Metres. */

const PX_PER_M = 720;
const FRONT = "front";

/** A picture with its board. */
export function pictureBoard(texture: Texture, width: number): Group {
  const { width: w, height: h } = texture.image as { width: number; height: number };
  return board(texture, width, (width * h) / w);
}

/** The board of a video: its still picture with a play symbol. */
export function videoBoard(thumb: Texture, width: number): Group {
  const source = thumb.image as HTMLCanvasElement;
  const context = paperCanvas(source.width, source.height, INK);
  context.drawImage(source, 0, 0);
  const { width: w, height: h } = context.canvas;
  const radius = Math.min(w, h) * 0.13;
  context.fillStyle = "rgb(32 27 23 / 72%)";
  context.beginPath();
  context.arc(w / 2, h / 2, radius, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = PAPER;
  context.beginPath();
  context.moveTo(w / 2 - radius * 0.32, h / 2 - radius * 0.5);
  context.lineTo(w / 2 + radius * 0.55, h / 2);
  context.lineTo(w / 2 - radius * 0.32, h / 2 + radius * 0.5);
  context.fill();
  return pictureBoard(canvasTexture(context), width);
}

/** The surface of a board that shows its picture. */
export function frontOf(board: Object3D): Mesh<PlaneGeometry, MeshBasicMaterial> | null {
  return (board.getObjectByName(FRONT) as Mesh<PlaneGeometry, MeshBasicMaterial> | undefined) ?? null;
}

/** A text panel with its title and text in one language. */
export function textBoard(title: Text, body: Text | undefined, width: number, lang: Lang, speaks = false): Group {
  const ruler = paperCanvas(1, 1, PAPER);
  const px = Math.round(Math.min(width, 2.8) * PX_PER_M);
  const margin = px * 0.085;
  const titleSize = px * (lang === "zh" ? 0.072 : 0.062);
  const bodySize = px * (lang === "zh" ? 0.036 : 0.034);

  const lines: { text: string; font: string; size: number; lead: number }[] = [];
  const add = (text: string, font: string, size: number, lead: number) => {
    ruler.font = font;
    for (const line of wrapLines(
      text,
      px - 2 * margin - (speaks && font.startsWith("600") ? 2 * titleSize : 0),
      (s) => ruler.measureText(s).width,
    ))
      lines.push({ text: line, font, size, lead });
  };
  add(localized(title, lang), `600 ${titleSize}px ${SERIF[lang]}`, titleSize, 1.3);
  const titleLines = lines.length;
  for (const paragraph of localized(body, lang).split(/\n+/).filter(Boolean))
    add(paragraph, `${bodySize}px ${SANS[lang]}`, bodySize, lang === "zh" ? 1.75 : 1.55);

  const gap = bodySize * 1.6;
  const height = lines.reduce(
    (sum, line) => sum + line.size * line.lead,
    2 * margin + (lines.length > titleLines ? gap : 0),
  );
  const context = paperCanvas(px, Math.max(height, px * 0.5), PAPER);
  let y = margin;
  for (const [i, line] of lines.entries()) {
    if (i === titleLines) {
      context.fillStyle = SEAL;
      context.fillRect(margin, y + gap * 0.3, px * 0.07, Math.max(2, px * 0.004));
      y += gap;
    }
    context.font = line.font;
    context.fillStyle = INK;
    context.fillText(line.text, margin, y + (line.size * line.lead) / 2);
    y += line.size * line.lead;
  }
  if (speaks) drawSpeaker(context, px - margin - titleSize, margin + titleSize * 0.65, titleSize);
  return board(canvasTexture(context), width, (width * context.canvas.height) / px);
}

/** The symbol of a loudspeaker. */
function drawSpeaker(context: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  context.strokeStyle = context.fillStyle = SEAL;
  context.lineWidth = size * 0.09;
  context.lineCap = "round";
  context.beginPath();
  for (const [i, [dx, dy]] of [
    [-0.1, -0.16],
    [0.1, -0.16],
    [0.36, -0.4],
    [0.36, 0.4],
    [0.1, 0.16],
    [-0.1, 0.16],
  ].entries())
    context[i === 0 ? "moveTo" : "lineTo"](x + (dx as number) * size, y + (dy as number) * size);
  context.fill();
  for (const radius of [0.3, 0.55]) {
    context.beginPath();
    context.arc(x + 0.4 * size, y, radius * size, -0.75, 0.75);
    context.stroke();
  }
}

function board(texture: Texture, width: number, height: number): Group {
  const front = new Mesh(
    new PlaneGeometry(width, height),
    new MeshBasicMaterial({ map: texture, toneMapped: false, ...POLYGON_OFFSET }),
  );
  front.name = FRONT;
  front.position.z = 0.013;
  const back = new Mesh(
    new BoxGeometry(width + 0.012, height + 0.012, 0.024),
    new MeshBasicMaterial({ color: "#cfc6b8", toneMapped: false }),
  );
  return new Group().add(back, front);
}
