/** The path of the exhibition's home page, with slashes at both ends. It is "/" unless the exhibition is served below a prefix. */
export function rootOf(page: HTMLElement): string {
  return page.dataset.root ?? "/";
}
