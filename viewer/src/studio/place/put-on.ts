import { Vector3 } from "three";
import { type PlaceFor, placesFor } from "../../document/places.ts";
import { h } from "../../ui/dom.ts";
import type { Actions } from "../actions.ts";
import type { Studio } from "../context.ts";
import type { Field } from "../fields.ts";
import { placeText } from "./i18n.ts";
import { placeFacts } from "./place-names.ts";

/** The free places that are made for a placement: those with room for it, the nearest first, then those that are too small. */
export function putOnField(studio: Studio, actions: Actions, id: string): Field {
  const { lang, session } = studio;
  const element = h("select.st-select", { "aria-label": placeText(lang, "freePlaces") });
  element.addEventListener("change", () => {
    if (element.value) actions.putAtAnchor(id, element.value);
    element.value = "";
  });
  const refresh = () => {
    const hall = session.document;
    const placement = hall.placements[id];
    if (!placement) return;
    const here = new Vector3(...placement.translation);
    const away = ({ anchor }: PlaceFor) => here.distanceTo(new Vector3(...anchor.position));
    const places = placesFor(hall, id, placement).sort(
      (a, b) => Number(a.misfit !== null) - Number(b.misfit !== null) || away(a) - away(b),
    );
    element.hidden = places.length === 0;
    const options = places.map((place) => {
      const facts = placeFacts(hall, place, lang);
      const name = place.misfit ? facts : placeText(lang, "away", { place: facts, metres: away(place).toFixed(1) });
      return { id: place.id, name, disabled: place.misfit !== null };
    });
    const shown = JSON.stringify(options);
    if (document.activeElement === element || element.dataset.shown === shown) return;
    element.dataset.shown = shown;
    element.replaceChildren(
      h("option", { value: "" }, placeText(lang, "putOn")),
      ...options.map(({ id: value, name, disabled }) => h("option", { value, disabled }, name)),
    );
  };
  return { element, refresh };
}
