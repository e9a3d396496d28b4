import { hangRow, type Row, type RowLine, rowOf, rowWidth } from "../../document/commands/hang.ts";
import { HEIGHTS } from "../../document/heights.ts";
import { h } from "../../ui/dom.ts";
import type { Actions } from "../actions.ts";
import type { Studio } from "../context.ts";
import { button, type Field, numberField, section } from "../fields.ts";
import { placeText } from "./i18n.ts";
import { floorBefore } from "./wall-spot.ts";

const USUAL_GAP_M = 0.3;
const LINES = { centre: "rowCentre", top: "rowTop", bottom: "rowBottom" } as const;

/** Hangs the chosen boards in a row: by one button, or by the line, the gaps and the width in all. */
export function rowField(studio: Studio, actions: Actions): Field {
  const { lang, session, selection, scene } = studio;
  const line = h(
    "select.st-select",
    { "aria-label": placeText(lang, "rowLine") },
    ...Object.entries(LINES).map(([value, name]) => h("option", { value }, placeText(lang, name))),
  );
  const now = () => {
    const row = rowOf(session.document, selection.placements);
    const last = row && session.document.placements[row.boards.at(-1)?.id ?? ""];
    if (!row || !last || row.boards.length < 2) return null;
    const edges = row.boards.map(
      ({ bottom, top }) => ({ centre: (bottom + top) / 2, top, bottom })[line.value as RowLine],
    );
    const height_m = edges.reduce((sum, edge) => sum + edge, 0) / edges.length;
    return {
      ...rowWidth(row.boards),
      boards: row.boards,
      height_m,
      floor: floorBefore(scene.hall.colliders, last) ?? 0,
    };
  };
  const hang = (change: Partial<Row>, group?: string) => {
    const row = now();
    if (!row) return;
    const next = { line: line.value as RowLine, height_m: row.height_m, gap_m: Math.max(row.gap_m, 0), ...change };
    actions.edit("hang-row", hangRow(session.document, selection.placements, next), group);
  };
  const field = (
    name: "rowHeight" | "rowGap" | "rowWidth",
    read: () => number | undefined,
    write: (metres: number, group: string) => void,
  ) =>
    numberField({
      name: placeText(lang, name),
      unit: placeText(lang, "cm"),
      step: 1,
      min: 0,
      decimals: 1,
      read: () => {
        const metres = read();
        return metres === undefined ? null : metres * 100;
      },
      write: (value, group) => write(value / 100, group),
    });
  const fields = [
    field(
      "rowHeight",
      () => {
        const row = now();
        return row ? row.height_m - row.floor : undefined;
      },
      (metres, group) => hang({ height_m: (now()?.floor ?? 0) + metres }, group),
    ),
    field(
      "rowGap",
      () => now()?.gap_m,
      (gap_m, group) => hang({ gap_m }, group),
    ),
    field(
      "rowWidth",
      () => now()?.width_m,
      (width, group) => {
        const boards = now()?.boards ?? [];
        const filled = boards.reduce((sum, { left, right }) => sum + right - left, 0);
        hang({ gap_m: Math.max(0, (width - filled) / (boards.length - 1)) }, group);
      },
    ),
  ];
  line.addEventListener("change", () => hang({}));
  const straight = button(
    placeText(lang, "rowNow"),
    () => {
      const row = now();
      if (!row) return;
      line.value = "centre";
      const gap_m = row.gap_m > 0.02 ? row.gap_m : USUAL_GAP_M;
      hang({ line: "centre", height_m: row.floor + HEIGHTS.picture_centre[1], gap_m });
    },
    { glyph: "level" },
  );
  const element = section(
    placeText(lang, "row"),
    straight,
    h(
      "div.st-numbers",
      {},
      h("label.st-field", {}, h("span.st-name", {}, placeText(lang, "rowLine")), line),
      ...fields.map((each) => each.element),
    ),
  );
  return {
    element,
    refresh: () => {
      element.hidden = now() === null;
      for (const each of fields) each.refresh();
    },
  };
}
