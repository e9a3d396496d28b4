import { numbersOf } from "../document/order.ts";
import type { Asset, Hall, Placement } from "../document/schema.ts";
import { said } from "../document/text.ts";
import { timelineText } from "../document/timeline.ts";
import { listText } from "./list-text.ts";
import type { Place } from "../navigation/place.ts";
import { ofExhibit, sourceTexts } from "../document/sources.ts";
import { type Lang, type StringKey, tell } from "../ui/i18n.ts";
import type { NoteEntry } from "../ui/list.ts";
import type { Content, ExhibitText, NoteText } from "../ui/panel.ts";
import type { RecordingText } from "../ui/player.ts";
import type { Visit } from "../navigation/open-hall.ts";

/** Turns what the document says into what a visitor reads, in one language. */

const METHODS: Readonly<Record<Asset["origin"]["method"], StringKey>> = {
  photographs: "methodPhotographs",
  "rendered-photographs": "methodRendered",
  scan: "methodScan",
  modelled: "methodModelled",
  picture: "methodPicture",
  recording: "methodRecording",
};

/** What the panel can be opened for, whatever the place. */
export type Aside = "list" | "help" | "timeline";

export interface Presented {
  readonly visit: Visit | null;
  readonly place: Place;
  readonly aside: Aside | null;
  /** The exhibit visited last. */
  readonly last: string | null;
  /** The chapter that the visitor follows. */
  readonly chapter: string | null;
  /** The chapter whose milestones alone are shown. */
  readonly era: string | null;
  readonly media: string;
}

/** What the panel shows at a place, or aside from it. */
export function contentOf(presented: Presented, lang: Lang): Content | null {
  const { visit, place, aside } = presented;
  if (aside === "help") return { kind: "help" };
  if (!visit) return null;
  const { document, failed } = visit.hall;
  if (aside === "timeline") {
    const timeline = timelineText(document, presented.era, lang);
    return timeline && { kind: "timeline", timeline };
  }
  if (aside === "list") return { kind: "list", list: listText(visit, presented, lang) };
  if (place.kind !== "note" && place.kind !== "exhibit") return null;
  if (place.kind === "note") {
    const note = noteText(document, place.id, lang);
    return note && { kind: "note", note };
  }
  const exhibit = exhibitText(document, place.id, presented, lang, failed.includes(place.id));
  return exhibit && { kind: "exhibit", exhibit };
}

export function exhibitText(
  hall: Hall,
  id: string,
  { chapter, media }: { readonly chapter: string | null; readonly media: string },
  lang: Lang,
  failed: boolean,
): ExhibitText | null {
  const placement = hall.placements[id];
  if (!placement) return null;
  const asset = placement.asset ? hall.assets[placement.asset] : undefined;
  const unscaled = asset?.bounds && asset.unit === "arbitrary";
  return {
    id,
    position: positionOf(hall, id, chapter, lang),
    title: said(placement.title, lang),
    stamp: unscaled ? { text: tell(lang, "unscaled"), why: tell(lang, "unscaledWhy") } : null,
    label: said(placement.label, lang)
      .split(/\n+/)
      .filter((paragraph) => paragraph.trim() !== ""),
    recording: asset ? recordingText(placement, asset, media) : null,
    origin: asset ? { statement: said(asset.origin.statement, lang), facts: facts(asset, placement, lang) } : null,
    notes: notesOf(hall, id, lang),
    sources: sourceTexts(hall, ofExhibit(hall, id), lang),
    failed,
  };
}

/** The notes of one placement, or of the hall itself (null), numbered in the document's order. */
export function notesOf(hall: Hall, placement: string | null, lang: Lang): NoteEntry[] {
  return hall.note_order
    .filter((id) => hall.notes[id] && (hall.notes[id].placement ?? null) === placement)
    .map((id, i) => ({ id, number: i + 1, title: said(hall.notes[id]?.title, lang) }));
}

export function noteText(hall: Hall, id: string, lang: Lang): NoteText | null {
  const note = hall.notes[id];
  if (!note) return null;
  const siblings = notesOf(hall, note.placement ?? null, lang);
  const number = siblings.findIndex((sibling) => sibling.id === id) + 1;
  return {
    id,
    number,
    position: tell(lang, "notePosition", { number, count: siblings.length }),
    title: said(note.title, lang),
    html: said(note.body, lang),
    exhibit: note.placement ? said(hall.placements[note.placement]?.title, lang) : null,
    sources: sourceTexts(hall, note.sources ?? [], lang),
  };
}

function recordingText({ kind }: Placement, { files }: Asset, media: string): RecordingText | null {
  const file = kind === "video" ? files.video : kind === "audio" ? files.audio : undefined;
  if (!file) return null;
  const { captions } = files;
  return {
    kind: kind as RecordingText["kind"],
    src: media + file.sha256,
    poster: kind === "video" ? media + files.thumb.sha256 : null,
    captions: captions ? { zh: media + captions.zh.sha256, en: media + captions.en.sha256 } : null,
  };
}

/** Where in the order of the visit an exhibit is, or in the chapter that is followed. */
function positionOf(hall: Hall, id: string, chapter: string | null, lang: Lang): string {
  const followed = chapter === null ? undefined : hall.chapters?.[chapter];
  const at = followed?.placements.indexOf(id) ?? -1;
  if (followed && at >= 0) {
    const position = tell(lang, "position", { number: at + 1, count: followed.placements.length });
    return `${said(followed.title, lang)} · ${position}`;
  }
  const numbers = numbersOf(hall);
  const number = numbers.get(id);
  return number ? tell(lang, "position", { number, count: numbers.size }) : tell(lang, "panel");
}

function facts(asset: Asset, placement: Placement, lang: Lang): [term: string, value: string][] {
  const { origin, quality } = asset;
  const rows: [string, string][] = [[tell(lang, "method"), tell(lang, METHODS[origin.method] as "methodScan")]];
  if (origin.photos) rows.push([tell(lang, "photos"), tell(lang, "photosValue", { count: origin.photos })]);
  const size = asset.bounds ? sizeOf(asset) : null;
  if (size) rows.push([tell(lang, "size"), tell(lang, "sizeValue", size)]);
  if (asset.unit === "metre" && placement.kind === "object" && placement.scale !== 1) {
    rows.push([tell(lang, "scale"), tell(lang, "scaleValue", { scale: Number(placement.scale.toPrecision(2)) })]);
  }
  const surface = [
    quality?.measured_share !== undefined
      ? tell(lang, "surfaceMeasured", { percent: percent(quality.measured_share) })
      : null,
    quality?.filled_share ? tell(lang, "surfaceFilled", { percent: percent(quality.filled_share) }) : null,
    quality?.unseen_share ? tell(lang, "surfaceUnseen", { percent: percent(quality.unseen_share) }) : null,
  ].filter((line) => line !== null);
  if (surface.length > 0) rows.push([tell(lang, "surface"), surface.join(lang === "zh" ? "；" : "; ")]);
  if (origin.made) rows.push([tell(lang, "made"), date(origin.made, lang)]);
  if (origin.software) rows.push([tell(lang, "software"), origin.software]);
  if (origin.credit) rows.push([tell(lang, "credit"), said(origin.credit, lang)]);
  if (origin.licence) rows.push([tell(lang, "licence"), origin.licence]);
  return rows;
}

/** Width, depth and height with the unit that keeps them short; null where nobody knows the scale. */
export function sizeOf(asset: Asset): { width: string; depth: string; height: string; unit: string } | null {
  if (asset.unit !== "metre" || !asset.bounds) return null;
  const { min, max } = asset.bounds;
  const [width, height, depth] = max.map((m, i) => m - (min[i] as number)) as [number, number, number];
  const centimetres = Math.max(width, height, depth) < 2;
  const show = (metres: number) =>
    (centimetres ? metres * 100 : metres).toLocaleString("en", { maximumFractionDigits: centimetres ? 1 : 2 });
  return { width: show(width), depth: show(depth), height: show(height), unit: centimetres ? "cm" : "m" };
}

/** Whole percents, and never 100 % of what is not all of it, nor 0 % of what is some. */
function percent(share: number): string {
  if (share > 0 && share < 0.01) return "<1";
  return String(share < 1 ? Math.min(99, Math.round(share * 100)) : 100);
}

function date(iso: string, lang: Lang): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return time.toLocaleDateString(lang === "zh" ? "zh-CN" : "en-GB", {
    year: "numeric",
    month: "long",
    day: "numeric",
    timeZone: "UTC",
  });
}
