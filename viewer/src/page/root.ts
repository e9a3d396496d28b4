/** The path of the exhibition's home page, with its slashes: not "/" where it is shown below a prefix. */
export function rootOf(page: HTMLElement): string {
  return page.dataset.root ?? "/";
}
