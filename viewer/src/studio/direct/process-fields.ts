import { addStep, changeStep, removeStep } from "../../document/commands/shapes.ts";
import type { Hall, ProcessStep } from "../../document/schema.ts";
import { h } from "../../ui/dom.ts";
import type { Studio } from "../context.ts";
import { button, type Field, iconButton } from "../fields.ts";
import { glyph } from "../glyphs.ts";
import { studioText } from "../i18n.ts";
import { boundText, set } from "../inspector-text.ts";
import { AnimationPreview } from "./animation-preview.ts";
import { directText } from "./i18n.ts";
import { optionalNumber } from "./optional-number.ts";
import { RowsField } from "./story-parts.ts";

const DEFAULT_S = 2; // of a step in a model whose animation is not known

/** The steps of an exhibit's animation, with a scrubber that shows each moment in the picture. */
export function processFields(studio: Studio, id: string): Field {
  const { lang, session, scene, selection } = studio;
  const steps = () => session.document.placements[id]?.process ?? [];
  const edit = (next: Hall, group?: string) => session.edit("change-shapes", next, group);
  const preview = new AnimationPreview(scene, id);
  const length = () => preview.duration || Math.max(0, ...steps().map(({ to_s }) => to_s));
  const scrub = h("input.st-range", {
    type: "range",
    min: 0,
    step: 0.01,
    "aria-label": directText(lang, "moment"),
    oninput: () => {
      preview.seconds = scrub.valueAsNumber;
    },
  });
  const clock = h("span.st-facts.st-clock", {});
  const play = h("button.st-icon-button", {
    type: "button",
    onclick: () => {
      if (preview.playing) preview.pause();
      else preview.play(preview.seconds >= preview.duration ? 0 : preview.seconds, preview.duration);
    },
  });
  const add = button(directText(lang, "addStep"), () => edit(addStep(session.document, id, nextStep())), {
    glyph: "plus",
  });
  const nextStep = (): ProcessStep => {
    const last = Math.max(0, ...steps().map(({ to_s }) => to_s));
    const from_s = last < length() ? last : Math.max(0, length() - DEFAULT_S);
    const to_s =
      preview.seconds > from_s ? preview.seconds : preview.duration > from_s ? preview.duration : from_s + DEFAULT_S;
    return { title: { zh: "", en: "" }, from_s: tenth(from_s), to_s: Math.max(tenth(to_s), tenth(from_s) + 0.1) };
  };
  const rows = new RowsField(
    () => steps().map((_, i) => String(i)),
    (i) => stepRow(studio, id, i, preview, () => steps()[i], edit),
  );
  const count = h("span.st-facts", {});
  const still = h("p.st-hint", {}, directText(lang, "noAnimation"));
  const moving = h("div.st-scrubber", {}, play, scrub, clock);
  const element = h(
    "details.st-section.st-process",
    { open: steps().length > 0 },
    h("summary", {}, h("h3", {}, directText(lang, "steps")), count),
    still,
    moving,
    rows.element,
    add,
  );
  const follow = () => {
    const { duration, seconds, playing } = preview;
    element.hidden = duration === 0 && steps().length === 0;
    moving.hidden = duration === 0;
    still.hidden = duration > 0;
    add.hidden = duration === 0;
    scrub.max = String(duration);
    scrub.value = String(seconds);
    const said = directText(lang, "momentOf", { seconds: seconds.toFixed(1), duration: duration.toFixed(1) });
    set(clock, said);
    scrub.setAttribute("aria-valuetext", said);
    const name = directText(lang, playing ? "pauseAnimation" : "playAnimation");
    if (play.getAttribute("aria-label") === name) return;
    play.setAttribute("aria-label", name);
    play.title = name;
    play.replaceChildren(glyph(playing ? "pause" : "play"));
  };
  preview.changed.on(follow);
  const off = selection.changed.on(() => {
    if (element.isConnected) return;
    off();
    preview.close();
  });
  follow();
  return {
    element,
    refresh: () => {
      set(count, steps().length > 0 ? String(steps().length) : "");
      rows.refresh();
      follow();
    },
  };
}

function stepRow(
  studio: Studio,
  id: string,
  i: number,
  preview: AnimationPreview,
  step: () => ProcessStep | undefined,
  edit: (next: Hall, group?: string) => void,
): Field {
  const { lang, session } = studio;
  const change = (fields: Partial<ProcessStep>, group?: string) =>
    edit(changeStep(session.document, id, i, fields), group);
  const title = boundText(studio, ["placements", id, "process", i, "title"], studioText(lang, "title"), 1);
  const text = boundText(studio, ["placements", id, "process", i, "text"], directText(lang, "stepText"), 2);
  const moment = (name: "from_s" | "to_s") => {
    const fits = (value: number) => {
      const { from_s = 0, to_s = 0 } = step() ?? {};
      const [begin, end] = name === "from_s" ? [value, to_s] : [from_s, value];
      return 0 <= begin && begin < end;
    };
    const field = optionalNumber({
      name: directText(lang, name === "from_s" ? "fromSecond" : "toSecond"),
      unit: directText(lang, "stayUnit"),
      step: 0.1,
      min: 0,
      read: () => step()?.[name],
      accepts: fits,
      write: (value, group) => value !== undefined && change({ [name]: value }, group),
    });
    const here = button(directText(lang, name === "from_s" ? "beginsHere" : "endsHere"), () => {
      const value = tenth(preview.seconds);
      if (fits(value)) change({ [name]: value });
      else studio.announce(directText(lang, "stepsBackwards"));
    });
    return { field, element: h("div.st-moment", {}, field.element, here) };
  };
  const [from, to] = [moment("from_s"), moment("to_s")];
  const play = iconButton(directText(lang, "playStep", { number: i + 1 }), "play", () => {
    const { from_s, to_s } = step() ?? { from_s: 0, to_s: 0 };
    preview.play(from_s, to_s);
  });
  const remove = iconButton(studioText(lang, "remove"), "bin", () => edit(removeStep(session.document, id, i)));
  return {
    element: h(
      "div.st-shape",
      {},
      h("div.st-shape-head", {}, h("h4", {}, directText(lang, "stepNumber", { number: i + 1 })), play, remove),
      title.element,
      text.element,
      h("div.st-numbers", {}, from.element, to.element),
    ),
    refresh: () => {
      for (const { refresh } of [title, text, from.field, to.field]) refresh();
    },
  };
}

function tenth(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
