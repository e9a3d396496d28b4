type Child = Node | string | null | false | undefined;
type Settings = Readonly<Record<string, string | number | boolean | null | undefined | ((event: never) => void)>>;

/**
 * Makes an element: `h("button.ly-button.ly-quiet", { type: "button", onclick }, "Close")`. Functions become listeners, true and
 * false switch attributes. Texts are text nodes: nothing here parses HTML.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  what: K | `${K}.${string}`,
  settings: Settings = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const [tag, ...classes] = what.split(".") as [K, ...string[]];
  const element = document.createElement(tag);
  if (classes.length > 0) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(
    ...children.filter((child): child is Node | string => typeof child === "string" || child instanceof Node),
  );
  return element;
}

/** Moves an element by CSSOM, which a strict policy allows. */
export function moveTo(element: HTMLElement, x: number, y: number): void {
  element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
}

/** True if a click came from a pointer, not from the keyboard or a screen reader. */
export function byPointer(event: MouseEvent): boolean {
  return event.detail > 0;
}

/** Sets the accessible name of an element and the same text as its tooltip. */
export function setLabel(element: HTMLElement, text: string): void {
  element.setAttribute("aria-label", text);
  element.title = text;
}

/** Makes these the children of an element. Those that are there and in order already are not touched. */
export function arrangeChildren(parent: Element, wanted: readonly Element[]): void {
  const kept = new Set(wanted);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  let at = parent.firstElementChild;
  for (const child of wanted) {
    if (at && child === at.nextElementSibling) {
      const later = at; // it has moved, the others stay
      at = child;
      later.remove();
    }
    if (child === at) at = child.nextElementSibling;
    else parent.insertBefore(child, at);
  }
}
