import type { StringKey } from "./i18n.ts";

/** How an asset's files were made, by the document's `origin.method`. */
export const METHODS = {
  "not-stated": "methodNotStated",
  photographs: "methodPhotographs",
  "rendered-photographs": "methodRendered",
  scan: "methodScan",
  "simulated-scan": "methodSimulatedScan",
  "photographs-and-scan": "methodPhotographsAndScan",
  modelled: "methodModelled",
  picture: "methodPicture",
  recording: "methodRecording",
} as const satisfies Readonly<Record<string, StringKey>>;

/** The names of the facts about where an asset comes from. */
export const FACT_LABELS = {
  maker: "maker",
  years: "originalDate",
  inventory_number: "inventoryNumber",
  made: "made",
  source: "originSource",
  credit: "credit",
  licence: "licence",
  rights: "rights",
} as const satisfies Readonly<Record<string, StringKey>>;
