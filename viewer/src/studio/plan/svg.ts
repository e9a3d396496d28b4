const SVG = "http://www.w3.org/2000/svg";

type Values = Readonly<Record<string, string | number | boolean | null>>;

/** Makes an SVG element: `svg("circle.pl-corner", { r: 5 })`. */
export function svg<K extends keyof SVGElementTagNameMap>(
  what: K | `${K}.${string}`,
  values: Values = {},
  ...children: readonly SVGElement[]
): SVGElementTagNameMap[K] {
  const [tag, ...classes] = what.split(".") as [K, ...string[]];
  const element = document.createElementNS(SVG, tag);
  if (classes.length > 0) element.setAttribute("class", classes.join(" "));
  write(element, values);
  element.append(...children);
  return element;
}

/** Sets attributes where they differ; null takes one away. */
export function write(element: SVGElement, values: Values): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === null) element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
  }
}

/**
 * The children of a group by keys. An element stays the same element while its key is drawn, so that it keeps the focus.
 *
 * Between `begin` and `end` everything that shall be there is drawn, in its order.
 */
export class KeyedGroup {
  readonly element: SVGGElement;
  readonly #elements = new Map<string, SVGElement>();
  #drawn: SVGElement[] = [];
  #keys = new Set<string>();

  constructor(className: string) {
    this.element = svg(`g.${className}`);
  }

  begin(): void {
    this.#drawn = [];
    this.#keys = new Set();
  }

  draw<E extends SVGElement>(key: string, make: () => E): E {
    let element = this.#elements.get(key) as E | undefined;
    if (!element) {
      element = make();
      this.#elements.set(key, element);
    }
    this.#keys.add(key);
    this.#drawn.push(element);
    return element;
  }

  end(): void {
    for (const [key, element] of this.#elements) {
      if (this.#keys.has(key)) continue;
      element.remove();
      this.#elements.delete(key);
    }
    for (const [i, element] of this.#drawn.entries())
      if (this.element.children[i] !== element) this.element.insertBefore(element, this.element.children[i] ?? null);
  }
}

/** Points as a path: "M1 2L3 4"; closed with a Z. */
export function pathOf(points: readonly (readonly [number, number])[], closed = true): string {
  if (points.length === 0) return "";
  return `M${points.map(([x, y]) => `${short(x)} ${short(y)}`).join("L")}${closed ? "Z" : ""}`;
}

/** A number with as many digits as a drawing needs. */
export function short(value: number): string {
  return String(Number(value.toFixed(4)));
}
