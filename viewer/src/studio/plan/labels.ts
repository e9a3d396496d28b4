import { exhibitNumbers } from "../../document/order.ts";
import { distance, faceAt, middleOf } from "../../document/plan.ts";
import type { Vec2 } from "../../document/schema.ts";
import { localized } from "../../document/text.ts";
import { chosenObstacles, narrowWays, obstacles } from "./clear-ways.ts";
import { floorBounds, floorPoint, placementOutline } from "./footprints.ts";
import { planText } from "./i18n.ts";
import { areaText, lookText } from "./part-names.ts";
import type { PlanContext } from "./plan-context.ts";
import { KeyedGroup, pathOf, svg, write } from "./svg.ts";

const NUMBER_PX = 16; // a thing that is smaller on the screen has no number
const LENGTH_PX = 64; // nor has a wall its length

/** All words on the plan: areas and looks of rooms, lengths of walls, names of zones, numbers of exhibits, ways that are too narrow. */
export class Labels {
  readonly element = svg("g.pl-labels", { "aria-hidden": true });
  readonly #context: PlanContext;
  readonly #texts = new KeyedGroup("pl-texts");
  readonly #narrow = svg("path.pl-narrow");

  constructor(context: PlanContext) {
    this.#context = context;
    this.element.append(this.#narrow, this.#texts.element);
  }

  lay(): void {
    const { geometry, hall, view, studio } = this.#context;
    const { lang } = studio;
    this.#texts.begin();
    for (const [i, face] of geometry.faces.entries()) {
      const at = middleOf(face);
      const bounds = floorBounds(face.outline.points);
      const room = bounds ? (bounds.max[0] - bounds.min[0]) * view.scale : 0;
      if (room < 50) continue;
      const look = room > 150 ? lookText(geometry.plan?.rooms?.[geometry.looks[i] ?? ""], lang) : "";
      this.#text(`area ${i}`, at, areaText(face, lang), "pl-area-text", look ? -8 : 0);
      if (look) this.#text(`look ${i}`, at, look, "pl-look-text", 10);
    }
    for (const [id, { from, to, thickness_m }] of Object.entries(geometry.plan?.walls ?? {})) {
      const length = distance(from, to);
      if (length * view.scale < LENGTH_PX) continue;
      const away = thickness_m / 2 + 11 / view.scale;
      const [ux, uz] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
      const beside = (side: number): Vec2 => [
        (from[0] + to[0]) / 2 + side * uz * away,
        (from[1] + to[1]) / 2 - side * ux * away,
      ];
      const usual = ux < -1e-9 || (Math.abs(ux) < 1e-9 && uz > 0) ? -1 : 1; // above the wall, or left of it
      const outside = [usual, -usual].find((side) => !faceAt(geometry.faces, beside(side))) ?? usual;
      const middle = beside(outside);
      let angle = (Math.atan2(uz, ux) * 180) / Math.PI;
      if (angle > 90 || angle <= -90) angle -= Math.sign(angle) * 180;
      this.#text(`length ${id}`, middle, length.toFixed(2), "pl-length-text", 0, angle);
    }
    for (const [id, { title, min, max }] of Object.entries(hall.zones ?? {})) {
      if ((max[0] - min[0]) * view.scale < 60) continue;
      const at: Vec2 = [(min[0] + max[0]) / 2, min[2]];
      this.#text(`zone ${id}`, at, localized(title, lang), "pl-zone-text", 13);
    }
    for (const [id, number] of exhibitNumbers(hall)) {
      const placement = hall.placements[id];
      if (!placement) continue;
      const bounds = floorBounds(placementOutline(placement, hall.assets));
      const size = bounds ? Math.max(bounds.max[0] - bounds.min[0], bounds.max[1] - bounds.min[1]) : 0;
      if (size * view.scale < NUMBER_PX) continue;
      const chosen = studio.selection.has("placement", id);
      this.#text(
        `number ${id}`,
        floorPoint(placement.translation),
        String(number),
        chosen ? "pl-number pl-chosen" : "pl-number",
      );
    }
    this.#layNarrow();
    this.#texts.end();
  }

  /** Ways beside what is chosen that are narrower than a wheelchair needs. */
  #layNarrow(): void {
    const { hall, view, studio } = this.#context;
    let d = "";
    const all = obstacles(hall);
    const narrow = narrowWays(chosenObstacles(all, studio.selection), all);
    for (const [i, { metres, from, to }] of narrow.entries()) {
      const ends = [from, to].map((point): [number, number] => {
        const { x, y } = view.toScreen(point);
        return [x, y];
      });
      d += pathOf(ends, false);
      const middle: Vec2 = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
      this.#text(`gap ${i}`, middle, `${metres.toFixed(2)} ${planText(studio.lang, "m")}`, "pl-gap-text", -10);
    }
    write(this.#narrow, { d: d || null });
  }

  #text(key: string, at: Vec2, words: string, className: string, down = 0, angle = 0): void {
    const text = this.#texts.draw(key, () => svg("text"));
    const { x, y } = this.#context.view.toScreen(at);
    write(text, {
      x,
      y: y + down,
      class: className,
      transform: angle === 0 ? null : `rotate(${angle.toFixed(2)} ${x.toFixed(1)} ${y.toFixed(1)})`,
    });
    if (text.textContent !== words) text.textContent = words;
  }
}
