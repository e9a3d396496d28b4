import { h } from "../../ui/dom.ts";
import type { Field } from "../fields.ts";

let visits = 0;

export interface OptionalNumber {
  readonly name: string;
  readonly unit?: string;
  readonly step?: number;
  readonly min?: number;
  /** Said in the empty field. */
  placeholder?(): string;
  read(): number | undefined;
  /** Whether a number may be stored. */
  accepts(value: number): boolean;
  /** undefined: it was emptied. What is typed until the field is left is one group. */
  write(value: number | undefined, group: string): void;
}

/** A number that need not be known. What may not be stored is marked, and not stored. */
export function optionalNumber({ name, unit, step, min, placeholder, read, accepts, write }: OptionalNumber): Field {
  let group = "";
  const input = h("input.st-number", {
    type: "number",
    step: step ?? 1,
    min,
    inputmode: "decimal",
    "aria-label": name,
    onfocus: () => {
      group = `optional ${++visits}`;
    },
    oninput: () => {
      const value = input.value === "" && !input.validity.badInput ? undefined : input.valueAsNumber;
      const good = value === undefined || (Number.isFinite(value) && accepts(value));
      input.setAttribute("aria-invalid", String(!good));
      if (good) write(value, group);
    },
    onblur: () => show(),
  });
  const show = () => {
    const value = read();
    input.value = value === undefined ? "" : String(value);
    input.removeAttribute("aria-invalid");
  };
  const element = h(
    "label.st-field",
    {},
    h("span.st-name", {}, name),
    unit ? h("span.st-with-unit", {}, input, h("span.st-unit", {}, unit)) : input,
  );
  return {
    element,
    refresh: () => {
      if (placeholder) input.placeholder = placeholder();
      const value = read();
      const typed = input.value === "" ? undefined : input.valueAsNumber;
      if (document.activeElement !== input) show();
      else if (value !== typed && input.getAttribute("aria-invalid") !== "true") show();
    },
  };
}
