import type { StringKey } from "./i18n.ts";

/** How an asset's files were made, by the document's `origin.method`. */
export const METHODS = {
  "not-stated": "methodNotStated",
  photographs: "methodPhotographs",
  "rendered-photographs": "methodRendered",
  scan: "methodScan",
  modelled: "methodModelled",
  picture: "methodPicture",
  recording: "methodRecording",
} as const satisfies Readonly<Record<string, StringKey>>;
