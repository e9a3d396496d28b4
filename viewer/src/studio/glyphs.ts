import { COMMON_PATHS, lineIcon } from "../ui/line-icon.ts";

/** Line icons of the studio on a 24 px grid, as those of the visit (ui/icons.ts). */
const PATHS = {
  ...COMMON_PATHS,
  undo: "M8 5 4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3",
  redo: "M16 5l4 4-4 4M20 9H10a6 6 0 0 0 0 12h3",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6",
  move: "M5 3l14 9-7 1.5L9 20z",
  pin: "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11M12 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5",
  magnet: "M6 4v8a6 6 0 0 0 12 0V4h-4v8a2 2 0 0 1-4 0V4zM6 8h4M14 8h4",
  plus: "M12 5v14M5 12h14",
  room: "M4 5h16v14H4zM8 9h8v6H8z",
  wall: "M4 19V6h16",
  door: "M3 19h4M17 19h4M7 19V8a11 11 0 0 1 10 11",
  passage: "M3 12h5M16 12h5M8 9v6M16 9v6",
  window: "M3 9.5h18v5H3zM3 12h18",
  steps: "M4 19h4v-4h4v-4h4V7h4",
  ramp: "M4 18 20 7v11z",
  zone: "M4 9V6h3M10 6h4M17 6h3v3M20 12v1M20 16v2h-3M14 18h-4M7 18H4v-2M4 13v-1",
  minus: "M5 12h14",
  inside: "M4 20V9l8-5 8 5v11zM9 20v-6h6v6",
  above: "M5 5h14v14H5zM12 5v6M5 14h7M16 19v-4",
  front: "M4 18V7h16v11zM9 18v-6h6v6",
  side: "M4 18V9l8-3v12zM12 18V6l8 5v7z",
  entrance: "M10 4H5v16h5M9 12h11M16 8l4 4-4 4",
  fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5M12 9v6M9 12h6",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5 20 20",
  text: "M5 6h14M5 10h14M5 14h14M5 18h8",
  panel: "M4 4h16v16H4zM8 9h8M8 12h8M8 15h5",
  object: "M12 3 4 7.5v9l8 4.5 8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01",
  video: "M4 5h16v14H4zM10 9l5 3-5 3z",
  audio: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6",
  copy: "M8 8h12v12H8zM16 8V4H4v12h4",
  floor: "M12 4v10M8 10.5l4 4 4-4M4 20h16",
  level: "M3 12h18M12 5v3M12 16v3",
  saved: "M5 12.5l4.5 4.5L19 7",
  saving: "M12 4a8 8 0 1 0 8 8",
  offline: "M4 4l16 16M8.5 8.7A9 9 0 0 0 4 11M12 18h.01M15.5 8.6A9 9 0 0 1 20 11M8.5 14.5a5 5 0 0 1 5-1.3",
  bold: "M7 5h6a3.5 3.5 0 0 1 0 7H7zM7 12h7a3.5 3.5 0 0 1 0 7H7z",
  italic: "M10 5h8M6 19h8M14.5 5l-5 14",
  bullets: "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.2 1.2M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.2-1.2",
  people:
    "M9 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M3.5 19v-1a5.5 5.5 0 0 1 11 0v1M16 5.3a3 3 0 0 1 0 5.4M17 13a5.5 5.5 0 0 1 3.5 5v1",
  plinth: "M7 8h10v12H7zM7 8l2-2h6l2 2M9 20v1M15 20v1",
  platform: "M3 15l4-4h10l4 4v3H3zM3 15h18",
  vitrine: "M6 3h12v18H6zM6 13h12M9 6l-1 2",
  standing_panel: "M6 4h12v10H6zM9 14v6M15 14v6M7 20h4M13 20h4",
  screen: "M3 6h18v11H3zM9 20h6",
  bench: "M3 12h18M5 12v6M19 12v6M3 9h18v3H3z",
  lamp: "M12 3v5M5 15a7 7 0 0 1 14 0zM10 15a2 2 0 0 0 4 0",
} as const;

export type Glyph = keyof typeof PATHS;

export function glyph(name: Glyph): SVGSVGElement {
  return lineIcon(PATHS[name], "st-glyph");
}
