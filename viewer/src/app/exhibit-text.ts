import { dimensionsOf } from "../document/dimensions.ts";
import { exhibitNumbers, numberedNotes } from "../document/order.ts";
import { type Fact, fileFacts, originalFacts } from "../document/origin.ts";
import type { Asset, Hall, Placement } from "../document/schema.ts";
import { numberedSources, sourcesOfExhibit } from "../document/sources.ts";
import { type Lang, localized } from "../document/text.ts";
import { translate } from "../ui/i18n.ts";
import { FACT_LABELS, METHODS } from "../ui/origin-labels.ts";
import type { ExhibitText, NoteText } from "../ui/panel.ts";
import { percent } from "../ui/percent.ts";
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
    board: placement.kind === "panel",
    recording: asset ? recordingText(placement, asset, input.media) : null,
    facts: asset ? ownFacts(asset, placement, lang) : [],
    origin: asset ? { statement: localized(asset.origin.statement, lang), facts: facts(asset, lang) } : null,
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

type Row = [term: string, value: string];

function labelled({ name, text }: Fact, lang: Lang): Row {
  return [translate(lang, FACT_LABELS[name]), text];
}

/** What it is: its maker, its date, its size. */
function ownFacts(asset: Asset, placement: Placement, lang: Lang): Row[] {
  const rows = originalFacts(asset, lang).map((fact) => labelled(fact, lang));
  const size = asset.bounds ? dimensionsOf(asset) : null;
  if (size) rows.push([translate(lang, "size"), translate(lang, "sizeValue", size)]);
  if (asset.unit === "metre" && placement.kind === "object" && placement.scale !== 1) {
    rows.push([
      translate(lang, "scale"),
      translate(lang, "scaleValue", { scale: Number(placement.scale.toPrecision(2)) }),
    ]);
  }
  return rows;
}

/** How its files were made. */
function facts(asset: Asset, lang: Lang): Row[] {
  const { origin, quality } = asset;
  const rows: Row[] = [[translate(lang, "method"), translate(lang, METHODS[origin.method])]];
  if (origin.photos) rows.push([translate(lang, "photos"), translate(lang, "photosValue", { count: origin.photos })]);
  const surface = [
    quality?.measured_share !== undefined
      ? translate(lang, "surfaceMeasured", { percent: percent(quality.measured_share) })
      : null,
    quality?.filled_share ? translate(lang, "surfaceFilled", { percent: percent(quality.filled_share) }) : null,
    quality?.unseen_share ? translate(lang, "surfaceUnseen", { percent: percent(quality.unseen_share) }) : null,
  ].filter((line) => line !== null);
  if (surface.length > 0) rows.push([translate(lang, "surface"), surface.join(lang === "zh" ? "；" : "; ")]);
  if (origin.software) rows.push([translate(lang, "software"), origin.software]);
  return [...rows, ...fileFacts(asset, lang).map((fact) => labelled(fact, lang))];
}
