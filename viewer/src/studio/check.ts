import type { DeepPath } from "../document/paths.ts";
import type { Lang } from "../document/text.ts";

/** Something that a curator should look at before publishing: checks.ts finds it, check-words.ts says it. */

/** error: it cannot be published so. warning: visitors will miss something. hint: good practice says otherwise. */
export type Severity = "error" | "warning" | "hint";

export type CheckId = keyof typeof SEVERITIES;

export interface Check {
  readonly id: CheckId;
  readonly severity: Severity;
  /** Where it is put right: a field, or the thing itself. */
  readonly path: DeepPath;
  /** The thing that it is about: [] for the hall itself, ["timeline"], else a map and an id, such as ["placements", "vase"]. */
  readonly thing: readonly string[];
  /** The language that is missing. */
  readonly lang?: Lang;
  /** The other placement or piece of furniture. */
  readonly other?: readonly string[];
  /** m above the floor, or how deep, or how wide; a ramp's length on the floor for each metre that it rises. */
  readonly metres?: number;
  /** What a phone loads for it, and for all of the hall. */
  readonly megabytes?: { readonly own: number; readonly all: number };
}

const SEVERITIES = {
  "title-missing": "error",
  "translation-missing": "warning",
  "panel-empty": "warning",
  "alternative-missing": "warning",
  "captions-missing": "warning",
  "words-missing": "warning",
  "origin-missing": "warning",
  "licence-missing": "warning",
  unscaled: "hint",
  "not-life-size": "hint",
  "outside-room": "warning",
  unreachable: "warning",
  broken: "warning",
  heavy: "warning",
  "narrow-way": "hint",
  clash: "warning",
  "in-wall": "warning",
  "picture-height": "hint",
  "label-height": "hint",
  "stand-height": "hint",
  "cane-height": "warning",
  "top-height": "hint",
  "case-height": "hint",
  "board-height": "hint",
  "no-clear-floor": "hint",
  "steep-ramp": "warning",
  "ramp-too-steep": "warning",
  "door-shut": "hint",
} as const satisfies Record<string, Severity>;

/** What is known of a placement or a piece of furniture once the hall is loaded; the document alone does not know it. */
export interface Surroundings {
  /** The height of the floor on which visitors stand before it, hall frame; null where there is none. */
  floorBefore(thing: readonly string[]): number | null;
  /** Whether it stands in a wall, a column or another part of the room. */
  inWall(thing: readonly string[]): boolean;
  /** Whether its files cannot be loaded. */
  isBroken(thing: readonly string[]): boolean;
}

/** Errors first, then warnings, then hints; those of one kind stay in their order. */
export function bySeverity(found: readonly Check[]): Check[] {
  const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, hint: 2 };
  return [...found].sort((a, b) => rank[a.severity] - rank[b.severity]);
}

export function check(id: CheckId, thing: readonly string[], more: Partial<Check> = {}): Check {
  return { id, severity: SEVERITIES[id], thing, path: thing, ...more };
}
