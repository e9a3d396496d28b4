/** Icons that both the visit and the studio show: paths on a 24 px grid, drawn here. */
export const COMMON_PATHS = {
  back: "M10 6 4 12l6 6M4 12h16",
  help: "M9.2 9.2a2.9 2.9 0 1 1 4.3 2.5c-1 .6-1.5 1.1-1.5 2.3M12 17.4h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
  up: "M5.5 14.5 12 8l6.5 6.5",
  down: "M5.5 9.5 12 16l6.5-6.5",
  bin: "M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13",
  warning: "M12 4 2.8 20h18.4zM12 10v4.5M12 17.4h.01",
  play: "M8 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14",
  close: "M6 6 18 18M18 6 6 18",
} as const;

const SVG = "http://www.w3.org/2000/svg";

/** An icon of one line, built as elements, which assistive technology passes over. */
export function lineIcon(path: string, className: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", className);
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
