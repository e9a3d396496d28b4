/** The elements that a note's text may contain. The server removes all others; so does the viewer. */
const ALLOWED = new Set(["P", "STRONG", "EM", "UL", "OL", "LI", "A", "BR", "BLOCKQUOTE"]);
/** Elements whose content is not text to read. */
const DROPPED = new Set([
  "SCRIPT",
  "STYLE",
  "TEMPLATE",
  "IFRAME",
  "OBJECT",
  "EMBED",
  "NOSCRIPT",
  "SVG",
  "MATH",
  "TITLE",
  "TEXTAREA",
]);

/** Builds the rich text of a note from HTML: allowed elements are created again without attributes; of all others only the text stays. */
export function richText(html: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  copy(new DOMParser().parseFromString(html, "text/html").body, fragment);
  return fragment;
}

function copy(from: Node, into: Node): void {
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) {
      into.appendChild(document.createTextNode(child.textContent ?? ""));
    } else if (child instanceof Element) {
      const name = child.tagName.toUpperCase();
      if (DROPPED.has(name)) continue;
      if (!ALLOWED.has(name)) copy(child, into);
      else copy(child, into.appendChild(allowed(child, name)));
    }
  }
}

function allowed(source: Element, name: string): Element {
  const element = document.createElement(name);
  const address = name === "A" ? safeAddress(source.getAttribute("href")) : null;
  if (address) {
    element.setAttribute("href", address);
    element.setAttribute("rel", "noopener noreferrer");
    element.setAttribute("target", "_blank");
  }
  return element;
}

/** The URL if it leads to a web page; null if it could run a script. */
export function safeAddress(address: string | null): string | null {
  if (!address) return null;
  try {
    const url = new URL(address, "https://same.invalid/");
    return ["https:", "http:", "mailto:"].includes(url.protocol) ? address.trim() : null;
  } catch {
    return null;
  }
}
