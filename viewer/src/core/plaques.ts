import { Group, Vector3 } from "three";
import { byId } from "../document/order.ts";
import type { Anchor, Hall, Text } from "../document/schema.ts";
import { type Lang, localized } from "../document/text.ts";
import { fittingFontSize, paperCanvas, SERIF } from "./canvas-text.ts";
import { facingDirection, uprightRectangle } from "./rectangle.ts";
import { Sign } from "./sign.ts";

/** The inscribed boards above doors and shrines: one shows the hall's title, each other the title of a chapter. */

const PX_PER_M = 480;
const BOARD = "#1d1512";
const GOLD = "#d9b25f";

/** A label anchor that is this wide is for a board, not for an exhibit's label. */
export function isPlaque({ kind, width_m, height_m }: Anchor): boolean {
  return kind === "label" && width_m >= 4 * height_m;
}

/** The inscriptions by anchor: the hall's title on the board nearest to the entrance, the nearest chapter's title on each other. */
export function inscriptions(hall: Hall): Map<string, Text> {
  const from = new Vector3(...hall.start.position);
  const boards = byId(hall.anchors)
    .filter(([, anchor]) => isPlaque(anchor))
    .map(([id, { position }]) => ({ id, at: new Vector3(...position) }))
    .sort((a, b) => a.at.distanceTo(from) - b.at.distanceTo(from));
  return new Map(boards.map(({ id, at }, i) => [id, i === 0 ? hall.title : (chapterAt(hall, at) ?? hall.title)]));
}

/** The title of the chapter whose exhibit is nearest to a place. */
function chapterAt(hall: Hall, place: Vector3): Text | null {
  let best: { title: Text; distance: number } | null = null;
  for (const id of hall.chapter_order ?? []) {
    const chapter = hall.chapters?.[id];
    for (const key of chapter?.placements ?? []) {
      const placement = hall.placements[key];
      const distance = placement ? place.distanceTo(new Vector3(...placement.translation)) : Number.POSITIVE_INFINITY;
      if (chapter && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { title: chapter.title, distance };
    }
  }
  return best?.title ?? null;
}

export class Plaques {
  readonly group = new Group();
  readonly #signs: { readonly sign: Sign; readonly text: Text }[] = [];

  constructor(hall: Hall) {
    for (const [id, text] of inscriptions(hall)) {
      const { position, facing_deg, width_m, height_m } = (hall.anchors as Record<string, Anchor>)[id] as Anchor;
      const centre = new Vector3(...position).addScaledVector(facingDirection(facing_deg), 0.006);
      const sign = new Sign(uprightRectangle(centre, facing_deg, width_m, height_m), BOARD);
      this.#signs.push({ sign, text });
      this.group.add(sign.object);
    }
  }

  write(lang: Lang): void {
    for (const { sign, text } of this.#signs) sign.print(inscribed(localized(text, lang), sign.face, lang));
  }
}

function inscribed(
  text: string,
  face: { readonly width: number; readonly height: number },
  lang: Lang,
): CanvasRenderingContext2D {
  const context = paperCanvas(face.width * PX_PER_M, face.height * PX_PER_M, BOARD);
  const { width, height } = context.canvas;
  const font = (size: number) => `600 ${size}px ${SERIF[lang]}`;
  const spacing = lang === "zh" ? 0.3 : 0.02; // of a character
  const size = fittingFontSize(
    context,
    text,
    font,
    height * (lang === "zh" ? 0.66 : 0.58),
    8,
    (width * 0.9) / (1 + spacing),
  );
  context.font = font(size);
  context.letterSpacing = `${spacing * size}px`;
  context.textAlign = "center";
  context.fillStyle = GOLD;
  context.fillText(text, width / 2 + (spacing * size) / 2, height * 0.52);
  return context;
}
