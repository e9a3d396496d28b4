import type { Setting } from "../ui/settings.ts";

/** The key of the visitor's settings in this browser; exhibit/static/first-paint.js reads them before the first paint. */
const KEY = "longyao-look";
const SETTINGS: readonly Setting[] = ["text", "contrast", "motion", "hand", "sound"];

export type Settings = Partial<Record<Setting, string>>;

/** The settings on <html>; those at their default are left out. */
export function readSettings(root: HTMLElement): Settings {
  const found: Settings = {};
  for (const setting of SETTINGS) if (root.dataset[setting]) found[setting] = root.dataset[setting];
  return found;
}

/** Applies a setting to the page and stores it; an empty value is the default. */
export function applySetting(root: HTMLElement, setting: Setting, value: string): void {
  if (value) root.dataset[setting] = value;
  else delete root.dataset[setting];
  try {
    localStorage.setItem(KEY, JSON.stringify(readSettings(root)));
  } catch {} // no storage: the setting holds for this page only
}

/** Resets every setting to its default. */
export function resetSettings(root: HTMLElement): void {
  for (const setting of SETTINGS) applySetting(root, setting, "");
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
    if (target instanceof HTMLInputElement) applySetting(root, target.name as Setting, target.value);
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    resetSettings(root);
    show();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // a click outside the dialog
  });
}
