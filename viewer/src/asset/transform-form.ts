import type { Vector3 } from "three";
import { dimensionsOf } from "../document/dimensions.ts";
import type { Asset, Quaternion } from "../document/schema.ts";
import type { Lang } from "../document/text.ts";
import { h } from "../ui/dom.ts";
import { assetText } from "./i18n.ts";

const SAME = 1e-6;
const POINTS = "points";

/** The server's form for scaling and turning: takes what was picked and turned in the picture, tells what comes of it. */
export class TransformForm {
  readonly #asset: Asset;
  readonly #lang: Lang;
  readonly #along: HTMLSelectElement;
  readonly #length: HTMLInputElement;
  readonly #rotation: HTMLSelectElement;
  readonly #from: HTMLInputElement;
  readonly #to: HTMLInputElement;
  readonly #pictured: HTMLOptionElement;
  readonly #outcome = h("p.av-outcome", { role: "status" });
  #span = 0;

  /** `turned` is called when another turn is chosen in the form, `changed` when anything is. */
  constructor(
    form: HTMLFormElement,
    asset: Asset,
    lang: Lang,
    turned: (turn: Quaternion) => void,
    changed: () => void,
  ) {
    this.#asset = asset;
    this.#lang = lang;
    const field = <T extends Element>(name: string) => form.elements.namedItem(name) as unknown as T;
    this.#along = field("along");
    this.#length = field("length_cm");
    this.#rotation = field("rotation");
    this.#from = field("from");
    this.#to = field("to");
    this.#pictured = h("option", { hidden: true }, assetText(lang, "asPictured"));
    this.#rotation.append(this.#pictured);
    form.querySelector(".actions")?.before(this.#outcome);
    for (const each of [this.#along, this.#length]) each.addEventListener("input", changed);
    this.#rotation.addEventListener("change", () => {
      turned(this.turn);
      changed();
    });
  }

  get turn(): Quaternion {
    const numbers = this.#rotation.value.split(" ").map(Number);
    return numbers.length === 4 ? (numbers as unknown as Quaternion) : [0, 0, 0, 1];
  }

  /** Chooses the entry with this turn, or one of its own. */
  set turn(turn: Quaternion) {
    const same = ({ value }: HTMLOptionElement) => {
      const other = value ? value.split(" ").map(Number) : [0, 0, 0, 1];
      return Math.abs(Math.abs(other.reduce((sum, v, i) => sum + v * (turn[i] as number), 0)) - 1) < SAME;
    };
    const known = [...this.#rotation.options].find((option) => option !== this.#pictured && same(option));
    this.#pictured.hidden = known !== undefined;
    this.#pictured.value = turn.join(" ");
    (known ?? this.#pictured).selected = true;
  }

  /** Takes two points of the asset's frame and asks for the length between them. */
  measure(from: Vector3, to: Vector3): void {
    this.#from.value = from.toArray().join(" ");
    this.#to.value = to.toArray().join(" ");
    this.#span = from.distanceTo(to);
    if (![...this.#along.options].some(({ value }) => value === POINTS))
      this.#along.append(h("option", { value: POINTS }, assetText(this.#lang, "betweenPoints")));
    this.#along.value = POINTS;
    this.#length.focus();
    this.#length.select();
  }

  /** The factor that the typed length gives; 1 as long as there is none. `own`: the lengths of the asset by axis. */
  factor(own: Vector3): number {
    const metres = this.#length.valueAsNumber / 100;
    const measured = this.#along.value === POINTS ? this.#span : own.getComponent("xyz".indexOf(this.#along.value));
    return metres > 0 && measured > 0 ? metres / measured : 1;
  }

  /** The sizes along X, Y and Z with their unit; null as long as the asset has no scale. */
  figures(own: Vector3, extent: Vector3): readonly [string, string, string] | null {
    if (this.#asset.unit !== "metre" && !(this.#length.valueAsNumber > 0)) return null;
    const size = dimensions(this.#asset, extent.clone().multiplyScalar(this.factor(own)));
    if (!size) return null;
    const { length, width, height } = size;
    return [`${length} cm`, `${height} cm`, `${width} cm`];
  }

  /** Tells the size that the asset will have: `extent` as it is turned, in its present unit. */
  tell(own: Vector3, extent: Vector3): string {
    const typed = this.#length.valueAsNumber > 0;
    const factor = this.factor(own);
    const known = typed || this.#asset.unit === "metre";
    const size = known
      ? sizeText(this.#asset, extent.clone().multiplyScalar(factor), this.#lang)
      : assetText(this.#lang, "noScale");
    const outcome = typed ? assetText(this.#lang, "outcome", { factor: Number(factor.toPrecision(4)), size }) : "";
    if (this.#outcome.textContent !== outcome) this.#outcome.textContent = outcome; // a status: it is read when it changes
    return size;
  }
}

function dimensions(asset: Asset, size: Vector3) {
  return dimensionsOf({ ...asset, unit: "metre", bounds: { min: [0, 0, 0], max: size.toArray() } });
}

/** A size in metres in words, with its unit. */
function sizeText(asset: Asset, size: Vector3, lang: Lang): string {
  const found = dimensions(asset, size);
  return found ? assetText(lang, "size", { ...found }) : "";
}
