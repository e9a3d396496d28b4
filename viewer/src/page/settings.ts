import type { Choice } from "../ui/look.ts";

/** Where the choices of this browser are; exhibit/static/look.js reads them before the first paint. */
const KEY = "longyao-look";
const CHOICES: readonly Choice[] = ["text", "contrast", "motion", "hand", "sound"];

export type Look = Partial<Record<Choice, string>>;

/** What <html> says of the choices; what is as it comes is not told. */
export function look(root: HTMLElement): Look {
  const told: Look = {};
  for (const choice of CHOICES) if (root.dataset[choice]) told[choice] = root.dataset[choice];
  return told;
}

/** Shows a choice on the page and remembers it; an empty value is what comes by itself. */
export function choose(root: HTMLElement, choice: Choice, value: string): void {
  if (value) root.dataset[choice] = value;
  else delete root.dataset[choice];
  try {
    localStorage.setItem(KEY, JSON.stringify(look(root)));
  } catch {} // no storage: for this page alone
}

/** All as it comes. */
export function forget(root: HTMLElement): void {
  for (const choice of CHOICES) choose(root, choice, "");
}

/** The page's dialog of settings and the button that opens it. */
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
    if (event.target === dialog) dialog.close(); // beside it
  });
}
