import { changeThing, changeZoneSound } from "../../document/commands/story.ts";
import { round } from "../../document/rounding.ts";
import type { Asset, Vec3 } from "../../document/schema.ts";
import { localized } from "../../document/text.ts";
import { h } from "../../ui/dom.ts";
import type { Field } from "../fields.ts";
import { boundText } from "../inspector-text.ts";
import { planText } from "./i18n.ts";
import { ends, metresField, numbers, remove, titled } from "./part-fields.ts";
import type { PlanContext } from "./plan-context.ts";

const USUAL_AMBIENT = 1.2; // as core/light.ts
let dims = 0;

/** The sounds of the library, fetched once. */
export class Sounds {
  readonly #root: string;
  #loading: Promise<readonly { readonly id: string; readonly asset: Asset }[]> | null = null;

  constructor(root: string) {
    this.#root = root;
  }

  /** Rejects if the library cannot be loaded; the next call tries again. */
  load(): Promise<readonly { readonly id: string; readonly asset: Asset }[]> {
    this.#loading ??= this.#fetch().catch((error: unknown) => {
      this.#loading = null;
      throw error;
    });
    return this.#loading;
  }

  async #fetch() {
    const answer = await fetch(`${this.#root}api/assets`, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const { assets } = (await answer.json()) as { assets: { id: string; document: Asset }[] };
    return assets
      .filter(({ document }) => document.kind === "audio")
      .map(({ id, document }) => ({ id, asset: document }));
  }
}

/** The fields of a zone: its name and size, what is heard and how bright it is there. */
export function zoneFields(context: PlanContext, id: string, sounds: Sounds): Field[] {
  const { studio } = context;
  const { lang } = studio;
  const zone = () => context.hall.zones?.[id];
  const side = (axis: 0 | 1 | 2) => {
    const { min, max } = zone() ?? {};
    return min && max ? max[axis] - min[axis] : null;
  };
  const resize = (axis: 0 | 1 | 2) => (value: number, group: string) => {
    const { min, max } = zone() ?? {};
    if (!min || !max) return;
    const to: Vec3 = [...max];
    to[axis] = round(min[axis] + value, 4);
    context.edit("change-zone", changeThing(context.hall, "zones", id, { max: to }), group);
  };
  return [
    boundText(studio, ["zones", id, "title"], planText(lang, "zoneTitle"), 1),
    numbers(
      metresField(context, "sizeAcross", 0.3, () => side(0), resize(0)),
      metresField(context, "sizeAlong", 0.3, () => side(2), resize(2)),
      metresField(context, "height", 0.3, () => side(1), resize(1)),
    ),
    soundField(context, id, sounds),
    brightness(context, id),
    ends(remove(context, { kind: "zone", id })),
  ];
}

/** What is heard in the zone, and in words for who does not hear it. */
function soundField(context: PlanContext, id: string, sounds: Sounds): Field {
  const { studio } = context;
  const { lang } = studio;
  const zone = () => context.hall.zones?.[id];
  const list = h("select.st-select", { "aria-label": planText(lang, "sound") });
  const warning = h("p.st-warning", { hidden: true }, planText(lang, "captionNeeded"));
  const failed = h("p.st-warning", { hidden: true }, planText(lang, "soundsFailed"));
  const caption = boundText(studio, ["zones", id, "caption"], planText(lang, "caption"), 2);
  let known: readonly { readonly id: string; readonly asset: Asset }[] = [];
  const fill = () => {
    const { sound } = zone() ?? {};
    const own = sound && !known.some((each) => each.id === sound) ? context.hall.assets[sound] : undefined;
    const all = own && sound ? [{ id: sound, asset: own }, ...known] : known;
    list.replaceChildren(
      h("option", { value: "" }, planText(lang, "noSound")),
      ...all.map((each) => h("option", { value: each.id }, localized(each.asset.title, lang))),
    );
    list.value = sound ?? "";
  };
  sounds.load().then(
    (loaded) => {
      known = loaded;
      fill();
    },
    () => {
      failed.hidden = false;
    },
  );
  list.addEventListener("change", () => {
    const sound = known.find((each) => each.id === list.value) ?? null;
    context.edit("change-zone", changeZoneSound(context.hall, id, sound));
  });
  fill();
  return titled(planText(lang, "sound"), {
    element: h("div.pl-sound", {}, list, failed, caption.element, warning),
    refresh: () => {
      const { sound, caption: said } = zone() ?? {};
      if (list.value !== (sound ?? "")) fill();
      caption.element.hidden = sound === undefined && said === undefined;
      warning.hidden = sound === undefined || Boolean(said?.zh.trim() && said.en.trim());
      caption.refresh();
    },
  });
}

/** The light while someone is in the zone: the hall's own, or another one. */
function brightness(context: PlanContext, id: string): Field {
  const { lang } = context.studio;
  const zone = () => context.hall.zones?.[id];
  const own = h("input", { type: "checkbox" });
  const range = h("input.st-range", {
    type: "range",
    min: 0,
    max: 3,
    step: 0.05,
    "aria-label": planText(lang, "brightness"),
  });
  let group = "";
  for (const event of ["pointerdown", "focus"]) range.addEventListener(event, () => (group = `zone light ${++dims}`));
  const write = (ambient: number | undefined, step?: string) =>
    context.edit("change-zone", changeThing(context.hall, "zones", id, { ambient } as object), step);
  own.addEventListener("change", () => write(own.checked ? (context.hall.light?.ambient ?? USUAL_AMBIENT) : undefined));
  range.addEventListener("input", () => write(range.valueAsNumber, group));
  const element = h("div.pl-sound", {}, h("label.pl-check", {}, own, h("span", {}, planText(lang, "ownLight"))), range);
  return titled(planText(lang, "brightness"), {
    element,
    refresh: () => {
      const ambient = zone()?.ambient;
      own.checked = ambient !== undefined;
      range.hidden = ambient === undefined;
      range.value = String(ambient ?? USUAL_AMBIENT);
    },
  });
}
