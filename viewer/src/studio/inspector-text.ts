import { textCommand } from "../document/commands/names.ts";
import { writeText } from "../document/commands/texts.ts";
import { type DeepPath, valueAt } from "../document/paths.ts";
import type { Text } from "../document/schema.ts";
import type { Studio } from "./context.ts";
import { type Field, textField } from "./fields.ts";
import { LengthHint, mostOf } from "./text-length.ts";

/** A text of the document in both languages. */
export function boundText({ session, lang }: Studio, path: DeepPath, name: string, rows: number): Field {
  return textField({
    name,
    lang,
    rows,
    length: (tongue) => new LengthHint(tongue, lang, () => mostOf(session.document, path)),
    read: () => valueAt(session.document, path) as Text | undefined,
    write: (tongue, words, group) =>
      session.edit(textCommand(path), writeText(session.document, path, tongue, words), group),
  });
}

/** Writes only what is new: a text that stays is not read out again. */
export function set(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
