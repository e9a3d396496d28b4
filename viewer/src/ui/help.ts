import { h } from "./dom.ts";
import { type Lang, type StringKey, tell } from "./i18n.ts";
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
        (tell as (lang: Lang, key: StringKey) => string)(lang, does),
      ] as const,
  );
  const word = (text: string) => h("span", {}, text);
  const body = [
    ...[pageActionList(lang)].filter((list) => list !== null),
    heading(tell(lang, "mouse")),
    rows([
      [word(tell(lang, "drag")), tell(lang, "mouseDrag")],
      [word(tell(lang, "clickFloor")), tell(lang, "mouseClickFloor")],
      [word(tell(lang, "clickExhibit")), tell(lang, "mouseClickExhibit")],
      [word(tell(lang, "wheel")), tell(lang, "mouseWheel")],
    ]),
    heading(tell(lang, "touch")),
    rows([
      [word(tell(lang, "swipe")), tell(lang, "mouseDrag")],
      [word(tell(lang, "tapFloor")), tell(lang, "mouseClickFloor")],
      [word(tell(lang, "tapExhibit")), tell(lang, "mouseClickExhibit")],
      [word(tell(lang, "pinch")), tell(lang, "pinchDoes")],
      [word(tell(lang, "thumb")), tell(lang, "thumbDoes")],
    ]),
    heading(tell(lang, "keyboard")),
    rows(keys),
  ];
  return { head: [title(tell(lang, "help"))], body, foot: [] };
}
