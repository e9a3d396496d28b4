import { BoxGeometry, Group, Mesh, MeshBasicMaterial, PlaneGeometry, type Texture } from "three";
import { INK, type Lang, PAPER, printed, SANS, SEAL, SERIF, sheet, wrap } from "./print.ts";
import type { Text } from "./schema.ts";
import { said } from "./text.ts";

/** What hangs on a wall: pictures and text panels, facing +Z, their middle in the origin. Metres. */

const PX_PER_M = 720;

/** A picture with its board. */
export function pictureBoard(texture: Texture, width: number): Group {
  const { width: w, height: h } = texture.image as { width: number; height: number };
  return board(texture, width, (width * h) / w);
}

/** A text panel with its title and text in one language. */
export function textBoard(title: Text, body: Text | undefined, width: number, lang: Lang): Group {
  const ruler = sheet(1, 1, PAPER);
  const px = Math.round(Math.min(width, 2.8) * PX_PER_M);
  const margin = px * 0.085;
  const titleSize = px * (lang === "zh" ? 0.072 : 0.062);
  const bodySize = px * (lang === "zh" ? 0.036 : 0.034);

  const lines: { text: string; font: string; size: number; lead: number }[] = [];
  const add = (text: string, font: string, size: number, lead: number) => {
    ruler.font = font;
    for (const line of wrap(text, px - 2 * margin, (s) => ruler.measureText(s).width))
      lines.push({ text: line, font, size, lead });
  };
  add(said(title, lang), `600 ${titleSize}px ${SERIF[lang]}`, titleSize, 1.3);
  const titleLines = lines.length;
  for (const paragraph of said(body, lang).split(/\n+/).filter(Boolean))
    add(paragraph, `${bodySize}px ${SANS[lang]}`, bodySize, lang === "zh" ? 1.75 : 1.55);

  const gap = bodySize * 1.6;
  const height = lines.reduce(
    (sum, line) => sum + line.size * line.lead,
    2 * margin + (lines.length > titleLines ? gap : 0),
  );
  const context = sheet(px, Math.max(height, px * 0.5), PAPER);
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
  return board(printed(context), width, (width * context.canvas.height) / px);
}

function board(texture: Texture, width: number, height: number): Group {
  const front = new Mesh(new PlaneGeometry(width, height), new MeshBasicMaterial({ map: texture, toneMapped: false }));
  front.position.z = 0.013;
  const back = new Mesh(
    new BoxGeometry(width + 0.012, height + 0.012, 0.024),
    new MeshBasicMaterial({ color: "#cfc6b8", toneMapped: false }),
  );
  return new Group().add(back, front);
}
