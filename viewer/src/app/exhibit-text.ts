import { dimensionsOf } from "../document/dimensions.ts";
import { exhibitNumbers, numberedNotes } from "../document/order.ts";
import { dayText, licenceName } from "../document/origin.ts";
import type { Asset, Hall, Placement } from "../document/schema.ts";
import { numberedSources, sourcesOfExhibit } from "../document/sources.ts";
import { type Lang, localized } from "../document/text.ts";
import { periodText } from "../document/years.ts";
import { translate } from "../ui/i18n.ts";
import { METHODS } from "../ui/methods.ts";
import type { ExhibitText, NoteText } from "../ui/panel.ts";
import type { RecordingText } from "../ui/player.ts";

/** The texts of the panel for an exhibit or a note, in one language. */

export function exhibitText(
  hall: Hall,
  id: string,
  input: {
    readonly followedChapter: string | null;
    readonly media: string;
    readonly failed: readonly string[];
  },
  lang: Lang,
): ExhibitText | null {
  const placement = hall.placements[id];
  if (!placement) return null;
  const asset = placement.asset ? hall.assets[placement.asset] : undefined;
  const unscaled = asset?.bounds && asset.unit === "arbitrary";
  return {
    id,
    position: positionOf(hall, id, input.followedChapter, lang),
    title: localized(placement.title, lang),
    stamp: unscaled ? { text: translate(lang, "unscaled"), why: translate(lang, "unscaledWhy") } : null,
    label: localized(placement.label, lang)
      .split(/\n+/)
      .filter((paragraph) => paragraph.trim() !== ""),
    recording: asset ? recordingText(placement, asset, input.media) : null,
    origin: asset ? { statement: localized(asset.origin.statement, lang), facts: facts(asset, placement, lang) } : null,
    notes: numberedNotes(hall, id, lang),
    sources: numberedSources(hall, sourcesOfExhibit(hall, id), lang),
    failed: input.failed.includes(id),
  };
}

export function noteText(hall: Hall, id: string, lang: Lang): NoteText | null {
  const note = hall.notes[id];
  if (!note) return null;
  const siblings = numberedNotes(hall, note.placement ?? null, lang);
  const number = siblings.findIndex((sibling) => sibling.id === id) + 1;
  return {
    id,
    number,
    position: translate(lang, "notePosition", { number, count: siblings.length }),
    title: localized(note.title, lang),
    html: localized(note.body, lang),
    exhibit: note.placement ? localized(hall.placements[note.placement]?.title, lang) : null,
    sources: numberedSources(hall, note.sources ?? [], lang),
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

/** The position of an exhibit in the followed chapter, else in the whole visit. */
function positionOf(hall: Hall, id: string, chapter: string | null, lang: Lang): string {
  const followed = chapter === null ? undefined : hall.chapters?.[chapter];
  const at = followed?.placements.indexOf(id) ?? -1;
  if (followed && at >= 0) {
    const position = translate(lang, "position", { number: at + 1, count: followed.placements.length });
    return `${localized(followed.title, lang)} · ${position}`;
  }
  const numbers = exhibitNumbers(hall);
  const number = numbers.get(id);
  return number ? translate(lang, "position", { number, count: numbers.size }) : translate(lang, "panel");
}

function facts(asset: Asset, placement: Placement, lang: Lang): [term: string, value: string][] {
  const { origin, original, quality } = asset;
  const rows: [string, string][] = [];
  if (original?.maker) rows.push([translate(lang, "maker"), localized(original.maker, lang)]);
  if (original?.year) {
    rows.push([
      translate(lang, "originalDate"),
      periodText(original.year, original.to_year ?? original.year, lang, original.circa),
    ]);
  }
  if (original?.inventory_number) rows.push([translate(lang, "inventoryNumber"), original.inventory_number]);
  rows.push([translate(lang, "method"), translate(lang, METHODS[origin.method])]);
  if (origin.photos) rows.push([translate(lang, "photos"), translate(lang, "photosValue", { count: origin.photos })]);
  const size = asset.bounds ? dimensionsOf(asset) : null;
  if (size) rows.push([translate(lang, "size"), translate(lang, "sizeValue", size)]);
  if (asset.unit === "metre" && placement.kind === "object" && placement.scale !== 1) {
    rows.push([
      translate(lang, "scale"),
      translate(lang, "scaleValue", { scale: Number(placement.scale.toPrecision(2)) }),
    ]);
  }
  const surface = [
    quality?.measured_share !== undefined
      ? translate(lang, "surfaceMeasured", { percent: percent(quality.measured_share) })
      : null,
    quality?.filled_share ? translate(lang, "surfaceFilled", { percent: percent(quality.filled_share) }) : null,
    quality?.unseen_share ? translate(lang, "surfaceUnseen", { percent: percent(quality.unseen_share) }) : null,
  ].filter((line) => line !== null);
  if (surface.length > 0) rows.push([translate(lang, "surface"), surface.join(lang === "zh" ? "；" : "; ")]);
  if (origin.made) rows.push([translate(lang, "made"), dayText(origin.made, lang)]);
  if (origin.software) rows.push([translate(lang, "software"), origin.software]);
  if (origin.source) rows.push([translate(lang, "originSource"), localized(origin.source, lang)]);
  if (origin.credit) rows.push([translate(lang, "credit"), localized(origin.credit, lang)]);
  if (origin.licence) rows.push([translate(lang, "licence"), licenceName(origin.licence, lang)]);
  if (origin.rights) rows.push([translate(lang, "rights"), localized(origin.rights, lang)]);
  return rows;
}

/** Whole percents. Only a whole is 100 %, and only nothing is 0 %. */
function percent(share: number): string {
  if (share > 0 && share < 0.01) return "<1";
  return String(share < 1 ? Math.min(99, Math.round(share * 100)) : 100);
}
