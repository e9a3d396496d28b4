/** Line icons on a 24 px grid, drawn here and built as elements. */
const PATHS = {
  close: "M6 6 18 18M18 6 6 18",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  text: "M6 6h12M6 10h12M6 14h12M6 18h7",
  help: "M9.2 9.2a2.9 2.9 0 1 1 4.3 2.5c-1 .6-1.5 1.1-1.5 2.3M12 17.4h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
  language: "M4 6h9M8.5 3.5V6M11 6c-.8 3.6-3.2 6.3-7 8M6.2 9c1.2 2.2 3 3.9 5.3 5M13 20l4-10 4 10M14.4 17h5.2",
  back: "M10 6 4 12l6 6M4 12h16",
  previous: "M14.5 5.5 8 12l6.5 6.5",
  next: "M9.5 5.5 16 12l-6.5 6.5",
  up: "M5.5 14.5 12 8l6.5 6.5",
  down: "M5.5 9.5 12 16l6.5-6.5",
  turnLeft: "M9 5 5 9l4 4M5 9h8a6 6 0 0 1 6 6v3",
  turnRight: "M15 5l4 4-4 4M19 9h-8a6 6 0 0 0-6 6v3",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  door: "M5 21h14M7 21V4h10v17M13.8 12.5h.01",
  warning: "M12 4 2.8 20h18.4zM12 10v4.5M12 17.4h.01",
} as const;

export type IconName = keyof typeof PATHS;

const SVG = "http://www.w3.org/2000/svg";

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "ly-icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
