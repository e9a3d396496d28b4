import { h } from "../../ui/dom.ts";
import type { Field } from "../fields.ts";

export interface ChoiceOptions {
  readonly name: string;
  /** By their values; "" is the usual, or none. */
  readonly choices: readonly (readonly [value: string, name: string])[];
  read(): string;
  write(value: string): void;
}

/** One of several, in a list. */
export function choiceField({ name, choices, read, write }: ChoiceOptions): Field {
  const list = h("select.st-select", {}, ...choices.map(([value, words]) => h("option", { value }, words)));
  list.addEventListener("change", () => write(list.value));
  const element = h("label.st-field", {}, h("span.st-name", {}, name), list);
  return {
    element,
    refresh: () => {
      list.value = read();
    },
  };
}
