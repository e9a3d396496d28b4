import { h } from "./dom.ts";
import { type Lang, type StringKey, translate } from "./i18n.ts";
import { KEY_HELP } from "./keys.ts";
import { heading, type Page, title } from "./page.ts";
import { pageActionList } from "./page-actions.ts";

/** The help: how to move with mouse, finger and keyboard. */
export function helpPage(lang: Lang): Page {
  const rows = (entries: readonly (readonly [term: Node, does: string])[]) =>
    h("dl.ly-help", {}, ...entries.flatMap(([term, does]) => [h("dt", {}, term), h("dd", {}, does)]));
  const keys = KEY_HELP.map(
    ({ keys, does }) =>
      [
        h("span", {}, ...keys.map((key) => h("kbd", {}, key))),
        (translate as (lang: Lang, key: StringKey) => string)(lang, does),
      ] as const,
  );
  const word = (text: string) => h("span", {}, text);
  const body = [
    ...[pageActionList(lang)].filter((list) => list !== null),
    heading(translate(lang, "mouse")),
    rows([
      [word(translate(lang, "drag")), translate(lang, "mouseDrag")],
      [word(translate(lang, "clickFloor")), translate(lang, "mouseClickFloor")],
      [word(translate(lang, "clickExhibit")), translate(lang, "mouseClickExhibit")],
      [word(translate(lang, "wheel")), translate(lang, "mouseWheel")],
    ]),
    heading(translate(lang, "touch")),
    rows([
      [word(translate(lang, "swipe")), translate(lang, "mouseDrag")],
      [word(translate(lang, "tapFloor")), translate(lang, "mouseClickFloor")],
      [word(translate(lang, "tapExhibit")), translate(lang, "mouseClickExhibit")],
      [word(translate(lang, "pinch")), translate(lang, "pinchDoes")],
      [word(translate(lang, "thumb")), translate(lang, "thumbDoes")],
    ]),
    heading(translate(lang, "keyboard")),
    rows(keys),
  ];
  return { head: [title(translate(lang, "help"))], body, foot: [] };
}
