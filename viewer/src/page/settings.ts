import type { Choice } from "../ui/look.ts";

/** The key of the visitor's settings in this browser; exhibit/static/look.js reads them before the first paint. */
const KEY = "longyao-look";
const CHOICES: readonly Choice[] = ["text", "contrast", "motion", "hand", "sound"];

export type Look = Partial<Record<Choice, string>>;

/** The settings on <html>; those at their default are left out. */
export function look(root: HTMLElement): Look {
  const told: Look = {};
  for (const choice of CHOICES) if (root.dataset[choice]) told[choice] = root.dataset[choice];
  return told;
}

/** Applies a setting to the page and stores it; an empty value is the default. */
export function choose(root: HTMLElement, choice: Choice, value: string): void {
  if (value) root.dataset[choice] = value;
  else delete root.dataset[choice];
  try {
    localStorage.setItem(KEY, JSON.stringify(look(root)));
  } catch {} // no storage: the setting holds for this page only
}

/** Resets every setting to its default. */
export function forget(root: HTMLElement): void {
  for (const choice of CHOICES) choose(root, choice, "");
}

/** Connects the settings dialog of the page with its button. */
export function wireSettings(dialog: HTMLDialogElement, button: HTMLButtonElement): void {
  const root = document.documentElement;
  const form = dialog.querySelector("form") as HTMLFormElement;
  const show = () => {
    for (const input of form.querySelectorAll<HTMLInputElement>("input[type=radio]"))
      input.checked = input.value === (root.dataset[input.name] ?? "");
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    show();
    dialog.showModal();
  });
  form.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement) choose(root, target.name as Choice, target.value);
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    forget(root);
    show();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // a click outside the dialog
  });
}
