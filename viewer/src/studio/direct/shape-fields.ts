import { addVariant, changeVariant, moveVariant, nameOwnShape, removeVariant } from "../../document/commands/shapes.ts";
import type { Hall, Text, Variant } from "../../document/schema.ts";
import { localized } from "../../document/text.ts";
import { h } from "../../ui/dom.ts";
import type { Studio } from "../context.ts";
import { type Field, iconButton, textField } from "../fields.ts";
import { studioText } from "../i18n.ts";
import { boundText, set } from "../inspector-text.ts";
import { directText } from "./i18n.ts";
import { type LibraryAsset, LibraryChoice } from "./library-choice.ts";
import { optionalNumber } from "./optional-number.ts";
import { isYear, RowsField } from "./story-parts.ts";

/** The other shapes of an exhibit: picked from the library, each with a name and a year. */
export function shapeFields(studio: Studio, library: () => readonly LibraryAsset[], id: string): Field {
  const { lang, session } = studio;
  const edit = (next: Hall, group?: string) => session.edit("change-shapes", next, group);
  const placement = () => session.document.placements[id];
  const variants = () => placement()?.variants ?? [];
  const kind = () => session.document.assets[placement()?.asset ?? ""]?.kind;
  const add = new LibraryChoice(
    directText(lang, "addShape"),
    directText(lang, "addShape"),
    lang,
    library,
    (asset) => asset.kind === kind(),
    (chosen) => {
      if (chosen) edit(addVariant(session.document, id, chosen));
    },
  );
  const own = ownShape(studio, id);
  const rows = new RowsField(
    () => variants().map(({ asset }) => asset),
    (i) => shapeRow(studio, id, i, () => variants()[i], edit),
  );
  const count = h("span.st-facts", {});
  const element = h(
    "details.st-section.st-shapes",
    { open: variants().length > 0 },
    h("summary", {}, h("h3", {}, directText(lang, "shapes")), count),
    h("p.st-hint", {}, directText(lang, "shapesHint")),
    own.element,
    rows.element,
    add.element,
  );
  return {
    element,
    refresh: () => {
      const there = variants().length;
      set(count, there > 0 ? String(there + 1) : "");
      own.element.hidden = there === 0;
      own.refresh();
      rows.refresh();
      const before = add.element.value;
      add.refresh(session.document, undefined);
      if (before) add.element.value = "";
      add.element.hidden = add.isEmpty;
    },
  };
}

/** Title and year of what the exhibit itself shows, among its shapes. */
function ownShape({ lang, session }: Studio, id: string): Field {
  const variant = () => session.document.placements[id]?.variant;
  const title = textField({
    name: directText(lang, "ownShape"),
    lang,
    rows: 1,
    read: () => variant()?.title,
    write: (tongue, words, group) => {
      const text: Text = { zh: "", en: "", ...variant()?.title, [tongue]: words };
      session.edit("change-shapes", nameOwnShape(session.document, id, { title: text }), group);
    },
  });
  const year = optionalNumber({
    name: directText(lang, "year"),
    read: () => variant()?.year,
    accepts: isYear,
    write: (value, group) =>
      session.edit("change-shapes", nameOwnShape(session.document, id, { year: value } as { year?: number }), group),
  });
  return {
    element: h("div.st-shape", {}, title.element, year.element),
    refresh: () => {
      title.refresh();
      year.refresh();
    },
  };
}

function shapeRow(
  studio: Studio,
  id: string,
  i: number,
  variant: () => Variant | undefined,
  edit: (next: Hall, group?: string) => void,
): Field {
  const { lang, session, root } = studio;
  const asset = session.document.assets[variant()?.asset ?? ""];
  const title = boundText(studio, ["placements", id, "variants", i, "title"], directText(lang, "shapeTitle"), 1);
  const year = optionalNumber({
    name: directText(lang, "year"),
    read: () => variant()?.year,
    accepts: isYear,
    write: (value, group) => edit(changeVariant(session.document, id, i, { year: value } as Partial<Variant>), group),
  });
  const count = session.document.placements[id]?.variants?.length ?? 0;
  const earlier = iconButton(studioText(lang, "earlier"), "up", () =>
    edit(moveVariant(session.document, id, i, i - 1)),
  );
  const later = iconButton(studioText(lang, "later"), "down", () => edit(moveVariant(session.document, id, i, i + 1)));
  earlier.disabled = i === 0;
  later.disabled = i === count - 1;
  const remove = iconButton(studioText(lang, "remove"), "bin", () => edit(removeVariant(session.document, id, i)));
  const thumb = asset?.files.thumb.sha256;
  return {
    element: h(
      "div.st-shape",
      {},
      h(
        "div.st-shape-head",
        {},
        h("span.st-thumb", {}, thumb ? h("img", { src: `${root}media/${thumb}`, alt: "" }) : null),
        h("span.st-facts", {}, localized(asset?.title, lang) || (variant()?.asset ?? "")),
        earlier,
        later,
        remove,
      ),
      title.element,
      year.element,
    ),
    refresh: () => {
      title.refresh();
      year.refresh();
    },
  };
}
