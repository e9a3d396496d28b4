import { COMMON_PATHS, lineIcon } from "./line-icon.ts";

/** Line icons on a 24 px grid, drawn here and built as elements. */
const PATHS = {
  ...COMMON_PATHS,
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  text: "M6 6h12M6 10h12M6 14h12M6 18h7",
  language: "M4 6h9M8.5 3.5V6M11 6c-.8 3.6-3.2 6.3-7 8M6.2 9c1.2 2.2 3 3.9 5.3 5M13 20l4-10 4 10M14.4 17h5.2",
  previous: "M14.5 5.5 8 12l6.5 6.5",
  next: "M9.5 5.5 16 12l-6.5 6.5",
  turnLeft: "M20 10c0-2.8-3.6-5-8-5s-8 2.2-8 5 3.6 5 8 5M8.5 11.5 12 15l-3.5 3.5M12 2v5",
  turnRight: "M4 10c0-2.8 3.6-5 8-5s8 2.2 8 5-3.6 5-8 5M15.5 11.5 12 15l3.5 3.5M12 2v5",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  door: "M5 21h14M7 21V4h10v17M13.8 12.5h.01",
  measure: "M3 16 16 3l5 5L8 21zM7 12l2 2M10 9l2.6 2.6M13 6l2 2",
  section: "M4 8l8-4 8 4v8l-8 4-8-4zM4 12l8 4 8-4",
  light: "M12 21a9 9 0 0 1-9-9h18a9 9 0 0 1-9 9M12 3v4M4.5 6l2.6 2.6M19.5 6l-2.6 2.6",
  evidence: "M12 3 4 6v6c0 4.6 3.3 7.7 8 9 4.7-1.3 8-4.4 8-9V6zM8.5 12l2.5 2.5 4.5-5",
  variants: "M12 3v18M4 6h5v12H4M15 6h5v12h-5M17.5 10v4",
  process: "M5 4v16M9 6l10 6-10 6z",
  compare: "M4 5h7v14H4zM13 5h7v14h-7zM7.5 9v6M16.5 11v4",
  headset: "M4 8h16v9h-5l-1.8-2.5h-2.4L9 17H4zM8 12h.01M16 12h.01",
  room: "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
  flip: "M12 3v18M9 7l-5 5 5 5M15 7l5 5-5 5",
  aim: "M12 3v6M12 15v6M3 12h6M15 12h6",
  sound: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11",
  silent: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5",
  map: "M9 4 3.5 6v14L9 18l6 2 5.5-2V4L15 6zM9 4v14M15 6v14",
  timeline: "M3 12h18M6 12V7M12 12v5M18 12V8.5M6 4.5h.01M12 19.5h.01M18 6h.01",
  share: "M12 15V4M8 7.5 12 3.5l4 4M6 11H4.5v9.5h15V11H18",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGSVGElement {
  return lineIcon(PATHS[name], "ly-icon");
}
