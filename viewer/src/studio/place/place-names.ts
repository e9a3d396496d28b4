import { anchorNumber, type PlaceFor } from "../../document/places.ts";
import type { Hall } from "../../document/schema.ts";
import type { Lang } from "../../document/text.ts";
import { placeText } from "./i18n.ts";

/** What a place made for exhibits is called, such as "Plinth 2". */
export function placeName(hall: Hall, id: string, lang: Lang): string {
  const kind = hall.anchors?.[id]?.kind;
  if (!kind || kind === "label") return id;
  return placeText(lang, "numbered", { kind: placeText(lang, kind), number: anchorNumber(hall, id) });
}

/** Its name, and by how much something is too large for it. */
export function placeFacts(hall: Hall, { id, misfit }: PlaceFor, lang: Lang): string {
  const place = placeName(hall, id, lang);
  if (!misfit) return place;
  const length = centimetres(misfit.metres, lang);
  return placeText(lang, misfit.why === "too-tall" ? "tooTall" : "tooWide", { place, length });
}

/** A length of an exhibition, to the centimetre and at least one. */
export function centimetres(metres: number, lang: Lang): string {
  return placeText(lang, "centimetres", { number: Math.max(1, Math.round(metres * 100)) });
}
